"""What came of the steps of a source, apart from the browser: read where Playwright is not loaded."""

from collections.abc import Iterable

import msgspec


class StepResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one step on one page."""

    number: int
    """Place of the step in the file, from 1."""
    done: int = 0
    """Clicks made, times a list grew, or 1 for what was waited for."""
    problem: str = ""
    """Why it was not carried out, in words."""
    counts: bool = False
    """Whether the problem means that the page is not whole: the step is not optional, or a wall stands there."""


def step_counters(results: Iterable[StepResult]) -> dict[str, int]:
    """Return what the steps taken on a page add to the run's counters: pages, what was done there, and pages without."""
    counters: dict[str, int] = {}
    for result in results:
        counters[f"step/{result.number}/{'missed' if result.problem else 'pages'}"] = 1
        counters[f"step/{result.number}/done"] = result.done
    return counters
