"""Says how far a test run is, as it goes: a line for each finished file, and what is under way. A pytest plugin."""

import os
import sys
import threading
import time
from collections import Counter

import pytest

EVERY = 30.0
"""Seconds between two lines about what is under way."""


class Progress:
    """Counts the tests of each file; belongs to the process that prints."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._left: Counter[str] = Counter()
        self._began: dict[str, float] = {}
        self._running: dict[str, float] = {}
        self._start = time.monotonic()
        self._total = self._done = self._failed = 0
        self._over = threading.Event()
        threading.Thread(target=self._tell_what_runs, daemon=True).start()

    def say(self, text: str) -> None:
        """Print a line at once, whatever holds back the output of the tests."""
        minutes, seconds = divmod(int(time.monotonic() - self._start), 60)
        os.write(sys.__stderr__.fileno(), f"[{minutes:3}:{seconds:02} {self._done}/{self._total}] {text}\n".encode())

    def expect(self, names: list[str]) -> None:
        """Take the names of all tests; every worker of pytest-xdist names them once."""
        if not self._total:
            self._total = len(names)
            self._left.update(name.partition("::")[0] for name in names)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.expect([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self.expect(ids)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._running[nodeid] = time.monotonic()
        self._began.setdefault(nodeid.partition("::")[0], time.monotonic())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed += 1
            self.say(f"FAILED {report.nodeid} ({report.when})")

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._running.pop(nodeid, None)
        self._done += 1
        file = nodeid.partition("::")[0]
        self._left[file] -= 1
        if not self._left[file]:
            self.say(
                f"{file} {time.monotonic() - self._began[file]:.0f} s" + (f", {self._failed} failed so far" * bool(self._failed))
            )

    def pytest_unconfigure(self) -> None:
        self._over.set()

    def _tell_what_runs(self) -> None:
        while not self._over.wait(EVERY):
            now = time.monotonic()
            for nodeid, since in sorted(self._running.items(), key=lambda entry: entry[1]):
                if now - since > EVERY:
                    self.say(f"under way for {now - since:.0f} s: {nodeid}")


def pytest_configure(config: pytest.Config) -> None:
    """Print from the main process only, and only in CI or where the output is no terminal."""
    if not hasattr(config, "workerinput") and (os.environ.get("CI") == "true" or not sys.__stderr__.isatty()):
        config.pluginmanager.register(Progress(config), "lurewatch-progress")
