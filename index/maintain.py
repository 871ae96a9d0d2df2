"""Verifies the index, compares and copies indexes, and writes one of an earlier version anew."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from elasticsearch import Elasticsearch
from msgspec.structs import replace

from crawlers.evidence.partition import NotedReport, read_postings, read_report
from crawlers.evidence.salvage import damaged_partitions
from crawlers.items import Posting
from enrichment.harm import harm
from foundation.crawl_errors import PartitionError
from foundation.whole_files import sync
from index.base import CampaignStore, Query, Record, Store, StoreError
from index.elastic.client import asking, client, create, ensure, mapping, meta_problem
from index.elastic.elastic_store import ElasticStore
from index.load import pending
from index.sqlite.sqlite_store import SqliteStore

Progress = Callable[[int], None]


class VerificationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a verification."""

    records: int
    fingerprint: str
    """Hash over all fields of all records: the same for the same content, on either store."""
    pending: tuple[str, ...] = ()
    """Sealed partitions that are not loaded."""
    missing: tuple[str, ...] = ()
    """Ids of postings in loaded partitions that the store does not have."""
    damaged: tuple[str, ...] = ()
    """Partitions that are not as they were sealed: their files, and how many of their postings can be read."""
    unreadable: int = 0
    """Postings of damaged partitions that cannot be read any more."""
    problems: tuple[str, ...] = ()
    """What the store itself says is wrong with it."""

    @property
    def is_whole(self) -> bool:
        """Whether the index holds all that was loaded, and nothing waits."""
        return not (self.pending or self.missing or self.damaged or self.problems)


def field_hash(record: Record) -> str:
    """Return the SHA-256 of what a record says. ``revision`` is left out: it counts writes, not content."""
    return hashlib.sha256(msgspec.json.encode(replace(record, revision=0))).hexdigest()


def verify(
    store: Store,
    runs: str,
    *,
    progress: Progress | None = None,
    erased: Callable[[Posting, datetime], bool] = lambda *_: False,
    noted: Mapping[str, NotedReport] | None = None,
    signers: bytes = b"",
) -> VerificationReport:
    """Compare the store with the partitions under ``runs``, and each file of those with what was sealed and ``noted`` of it
    and signed by one of ``signers``; ``progress`` is told the number of records read.

    A posting the store refused (its dead letter) counts as missing: it is not there to be found. One that ``erased`` knows, given
    when it was seen, does not.
    """
    ids: set[str] = set()
    whole = hashlib.sha256()
    for number, record in enumerate(store.scan(Query()), 1):
        ids.add(record.id)
        whole.update(field_hash(record).encode())
        if progress:
            progress(number)
    damaged = list(damaged_partitions(runs, noted or {}, store.loaded_partitions(), signers=signers))
    return VerificationReport(
        records=len(ids),
        fingerprint=whole.hexdigest(),
        pending=tuple(pending(runs, store)),
        missing=tuple(_missing(store.loaded_partitions(), ids, erased)),
        damaged=tuple(map(str, damaged)),
        unreadable=sum(max(0, check.parsed - check.readable) for check in damaged),
        problems=store.problems(),
    )


def _missing(loaded: Iterable[str], ids: set[str], erased: Callable[[Posting, datetime], bool]) -> list[str]:
    missing: dict[str, None] = {}
    for address in sorted(loaded):
        with contextlib.suppress(PartitionError, OSError):  # it is named among the damaged ones
            at = read_report(address).finished_at
            lost = (posting for posting in read_postings(address) if posting.id not in ids)
            missing |= {posting.id: None for posting in lost if not erased(posting, posting.fetched_at or at)}
    return list(missing)


def copy(source: Store, target: Store, *, progress: Progress | None = None) -> int:
    """Copy all records, campaigns, decisions and the ledger from one store to another; return the number of records read.

    Carrying on after a copy that broke off is the same call again: a record that is there already is left alone.
    """
    count = 0

    def count_records() -> Iterator[Record]:
        nonlocal count
        for record in source.scan(Query()):
            count += 1
            if progress and count % 500 == 0:
                progress(count)
            yield _add_harm(record)

    target.put(count_records())
    target.put_rules(source.rules())
    target.put_campaigns(
        source.campaigns(), gone={campaign.campaign.id for campaign in target.campaigns()} - _campaign_ids(source)
    )
    for address, outcome in source.outcomes().items():
        target.mark_loaded(address, outcome)
    return count


def _add_harm(record: Record) -> Record:
    """Return a record with the harm its signals show: an index from before harm was kept has none."""
    judged = record.assessment
    shown = harm(judged.signals, judged.stance)
    return record if judged.harm.reasons or not shown.reasons else replace(record, assessment=replace(judged, harm=shown))


