"""Retention: what no run has seen for its source's ``retention_days`` is erased from index, partitions and assessments.

Kept is what a person confirmed or holds (``desk.erasure.kept``), and each partition that has evidence of what stays.

Killed at any point, the next purge completes it: everything is noted before it is deleted, deleting again changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

import msgspec
from sqlalchemy import Engine

from crawlers.errors import PartitionError
from crawlers.frontier import FULL_EVERY
from crawlers.items import Posting
from crawlers.partition import partitions, read_postings, read_report, remove
from crawlers.sources import Source, load_sources
from desk import erasure
from desk.cases import decided
from index.base import Query, Record, Store
from index.history import text_sha256
from index.linking import link_new
from index.load import goes_on
from lurewatch import assessments
from lurewatch.settings import Settings

DEFAULT_DAYS: int = Source.model_fields["retention_days"].default
"""For what came from a source whose file is gone."""
T = TypeVar("T")
_BATCH = 200
"""Records an entry of the audit chain names."""
_TAKEN_OVER = FULL_EVERY + timedelta(days=1)
"""A page that has not changed is taken over from an earlier partition for so long, the longest run counted in."""

Progress = Callable[[str, int], None]
"""Told what is done (``looked at``, ``erased``) and how many so far."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What of one source is past its retention."""

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
    """Partitions as old that stay, for they have evidence of what stays."""


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """What a purge did."""

    items: int = 0
    partitions: int = 0
    certificate: int | None = None
    """Number of the audit entry that certifies it; ``None`` when nothing was due."""


def due(settings: Settings, engine: Engine, store: Store, now: datetime, progress: Progress = lambda *_: None) -> list[Due]:
    """Return what is past its retention, by source; changes nothing. Raises SourceError when a source file is faulty."""
    days = {source.name: source.retention_days for source in load_sources(settings.seeds)}
    names = {value for value, _ in store.search(Query(size=1)).facets.get("source", ())}
    names |= {address.rsplit("/", 2)[-2] for address in partitions(settings.runs)}
    with engine.connect() as connection:
        kept = erasure.kept(connection, now)
        dismissed = {case.item_id for case in decided(connection) if case.state == "dismissed"}
    looked = 0
    found = []
    for name in sorted(names):
        cutoff = now - timedelta(days=days.get(name, DEFAULT_DAYS))
        gone: Counter[str] = Counter()
        stays: Counter[str] = Counter()
        items: dict[str, tuple[int, str]] = {}
        runs: set[str] = set()
        whole = set(kept)
        for record in store.scan(Query(filters={"source": (name,)}, count_facets=False)):
            looked += 1
            progress("looked at", looked)
            old = record.last_seen < cutoff
            if old and record.id not in kept:
                gone[_class(record, dismissed)] += 1
                items[record.id] = record.revision, text_sha256(record.posting.title, record.posting.text)
                continue
            stays.update([kept[record.id]] if old else ())
            runs |= _runs(record)
            if record.posting.deleted:  # what it said is in whichever partition saw it last
                whole.add(record.id)
        loaded = store.loaded()
        aged = [one for one in partitions(settings.runs, name)
                if read_report(one).finished_at < min(cutoff, now - _TAKEN_OVER) and _handed_on(one, loaded)]
        free = tuple(one for one in aged if _run(one) not in runs and not _holds(one, whole))
        if items or aged or stays:
            found.append(Due(source=name, days=days.get(name, DEFAULT_DAYS), cutoff=cutoff, due=dict(gone), kept=dict(stays),
                             items=items, partitions=free, waiting=len(aged) - len(free)))
    return found


