"""Checks a source by the reports of its last runs, without fetching.

Each finding names the problem and what the operator can do. A source with a finding needs attention.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median

import msgspec
from cronsim import CronSim

from crawlers.evidence.partition import Report, State, partitions, read_report
from crawlers.sources import causes
from crawlers.sources.causes import last_new, outcome_of
from crawlers.sources.setting_types import BY_HAND
from crawlers.sources.silence import MOST_RUNS, SILENT, SourceSilence, judge_silence
from crawlers.sources.source import Source, refusal
from foundation.crawl_errors import PartitionError

RUNS = 20
"""Newest runs whose states, fields and numbers are compared; silence is judged by more."""
DRIFT = 0.15
"""A field's fill rate this far under the median of earlier runs is reported: a template change, seldom a change of adverts."""
SHRUNK = 0.5
"""So is a run with less than this share of the median number of postings."""
OVERDUE = timedelta(hours=6)
EXPIRING_DAYS = 30


class HealthProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a source, and what to do about it."""

    name: str
    """``passport``, ``never_run``, ``overdue``, ``blocked``, ``empty``, ``changed``, ``partial``, ``failed``, ``fill_rate``,
    ``shrunk``, ``layout_changed``, ``preview_gap``, ``dead`` or ``damaged``."""
    problem: str
    fix: str


class RunFill(msgspec.Struct, frozen=True, kw_only=True):
    """How full one run was."""

    at: datetime
    state: State
    adverts: int
    """Adverts it read."""
    seen: float | None = None
    """Share of what its lists announced that was seen; None where they announce no total."""
    fields: float | None = None
    """Mean share of adverts that had each field; None when it read none."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is doing."""

    source: str
    enabled: bool
    schedule: str
    """Cron, UTC, which Airflow or a crontab carries out (LureWatch itself runs nothing by the clock); ``by hand``: never due."""
    last_state: State | None = None
    last_run: datetime | None = None
    """When the newest run began, UTC."""
    states: tuple[State, ...] = ()
    """Of the newest runs, newest first."""
    fills: tuple[RunFill, ...] = ()
    """How full the newest runs were, the oldest first."""
    streak: int = 0
    """How many runs in a row ended in ``last_state``."""
    silence: SourceSilence = SourceSilence(state="ok")
    """Why it shows nothing new; None while it does."""
    last_new: datetime | None = None
    """When the newest run with a new posting began, UTC; None when no kept run had one."""
    passport_until: date | None = None
    findings: tuple[HealthProblem, ...] = ()


def health(source: Source, runs: str, now: datetime) -> Health:
    """Return how ``source`` is doing at ``now`` (UTC), from its partitions under ``runs``; a disabled source has no findings."""
    addresses = partitions(runs, source.name)[-MOST_RUNS:]
    reports: list[Report] = []
    damaged: list[HealthProblem] = []
    for address in addresses:
        try:
            reports.append(read_report(address))
        except PartitionError as exc:
            damaged.append(HealthProblem(name="damaged", problem=str(exc), fix="move the folder away and crawl again"))
    reports.reverse()
    outcomes = [outcome_of(report) for report in reports]
    silence = judge_silence(outcomes, channel=source.crawl.spider == "channel")
    newest = reports[:RUNS]
    states = tuple(report.state for report in newest)
    health_problems = [*_passport(source, now.date()), *damaged, *_runs(source, newest, silence, now), *_drift(newest)]
    health_problems += _silence(source.name, silence, health_problems)
    return Health(
        source=source.name,
        enabled=source.enabled,
        schedule=source.schedule,
        last_state=states[0] if states else None,
        last_run=reports[0].started_at if reports else None,
        states=states,
        fills=tuple(_fill(report) for report in reversed(newest)),
        streak=_streak(states),
        silence=silence,
        last_new=last_new(outcomes),
        passport_until=source.access.review_by,
        findings=tuple(health_problems) if source.enabled else (),
    )


def _fill(report: Report) -> RunFill:
    lists = report.coverage
    seen = lists.seen / (lists.seen + lists.missing) if lists.announced and lists.seen + lists.missing else None
    fields = fmean(report.fill_rate.values()) if report.fill_rate else None
    return RunFill(at=report.started_at, state=report.state, adverts=report.parsed, seen=seen, fields=fields)


def _streak(states: Sequence[State]) -> int:
    return next((at for at, state in enumerate(states) if state != states[0]), len(states))


