"""Making much that stays: lexicons and matchers are hundreds of thousands of objects, none of which refers back to another."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_waits() -> Iterator[None]:
    """Let Python's collector of cycles wait: it would walk over all of it again and again, for half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
