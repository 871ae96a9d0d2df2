"""The conditions that operators are notified of: each is a bound on one series, the same as in Prometheus' rules.

``deploy/prometheus/alerts.yml`` has a rule of the same name and expression for each (a test holds them together), and
docs/runbook has its page.
"""

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from lurewatch.app.monitoring.catalogue import SERIES, SeriesSample

Subject = tuple[str, ...]
"""The subject of a condition: a series' label values without states and causes."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A bound that a series should not pass."""

    name: str
    part: Literal["seeds", "runs", "index", "database", ""]
    """The part that gives the series; while it does not answer, the condition is unknown. Empty: it is always known."""
    series: str
    compare: Literal[">", "<", "=="]
    bound: float
    match: tuple[tuple[str, str], ...] = ()
    """Label -> regular expression its whole value fits."""
    unless: tuple[str, ...] = ()
    """Conditions that explain this one where they are true of the same source."""
    minutes: int = 5
    """Minutes for which it must be true in Prometheus before an alert (``for:`` of its rule)."""
    summary: str
    """What is wrong, in a sentence."""

    @property
    def page(self) -> str:
        """Its page in docs/runbook."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", self.name).lower()

    @property
    def expression(self) -> str:
        """The same in PromQL."""
        match = ",".join(f'{name}=~"{pattern}"' for name, pattern in self.match)
        expression = f"{self.series}{f'{{{match}}}' if match else ''} {self.compare} {self.bound:g}"
        for name in self.unless:
            expression += f" unless on (source) ({CONDITIONS[name].expression})"
        return expression

    def _holds(self, sample: SeriesSample) -> bool:
        value = {">": sample.value > self.bound, "<": sample.value < self.bound, "==": sample.value == self.bound}[self.compare]
        return value and all(re.fullmatch(pattern, sample.label(name)) for name, pattern in self.match)

    def _detail(self, sample: SeriesSample, samples: Iterable[SeriesSample]) -> str:
        """Return the state and cause of a source, else the value that passed the bound."""
        if "state" not in SERIES[self.series].labels:
            return "" if self.compare == "==" else f"{sample.value:,.4g}"
        source = sample.label("source")
        causes = [entry for entry in samples if entry.name == "lurewatch_source_cause" and entry.label("source") == source]
        return " ".join([sample.label("state"), *(entry.label("cause") for entry in causes)])

    def true_of(self, samples: Iterable[SeriesSample]) -> dict[Subject, str]:
        """Return what the condition is true of, each with the label values that a person needs besides."""
        samples = list(samples)
        labels = SERIES[self.series].labels
        explained = {subject for name in self.unless for subject in CONDITIONS[name].true_of(samples)}
        subjects: dict[Subject, str] = {}
        for sample in samples:
            if sample.name == self.series and self._holds(sample):
                subject = tuple(value for name, value in zip(labels, sample.labels, strict=True) if name != "state")
                if subject not in explained:
                    subjects[subject] = self._detail(sample, samples)
        return subjects


DAY, HOUR, MINUTE = 86_400.0, 3600.0, 60.0
CONDITIONS: dict[str, Condition] = {
    condition.name: condition
    for condition in (
        Condition(
            name="SeedFaulty", part="seeds", series="lurewatch_seed_fault_line", compare=">", bound=0,
            summary="A source file or the lexicon is faulty at this line; what was accepted last stays in force.",
        ),
        Condition(
            name="SourceBlocked", part="runs", series="lurewatch_source_state", compare="==", bound=1,
            match=(("state", "blocked"),), summary="The site refuses us: too many requests, a wall or a CAPTCHA.",
        ),
        Condition(
            name="SourceFailing", part="runs", series="lurewatch_source_state", compare="==", bound=1,
            match=(("state", "failed|changed"),), summary="The newest run failed, or the pages are no longer what they were.",
        ),
        Condition(
            name="CoverageFalling", part="runs", series="lurewatch_source_coverage_gaps", compare=">", bound=0,
            unless=("SourceBlocked", "SourceFailing"), summary="Lists announced more than was read.",
        ),
        Condition(
            name="MissedSchedule", part="runs", series="lurewatch_source_overdue_seconds", compare=">", bound=0,
            unless=("SourceBlocked",),
            summary="A due time brought no run: nothing carries out the schedule.",
        ),
        Condition(
            name="SourceSilent", part="runs", series="lurewatch_source_silence_state", compare="==", bound=1,
            match=(("state", "layout_changed|preview_gap|dead"),),
            unless=("SourceBlocked", "SourceFailing", "CoverageFalling", "MissedSchedule"),
            summary="It shows nothing new, and its own past makes that implausible.",
        ),
        Condition(
            name="PassportExpiring", part="runs", series="lurewatch_source_passport_days", compare="<", bound=14,
            summary="The access passport lets no run begin, or runs out in less than two weeks.",
        ),
        Condition(
            name="DiskFull", part="", series="lurewatch_disk_free_ratio", compare="<", bound=0.1,
            summary="Less than a tenth of the disk is free; a full disk ends runs and writes.",
        ),
        Condition(
            name="PartDown", part="", series="lurewatch_up", compare="==", bound=0,
            summary="Run storage, index, database or desk does not answer.",
        ),
        Condition(
            name="ScheduleStopped", part="", series="lurewatch_schedule_age_seconds", compare=">", bound=45 * MINUTE,
            summary="No task of the schedule has run for 45 minutes: a part of Airflow is down, or no worker is free.",
        ),
        Condition(
            name="NotifierStopped", part="", series="lurewatch_notifier_age_seconds", compare=">", bound=30 * MINUTE,
            summary="The conditions were not evaluated for half an hour: nobody was told of anything.",
        ),
        Condition(
            name="ReportsDamaged", part="runs", series="lurewatch_reports_damaged", compare=">", bound=0,
            summary="Reports of runs cannot be read: what they say of their sources is not known.",
        ),
        Condition(
            name="IndexLag", part="index", series="lurewatch_index_lag_seconds", compare=">", bound=2 * HOUR,
            summary="A sealed run has not been loaded into the index for two hours.",
        ),
        Condition(
            name="QueueOld", part="index", series="lurewatch_queue_oldest_days", compare=">", bound=7,
            summary="An advert has waited for a decision for over a week.",
        ),
        Condition(
            name="DeliveryFailing", part="database", series="lurewatch_deliveries_failing", compare=">", bound=0,
            summary="Messages were refused, or have waited for over an hour.",
        ),
        Condition(
            name="DigestOld", part="database", series="lurewatch_digest_age_seconds", compare=">", bound=8 * DAY,
            summary="No weekly digest has been built for more than eight days.",
        ),
        Condition(
            name="ListUnapproved", part="database", series="lurewatch_takedown_oldest_unapproved_seconds", compare=">",
            bound=3 * DAY,
            summary="A takedown list has waited for a second person for over three days.",
        ),
    )
}  # fmt: skip
"""Every condition by name."""


def unknown(condition: Condition, samples: Iterable[SeriesSample]) -> bool:
    """Tell whether the part of a condition did not answer, so that its state is unknown."""
    return any(entry.name == "lurewatch_up" and not entry.value and entry.label("part") == condition.part for entry in samples)
