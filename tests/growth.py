"""How much more work a longer text is.

No test asserts an absolute time: a slow or a busy machine is not a fault of the code. benchmarks/ has the times.
"""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

MORE = 4
"""How many times as long the longer text is."""
LIMIT = 2.5**2
"""The most that ``MORE`` times the text may cost: 2.5 times for each doubling. Linear work costs 4 times, quadratic 16 times."""
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
    gc.collect()  # once: all that a test session has loaded is looked through, which takes longer than most of what is measured
    gc.disable()
    try:
        for _ in range(TRIES):
            least_loop = min(least_loop, _cpu_seconds(_loop, STEPS))
            least_small = min(least_small, _cpu_seconds(work, small))
            least_large = min(least_large, _cpu_seconds(work, large))
            if least_large <= LIMIT * max(least_small, least_loop):
                break
    finally:
        gc.enable()
    return least_large / max(least_small, least_loop)


def _loop(steps: int) -> int:
    return sum(number * number for number in range(steps))


def _cpu_seconds(work: Callable[[Input], object], given: Input) -> float:
    begun = time.process_time()
    work(given)
    return time.process_time() - begun
