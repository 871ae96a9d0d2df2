"""Campaigns as pages show them: in numbers for an overview, in full with what people ruled for one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection

from desk.cases import Case, cases
from desk.rulings import Ruling, all_rulings, concerning, in_force
from desk.web.desk import Desk
from desk.web.view import Line, line
from index.base import Hit, Query, Record
from index.dossiers import Counted, Dossier, contacts, counted, dossier

MEMBERS = 200
"""Members a campaign's page lists, the newest; it says so when there are more."""
TEXTS = 3
"""Texts with most copies that a campaign's page lays out; the command line shows all."""
SCANNED = 1000
"""Flagged items, fastest growing first, among which the overview looks for campaigns; it says so when there are more."""
Order = Literal["growth", "size", "newest"]
ORDERS: dict[Order, str] = {"growth": "Fastest growing", "size": "Largest", "newest": "Last seen"}


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign in numbers."""

    id: str
    head: Record
    total: int
    growth: int
    languages: Counted
    sources: Counted
    contacts: Counted
    """(``type:value``, members that carry it), shared ones only."""
    states: dict[str, int]
    first_seen: datetime
    last_seen: datetime
    locked: bool


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in full."""

    group: Group
    dossier: Dossier
    lines: tuple[Line, ...]
    """The newest members, newest first."""
    rulings: tuple[Ruling, ...]
    """What people ruled about it, newest first."""


def overview(desk: Desk, order: Order = "growth") -> tuple[list[Group], bool]:
    """Return campaigns of two and more flagged items in order; True when not all items were looked at."""
    page = desk.store.search(Query(filters={"flagged": ("true",)}, sort="growth", size=SCANNED, count_facets=False))
    found = groups_of(desk, [hit.record for hit in page.hits])
    ranks = {
        "growth": lambda one: (-one.growth, -one.total, one.id), "size": lambda one: (-one.total, -one.growth, one.id),
        "newest": lambda one: (-one.last_seen.timestamp(), one.id),
    }  # fmt: skip
    return sorted((one for one in found if one.total > 1), key=ranks[order]), page.cursor is not None


def groups_of(desk: Desk, records: Iterable[Record]) -> list[Group]:
    """Return the campaigns of records in numbers, in the order they are met; records outside any are left out."""
    grouped: dict[str, list[Record]] = {}
    for record in records:
        if record.campaign:
            grouped.setdefault(record.campaign, []).append(record)
    with desk.engine.connect() as connection:
        standing = cases(connection, [one.id for members in grouped.values() for one in members])
        locked = _locked(connection)
    return [_group(key, members, standing, locked) for key, members in grouped.items()]


def members_of(desk: Desk, campaign: str) -> Members | None:
    """Return a campaign in full, or None."""
    found = dossier(desk.store, campaign, shown=TEXTS)
    if found is None:
        return None
    newest = found.members[::-1][:MEMBERS]
    with desk.engine.connect() as connection:
        standing = cases(connection, [one.id for one in found.members])
        ruled = concerning(all_rulings(connection), campaign, found.campaign.members)
    group = _group(campaign, found.members, standing, frozenset(one for each in in_force(ruled) for one in _held(each)))
    lines = tuple(line(Hit(record=one), standing[one.id]) for one in newest)
    return Members(group=group, dossier=found, lines=lines, rulings=tuple(ruled))


def _locked(connection: Connection) -> frozenset[str]:
    return frozenset(one for ruling in in_force(all_rulings(connection)) for one in _held(ruling))


def _held(ruling: Ruling) -> tuple[str, ...]:
    return ruling.ids if ruling.kind == "lock" else ()


def _group(key: str, members: Sequence[Record], standing: dict[str, Case], locked: frozenset[str]) -> Group:
    return Group(
        id=key,
        head=max(members, key=lambda one: (one.assessment.score, one.id)),
        total=len(members),
        growth=max(one.growth for one in members),
        languages=counted(members, "language"),
        sources=counted(members, "source"),
        contacts=tuple(pair for pair in contacts(members)[:12] if pair[1] > 1),
        states=dict(Counter(standing[one.id].state for one in members)),
        first_seen=min(one.first_seen for one in members),
        last_seen=max(one.last_seen for one in members),
        locked=members[0].id in locked,
    )
