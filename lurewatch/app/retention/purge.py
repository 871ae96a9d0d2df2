"""Erases what is past its retention from every place that has words of it: noted first, certified last.

After an interruption the next purge completes it. The index loses an advert last, because its words are needed to search the
other places.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

import msgspec
from pysqlite3 import dbapi2
from sqlalchemy import Engine

from crawlers.evidence.partition import Report, read_report, remove, reports
from desk.custody import erasure as ledger
from desk.custody.row_erasure import standing_lists, written_by_people
from desk.database import writing
from foundation.crawl_errors import CrawlError
from index.base import Store, StoreError
from index.campaigns.relink import link_new
from lurewatch import assessments
from lurewatch.app.app_errors import TransientError
from lurewatch.app.retention import erasure_places
from lurewatch.app.retention.due import (
    DEFAULT_DAYS,
    DueItems,
    Progress,
    days_kept,
    holding,
    holds,
    list_due,
    run_of,
)
from lurewatch.app.retention.erasure_places import Erasure, TextPlace
from lurewatch.app.retention.plausibility import FIX, judge
from lurewatch.settings import Settings

Value = TypeVar("Value")
_BATCH = 200
"""Records an entry of the audit chain names."""
_FAULTS = (CrawlError, StoreError, OSError, sqlite3.Error, dbapi2.Error)


class PurgeIncomplete(TransientError):
    """An erasure stays open, because a place could not be erased or still has some of it; the next purge continues."""


class PurgeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a purge did."""

    items: int = 0
    partitions: int = 0
    certificate: int | None = None
    """Number of the audit entry that certifies it; ``None`` when nothing was due."""
    refused: tuple[str, ...] = ()
    """Why nothing of some sources was erased, and what to do; a person has to look."""


def purge(
    settings: Settings, engine: Engine, store: Store, *, by: str, now: datetime, override: str = "",
    progress: Progress = lambda *_: None,
) -> PurgeResult:  # fmt: skip
    """Erase what is due, complete what an earlier purge left, search every place for it, and certify both.

    Raises PurgeRefused, with nothing erased, when the clock is not plausible and ``override`` does not say why it is right; of
    a source of which too much would go at once nothing is erased. Raises PurgeIncomplete, naming the place, while one still has
    some of it or cannot be erased (a crawl of the source, a server that is away, somebody who keeps the index's log readable);
    the same call again completes it.
    """
    results, refused = judge(
        settings, engine, store, list_due(settings, engine, store, now, progress), by=by, now=now, override=override
    )
    for entry in results:
        _note(engine, entry, by=by, now=now)
    with engine.connect() as connection:
        noted = ledger.open_erasure(connection)
    revisions = {item: revision for entry in results for item, (revision, _) in entry.items.items()}
    seen_again = store.get_many(noted.items - revisions.keys()).keys()
    cutoff = _cutoff(settings, now, halted={doubt.source for doubt in refused})
    work = erasure_places.erasure_of(
        settings, engine, store, now=now, sources=noted.sources, items=noted.items - seen_again, cutoff=cutoff
    )
    registry = erasure_places.places(settings)
    faults, busy = _erase(registry, work)
    _forget_assessments(settings, cutoff)
    told = tuple(doubt.words for doubt in refused)
    if not noted.items and not noted.partitions:
        _raise_open(faults)
        return PurgeResult(refused=told)
    _delete(engine, store, revisions, busy, progress)
    with engine.connect() as connection:
        kept = ledger.protected_items(connection, now)
    spared = store.get_many(noted.items)
    stayed = [address for address in noted.partitions if holds(address, kept.keys() | spared.keys())]
    for address in noted.partitions:
        if address not in stayed:
            remove(address)
            store.unmark_loaded(address)
    _mend(store, noted.items - spared.keys())
    gone = work.only(noted.items - spared.keys())
    _raise_open(faults + _erase([erasure_places.INDEX], gone)[0])
    searched = _search_bytes(gone, [*registry, erasure_places.INDEX], noted.sources)
    closing = ledger.close(engine, spared=spared, stayed=stayed, searched=searched, by=by, now=now).closing
    return PurgeResult(
        items=len(noted.items) - len(spared),
        partitions=len(noted.partitions) - len(stayed),
        certificate=closing.seq,
        refused=told,
    )


def _cutoff(settings: Settings, now: datetime, halted: set[str]) -> Callable[[str], datetime | None]:
    days = days_kept(settings)
    return lambda name: None if name in halted else now - timedelta(days=days.get(name, DEFAULT_DAYS))


