"""Which tests begin first, and which ``--quick`` leaves out. A pytest plugin."""

import pytest

LONGEST = (
    "tests/deploy/test_stack.py",
    "tests/e2e/test_mission.py",
    "tests/deploy/stack_tools/test_airflow_executors.py",
    "tests/docs/test_readme.py",
    "tests/index/test_outbox.py",
    "tests/deploy/test_wheel.py",
    "tests/crawlers/safety/test_browser_guard.py",
    "tests/evaluation/test_challenger.py",
    "tests/crawlers/discovery/test_paging.py",
    "tests/crawlers/run/test_limits.py",
    "tests/crawlers/run/test_kills.py",
    "tests/deploy/stack_tools/test_airflow_worker.py",
)
"""Files that take over 50 s, longest first: begun last, one would run alone while the other workers have nothing to do."""


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file among the longest, or the place after them."""
    file = item.nodeid.partition("::")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of ``make quick``."""
    parser.addoption("--quick", action="store_true", help="leave out tests that are slow or need a service")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    items.sort(key=rank)
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("slow")])
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
