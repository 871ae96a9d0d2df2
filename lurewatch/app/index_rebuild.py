"""The search index made again from the run partitions, compared with the one it replaces; erased adverts stay erased."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import msgspec
from sqlalchemy import Engine

from crawlers.evidence.partition import NotedReport, read_report, source_and_run
from crawlers.evidence.salvage import damaged_partitions
from crawlers.items import Posting
from desk.custody import erasure
from desk.database import open_database
from foundation.crawl_errors import PartitionError
from index.base import FlagChange, Query, Store
from index.campaigns.relink import link_all
from index.load import LoadError, load, pending
from index.maintain import MigrationReport, field_hash, migrate_alias, migrate_file
from index.sqlite.sqlite_store import SqliteStore
from lurewatch import assessments
from lurewatch.app import pipeline
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.doctor.run_files import load_saved, noted_reports
from lurewatch.app.in_force import ensure_in_force
from lurewatch.app.resources import store_of
from lurewatch.settings import Settings

_BATCH = 1000
"""Records deleted at once."""


class RebuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """Records of the index made again, compared with the one before."""

    records: int
    same: int
    changed: int
    new: int
    gone: int
    flags: tuple[FlagChange, ...]
    """Flags that rose or fell."""
    carried_over: int
    """Records that stand in it only because the one before had them."""
    damaged: tuple[str, ...]
    """Partitions that are damaged, each with what was had of it."""
    replaced: bool


def rebuild(
    settings: Settings, *, check: bool = False, accept_loss: bool = False, progress: Callable[..., None] = lambda *_, **__: None
) -> RebuildReport:
    """Make the index again beside the one in use, compare, and put it in its place unless ``check``.

    ``progress`` is told how many partitions are done, and a new ``description`` or ``total``. Raises PermanentError when records
    would be lost and ``accept_loss`` does not allow it; OSError while the storage is away.
    """
    beside = Path(f"{settings.index_file or settings.state / 'index'}.rebuilding")
    old, fresh = store_of(settings), SqliteStore(beside)
    fresh.put_rules(old.rules())
    damaged, carried = _fill(fresh, old, settings, progress)
    difference, flags = _difference(old, fresh)
    old.close()
    if check:
        fresh.close()
        _remove(beside)
    elif difference["gone"] and not accept_loss:
        fresh.close()
        raise PermanentError(
            f"{difference['gone']} records of the index are in no partition under {settings.runs} and would "
            "be lost; bring the partitions back, or give --accept-loss"
        )
    else:
        migrate(settings, force=True, fresh=fresh)
        if settings.index_file is None:
            fresh.close()
            _remove(beside)
    return RebuildReport(**difference, flags=flags, carried_over=carried, damaged=damaged, replaced=not check)


def migrate(
    settings: Settings, *, force: bool, fresh: SqliteStore | None = None, progress: Callable[[int], None] = lambda _: None
) -> MigrationReport:
    """Move the index to the newest mapping, or put ``fresh`` in its place; raise StoreError."""
    if file := settings.index_file:
        return migrate_file(file, force=force, fresh=fresh, progress=progress)
    alias, key, ca = settings.store_index, settings.store_api_key, settings.store_ca
    return migrate_alias(settings.store, alias, api_key=key, ca=ca, force=force, fresh=fresh, progress=progress)


def _fill(fresh: Store, old: Store, settings: Settings, progress: Callable[..., None]) -> tuple[tuple[str, ...], int]:
    """Assess and load every partition that the fresh index does not have yet, leave out what was erased, then link.

    Return which partitions are damaged, and how many records stand in the fresh index only because the old one had them.
    """
    noted = noted_reports(settings)
    found = damaged_partitions(settings.runs, noted, old.loaded_partitions(), signers=ensure_in_force(settings).run_signers)
    damaged = {check.address: check for check in found}
    named = {address: str(check) for address, check in damaged.items() if _is_there(address)}
    todo = pending(settings.runs, fresh)
    known, done = old.loaded_partitions(), fresh.loaded_partitions()
    todo += [address for address in named if address in known and address not in done and address not in todo]
    assessor = pipeline.judge_in_force(settings) if todo else None
    saved: dict[str, set[str]] = {}
    for number, address in enumerate(sorted(todo, key=lambda address: _ended_at(address, noted))):
        progress(number, total=len(todo))
        if address in damaged and not damaged[address].loadable:
            saved[address] = set()
            with suppress(PartitionError, LoadError):
                run = load_saved(address, settings, fresh, assessor or pipeline.judge_in_force(settings))
                saved[address] = {posting.id for posting in run.saved.postings}
                named[address] += f": {run}"
        else:
            text = pipeline.assess(address, settings, assessor)
            load(address, {assessment.id: assessment for assessment in assessments.read(text)}, fresh)
    carried = _carry_over(old, fresh, saved)
    leave_out(fresh, old, open_database(settings.database, settings.state), datetime.now(UTC))
    progress(len(todo), total=len(todo), description="link")
    link_all(fresh)
    return tuple(named.values()), carried


def _carry_over(old: Store, fresh: Store, saved: dict[str, set[str]]) -> int:
    """Copy the records whose newest evidence is in the unreadable part of a damaged partition; return how many."""
    lost = [
        record
        for record in old.scan(Query())
        if record.partition in saved and record.id not in saved[record.partition]
    ] if saved else []  # fmt: skip
    there = fresh.get_many(record.id for record in lost)
    newest = {record.id: there[record.id].revision for record in lost if record.id in there}
    fresh.put(msgspec.structs.replace(each, revision=max(each.revision, newest.get(each.id, 0) + 1)) for each in lost)
    return len(lost)


def _ended_at(address: str, noted: Mapping[str, NotedReport]) -> datetime:
    """Return when a run ended, as its report or the ledger says; one of which nothing is known comes first."""
    try:
        return read_report(address).finished_at
    except PartitionError:
        known = noted.get("/".join(source_and_run(address)))
        return known.report.finished_at if known else datetime.min.replace(tzinfo=UTC)


def _is_there(address: str) -> bool:
    fs, folder = fsspec.url_to_fs(address)
    return bool(fs.exists(folder))


def _difference(old: Store, fresh: Store) -> tuple[dict[str, int], tuple[FlagChange, ...]]:
    """Return how many records of two stores are the same, changed, new and gone, and which flags rose or fell."""
    before = {record.id: (field_hash(record), record.assessment.flagged, record.assessment.score) for record in old.scan(Query())}
    flags: list[FlagChange] = []
    same = new = count = 0
    for record in fresh.scan(Query()):
        count += 1
        if (was := before.pop(record.id, None)) is None:
            new += 1
        else:
            same += was[0] == field_hash(record)
            flags += FlagChange.since(was[1], was[2], record)
    return {"records": count, "same": same, "changed": count - same - new, "new": new, "gone": len(before)}, tuple(flags)


def erasure_check(engine: Engine, now: datetime) -> Callable[[Posting, datetime], bool]:
    """Return a function that says whether a sighting of a posting at a moment was erased, so that it may be missing in the
    index."""
    with engine.connect() as connection:
        cutoffs, kept = erasure.cutoffs(connection), erasure.protected_items(connection, now)
    return lambda posting, at: posting.source in cutoffs and at < cutoffs[posting.source] and posting.id not in kept


def leave_out(fresh: Store, old: Store, engine: Engine, now: datetime) -> int:
    """Delete from an index made again from the partitions what had been erased from the one before; return how many."""
    with engine.connect() as connection:
        cutoffs, kept = erasure.cutoffs(connection), erasure.protected_items(connection, now)
    count = 0
    for source, cutoff in cutoffs.items():
        aged = {
            record.id: record.revision
            for record in fresh.scan(Query(filters={"source": (source,)}, until=cutoff))
            if record.last_seen < cutoff and record.id not in kept
        }
        there = old.get_many(aged)
        lost = [(item, seen) for item, seen in aged.items() if item not in there]
        for start in range(0, len(lost), _BATCH):
            count += len(fresh.delete(dict(lost[start : start + _BATCH])))
    if count:
        fresh.scrub()
    return count


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
