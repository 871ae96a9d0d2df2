"""Leases: who has which undecided item open, so that two people never work at the same one; and who
opened which text of an item.

A person holds one lease at a time. It ends when the item is decided, when its holder opens another item, leaves or logs out, and
after ``LASTS`` without a sign of them. Somebody else may take it over; the audit log notes that.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select

from desk.custody import audit
from desk.custody.log_details import OPENINGS, add_row
from desk.database import writing
from desk.people.accounts import User
from desk.tables import leases, openings, users
from index.base import Record
from index.history import record_sha256

LASTS = timedelta(minutes=10)


class ItemLease(msgspec.Struct, frozen=True, kw_only=True):
    """An item that somebody has open."""

    item_id: str
    campaign: str | None
    by: str
    since: datetime
    until: datetime


def take_lease(engine: Engine, record: Record, *, by: User, now: datetime, over: bool = False, alone: bool = False) -> ItemLease:
    """Take the lease of an item, or hold it longer, and return the lease in force: another person's when they hold it.

    ``over`` takes it from them. With ``alone`` another member of its campaign that somebody holds counts too: the queue shows
    a campaign as one line.
    """
    with writing(engine) as connection:
        connection.execute(delete(leases).where(leases.c.until <= now))
        alike = leases.c.campaign == record.campaign if alone and record.campaign else None
        same = leases.c.item_id == record.id
        held = list(_read(connection, same if alike is None else same | alike))
        other = next((lease for lease in held if lease.by != by.name), None)
        if other is not None and not over:
            return other
        if other is not None:
            note_takeover(connection, other, by=by, now=now)
        since = next((lease.since for lease in held if lease.item_id == record.id and lease.by == by.name), now)
        connection.execute(delete(leases).where((leases.c.item_id == record.id) | (leases.c.by_id == by.id)))
        lease = ItemLease(item_id=record.id, campaign=record.campaign, by=by.name, since=since, until=now + LASTS)
        values = {name: value for name, value in msgspec.structs.asdict(lease).items() if name != "by"}
        connection.execute(insert(leases).values(**values, by_id=by.id))
    return lease


def release(engine: Engine, *, by: User, item_id: str | None = None, until: datetime | None = None) -> None:
    """End the lease a person holds; of one item alone, and only as it was taken, where these are given.

    A page that closes tells ``until``, so that it does not end what a newer page of the same item has taken.
    """
    own = leases.c.by_id == by.id
    if item_id is not None:
        own &= leases.c.item_id == item_id
    if until is not None:
        own &= leases.c.until == until
    with engine.connect() as connection:
        if connection.execute(select(leases.c.item_id).where(own)).first() is None:
            return
    with writing(engine) as connection:
        connection.execute(delete(leases).where(own))


def end_leases(connection: Connection, item_ids: Iterable[str]) -> None:
    """End the leases of items that are decided."""
    connection.execute(delete(leases).where(leases.c.item_id.in_(list(item_ids))))


def all_leases(connection: Connection, now: datetime) -> list[ItemLease]:
    """Return every lease in force: one a person at most."""
    return list(_read(connection, leases.c.until > now))


def lease_on(connection: Connection, item_id: str, now: datetime) -> ItemLease | None:
    """Return the lease in force on an item."""
    return next(iter(_read(connection, (leases.c.item_id == item_id) & (leases.c.until > now))), None)


def held_by_others(connection: Connection, item_ids: Collection[str], by: User, now: datetime) -> list[ItemLease]:
    """Return the leases that other people hold of items."""
    wanted = frozenset(item_ids)
    return [lease for lease in all_leases(connection, now) if lease.item_id in wanted and lease.by != by.name]


def note_takeover(connection: Connection, lease: ItemLease, *, by: User, now: datetime) -> None:
    """Note that a person goes on with what another one has open."""
    detail: dict[str, object] = {"from": lease.by}
    audit.append(connection, at=now, actor=by.name, action="lease_taken_over", subject=lease.item_id, detail=detail)


def _read(connection: Connection, where: ColumnElement[bool]) -> Iterable[ItemLease]:
    query = select(leases, users.c.name.label("by")).join(users, users.c.id == leases.c.by_id).where(where)
    for row in connection.execute(query.order_by(leases.c.since, leases.c.item_id)):
        yield ItemLease(item_id=row.item_id, campaign=row.campaign, by=row.by, since=row.since, until=row.until)


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
