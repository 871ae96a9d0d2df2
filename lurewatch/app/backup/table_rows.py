"""Rows of the desk's tables as JSON Lines that any engine takes: times as ISO 8601 in UTC, bytes as base64."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

import msgspec
from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from desk.database import Moment
from desk.tables import (
    leases,
    metadata,
    partner_requests,
    partner_tokens,
    sessions,
    site_looks,
    tokens,
    translation_items,
    translations,
)
from lurewatch.app.backup.archive import BackupError

_LEFT_OUT = (
    *(sessions, leases, tokens, partner_tokens, partner_requests),
    *(translations, translation_items, site_looks),
)
TABLES = tuple(table for table in metadata.sorted_tables if table not in _LEFT_OUT)
"""Tables in a backup, those referred to first. Sessions, leases, and tokens stay out: what ended must
not come back. So do translations, which can be made again."""
_BATCH = 500


def write_rows(connection: Connection, table: Table, file: IO[bytes]) -> int:
    """Write each row of a table as a line, in order of its primary key; return how many."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    encoder, rows = msgspec.json.Encoder(), 0
    for row in connection.execute(query):
        file.write(encoder.encode(dict(row._mapping)) + b"\n")
        rows += 1
    return rows


def insert_rows(connection: Connection, table: Table, file: IO[bytes]) -> int:
    """Insert a row for each line; return how many. Raises BackupError for a line or value that the table refuses."""
    count = 0
    try:
        rows_left = _rows(table, file)
        while rows := list(islice(rows_left, _BATCH)):
            connection.execute(insert(table), rows)
            count += len(rows)
    except (DataError, IntegrityError) as exc:
        engine = connection.dialect.name
        raise BackupError(
            f"table {table.name}: {engine} refuses a row of the backup ({exc.orig}); restore it into the engine it came from"
        ) from exc
    _follow_numbers(connection, table)
    return count


def row_counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table of a backup."""
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES}


def _rows(table: Table, file: IO[bytes]) -> Iterator[dict[str, Any]]:
    fields = [(str(column.name), _type(column)) for column in table.columns]
    decoder = msgspec.json.Decoder(msgspec.defstruct(str(table.name), fields, forbid_unknown_fields=True))
    for number, line in enumerate(file, start=1):
        try:
            yield msgspec.structs.asdict(decoder.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise BackupError(f"table {table.name}, line {number}: {exc}; take another copy of the backup") from exc


def _type(column: Any) -> Any:
    kind = datetime if isinstance(column.type, Moment) else column.type.python_type
    return kind | None if column.nullable else kind


def _follow_numbers(connection: Connection, table: Table) -> None:
    """Set PostgreSQL's next ``id`` after the inserted ones; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.columns:
        return
    query = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
    if last := connection.execute(select(func.max(table.c.id))).scalar_one():
        connection.execute(query, {"name": table.name, "last": last})
