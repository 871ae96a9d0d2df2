"""The desk's database for a backup: one dump of one moment and a record of what is in it, and the check of a restored one.

The dump is the engine's own (``pg_dump -Fc``, SQLite's backup); restic keeps it, seeds and run partitions (docs/backup.md).
"""

import os
import subprocess
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.engine import make_url

from desk.custody.ledger_check import check_ledger, trigger_faults
from desk.database import open_database, revision, snapshot
from desk.tables import leases, metadata, partner_requests, partner_tokens, sessions, tokens, translation_items, translations
from enrichment.model import model_digest
from foundation.whole_files import replace_file
from lurewatch.app.app_errors import PermanentError
from lurewatch.settings import Settings

RECORD, SQLITE, POSTGRESQL = "backup.json", "desk.sqlite", "desk.dump"
LEFT_OUT = (sessions, leases, tokens, partner_tokens, partner_requests, translations, translation_items)
"""Tables whose rows stay out: what ended must not come back, and translations can be made again."""


class BackupError(PermanentError):
    """A backup cannot be made, or what was restored is not what it held; the message says why and what to do."""


class BackupRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a dump holds, as counted in the moment it was made."""

    version: str
    """LureWatch that made it."""
    made_at: datetime
    revision: str
    """Revision of the desk's tables."""
    audit_head: str
    """``<seq>:<hash>`` of the audit log's last entry."""
    faults: tuple[str, ...]
    """Faults of the audit log when the dump was made; empty when it was valid."""
    rows: dict[str, int]
    """Rows by table, 0 for those left out."""
    model: str
    """SHA-256 of the model that judged."""


def back_up(settings: Settings, folder: Path, *, now: datetime) -> BackupRecord:
    """Write the dump and its record into ``folder``, replacing those of before; return the record.

    Rows and head are those of the dump's own snapshot. Raises BackupError when the database is not there or of another release,
    or the dump fails; DatabaseError, DatabaseUnavailable as ``open_database`` does.
    """
    here, newest = revision(settings.database)
    if here != newest:
        raise BackupError(
            f"the desk's database is of revision {here or 'none'}, this release's is {newest}: correct LUREWATCH_DATABASE, or "
            "back it up with the release that runs it"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_database(settings.database, settings.state)
    try:
        dump = _dump_postgresql if engine.dialect.name == "postgresql" else _copy_sqlite
        record = dump(engine, settings, folder, now)
    finally:
        engine.dispose()
    replace_file(folder / RECORD, msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    return record


def verify_restored(settings: Settings, folder: Path) -> BackupRecord:
    """Compare the database that ``settings`` name with the record in ``folder``; return the record.

    Raises BackupError when rows, head, triggers or revision differ, or the audit log has a fault that it did not have.
    """
    try:
        record = msgspec.json.decode((folder / RECORD).read_bytes(), type=BackupRecord)
    except (OSError, msgspec.DecodeError) as exc:
        raise BackupError(f"{folder / RECORD}: cannot be read ({exc}); name the folder that restic restored") from exc
    if (here := revision(settings.database)[0]) != record.revision:
        raise BackupError(
            f"the restored tables are of revision {here or 'none'}, the dump's of {record.revision}: restore it with LureWatch "
            f"{record.version}, then upgrade"
        )
    engine = open_database(settings.database)
    try:
        with engine.connect() as connection:
            _compare(connection, record)
    finally:
        engine.dispose()
    return record


def _compare(connection: Connection, record: BackupRecord) -> None:
    counts = _row_counts(connection)
    if differing := [name for name in sorted(counts) if counts[name] != record.rows.get(name)]:
        name = differing[0]
        raise BackupError(
            f"table {name}: {counts[name]} rows, the dump had {record.rows.get(name)}; restore it into an empty database"
        )
    report = check_ledger(connection)
    if report.head != record.audit_head:
        raise BackupError(f"the audit log's head is {report.head}, the dump's was {record.audit_head}; take another snapshot")
    faults = [fault for fault in report.faults if fault not in record.faults] + trigger_faults(connection)
    if faults:
        raise BackupError(f"{faults[0]}; take another snapshot")


def _record(connection: Connection, now: datetime) -> BackupRecord:
    report = check_ledger(connection)
    return BackupRecord(
        version=version("lurewatch"), made_at=now, audit_head=report.head, faults=report.faults, model=model_digest(),
        revision=str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
        rows=_row_counts(connection) | {table.name: 0 for table in LEFT_OUT},
    )  # fmt: skip


def _row_counts(connection: Connection) -> dict[str, int]:
    tables = metadata.sorted_tables
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def _dump_postgresql(engine: Engine, settings: Settings, folder: Path, now: datetime) -> BackupRecord:
    url = make_url(settings.database)
    environ = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(drivername="postgresql", password=None).render_as_string()
    part = folder / f"{POSTGRESQL}.part"
    with snapshot(engine) as connection:
        name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        left_out = [f"--exclude-table-data={table.name}" for table in LEFT_OUT]
        command = ["pg_dump", "-Fc", f"--snapshot={name}", f"--file={part}", *left_out, address]
        try:
            subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
        except FileNotFoundError as exc:
            raise BackupError("pg_dump is not installed: install PostgreSQL's client of the server's version or newer") from exc
        except subprocess.CalledProcessError as exc:
            raise BackupError(f"pg_dump: {exc.stderr.strip()}") from exc
        record = _record(connection, now)
    part.replace(folder / POSTGRESQL)
    return record


def _copy_sqlite(engine: Engine, settings: Settings, folder: Path, now: datetime) -> BackupRecord:
    engine.dispose()
    part, source = folder / f"{SQLITE}.part", make_url(settings.database).database
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as held, closing(sqlite3.connect(part)) as copy:
        part.chmod(0o600)
        held.backup(copy)
        for table in LEFT_OUT:
            copy.execute(f"DELETE FROM {table.name}")  # noqa: S608 - a name of our own
        copy.commit()
        copy.execute("VACUUM")
    copied = open_database(f"sqlite:///{part}")
    try:
        with copied.connect() as connection:
            record = _record(connection, now)
    finally:
        copied.dispose()
    part.replace(folder / SQLITE)
    return record
