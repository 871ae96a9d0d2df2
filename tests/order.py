"""Which tests begin first and on which worker, and which ``--quick`` leaves out. A pytest plugin."""

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

WAITING = (
    "tests/deploy/test_stack.py", "tests/deploy/stack_tools/test_airflow_executors.py", "tests/index/test_outbox.py",
    "tests/deploy/stack_tools/test_airflow_worker.py", "tests/index/test_elastic_security.py",
    "tests/crawlers/run/test_page_steps.py", "tests/crawlers/discovery/test_paging.py", "tests/crawlers/run/test_take_over.py",
    "tests/crawlers/run/test_kills.py", "tests/lurewatch/app/retention/test_every_place.py",
)  # fmt: skip
"""Files that take over 40 s and wait for services, kills or a site's turns most of the time, longest first."""
LONGEST = (
    "tests/deploy/test_wheel.py", "tests/desk/web/test_hostile.py",
    "tests/crawlers/safety/test_browser_guard.py", "tests/crawlers/run/test_limits.py",
    "tests/crawlers/safety/test_rendered_refusals.py", "tests/crawlers/safety/test_render.py",
    "tests/evaluation/test_challenger.py",
)  # fmt: skip
"""The other files that take over 40 s, longest first: begun last, one would run alone while other workers have nothing to do."""
FIRST = (*WAITING, *LONGEST)
WAITERS = 2
"""Workers that run the files that wait, one after the other, while the others keep the processors busy."""
NICE = 5
"""How much the others stand back: what has waited for its event goes on at once, and the longest file ends the sooner."""


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file among the longest, or the place after them."""
    file = item.nodeid.partition("::")[0]
    return FIRST.index(file) if file in FIRST else len(FIRST)


def is_waiter(worker: str, workers: int) -> bool:
    """Whether a worker, ``gw0`` and so on, is one of those that run the files that wait."""
    return int(worker.removeprefix("gw")) < min(WAITERS, workers // 2)


def make_scheduler(config: pytest.Config, log: Any) -> "LoadFileScheduling":
    """Return what hands files to workers: to ``WAITERS``, at most half of all, those that wait, as long as any is left.

    All workers would else begin with one of them, and the processors have nothing to do for ten minutes.
    """
    from xdist.scheduler import LoadFileScheduling

    class TwoQueues(LoadFileScheduling):
        """Takes the first file of a worker's kind from the queue."""

        def _assign_work_unit(self, node: Any) -> None:
            waits = is_waiter(node.gateway.id, self.numnodes)
            file = next((file for file in self.workqueue if (file in WAITING) == waits), next(iter(self.workqueue)))
            self.workqueue.move_to_end(file, last=False)
            super()._assign_work_unit(node)

    return TwoQueues(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadFileScheduling | None":
    """Order the files of `make test`; another ``--dist`` keeps its own order."""
    return make_scheduler(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    """Let the processors go to a worker that waits first."""
    given = getattr(config, "workerinput", None)
    if given and given["workercount"] > 1 and not is_waiter(given["workerid"], given["workercount"]):
        os.nice(NICE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of ``make quick``."""
    parser.addoption("--quick", action="store_true", help="leave out tests that are slow or need a service")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest files first; the others keep their order."""
    items.sort(key=rank)
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("slow")])
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
