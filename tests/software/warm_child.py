"""Crawls in processes that are forked from one which has loaded Scrapy already: the crawl is the same, its start is not paid."""

import io
import multiprocessing
import os
import sys
from collections.abc import Callable
from typing import IO, Any

from crawlers.process import ProcessEnd

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["crawlers.child", "crawlers.pages.registry"])


def supervised(
    module: str, job: bytes, *, seconds: float, lock: int, log: IO[bytes], progress: Callable[[dict[str, Any]], None]
) -> ProcessEnd:
    """Stand in for ``crawlers.process.supervised``."""
    process = CONTEXT.Process(target=_crawl, args=(job, log.name))
    process.start()
    process.join(seconds)
    timed_out = process.is_alive()
    process.kill()
    process.join()
    return ProcessEnd(code=process.exitcode or 0, timed_out=timed_out, told={})


def _crawl(job: bytes, log: str) -> None:
    from crawlers import child

    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), 2)
    sys.stdin = io.TextIOWrapper(io.BytesIO(job))
    child.main(os.open(os.devnull, os.O_WRONLY))
