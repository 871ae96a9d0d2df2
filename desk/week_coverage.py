"""What was and was not looked at: each count in a digest carries its denominator, so that silence is not taken for safety."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec

from crawlers.errors import PartitionError
from crawlers.evidence.partition import partitions, read_report
from crawlers.sources.health import Health, HealthProblem, health
from crawlers.sources.source import Source


class SourceCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """One enabled source over a stretch of time."""

    source: str
    title: str
    runs: int = 0
    states: dict[str, int] = {}
    """How its runs ended: state -> runs."""
    postings: int = 0
    """Postings read in that time, repeats included."""
    findings: tuple[HealthProblem, ...] = ()

    @property
    def dark(self) -> bool:
        """Whether nothing at all was read: every run failed to deliver, or there was none."""
        return self.postings == 0


def coverage(sources: Iterable[Source], runs: str, since: datetime, until: datetime) -> list[SourceCoverage]:
    """Return every enabled source's runs between two moments, with what is wrong with it at the end."""
    source_coverages = []
    for source in sources:
        if not source.enabled:
            continue
        states: Counter[str] = Counter()
        postings = 0
        for address in reversed(partitions(runs, source.name)):
            try:
                report = read_report(address)
            except PartitionError:
                continue  # health() names a damaged partition as a finding
            if report.finished_at <= since:  # counted by the period before, which ends with this moment
                break
            if report.finished_at <= until:
                states[report.state] += 1
                postings += report.parsed
        source_coverages.append(
            SourceCoverage(
                source=source.name,
                title=source.title,
                runs=states.total(),
                states=dict(sorted(states.items())),
                postings=postings,
                findings=health(source, runs, until).findings,
            )
        )
    return source_coverages


def source_health(sources: Iterable[Source], runs: str, now: datetime) -> list[tuple[Source, Health]]:
    """Return how each source is doing, those that need attention first, disabled ones last."""
    results = [(source, health(source, runs, now)) for source in sources]
    return sorted(results, key=lambda pair: (not pair[0].enabled, not pair[1].findings, pair[0].name))