def halt_reason(refused: Iterable[str]) -> str:
    """Return a sentence that says of which sources nothing was erased, and what to do."""
    return f"nothing was erased of these: {'; '.join(refused)}. Look at their retention_days and `lurewatch retention due`; {FIX}"


def _note(engine: Engine, entry: DueItems, *, by: str, now: datetime) -> None:
    """Note what will be erased, before anything is erased."""
    for batch in _batches(entry.items):
        named = {item: digest for item, (_, digest) in batch.items()}
        ledger.begin(engine, source=entry.source, cutoff=entry.cutoff, items=named, by=by, now=now)
    if entry.partitions:
        digests = {address: read_report(address).digests for address in entry.partitions}
        ledger.begin(engine, source=entry.source, cutoff=entry.cutoff, partitions=digests, by=by, now=now)


def _erase(registry: list[TextPlace], work: Erasure) -> tuple[list[str], set[str]]:
    """Erase in every place and search it; return what went wrong, as text, and the sources of which the index keeps all for
    now.

    "" among them stands for all sources.
    """
    faults: list[str] = []
    busy: set[str] = set()
    for place in registry:
        try:
            place.erase(work)
            left = list(place.search(work))
        except _FAULTS as exc:
            left = [str(exc)]
        if left:
            faults.append(f"{place.name}: {'; '.join(left)}")
            busy.add(place.source)
    return faults, busy


def _raise_open(faults: list[str]) -> None:
    if faults:
        raise PurgeIncomplete(f"the erasure is not complete and stays open: {'. '.join(faults)}. The next purge carries on")


def _delete(engine: Engine, store: Store, revisions: dict[str, int], busy: set[str], progress: Progress) -> None:
    """Delete from the index what no other place has any more, unless somebody has confirmed, held or seen it since."""
    there = {} if "" in busy else store.get_many(revisions)
    ready = {item: revisions[item] for item, record in there.items() if record.posting.source not in busy}
    count = 0
    for batch in _batches(ready):
        with writing(engine) as connection:  # nobody decides meanwhile
            free = ledger.free_items(connection, batch)
            count += len(store.delete({item: batch[item] for item in free}))
        progress("erased", count)


def _search_bytes(gone: Erasure, registry: list[TextPlace], sources: Iterable[str]) -> ledger.SearchReport:
    """Return the content of the certificate: searched places, kept evidence of other items, backups that have it."""
    settings = gone.settings
    addresses = [address for name in sorted(sources) for address in holding(settings, name, gone.cutoff(name), gone.items)]
    with gone.engine.connect() as connection:
        numbers = standing_lists(connection, gone.items)
        backups = ledger.made_backups(connection, gone.now - timedelta(days=settings.backup_days))
    until = timedelta(days=settings.backup_days)
    written = written_by_people(gone.engine, gone.items, gone.traces).items()
    return ledger.SearchReport(
        places=tuple(place.name for place in registry),
        traces=len(gone.traces.needles),
        still_in=(
            *addresses,
            *(f"takedown list {number}" for number in numbers),
            *(where for where, found in written if found - gone.others()),
        ),
        backups=tuple(f"{name}, until {made + until:%Y-%m-%d}" for name, made in backups),
        until=f"{gone.now + until:%Y-%m-%d}",
    )


def _batches(items: dict[str, Value]) -> Iterator[dict[str, Value]]:
    source = iter(items.items())
    while batch := dict(islice(source, _BATCH)):
        yield batch


def _mend(store: Store, gone: frozenset[str]) -> None:
    """Link again what is left of campaigns that lost a member, and drop those nothing is left of."""
    left: set[str] = set()
    empty: list[str] = []
    for campaign in store.campaigns():
        members = set(campaign.campaign.members)
        if members & gone:
            here = store.get_many(members)
            left |= here.keys()
            empty += [] if here else [campaign.campaign.id]
    if empty:
        store.put_campaigns((), gone=empty)
    if left:
        link_new(store, left)


def _forget_assessments(settings: Settings, cutoff: Callable[[str], datetime | None]) -> None:
    """Delete what was made of partitions that are gone or past their retention: those can be assessed again."""
    for name, runs in assessments.runs(settings.assessed).items():
        if (moment := cutoff(name)) is None:
            continue
        young = {
            run_of(partition)
            for partition, report in reports(settings.runs, name)
            if not isinstance(report, Report) or report.finished_at >= moment
        }
        assessments.forget(settings.assessed, name, runs - young)
