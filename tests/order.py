"""Which test files begin first. A pytest plugin."""

import pytest

LONGEST = (
    "tests/deploy/test_stack.py",
    "tests/e2e/test_mission.py",
    "tests/index/test_outbox.py",
    "tests/docs/test_readme.py",
    "tests/crawlers/safety/test_browser_guard.py",
    "tests/deploy/test_wheel.py",
    "tests/crawlers/run/test_limits.py",
    "tests/crawlers/run/test_kills.py",
)
"""Files that take over 50 s, longest first: begun last, one would run alone while the other workers have nothing to do."""


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file among the longest, or the place after them."""
    file = item.nodeid.partition("::")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    items.sort(key=rank)
