"""Moves an index to a new mapping or a new file while it is in use; the same call continues an interrupted move."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
from elasticsearch import Elasticsearch

from foundation.whole_files import sync
from index.base import Query, Store, StoreError
from index.elastic.client import asking, client, create, ensure, mapping, meta_problem
from index.elastic.elastic_store import ElasticStore
from index.maintain import copy
from index.sqlite.sqlite_store import SqliteStore

Progress = Callable[[int], None]


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
