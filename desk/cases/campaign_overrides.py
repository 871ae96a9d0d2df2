"""What people decided about campaigns: append-only, each ruling naming who and why; undo is a ruling too.

The desk's database is where they stand; the index only keeps the ``Rules`` that follow from those in force, so an index that
was lost or rebuilt gets them again (``desk.cases.campaign_edits.settle``).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, select

from desk.tables import rulings as table
from desk.tables import users
from enrichment.campaigns.linkage import Rules, contact_value

Kind = Literal["split", "remove", "merge", "lock", "hub", "undo"]
SENTENCES: dict[Kind, str] = {
    "split": "split off as a campaign of their own",
    "remove": "taken out: not this crew",
    "merge": "merged",
    "lock": "locked: nobody joins or leaves",
    "hub": "contact links nobody any more",
    "undo": "undone",
}


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """One decision about a campaign."""

    id: int
    kind: Kind
    campaign: str
    """The campaign it was made on; its id may have changed since."""
    ids: tuple[str, ...]
    """The adverts it is about: those split off or taken out, one side of a merge, those locked."""
    others: tuple[str, ...] = ()
    """The other side: who stays behind, or is merged with."""
    contact: str = ""
    """``type:value`` of a hub."""
    note: str
    undoes: int | None = None
    by: str
    at: datetime
    undone: int | None = None
    """Id of the ruling that undid this one."""


def all_rulings(connection: Connection) -> list[Ruling]:
    """Return every ruling, oldest first."""
    query = select(table, users.c.name.label("by")).join(users, users.c.id == table.c.by_id).order_by(table.c.id)
    rows = [row._mapping for row in connection.execute(query)]
    undone = {row["undoes"]: row["id"] for row in rows if row["undoes"] is not None}
    return [
        Ruling(
            id=row["id"], kind=row["kind"], campaign=row["campaign"], ids=tuple(json.loads(row["ids"])),
            others=tuple(json.loads(row["others"])), contact=row["contact"], note=row["note"], undoes=row["undoes"],
            by=row["by"], at=row["at"], undone=undone.get(row["id"]),
        )
        for row in rows
    ]  # fmt: skip


def rulings_in_force(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return the rulings nobody undid."""
    return [ruling for ruling in rulings if ruling.kind != "undo" and ruling.undone is None]


def concerning(rulings: Sequence[Ruling], campaign: str, members: Iterable[str]) -> list[Ruling]:
    """Return the rulings about a campaign or any advert in it, newest first; undone ones too, but not the undoing itself."""
    within = set(members)
    about = [
        ruling
        for ruling in rulings
        if ruling.kind != "undo" and (ruling.campaign == campaign or within & {*ruling.ids, *ruling.others})
    ]
    return about[::-1]


def rules(rulings: Iterable[Ruling]) -> Rules:
    """Return what linking must obey."""
    standing = rulings_in_force(rulings)
    return Rules(
        together=tuple(frozenset((*ruling.ids, *ruling.others)) for ruling in standing if ruling.kind == "merge")
        + tuple(frozenset(ruling.ids) for ruling in standing if ruling.kind == "split" and len(ruling.ids) > 1),
        apart=tuple(
            (frozenset(ruling.ids), frozenset(ruling.others)) for ruling in standing if ruling.kind in ("split", "remove")
        ),
        locked=tuple(frozenset(ruling.ids) for ruling in standing if ruling.kind == "lock"),
        hubs=frozenset(value for ruling in standing if ruling.kind == "hub" and (value := contact_value(ruling.contact))),
    )