def purge(
    settings: Settings, engine: Engine, store: Store, *, by: str, now: datetime, progress: Progress = lambda *_: None
) -> Purged:
    """Erase what is due, complete what an earlier purge left, and certify both.

    Raises StoreUnavailable while the index cannot be written, or somebody keeps its log readable; the same call again completes
    it.
    """
    count = 0
    for one in due(settings, engine, store, now, progress):
        for batch in _batches(one.items):
            named = {item: digest for item, (_, digest) in batch.items()}
            free = erasure.begin(engine, source=one.source, cutoff=one.cutoff, items=named, by=by, now=now)
            count += len(store.delete({item: batch[item][0] for item in free}))
            progress("erased", count)
        if one.partitions:
            digests = {address: read_report(address).digests for address in one.partitions}
            erasure.begin(engine, source=one.source, cutoff=one.cutoff, partitions=digests, by=by, now=now)
    with engine.connect() as connection:
        noted, kept = erasure.begun(connection), erasure.kept(connection, now)
    _forget_assessments(settings, now)
    if not noted.items and not noted.partitions:
        return Purged()
    spared = store.get_many(noted.items)
    stayed = [address for address in noted.partitions if _holds(address, kept.keys() | spared.keys())]
    for address in noted.partitions:
        if address not in stayed:
            remove(address)
            store.unmark_loaded(address)
    _mend(store, noted.items - spared.keys())
    store.scrub()
    closing = erasure.close(engine, spared=spared, stayed=stayed, by=by, now=now).closing
    return Purged(items=len(noted.items) - len(spared), partitions=len(noted.partitions) - len(stayed), certificate=closing.seq)


def erased(engine: Engine, now: datetime) -> Callable[[Posting, datetime], bool]:
    """Return what tells of a posting, seen at a moment, whether that sighting was erased: it need not be in the index."""
    with engine.connect() as connection:
        cutoffs, kept = erasure.cutoffs(connection), erasure.kept(connection, now)
    return lambda posting, at: posting.source in cutoffs and at < cutoffs[posting.source] and posting.id not in kept


def leave_out(fresh: Store, old: Store, engine: Engine, now: datetime) -> int:
    """Delete from an index made again from the partitions what had been erased from the one before; return how many."""
    with engine.connect() as connection:
        cutoffs, kept = erasure.cutoffs(connection), erasure.kept(connection, now)
    count = 0
    for source, cutoff in cutoffs.items():
        aged = {record.id: record.revision for record in fresh.scan(Query(filters={"source": (source,)}, until=cutoff))
                if record.last_seen < cutoff and record.id not in kept}
        for batch in _batches(aged):
            there = old.get_many(batch)
            count += len(fresh.delete({item: seen for item, seen in batch.items() if item not in there}))
    if count:
        fresh.scrub()
    return count


def _class(record: Record, dismissed: set[str]) -> str:
    return "dismissed" if record.id in dismissed else "flagged, undecided" if record.assessment.flagged else "not flagged"


def _runs(record: Record) -> set[str]:
    """Return the runs that have a record's newest evidence."""
    capture = record.posting.capture
    return {record.run_id, _run(record.partition), *([capture.run] if capture and capture.run else ())}


def _run(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _handed_on(address: str, loaded: frozenset[str]) -> bool:
    """Whether the index has, or will never have, what is in a partition."""
    return address in loaded or not goes_on(read_report(address))


def _holds(address: str, ids: Container[str]) -> bool:
    """Whether a partition has a posting of ``ids``; one whose removal was cut off has none."""
    try:
        return any(posting.id in ids for posting in read_postings(address))
    except (FileNotFoundError, PartitionError):
        return False


def _batches(items: dict[str, T]) -> Iterator[dict[str, T]]:
    source = iter(items.items())
    while batch := dict(islice(source, _BATCH)):
        yield batch


def _mend(store: Store, gone: frozenset[str]) -> None:
    """Link again what is left of campaigns that lost a member, and drop those nothing is left of."""
    left: set[str] = set()
    empty: list[str] = []
    for one in store.campaigns():
        members = set(one.campaign.members)
        if members & gone:
            here = store.get_many(members)
            left |= here.keys()
            empty += [] if here else [one.campaign.id]
    if empty:
        store.put_campaigns((), gone=empty)
    if left:
        link_new(store, left)


def _forget_assessments(settings: Settings, now: datetime) -> None:
    """Delete what was made of partitions that are gone or past their retention: those can be assessed again."""
    days = {source.name: source.retention_days for source in load_sources(settings.seeds)}
    for name, runs in assessments.runs(settings.assessed).items():
        cutoff = now - timedelta(days=days.get(name, DEFAULT_DAYS))
        young = {_run(one) for one in partitions(settings.runs, name) if read_report(one).finished_at >= cutoff}
        assessments.forget(settings.assessed, name, runs - young)
