"""Crawls in processes that are forked from one which has loaded Scrapy already: the crawl is the same, its start is not paid.

A test about the process itself (its environment, its memory, its end with its parent) takes the real one.
"""

import multiprocessing
import os
import subprocess
import sys
from multiprocessing.connection import Connection
from typing import IO

from crawlers.process import page_reader_environment

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.software.loaded_crawl", __name__])


class WarmChild:
    """What ``crawlers.process`` needs of a ``subprocess.Popen``."""

    def __init__(self, writing: int, lock: int, log: int) -> None:
        reading, job = os.pipe()
        self.stdin = os.fdopen(job, "wb")
        files = [Connection(os.dup(descriptor)) for descriptor in (reading, log, log, writing, lock)]
        os.close(reading)
        self._process = CONTEXT.Process(target=_crawl, args=(files, page_reader_environment()))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return the exit code of a process that ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code; raise TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("crawlers.child", timeout or 0)
        return self._process.exitcode


def start_child(module: str, writing: int, lock: int, log: IO[bytes]) -> WarmChild:
    """Stand in for ``crawlers.process.start_child``."""
    assert module == "crawlers.child"
    return WarmChild(writing, lock, log.fileno())


def _crawl(files: list[Connection], environment: dict[str, str]) -> None:
    from crawlers import child

    os.setsid()
    child.die_with_parent(os.getppid())
    os.environ.clear()
    os.environ.update(environment)
    for standard, file in enumerate(files[:3]):
        os.dup2(file.fileno(), standard)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    child.main(files[3].fileno())
