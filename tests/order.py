"""Which test files begin first, and which of them one worker runs together. A pytest plugin."""

from typing import Any

import pytest

try:
    from xdist.scheduler import LoadFileScheduling
except ImportError:  # a run without pytest-xdist is in one process
    LoadFileScheduling = object

LONGEST = (
    "tests/deploy/test_stack.py",
    "tests/e2e/test_mission.py",
    "tests/e2e/test_mission_kills.py",
    "tests/index/test_outbox.py",
    "tests/docs/test_readme.py",
    "tests/crawlers/safety/test_browser_guard.py",
    "tests/deploy/test_wheel.py",
    "tests/crawlers/run/test_limits.py",
    "tests/crawlers/run/test_kills.py",
)
"""Files that take over 50 s, longest first: begun last, one would run alone while the other workers have nothing to do."""
TOGETHER = {"tests/e2e/test_mission_kills.py": "tests/e2e/test_mission.py"}
"""File -> the file whose worker runs it too: the two share an Airflow and a node, which take minutes to start."""


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file among the longest, or the place after them."""
    file = item.nodeid.partition("::")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    items.sort(key=rank)


class FileScheduling(LoadFileScheduling):
    """One file runs on one worker, with the file it shares a service with."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return TOGETHER.get(file, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileScheduling:
    """Return the scheduling of ``make test``."""
    return FileScheduling(config, log)
