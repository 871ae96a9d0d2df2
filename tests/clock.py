"""How long a piece of work takes, told so that a busy machine does not fail a test that nothing is wrong with."""

import time
from collections.abc import Callable

ORDINARY = 0.02
"""CPU seconds that ``_loop`` takes on the machine the limits were set on."""
TRIES = 3


def cpu_seconds(work: Callable[[], object], limit: float) -> float:
    """Return the CPU seconds ``work`` takes, those of a machine slower at the moment made shorter in proportion.

    Work that takes longer than ``limit`` is done up to three times and the least is returned: what is compiled or loaded once,
    and what a neighbour of this machine takes from it for a moment, is not what these tests are about.
    """
    least = float("inf")
    for _ in range(TRIES):
        before = _loop()
        begun = time.process_time()
        work()
        spent = time.process_time() - begun
        slowness = max(1.0, before / ORDINARY, _loop() / ORDINARY)
        least = min(least, spent / slowness)
        if least <= limit:
            break
    return least


def _loop() -> float:
    begun = time.process_time()
    sum(number * number for number in range(200_000))
    return time.process_time() - begun
