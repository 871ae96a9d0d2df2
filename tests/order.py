"""Which tests begin first, and which ``--quick`` leaves out. A pytest plugin."""

import pytest

LONGEST = (
    "tests/deploy/test_stack.py",
    "tests/e2e/test_mission.py",
    "tests/deploy/stack_tools/test_airflow_executors.py",
    "tests/index/test_outbox.py",
    "tests/docs/test_readme.py",
    "tests/crawlers/safety/test_browser_guard.py",
    "tests/deploy/test_wheel.py",
    "tests/desk/web/test_hostile.py",
    "tests/crawlers/discovery/test_paging.py",
    "tests/lurewatch/app/retention/test_every_place.py",
    "tests/e2e/test_browser_mission.py",
    "tests/crawlers/run/test_limits.py",
    "tests/index/test_elastic_security.py",
    "tests/crawlers/run/test_page_steps.py",
    "tests/crawlers/safety/test_rendered_refusals.py",
    "tests/crawlers/safety/test_render.py",
    "tests/deploy/stack_tools/test_airflow_worker.py",
    "tests/lurewatch/cli/tune/test_sources_verify.py",
    "tests/crawlers/run/test_take_over.py",
    "tests/evaluation/test_challenger.py",
    "tests/crawlers/run/test_kills.py",
)
"""Files that take over 40 s, longest first: begun last, one would run alone while the other workers have nothing to do. Most of
them wait for services most of the time."""


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
