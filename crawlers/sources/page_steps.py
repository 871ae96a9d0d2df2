"""The steps of a visitor on a rendered page before it is read: ``crawl.steps``, carried out in the order written."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

import msgspec
from pydantic import BeforeValidator, Field, model_validator

from crawlers.sources.setting_types import Css, Strict

UNTIL_GONE = "until gone"
LISTS = frozenset({"list", "index", "sitemap", "feed", "channel", "api"})
"""Roles of pages that are lists; every other page shows an advert."""


def _times(value: Any) -> Any:
    if value == UNTIL_GONE or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 500):
        return value
    raise ValueError(f"{value!r} is no number of clicks; write a number from 1 to 500, or {UNTIL_GONE}")


class PageStep(Strict):
    """One step: a click, a scroll to the end, or a wait."""

    click: Css | None = None
    """The first visible element that matches."""
    scroll: bool = False
    """To the end, until nothing more comes."""
    wait_for: Css | None = None
    times: Annotated[int | str, BeforeValidator(_times)] = 1
    """How often to click: a number, or ``until gone``."""
    on: Literal["list", "detail", "both"] = "both"
    """On lists, on pages of adverts, or on both."""
    optional: bool = False
    """Whether the run is whole when the step finds nothing."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum((self.click is not None, self.scroll, self.wait_for is not None)) != 1:
            raise ValueError("a step does one thing; write one of click, scroll: true and wait_for")
        if self.times != 1 and self.click is None:
            raise ValueError("times belongs to click; remove it")
        return self

    @property
    def label(self) -> str:
        """The step as text for people."""
        if self.scroll:
            return "scroll"
        if self.wait_for:
            return f"wait_for {self.wait_for}"
        return f"click {self.click}{'' if self.times == 1 else f' ({self.times})'}"


Steps = Annotated[tuple[PageStep, ...], Field(max_length=20)]
NumberedSteps = tuple[tuple[int, PageStep], ...]
"""Steps with their numbers in the file, from 1."""


def steps_on(steps: tuple[PageStep, ...], role: str) -> NumberedSteps:
    """Return the steps for a page of this role."""
    place = "list" if role in LISTS else "detail"
    return tuple((number, step) for number, step in enumerate(steps, 1) if step.on in (place, "both"))


class StepResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one step on one page."""

    number: int
    """Place of the step in the file, from 1."""
    done: int = 0
    """Clicks made, times a list grew, or 1 when the awaited element appeared."""
    problem: str = ""
    """Why it was not carried out, as text."""
    counts: bool = False
    """Whether the problem means that the page is not whole: the step is not optional, or a wall stands there."""


def step_counters(results: Iterable[StepResult]) -> dict[str, int]:
    """Return what a page's steps add to the run's counters: pages, actions, and pages where a step failed."""
    counters: dict[str, int] = {}
    for result in results:
        counters[f"step/{result.number}/{'missed' if result.problem else 'pages'}"] = 1
        counters[f"step/{result.number}/done"] = result.done
    return counters
