"""A row written on one engine is the same row on another: bytes, times, nothing, letters of any writing."""

import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select

from desk.database import open_database, writing
from desk.tables import deliveries, metadata
from lurewatch.app.backup.archive import BackupError
from lurewatch.app.backup.table_rows import TABLES, insert_rows, row_counts, write_rows

MOMENT = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
ROW = {
    "id": 7, "period": "2026-W48", "subscription": "weekly", "recipient": "one@example.org", "message_id": "<a@example.org>",
    "message": bytes(range(256)), "state": "queued", "attempts": 0, "error": 'ăn ở ကျား 😀 "\n\\', "queued_at": MOMENT,
    "sent_at": None,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_kind_of_value_comes_back(new_database, kind):
    """And the next row gets the next number."""
    engine, file = open_database(new_database(kind)), io.BytesIO()
    with writing(engine) as connection:
        connection.execute(insert(deliveries).values(ROW))
        assert write_rows(connection, deliveries, file) == 1
        line = json.loads(file.getvalue())
        assert (line["queued_at"], line["sent_at"]) == ("2026-11-24T02:00:00.123456Z", None)
    other = open_database(new_database(kind))
    file.seek(0)
    with writing(other) as connection:
        assert insert_rows(connection, deliveries, file) == 1
        assert row_counts(connection)["deliveries"] == 1
        (row,) = connection.execute(select(deliveries)).all()
        assert dict(row._mapping) == ROW | {"queued_at": MOMENT.astimezone(UTC)}
        again = ROW | {"message_id": "<b@example.org>", "recipient": "two@example.org"}
        del again["id"]
        assert connection.execute(insert(deliveries).values(again)).inserted_primary_key[0] == 8
    engine.dispose()
    other.dispose()


def test_a_line_that_is_no_row_is_named(new_database):
    """Table and line."""
    engine = open_database(new_database("sqlite"))
    for line in (b"{", b"{}", b'{"week":1}', b"\xff"):
        with pytest.raises(BackupError, match="table digests, line 1: "), writing(engine) as connection:
            insert_rows(connection, metadata.tables["digests"], io.BytesIO(line))
    engine.dispose()


def test_every_table_is_in_a_backup_but_what_ends_or_is_made_again():
    """A new table is in it without a word here."""
    left_out = {"sessions", "leases", "tokens", "translations", "translation_items", "site_looks"}
    left_out |= {"partner_tokens", "partner_requests"}
    assert set(metadata.tables) - {table.name for table in TABLES} == left_out
