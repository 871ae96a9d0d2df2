"""Notes who opened which item with which text, when the page is sent; append-only, never taken from a form.

Decisions and notices say when the person had opened the item, or that they had not.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from desk.custody.log_details import OPENINGS, add_row
from desk.database import writing
from desk.people.accounts import User
from desk.tables import openings
from index.base import Record
from index.history import record_sha256

_CHUNK = 400
"""Ids asked for at a time; SQLite and PostgreSQL both take many more."""


def note_opening(engine: Engine, record: Record, *, by: User, now: datetime) -> None:
    """Note that a person was sent the page of an item with the text it has now; once for each text."""
    digest = record_sha256(record)
    with engine.connect() as connection:
        if _is_noted(connection, record.id, digest, by):
            return
    with writing(engine) as connection:
        if _is_noted(connection, record.id, digest, by):
            return
        add_row(connection, OPENINGS, "item_opened", {"item_id": record.id, "text_sha256": digest}, by=by, now=now)


def openings_of(connection: Connection, by: User, item_ids: Sequence[str]) -> dict[str, dict[str, datetime]]:
    """Return for each item the person opened: SHA-256 of the text -> when they first opened it with that text."""
    results: dict[str, dict[str, datetime]] = {}
    for start in range(0, len(item_ids), _CHUNK):
        chosen = openings.c.item_id.in_(item_ids[start : start + _CHUNK])
        for row in connection.execute(select(openings).where(openings.c.by_id == by.id, chosen)):
            results.setdefault(row.item_id, {})[row.text_sha256] = row.at
    return results


def _is_noted(connection: Connection, item_id: str, digest: str, by: User) -> bool:
    query = select(openings.c.id).where(
        openings.c.by_id == by.id, openings.c.item_id == item_id, openings.c.text_sha256 == digest
    )
    return connection.execute(query).first() is not None
