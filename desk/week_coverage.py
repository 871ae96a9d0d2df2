"""What was and was not covered: every count in a digest has its denominator, so that a blocked source is not taken for a quiet
week."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from crawlers.evidence.partition import Report, State, partitions, read_report
from crawlers.sources.causes import new_postings
from crawlers.sources.health import Health, HealthProblem, health
from crawlers.sources.source import Source
from foundation.crawl_errors import PartitionError
from index.base import Query, RecordStore

GRAVITY: tuple[State, ...] = ("ok", "empty", "partial", "changed", "blocked", "failed")
"""States of a run, each worse for what is known of a source than the one before."""


class WorstRun(msgspec.Struct, frozen=True, kw_only=True):
    """The run of a stretch of time that covered its source least."""

    state: State
    read: int
    """Adverts it read."""
    expected: int
    """Adverts there were to read: what its lists announced, else the most that any run of the stretch read."""
    reason: str = ""


class SourceCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """One enabled source over a stretch of time."""

    source: str
    title: str
    runs: int = 0
    states: dict[str, int] = {}
    """How its runs ended: state -> runs."""
    postings: int = 0
    """Adverts read in that time, each counted once however often it was read again."""
    worst: WorstRun | None = None
    """None when there was no run, or in a digest of an older version."""
    findings: tuple[HealthProblem, ...] = ()

    @property
    def dark(self) -> bool:
        """Whether nothing was read: no run, or none with results."""
        return self.postings == 0

    @property
    def is_whole(self) -> bool:
        """Whether every run of that time read its source whole, and nothing is wrong with it at the end."""
        return not (self.dark or self.findings or (self.worst and self.worst.state != "ok"))


def coverage(sources: Iterable[Source], runs: str, since: datetime, until: datetime) -> list[SourceCoverage]:
    """Return every enabled source's runs between two moments, with what is wrong with it at the end."""
    source_coverages = []
    for source in sources:
        if not source.enabled:
            continue
        reports = _reports(runs, source.name, since, until)
        source_coverages.append(SourceCoverage(
            source=source.name, title=source.title, runs=len(reports),
            states=dict(sorted(Counter(report.state for report in reports).items())),
            postings=reports[0].parsed + sum(map(new_postings, reports[1:])) if reports else 0, worst=_worst(reports),
            findings=health(source, runs, until).findings,
        ))  # fmt: skip
    return source_coverages


def _reports(runs: str, source: str, since: datetime, until: datetime) -> list[Report]:
    """Return the reports of the runs that ended after ``since`` and up to ``until``, oldest first."""
    reports = []
    for address in reversed(partitions(runs, source)):
        try:
            report = read_report(address)
        except PartitionError:
            continue  # health() names a damaged partition as a finding
        if report.finished_at <= since:  # counted by the period before, which ends with this moment
            break
        if report.finished_at <= until:
            reports.append(report)
    return reports[::-1]


def _worst(reports: Sequence[Report]) -> WorstRun | None:
    """Return the run in the gravest state; of several, the one that read least."""
    if not reports:
        return None
    most = max(report.parsed for report in reports)
    report = max(reports, key=lambda report: (GRAVITY.index(report.state), -report.parsed))
    announced = report.coverage.seen + report.coverage.missing if report.coverage.announced else 0
    return WorstRun(state=report.state, read=report.parsed, expected=max(announced, most, report.parsed), reason=report.reason)


def source_health(sources: Iterable[Source], runs: str, now: datetime) -> list[tuple[Source, Health]]:
    """Return how each source is doing, those that need attention first, disabled ones last."""
    results = [(source, health(source, runs, now)) for source in sources]
    return sorted(results, key=lambda pair: (not pair[0].enabled, not pair[1].findings, pair[0].name))


def newest_reports(runs: str, sources: Iterable[str], most: int) -> tuple[list[Report], list[str]]:
    """Return the reports of the newest ``most`` runs of each source, newest first, and what is wrong with those that cannot be
    read."""
    found: list[Report] = []
    damaged: list[str] = []
    for source in sources:
        for address in partitions(runs, source)[-most:]:
            try:
                found.append(read_report(address))
            except PartitionError as exc:
                damaged.append(str(exc))
    return sorted(found, key=lambda report: report.started_at, reverse=True), damaged


def source_yields(store: RecordStore) -> dict[str, tuple[int, int]]:
    """Return source -> (its flagged adverts in the index, all of them)."""
    pages = (store.search(Query(size=1)), store.search(Query(filters={"flagged": ("true",)}, size=1)))
    every, flagged = (dict(page.facets.get("source", ())) for page in pages)
    return {source: (flagged.get(source, 0), count) for source, count in every.items()}
