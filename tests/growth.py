"""How much work something is, in figures that hold on every machine: how it grows, and how many steps of a loop it costs.

No test asserts an absolute time: a slow or a busy machine is not a fault of the code. benchmarks/ has the times.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from enrichment.garbage_collection import pause_garbage_collection

Input = TypeVar("Input")

MORE = 4
"""How many times as long the longer text is."""
LIMIT = 8.0
"""The most that ``MORE`` times the text may cost: half way (geometric) between linear work, 4 times, and quadratic, 16 times."""
TRIES = 20
STEPS = 200_000
"""Work smaller than so many steps of a Python loop counts as so many: below that, caches and page faults decide the figure."""


def growth(work: Callable[[Input], object], small: Input, large: Input) -> float:
    """Return the CPU time of ``work(large)`` over that of ``work(small)``; ``large`` is ``MORE`` times as long.

    The two are measured in turn and the least of each counts: what is compiled or loaded once, and what a neighbour on this
    machine takes from it for a moment, is not what these tests are about. Ends as soon as the figure is within ``LIMIT``.
    """
    work(small)
    least_small = least_large = least_loop = float("inf")
    with _no_collection():
        for _ in range(TRIES):
            least_loop = min(least_loop, _cpu_seconds(_loop, STEPS))
            least_small = min(least_small, _cpu_seconds(work, small))
            least_large = min(least_large, _cpu_seconds(work, large))
            if least_large <= LIMIT * max(least_small, least_loop):
                break
    return least_large / max(least_small, least_loop)


def loop_steps(work: Callable[[], object], limit: float) -> float:
    """Return the CPU time of ``work()`` in steps of a Python loop, the least of ``TRIES``; end as soon as it is in ``limit``.

    A machine does 10 to 20 million steps in a second.
    """
    least_work = least_loop = float("inf")
    with _no_collection():
        for _ in range(TRIES):
            least_loop = min(least_loop, _cpu_seconds(_loop, STEPS))
            least_work = min(least_work, _cpu_seconds(lambda _: work(), None))
            if least_work <= limit * least_loop / STEPS:
                break
    return least_work / least_loop * STEPS


def seconds_per_step() -> float:
    """Return the CPU seconds of one such step on this machine now, for work whose time another process counts."""
    with _no_collection():
        return min(_cpu_seconds(_loop, STEPS) for _ in range(TRIES)) / STEPS


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of garbage away: it looks through all that a test session has loaded, longer than most work here."""
    gc.collect()
    with pause_garbage_collection():
        yield


def _loop(steps: int) -> int:
    return sum(number * number for number in range(steps))


def _cpu_seconds(work: Callable[[Input], object], value: Input) -> float:
    begun = time.process_time()
    work(value)
    return time.process_time() - begun
