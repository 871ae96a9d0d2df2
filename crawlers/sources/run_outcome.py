"""Summary of a run for judging its source: how it ended, what it showed, and how much of that is new."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crawlers.evidence.partition import Report, State
from crawlers.sources import causes

KNOWN = ("unchanged", "edited", "deleted", "reappeared")
"""Counters ``known/…`` of postings that an earlier run had read."""


class RunOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a report that its source is judged by."""

    started_at: datetime
    state: State
    cause: str
    """Outcome of the gravest cause that explains the state; "" when none does."""
    postings: int
    new_postings: int
    """Postings that no earlier run had read; all of them where the crawl state was lost in between."""
    gaps: int
    """Lists that were not read whole."""
    fill_rate: dict[str, float]


def new_postings(report: Report) -> int:
    """Return how many postings of a run no earlier run had read."""
    return max(0, report.parsed - sum(report.counters.get(f"known/{name}", 0) for name in KNOWN))


def outcome_of(report: Report) -> RunOutcome:
    """Return what a report says of its source."""
    cause = causes.gravest_cause(report)
    return RunOutcome(
        started_at=report.started_at,
        state=report.state,
        cause=cause.outcome if cause else "",
        postings=report.parsed,
        new_postings=new_postings(report),
        gaps=report.coverage.gaps_in_all,
        fill_rate=report.fill_rate,
    )


def last_new(outcomes: Sequence[RunOutcome]) -> datetime | None:
    """Return when the newest run that showed a new advert began (``outcomes`` newest first); None when none of them did."""
    return next((run.started_at for run in outcomes if run.new_postings), None)