def _campaign_ids(store: CampaignStore) -> set[str]:
    return {campaign.campaign.id for campaign in store.campaigns()}


class MigrationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a migration."""

    before: str
    now: str
    """The index or file in use; equal to ``before`` when there was nothing to do."""
    records: int


def migrate_file(
    path: Path, *, force: bool, fresh: SqliteStore | None = None, progress: Progress | None = None
) -> MigrationReport:
    """Write an index file of an earlier version, any with ``force``, anew (terms and keys made again) and put it in its place in
    one step.

    ``fresh``, beside the old file, is put in place instead of a copy. Other processes keep reading the old file until they open
    the index again, so stop the desk or restart it after.
    """
    old = SqliteStore(path, older=True)
    records = old.count()
    if old.is_current and not force and fresh is None:
        old.close()
        return MigrationReport(before=str(path), now=str(path), records=records)
    target = fresh or SqliteStore(path.with_name(f"{path.name}.migrating"))
    if fresh is None:
        copy(old, target, progress=progress)
        if target.count() != records:
            raise StoreError(f"{path}: {target.count()} of {records} records arrived; let loads end, then migrate again")
    records = target.count()
    before = str(path) if old.is_current else f"{path}, version {old.version}"
    _put_in_place(old, target, path)
    return MigrationReport(before=before, now=str(path), records=records)


def _put_in_place(old: SqliteStore, target: SqliteStore, path: Path) -> None:
    """Fold both logs into their files, close them, and rename: a crash leaves the whole old file or the whole new one."""
    for store in (old, target):
        store.checkpoint()
        store.close()
    for log in ("-wal", "-shm"):
        path.with_name(path.name + log).unlink(missing_ok=True)
    os.replace(target.path, path)  # noqa: PTH105 - Path.replace says the same; this is the one step
    sync(path.parent)


def migrate_alias(
    url: str,
    alias: str,
    *,
    api_key: str = "",
    ca: str | Path | None = None,
    force: bool = False,
    fresh: Store | None = None,
    progress: Progress | None = None,
) -> MigrationReport:
    """Copy the index behind ``alias`` into a new one of today's mapping, and flip the alias in one step.

    Records written meanwhile are copied in more passes before and after the flip; external versions keep the newest.
    ``fresh`` is copied instead of the old index. The old index stays, for a way back. The key needs ``manage`` (docs/store.md).
    """
    es = client(url, api_key=api_key, ca=ca, timeout=120)
    with asking(url):
        if not es.indices.exists_alias(name=alias):
            ensure(es, alias)
        before = next(iter(es.indices.get_alias(name=alias)))
        problem = meta_problem(before, es.indices.get_mapping(index=before)[before])
    old = ElasticStore(url, alias, api_key, ca, behind=before)
    if problem is None and not force and fresh is None:
        return MigrationReport(before=before, now=before, records=old.count())
    with asking(url):
        now = _next(es, alias, before)
        create(es, now, mapping())
    target = ElasticStore(url, alias, api_key, ca, behind=now)
    source = fresh or old
    had = source.count()
    copied = copy(source, target, progress=progress)
    if fresh is None:
        target.put(old.scan(Query()))
    if (arrived := target.count()) < had:
        raise StoreError(f"{now}: {arrived} of {had} records arrived; migrate again")
    with asking(url):
        es.indices.update_aliases(
            actions=[
                {"remove": {"index": before, "alias": alias}},
                {"add": {"index": now, "alias": alias, "is_write_index": True}},
            ]
        )
    if fresh is None:
        _catch_up(es, before, old, target)
    es.close()
    return MigrationReport(before=before, now=now, records=copied)


def _catch_up(es: Elasticsearch, before: str, old: Store, target: Store) -> None:
    """Copy what was written to the old index until the flip, with requests that were under way then: until nothing more comes."""
    while True:
        with asking(before):
            es.indices.refresh(index=before)
        done = target.put(old.scan(Query()))
        if not done.inserted + done.revised:
            return


def _next(es: Elasticsearch, alias: str, before: str) -> str:
    """Return the name of the index to fill: one that an earlier migration left unfinished, or a new number."""
    numbers = [int(tail) for name in es.indices.get(index=f"{alias}-*") if (tail := name.removeprefix(f"{alias}-")).isdigit()]
    current = int(tail) if (tail := before.removeprefix(f"{alias}-")).isdigit() else 0
    newest = max(numbers, default=0)
    if newest > current:
        name = f"{alias}-{newest}"
        if meta_problem(name, es.indices.get_mapping(index=name)[name]) is None:
            return name
    return f"{alias}-{newest + 1}"
