"""`lurewatch backup`: writes everything that cannot be made again to one file; see docs/backup.md."""

import tempfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from desk.custody.ledger_check import check_ledger
from desk.database import open_database, revision, snapshot
from lurewatch.app.backup.archive import BackupError, BackupManifest, BackupWriter, backup_written
from lurewatch.app.backup.backup_parts import LIST, add_files, files_of, partition_lines
from lurewatch.app.backup.table_rows import TABLES, write_rows
from lurewatch.settings import Settings


def back_up(settings: Settings, target: Path, *, now: datetime, with_partitions: bool = False) -> BackupManifest:
    """Write a backup of the stack that ``settings`` name to ``target``; return its manifest.

    The tables are read in one transaction, so that they are of one moment. Raises BackupError when ``target`` exists, cannot be
    written, or the database is not there or of another release; DatabaseError, DatabaseUnavailable as ``open_database`` does.
    """
    engine = _engine(settings)
    try:
        with backup_written(target) as writer, snapshot(engine) as connection:
            report = check_ledger(connection)
            for table in TABLES:
                with tempfile.TemporaryFile(dir=target.parent) as file:
                    rows = write_rows(connection, table, file)
                    size = file.tell()
                    file.seek(0)
                    writer.add(f"database/{table.name}.jsonl", file, size, rows)
            _add_folder(writer, "seeds", settings.seeds)
            _add_folder(writer, "models", settings.models)  # of the state folder nothing else is in a backup
            _add_partitions(writer, settings.runs, target.parent, with_files=with_partitions)
            return writer.finish(
                BackupManifest(
                    version=version("lurewatch"),
                    made_at=now,
                    engine=engine.dialect.name,
                    revision=revision(settings.database)[1],
                    audit_head=report.head,
                    faults=report.faults,
                    partitions_included=with_partitions,
                )
            )
    finally:
        engine.dispose()


def _engine(settings: Settings) -> Engine:
    here, newest = revision(settings.database)
    if here is None:
        raise BackupError("the desk's database is not there or empty: nothing to back up; correct LUREWATCH_DATABASE")
    if here != newest:
        raise BackupError(
            f"the desk's database is of revision {here}, this release's is {newest}; back it up with the release that runs it, "
            "or upgrade it first with `lurewatch doctor`"
        )
    return open_database(settings.database, settings.state)


def _add_folder(writer: BackupWriter, name: str, folder: Path) -> None:
    for file, path in files_of(folder).items():
        with path.open("rb") as content:
            writer.add(f"{name}/{file}", content, path.stat().st_size)


def _add_partitions(writer: BackupWriter, runs: str, folder: Path, *, with_files: bool) -> None:
    with tempfile.TemporaryFile(dir=folder) as file:
        for line in partition_lines(runs):
            file.write(msgspec.json.encode(line) + b"\n")
            if with_files:
                add_files(writer, line)
        size = file.tell()
        file.seek(0)
        writer.add(LIST, file, size)
