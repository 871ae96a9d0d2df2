"""Retention: what no run has seen for its source's ``retention_days`` is erased from index, partitions and assessments.

Kept is what a person confirmed or holds (``erasure.protected_items``), and each partition with evidence of what stays. This
module lists it; ``lurewatch.app.retention.purge`` carries it out.
"""

from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import msgspec
from sqlalchemy import Engine

from crawlers.evidence.partition import Report, partitions, read_postings, read_report, reports, source_and_run
from crawlers.frontier.frontier_store import FULL_EVERY
from crawlers.sources.source import Source
from desk.cases.case_decisions import decided_cases
from desk.custody import erasure
from foundation.crawl_errors import PartitionError
from index.admission import goes_on
from index.base import Query, Record, Store
from index.history import record_sha256
from index.load import pending
from lurewatch.app.in_force import ensure_in_force
from lurewatch.settings import Settings

DEFAULT_DAYS: int = Source.model_fields["retention_days"].default
"""For what came from a source that has no file and was never noted."""
FOREVER = 36_500
"""Days."""


def days_kept(settings: Settings) -> dict[str, int]:
    """Return the days for which each source's texts are kept; what came from a faulty file is kept until that is mended."""
    files = ensure_in_force(settings).files
    days = {source.name: source.retention_days for source in files.sources}
    return {fault.source: FOREVER for fault in files.faults} | days


_TAKEN_OVER = FULL_EVERY + timedelta(days=1)
"""A page that has not changed is taken over from an earlier partition for so long, the longest run counted in."""

Progress = Callable[[str, int], None]
"""Told what is done (``looked at``, ``erased``) and how many so far."""


class DueItems(msgspec.Struct, frozen=True, kw_only=True):
    """What is past the retention of one source."""

    source: str
    days: int
    cutoff: datetime
    """Items last seen before it are due."""
    due: dict[str, int]
    """Class (``not flagged``, ``flagged, undecided``, ``dismissed``) -> items that go."""
    kept: dict[str, int]
    """Reason -> items as old that stay."""
    items: dict[str, tuple[int, str]]
    """Id -> revision and SHA-256 of the text of what goes."""
    partitions: tuple[str, ...]
    """Addresses of the partitions that go."""
    waiting: int
    """Partitions as old that stay, because they have evidence of kept items."""


def list_due(
    settings: Settings, engine: Engine, store: Store, now: datetime, progress: Progress = lambda *_: None
) -> list[DueItems]:
    """Return what is past its retention, by source; changes nothing."""
    days = days_kept(settings)
    names = {value for value, _ in store.search(Query(size=1)).facets.get("source", ())}
    names |= {source_and_run(address)[0] for address in partitions(settings.runs)}
    with engine.connect() as connection:
        kept = erasure.protected_items(connection, now)
        dismissed = {case.item_id for case in decided_cases(connection) if case.state == "dismissed"}
    loaded, waiting = store.loaded_partitions(), pending(settings.runs, store)
    looked = count(1)
    results = []
    for name in sorted(names):
        cutoff = now - timedelta(days=days.get(name, DEFAULT_DAYS))
        found = _SourceItems(kept.keys())
        again = _seen_since(waiting, name, cutoff)
        for record in store.scan(Query(filters={"source": (name,)}, count_facets=False)):
            progress("looked at", next(looked))
            stays = kept.get(record.id) or ("seen again, waits to be loaded" if record.id in again else "")
            found.add(record, old=record.last_seen < cutoff, stays=stays, dismissed=record.id in dismissed)
        aged = _aged_partitions(settings, name, min(cutoff, now - _TAKEN_OVER), loaded)
        free = tuple(value for value in aged if run_of(value) not in found.runs and not holds(value, found.whole))
        if found.items or aged or found.kept:
            results.append(
                DueItems(
                    source=name, days=days.get(name, DEFAULT_DAYS), cutoff=cutoff, due=dict(found.due),
                    kept=dict(found.kept), items=found.items, partitions=free, waiting=len(aged) - len(free),
                )
            )  # fmt: skip
    return results


class _SourceItems:
    """The records of one source, told apart by whether they go."""

    def __init__(self, protected: Iterable[str]) -> None:
        self.due: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.items: dict[str, tuple[int, str]] = {}
        self.runs: set[str] = set()
        """Runs that have evidence of what stays."""
        self.whole = set(protected)
        """Ids of which no partition goes."""

    def add(self, record: Record, *, old: bool, stays: str, dismissed: bool) -> None:
        """Count a record; ``stays`` is why it stays though it be old."""
        if old and not stays:
            self.due["dismissed" if dismissed else "flagged, undecided" if record.assessment.flagged else "not flagged"] += 1
            self.items[record.id] = record.revision, record_sha256(record)
            return
        if old:
            self.kept[stays] += 1
        self.runs |= _runs(record)
        if record.posting.deleted:  # what it said is in whichever partition saw it last
            self.whole.add(record.id)


def _aged_partitions(settings: Settings, source: str, before: datetime, loaded: Container[str]) -> list[str]:
    """Return the partitions of a source that ended before a moment and need not be loaded any more."""
    return [
        partition
        for partition, report in reports(settings.runs, source)  # one whose report is damaged stays until that is restored
        if isinstance(report, Report) and report.finished_at < before and (partition in loaded or not goes_on(report))
    ]


def _runs(record: Record) -> set[str]:
    """Return the runs that have a record's newest evidence, its pictures' included."""
    captures = (record.posting.capture, *(media.capture for media in record.posting.media))
    return {record.run_id, run_of(record.partition), *(capture.run for capture in captures if capture and capture.run)}


def run_of(address: str) -> str:
    """Return the run id of a partition."""
    return address.rstrip("/").rpartition("/")[2]


def _seen_since(waiting: Iterable[str], source: str, cutoff: datetime) -> set[str]:
    """Return the ids in the partitions of a source that wait to be loaded and are younger than ``cutoff``."""
    results: set[str] = set()
    for address in waiting:
        if source_and_run(address)[0] == source:
            with suppress(FileNotFoundError, PartitionError):
                young = read_report(address).finished_at >= cutoff
                results |= {posting.id for posting in read_postings(address)} if young else set()
    return results


def holds(address: str, ids: Collection[str]) -> bool:
    """Whether a partition has a posting of ``ids``; one whose removal was cut off has none, a damaged one may."""
    try:
        return any(posting.id in ids for posting in read_postings(address))
    except PartitionError as exc:
        return bool(ids) and not isinstance(exc.__cause__, FileNotFoundError)


def holding(settings: Settings, source: str, cutoff: datetime | None, items: Collection[str]) -> list[str]:
    """Return the partitions of a source that have a sighting of ``items`` and stay: old ones, those never loaded, and those so
    damaged that they may have one."""
    return [
        address
        for address, report in reports(settings.runs, source)
        if not isinstance(report, Report)
        or ((cutoff is None or report.finished_at < cutoff + _TAKEN_OVER or not goes_on(report)) and holds(address, items))
    ]
