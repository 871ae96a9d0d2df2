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

STEP = "step/"
"""Prefix of the outcome of a failed step of ``crawl.steps``; its number follows."""
DETAIL = 300
"""Characters of an error that are kept."""

_ASK = "or ask its operator for access; a block is never bypassed"
_FIXES: tuple[tuple[str, str], ...] = (
    (
        r"block/(?:http_429|retry_after)",
        "it asks for fewer requests: raise access.delay_seconds or lower access.requests_per_run in "
        "{name}.yml, wait a day and crawl again",
    ),
    (
        r"block/host_hold",
        "another source of its host was told to come later: crawl again when that time is over; let the sources of the host run "
        "at other hours, with a longer access.delay_seconds",
    ),
    (
        r"block/(?:http_401|http_402|http_407|login_wall)",
        f"the page is no longer public: set enabled: false in {{name}}.yml, {_ASK}",
    ),
    (
        r"block/captcha",
        f"it asks visitors to prove they are human, which is never answered: set enabled: false in {{name}}.yml, {_ASK}",
    ),
    (
        r"block/same_page",
        "open {url} in a browser: when it shows an advert, robots are turned away: set enabled: false in {name}.yml, "
        f"{_ASK}; when it does not, correct crawl.follow",
    ),
    (r"block/http_451", f"it may not be shown here by law: set enabled: false in {{name}}.yml, {_ASK}"),
    (
        r"block/(?:error_body|empty_body)",
        "open {url} in a browser: when it shows the same, the site has a fault and the next run may "
        f"do; when it does not, robots are turned away: set enabled: false in {{name}}.yml, {_ASK}",
    ),
    (
        r"block/",
        f"open {{url}} in a browser: when people see it and we do not, robots are turned away: set enabled: false, {_ASK}",
    ),
    (r"robots", "begin at addresses its robots.txt allows (crawl.start in {name}.yml), or set enabled: false"),
    (
        r"robots/unreachable",
        "nothing may be fetched while its robots.txt has no answer: open it in a browser; when it fails there too, "
        "wait for the site, else ask its operator",
    ),
    (
        r"changed/no_preview",
        "open {url} in a browser: correct crawl.start when the channel has a new name, set enabled: false when it is "
        "closed or deleted",
    ),
    (r"ended/access\.requests_per_run", "raise access.requests_per_run in {name}.yml, or narrow crawl.start and crawl.max_pages"),
    (r"ended/the time limit", "raise crawl.limits.seconds in {name}.yml, or narrow crawl.start and crawl.max_pages"),
    (r"ended/a signal", "it was stopped from outside: run `lurewatch crawl {name}` again"),
    (r"ended/", "read crawl.log in the state folder of {name}, then run `lurewatch crawl {name}` again"),
    (
        r"step/",
        "run `lurewatch sources try {name}` and correct crawl.steps in {name}.yml: the selector, on: list or detail, "
        "or optional: true; where a wall stands, remove the step",
    ),
    (r"http/(?:404|410)", "the address is gone: open the site in a browser and correct crawl.start in {name}.yml"),
    (r"http/5\d\d", "the site has a fault: open {url} in a browser; when it fails there too, the next run may do"),
    (r"http/3\d\d", "it leads elsewhere: open {url} in a browser and write where it ends as crawl.start in {name}.yml"),
    (r"http/", "open {url} in a browser and correct crawl.start in {name}.yml, or set enabled: false"),
    (
        r"error/AddressRefused",
        "only public addresses are fetched: correct crawl.start in {name}.yml (for the sample sites set "
        "LUREWATCH_ALLOW_LOOPBACK=true and start them with `lurewatch demo sites`)",
    ),
    (r"error/PageTooCostly", "it was set aside and the others were read: name it in crawl.exclude in {name}.yml"),
    (r"error/TooLarge", "raise crawl.limits.page_bytes in {name}.yml when the page is an honest one"),
    (
        r"error/(?:RenderFailed|BrowserLost)",
        "run `lurewatch doctor`, then `lurewatch sources try {name}`: set crawl.wait_for when the page never comes to rest",
    ),
    (
        r"error/(?:Download\w*|CannotResolveHostError|ResponseDataLossError|TimeoutError|\w*Connection\w*|OSError)",
        "the site did not answer: see whether it does in a browser and from this machine's network, then crawl again",
    ),
    (r"error/", "a page could not be read: crawl.log in the state folder of {name} says where; please report it with the page"),
)
_FORBIDDEN_PAGES = (
    "the others were read: name these addresses in crawl.exclude in {name}.yml where they may be missing, or ask its operator "
    "for access; robots.txt is never bypassed"
)
"""The fix where robots.txt forbids a part of the site."""
_BY_STATE: dict[State, str] = {
    "blocked": f"look at it with a browser, {_ASK}",
    "empty": "run `lurewatch sources try {name}`: the list may have moved, or is drawn by script now (render: true)",
    "changed": "run `lurewatch sources try {name}`: mend page or follow, or move the bounds of expect if the site did change",
    "partial": "the reason says what is missing: correct crawl.next or raise crawl.max_pages in {name}.yml, then crawl again",
    "failed": "read crawl.log in the state folder of {name}, then run `lurewatch crawl {name}` again",
}
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
    template = _BY_STATE.get(report.state, "")
    if cause:
        forbidden_part = cause.outcome == "robots" and report.state == "partial"
        fixes = (text for pattern, text in _FIXES if _matches(pattern, cause.outcome))
        template = _FORBIDDEN_PAGES if forbidden_part else next(fixes, template)
    return template.replace("{name}", report.source).replace("{url}", cause.url if cause else "")


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
