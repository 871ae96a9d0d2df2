"""`lurewatch backup --restore`: a backup into an empty stack, checked before anything is written; see docs/backup.md."""

from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select

from desk.custody import ledger_check
from desk.custody.ledger_check import check_ledger
from desk.database import open_database, revision, writing
from desk.tables import sessions
from lurewatch.app.backup.archive import BackupError, BackupManifest, BackupReader, backup_opened
from lurewatch.app.backup.backup_parts import (
    absent,
    lines_in,
    models_conflicts,
    refuse,
    restore_files,
    restore_folder,
    seeds_conflicts,
)
from lurewatch.app.backup.table_rows import TABLES, insert_rows, row_counts
from lurewatch.settings import Settings


class RestoreResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a restore."""

    manifest: BackupManifest
    rows: int
    seeds: int
    """Files."""
    models: int
    """Files."""
    partitions: int
    """Partitions the backup names."""
    missing: tuple[str, ...]
    """Addresses of partitions that are neither in the backup nor under LUREWATCH_RUNS; the index is rebuilt without them."""


def restore(settings: Settings, source: Path) -> RestoreResult:
    """Restore the backup at ``source`` into the empty stack that ``settings`` name.

    Every digest is checked, and that the stack is empty, before anything is written. The database comes last, in one
    transaction, so a restore that was killed is run again and completes. Raises BackupError when the backup is damaged or of
    another revision, the stack is not empty, or counts or the audit log afterwards differ; DatabaseError, DatabaseUnavailable.
    """
    with backup_opened(source) as reader:
        _check_revision(settings, reader.manifest)
        refuse(seeds_conflicts(reader, settings), "LUREWATCH_SEEDS")
        refuse(models_conflicts(reader, settings), "LUREWATCH_STATE")
        lines = lines_in(reader)
        missing = absent(lines, settings.runs)
        if reader.manifest.partitions_included:
            for line in missing:
                restore_files(reader, line, settings.runs)
            missing = absent(lines, settings.runs)
        seeds = restore_folder(reader, "seeds", settings.seeds)
        models = restore_folder(reader, "models", settings.models)
        rows = _restore_database(settings, reader)
        return RestoreResult(
            manifest=reader.manifest, rows=rows, seeds=seeds, models=models, partitions=len(lines),
            missing=tuple(line.address for line in missing),
        )  # fmt: skip


def _check_revision(settings: Settings, manifest: BackupManifest) -> None:
    here, newest = revision(settings.database)
    if manifest.revision != newest:
        raise BackupError(
            f"the backup's tables are of revision {manifest.revision}, this release's of {newest}; restore it with LureWatch "
            f"{manifest.version}, then upgrade"
        )
    names = {f"database/{table.name}.jsonl" for table in TABLES}
    if missing := names - {member.name for member in manifest.members}:
        raise BackupError(f"the backup lacks {min(missing)}; take another copy of the backup")
    if here is not None:
        engine = open_database(settings.database)
        with engine.connect() as connection:
            _refuse_rows(connection)
        engine.dispose()


def _refuse_rows(connection: Connection) -> None:
    counts = row_counts(connection) | {"sessions": connection.execute(select(func.count()).select_from(sessions)).scalar_one()}
    if filled := [f"{name} ({rows} rows)" for name, rows in counts.items() if rows]:
        raise BackupError(
            f"the desk's database is not empty: {', '.join(filled[:3])}; a restore overwrites nothing: "
            "name a new database in LUREWATCH_DATABASE"
        )


def _restore_database(settings: Settings, reader: BackupReader) -> int:
    engine = open_database(settings.database)
    try:
        with writing(engine) as connection:
            _refuse_rows(connection)
            for table in TABLES:
                with reader.open(f"database/{table.name}.jsonl") as file:
                    insert_rows(connection, table, file)
            return _check_rows(connection, reader.manifest)
    finally:
        engine.dispose()


def _check_rows(connection: Connection, manifest: BackupManifest) -> int:
    """Return the number of rows; raise BackupError, which rolls back, when it differs from the backup's."""
    counts = row_counts(connection)
    wanted = {Path(member.name).stem: member.rows for member in manifest.members if member.rows is not None}
    if differing := [name for name in counts if counts[name] != wanted.get(name)]:
        raise BackupError(f"table {differing[0]}: {counts[differing[0]]} rows, the backup says {wanted.get(differing[0])}")
    report = check_ledger(connection)
    if report.head != manifest.audit_head:
        raise BackupError(f"the audit log's head is {report.head}, the backup says {manifest.audit_head}; take another copy")
    faults = [fault for fault in report.faults if fault not in manifest.faults] + ledger_check.trigger_faults(connection)
    if faults:
        raise BackupError(f"{faults[0]}; nothing was restored: take another copy of the backup")
    return sum(counts.values())