def _passport(source: Source, today: date) -> list[HealthProblem]:
    if why := refusal(source, today):
        return [HealthProblem(name="passport", problem=f"may not run: {why}", fix=f"correct access: in {source.name}.yml")]
    until = source.access.review_by
    assert until is not None, "refusal() asks for it"
    left = (until - today).days
    if left > EXPIRING_DAYS:
        return []
    where = source.access.terms_url or source.operator.url
    fix = f"read {where} and its robots.txt again, then set terms_checked and review_by"
    return [HealthProblem(name="passport", problem=f"the access passport runs out in {left} days", fix=fix)]


def _runs(source: Source, reports: Sequence[Report], silence: SourceSilence, now: datetime) -> list[HealthProblem]:
    crawl = f"run `lurewatch crawl {source.name}`"
    clock = (
        f"{crawl}; its schedule needs Airflow or a crontab (docs/deploy.md): see whether one of them runs, "
        f"or write `schedule: {BY_HAND}`"
    )
    if not reports:
        return [HealthProblem(name="never_run", problem="has never run", fix=clock if source.cron else crawl)]
    health_problems = []
    last = reports[0]
    due = missed_due_time(source, last.started_at, now)
    if due and last.state != "blocked":  # then it rests until somebody has looked
        problem = f"was due {due:%Y-%m-%d %H:%M} UTC, last ran {last.started_at:%Y-%m-%d %H:%M}: nothing runs its schedule"
        health_problems.append(HealthProblem(name="overdue", problem=problem, fix=clock))
    streak = _streak([report.state for report in reports])
    empty_before = any(report.state == "empty" for report in reports[streak:])
    plausible = last.state == "empty" and empty_before and silence.state == "plausibly_empty"
    if last.state != "ok" and not plausible:
        times = f"the last {streak} runs ended" if streak > 1 else "the last run ended"
        problem = f"{times} {last.state}: {last.reason or 'no reason given'}"
        if cause := causes.gravest_cause(last):
            problem += f" - {causes.describe_cause(cause)}"
        health_problems.append(HealthProblem(name=last.state, problem=problem, fix=causes.fix(last)))
    return health_problems


def missed_due_time(source: Source, last: datetime | None, now: datetime) -> datetime | None:
    """Return the newest due time, ``OVERDUE`` ago at least, that no run followed; None when none is missing.

    ``last`` is when the newest run began, UTC; of a source that never ran, when it was added, or None.
    """
    if source.cron is None:
        return None
    due: datetime = next(CronSim(source.cron, now.astimezone(UTC) - OVERDUE, reverse=True))
    return due if last is None or last < due - OVERDUE else None


def _drift(reports: Sequence[Report]) -> list[HealthProblem]:
    """Compare the newest good run with the good runs before it; other states have their own finding."""
    if not reports or reports[0].state != "ok":
        return []
    last, *before = [report for report in reports if report.state == "ok"]
    if len(before) < 2:
        return []
    try_it = f"run `lurewatch sources try {last.source}` and compare a page with its saved case"
    health_problems = []
    for field, now_rate in last.fill_rate.items():
        usual = median(report.fill_rate.get(field, 0.0) for report in before)
        if usual - now_rate >= DRIFT:
            problem = f"{field} is filled in {now_rate:.0%}, usually {usual:.0%}"
            health_problems.append(HealthProblem(name="fill_rate", problem=problem, fix=try_it))
    usual_size = median(report.parsed for report in before)
    if last.parsed < SHRUNK * usual_size:
        health_problems.append(
            HealthProblem(name="shrunk", problem=f"{last.parsed} postings, usually {usual_size:.0f}", fix=try_it)
        )
    return health_problems


_SILENCE = {
    "layout_changed": "run `lurewatch sources try {name}`: the list may have moved, or is drawn by script now (render: true)",
    "preview_gap": "open the channel in a browser: what its preview leaves out would take joining it, which is never done",
    "dead": "see in a browser whether new adverts appear; when the site has died, set enabled: false with the day in a comment",
}
_SAID_ALREADY = {"changed", "blocked", "failed", "fill_rate"}
"""Findings that already explain the silence."""


def _silence(name: str, silence: SourceSilence, before: Sequence[HealthProblem]) -> list[HealthProblem]:
    if silence.state not in SILENT or _SAID_ALREADY & {problem.name for problem in before}:
        return []
    return [HealthProblem(name=silence.state, problem=silence.reason, fix=_SILENCE[silence.state].replace("{name}", name))]
