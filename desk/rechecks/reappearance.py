"""Finds adverts that came after a reported one was taken down and share its contact, text or poster: the case goes on elsewhere.

A link tells an analyst where to look and decides nothing. It is kept, so that it stands when the index forgets either of the two.
"""

import zlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, or_, select

from desk.custody.log_details import REAPPEARANCES, add_row
from desk.database import writing
from desk.rechecks.notice_outcomes import removals
from desk.tables import reappearances
from enrichment.campaigns.linkage import contact_value, link_copy
from enrichment.campaigns.posters import are_near, poster_hashes, poster_tokens
from enrichment.text.fingerprint import Hashes
from index.base import Record, Store
from index.campaigns.relink import as_item

LOOKED_FOR = timedelta(days=90)
"""So long after its removal an advert is looked for elsewhere."""
ACTION = "advert_reappeared"


class Reappearance(msgspec.Struct, frozen=True, kw_only=True):
    """An advert that carries on a case that was taken down."""

    item_id: str
    """The reported advert."""
    other_id: str
    """The later one."""
    shared: tuple[str, ...]
    """``contact``, ``text``, ``picture``: what they have in common."""
    at: datetime
    """When it was noticed."""


def note_reappearances(engine: Engine, store: Store, now: datetime) -> int:
    """Look for adverts that carry on those which were taken down of late, and keep each once; return how many are new.

    One that was taken down in the last hour is looked for at once, then every day, each at an hour of its own.
    """
    with engine.connect() as connection:
        removed = {
            name: since
            for name, gone, since in removals(connection, now - LOOKED_FOR)
            if now - gone < timedelta(hours=1) or zlib.crc32(name.encode()) % 24 == now.hour
        }
        known = {(row.item_id, row.other_id) for row in connection.execute(select(reappearances))}
    records, hubs = store.get_many(removed), store.rules().hubs
    new = 0
    for name, record in records.items():
        for other, shared in find_copies(store, record, hubs, since=removed[name]).items():
            new += (name, other) not in known and _add(engine, name, other, shared, now)
    return new


def find_copies(store: Store, record: Record, hubs: Collection[str], since: datetime) -> dict[str, tuple[str, ...]]:
    """Return the adverts first seen after a moment that share something with a record, and what: id -> kinds."""
    contacts, posters, item = _contacts(record, hubs), poster_hashes(record.posting), as_item(record)
    known: dict[str, Hashes] = {}
    tokens = [*(f":{value}" for value in contacts.values()), *poster_tokens(posters)]
    results = {}
    for name, other in store.find_alike(record.assessment.fingerprint.bands, tokens).items():
        offer = as_item(other)
        if name == record.id or other.first_seen <= since or not offer.offer:
            continue
        kinds = {
            "contact": bool(contacts.keys() & _contacts(other, hubs).keys()),
            "text": link_copy(item, offer, known) is not None,
            "picture": are_near(posters, poster_hashes(other.posting)),
        }
        if shared := tuple(kind for kind, holds in kinds.items() if holds):
            results[name] = shared
    return results


def reappearances_of(connection: Connection, items: Iterable[str] | None = None) -> list[Reappearance]:
    """Return what was linked, oldest first; of some ``items`` whichever of the two they are."""
    query = select(reappearances).order_by(reappearances.c.id)
    if items is not None:
        wanted = list(items)
        query = query.where(or_(reappearances.c.item_id.in_(wanted), reappearances.c.other_id.in_(wanted)))
    return [
        Reappearance(item_id=row.item_id, other_id=row.other_id, shared=tuple(row.shared.split()), at=row.at)
        for row in connection.execute(query)
    ]


def _contacts(record: Record, hubs: Collection[str]) -> dict[str, str]:
    """Return the contacts that show one hand, as they are compared -> as the index has them: no platform's own, no hub."""
    values = {contact_value(f"{each.type}:{each.value}"): each.value for each in record.assessment.contacts}
    return {plain: value for plain, value in values.items() if plain is not None and plain not in hubs}


def _add(engine: Engine, item: str, other: str, shared: tuple[str, ...], now: datetime) -> bool:
    """Keep a link; return False when it is kept already."""
    values = {"item_id": item, "other_id": other, "shared": " ".join(shared)}
    with writing(engine) as connection:
        if any((link.item_id, link.other_id) == (item, other) for link in reappearances_of(connection, [item])):
            return False
        add_row(connection, REAPPEARANCES, ACTION, values, by=None, now=now)
    return True
