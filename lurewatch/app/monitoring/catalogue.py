"""Every series LureWatch exposes: name, labels and what it means. A sample of another name or with other labels is refused.

Labels take few values: a source, a state, a cause, a place; never an item, address or person. All series are gauges, because
retention lowers counts.
"""

from collections.abc import Iterable

import msgspec


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One series of the exposition."""

    name: str
    labels: tuple[str, ...] = ()
    help: str


class SeriesSample(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a series; ``labels`` in the order of the catalogue."""

    name: str
    labels: tuple[str, ...] = ()
    value: float

    def label(self, name: str) -> str:
        """Return the value of one label; raise ValueError when the series has none of that name."""
        return self.labels[SERIES[self.name].labels.index(name)]


def _describe_series(rows: Iterable[tuple[str, str, str]]) -> dict[str, Series]:
    return {name: Series(name=name, labels=tuple(labels.split()), help=text) for name, labels, text in rows}


SERIES = _describe_series(
    (
        ("lurewatch_info", "version", "Always 1; the label tells the version."),
        ("lurewatch_up", "part", "Whether a part answers; the exporter asks those whose address its settings name."),
        ("lurewatch_collect_seconds", "part", "Seconds that asking a part took."),
        ("lurewatch_sources", "switched", "Source files that are switched on and off."),
        (
            "lurewatch_seed_fault_line",
            "file",
            "Line of the first fault in a source file or the lexicon, which is not in force; none for what is right.",
        ),
        ("lurewatch_source_state", "source state", "1 for the state in which the newest run of a source ended."),
        ("lurewatch_source_cause", "source cause", "1 for the gravest cause that kept pages of the newest run from being read."),
        ("lurewatch_source_runs", "source state", "How the newest runs of a source ended, ten at most."),
        ("lurewatch_source_streak_runs", "source", "How many runs in a row ended in the newest run's state."),
        ("lurewatch_source_last_run_timestamp_seconds", "source", "When the newest run began."),
        (
            "lurewatch_source_silence_state",
            "source state",
            "1 for what it means that a source shows nothing new; ok while it does.",
        ),
        ("lurewatch_source_quiet_days", "source", "Days with a run since one showed a new advert."),
        ("lurewatch_source_quiet_chance", "source", "How likely so many are by the source's own past, 0 to 1."),
        ("lurewatch_source_overdue_seconds", "source", "Seconds since the due time that brought no run; 0 when none is missing."),
        ("lurewatch_source_passport_days", "source", "Days the access passport is still good for; -1 when it lets no run begin."),
        ("lurewatch_source_coverage_gaps", "source", "Lists of the newest run that were not read whole."),
        ("lurewatch_source_coverage_missing", "source", "Items that lists of the newest run announced and nobody saw."),
        ("lurewatch_source_coverage_ratio", "source", "Share of the announced items that were seen, where a list announces any."),
        ("lurewatch_run_postings", "source", "Postings of the newest run."),
        ("lurewatch_run_rejected", "source", "Items of the newest run that were seen and not kept."),
        ("lurewatch_run_pages", "source", "Pages that the newest run kept as evidence."),
        ("lurewatch_run_requests", "source", "Requests of the newest run."),
        ("lurewatch_run_robots_denied", "source", "Addresses that robots.txt forbade in the newest run."),
        ("lurewatch_run_resumed", "source", "How often the newest run was picked up again after its process died."),
        ("lurewatch_run_warnings", "source", "Warnings of the newest run."),
        (
            "lurewatch_run_seconds",
            "source stage",
            "Seconds by stage: crawl, of the newest run; load, from the seal of the newest run in the index until it was there.",
        ),
        (
            "lurewatch_reports_damaged",
            "",
            "Runs among the newest whose report cannot be read, or whose files changed.",
        ),
        ("lurewatch_index_writable", "", "Whether the search index takes writes."),
        ("lurewatch_index_records", "", "Records in the search index."),
        ("lurewatch_index_flagged", "", "Records that are flagged as lures."),
        ("lurewatch_index_waiting_partitions", "", "Sealed partitions among the newest runs that are not in the index."),
        ("lurewatch_index_lag_seconds", "", "Seconds since the oldest of them was sealed; 0 when none waits."),
        ("lurewatch_queue_items", "", "Records that wait for a decision."),
        ("lurewatch_queue_oldest_days", "", "Whole days the oldest of them has waited, 511 at most."),
        ("lurewatch_deliveries", "state", "Messages of the outbox by state."),
        ("lurewatch_deliveries_failing", "", "Mails refused in seven days, waiting after a failed try, or waiting over an hour."),
        ("lurewatch_delivery_oldest_waiting_seconds", "", "Seconds the oldest unsent message has waited; 0 when none does."),
        ("lurewatch_takedown_lists", "state", "Takedown lists by state; built ones wait for a second person."),
        ("lurewatch_takedown_oldest_unapproved_seconds", "", "Seconds since the oldest list that waits for approval was built."),
        (
            "lurewatch_takedown_notices",
            "platform known",
            "Notices of the last 30 days by what is known: seen_gone, said_gone, seen_there, never_seen, withdrawn.",
        ),
        ("lurewatch_decisions", "kind", "Decisions of analysts by kind, undone ones included."),
        ("lurewatch_audit_head_number", "", "Number of the newest entry of the audit log."),
        (
            "lurewatch_digest_age_seconds",
            "",
            "Seconds since the newest weekly digest was built; before the first, since the desk began.",
        ),
        (
            "lurewatch_clock_offset_seconds",
            "part",
            "Seconds a part's clock is off ours; runs: how far ahead one is dated.",
        ),
        ("lurewatch_disk_free_bytes", "place", "Bytes free where runs, state, index and database are kept."),
        ("lurewatch_disk_size_bytes", "place", "Bytes that place has in all."),
        ("lurewatch_disk_free_ratio", "place", "Share of that place that is free."),
    )
)
"""Series by name, in the order they are exposed."""


def sample(name: str, value: float, *labels: str) -> SeriesSample:
    """Return a sample of a series of the catalogue; raise ValueError for another name or number of labels."""
    if name not in SERIES or len(SERIES[name].labels) != len(labels):
        raise ValueError(f"{name} with {len(labels)} labels is not in the catalogue; correct it or add it there")
    return SeriesSample(name=name, labels=labels, value=float(value))
