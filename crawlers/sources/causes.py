"""Explains why pages were not read, and what the operator can do about each cause.

A run's report carries its causes (`Report.causes`); `lurewatch sources health` prints the gravest with its own fix.
"""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from crawlers.evidence.partition import Cause, Report, State
from crawlers.frontier.visits import GUESS, READ, Visit
from crawlers.sources.expectations import HARMLESS
from foundation.yaml_limits import read_table

STEP = "step/"
"""Prefix of the outcome of a failed step of ``crawl.steps``; its number follows."""
DETAIL = 300
"""Characters of an error that are kept."""


class CauseFixes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences of ``causes.yml``."""

    ask: str
    fixes: dict[str, str]
    forbidden_pages: str
    states: dict[State, str]


_FIXES = read_table(__file__, "causes.yml", CauseFixes)
_CALLED = {
    "robots": "robots.txt forbids",
    "robots/unreachable": "robots.txt had no answer for",
    "changed/no_preview": "no public channel at",
    "changed": "its parser did not find what it needs at",
}
_STATES: dict[State, tuple[str, ...]] = {
    "blocked": ("block/", "robots"),
    "partial": ("ended/", "http/", "error/", "robots", STEP),
    "failed": ("http/", "error/", "robots", "changed"),
    "changed": ("changed/no_preview",),
}
"""Which causes explain which state; a page that is gone explains no changed list."""


def cause_of_visit(visit: Visit) -> Cause | None:
    """Return why a visit brought no page, or not the whole of it; None when it did."""
    if visit.step.role == "image" or visit.outcome.startswith(GUESS):
        return None
    if visit.outcome in READ:
        number, _, problem = visit.unfinished.partition(" ")
        return Cause(outcome=f"{STEP}{number}", url=visit.step.url, detail=problem[:DETAIL]) if number else None
    url, detail, record = visit.step.url, visit.detail, ""
    if visit.response is not None:
        url = visit.response.url
        if visit.outcome.startswith("block/"):
            record = visit.capture or ""
            waits = (visit.response.headers.get("Retry-After") or b"").decode("latin-1")
            detail = f"HTTP {visit.response.status}{f', Retry-After: {waits}' if waits else ''}"
    if not detail and visit.rejected:
        detail = visit.rejected[0].detail
    return Cause(outcome=visit.outcome, url=url, detail=" ".join(detail.split())[:DETAIL], record_id=record)


def gravest_cause(report: Report) -> Cause | None:
    """Return the cause that explains the state of a run, None when none was noted."""
    explain = _STATES.get(report.state, ())
    passed_over = HARMLESS if report.state == "partial" else ()
    return next(
        (cause for cause in report.causes if cause.outcome.startswith(explain) and cause.outcome not in passed_over), None
    )


def describe_cause(cause: Cause) -> str:
    """Return a cause as text for people: what, where, how often."""
    kind, _, name = cause.outcome.partition("/")
    if kind == "ended":
        return f"stopped by {name}"
    what = _CALLED.get(cause.outcome) or {
        "step": f"step {name} not carried out at",
        "block": f"{name} at",
        "http": f"HTTP {name} at",
        "error": f"{name} at",
    }.get(kind, cause.outcome)
    detail = f" ({cause.detail})" if cause.detail else ""
    return f"{what} {cause.url}{detail}" + (f", {cause.count} pages" if cause.count > 1 else "")


def fix(report: Report) -> str:
    """Return what the operator can do about the state of a run: the fix of its cause, else of its state."""
    cause = gravest_cause(report)
    template = _FIXES.states.get(report.state, "")
    if cause:
        forbidden_part = cause.outcome == "robots" and report.state == "partial"
        fixes = (text for pattern, text in _FIXES.fixes.items() if _matches(pattern, cause.outcome))
        template = _FIXES.forbidden_pages if forbidden_part else next(fixes, template)
    named = {"{ask}": _FIXES.ask, "{name}": report.source, "{url}": cause.url if cause else ""}
    return re.sub(r"\{(?:ask|name|url)\}", lambda found: named[found[0]], template)


def _matches(pattern: str, outcome: str) -> bool:
    return bool(re.match(pattern, outcome) if pattern.endswith("/") else re.fullmatch(pattern, outcome))


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
    """Return the outcome of a run by its report."""
    cause = gravest_cause(report)
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
