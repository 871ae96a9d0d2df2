"""Results of a source's steps, in a module that does not load Playwright."""

from collections.abc import Iterable

import msgspec


class StepResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one step on one page."""

    number: int
    """Place of the step in the file, from 1."""
    done: int = 0
    """Clicks made, times a list grew, or 1 when the awaited element appeared."""
    problem: str = ""
    """Why it was not carried out, in words."""
    counts: bool = False
    """Whether the problem means that the page is not whole: the step is not optional, or a wall stands there."""


def step_counters(results: Iterable[StepResult]) -> dict[str, int]:
    """Return what a page's steps add to the run's counters: pages, actions, and pages where a step failed."""
    counters: dict[str, int] = {}
    for result in results:
        counters[f"step/{result.number}/{'missed' if result.problem else 'pages'}"] = 1
        counters[f"step/{result.number}/done"] = result.done
    return counters
