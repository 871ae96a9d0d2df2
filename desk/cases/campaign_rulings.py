"""People's rulings on campaigns (split, merge, lock and undo): append-only, each with its person and reason; then campaigns
are linked again.

The ruling is stored first, in one transaction with its audit entry; then the index gets the rules and links what they touch.
After an interruption ``settle`` completes it: at the next ruling, when the desk opens, or not at all. A
new index gets the rules in the same way.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select

from desk.custody.log_details import RULINGS, add_row
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import linkings, users
from desk.tables import rulings as table
from enrichment.campaigns.linkage import Rules, contact_value
from foundation.messages import _
from index.admission import AT_RISK
from index.base import Store
from index.campaigns.relink import LinkReport, link_new

Kind = Literal["split", "remove", "merge", "lock", "hub", "undo"]
SENTENCES: dict[Kind, str] = {
    "split": _("split off as a campaign of their own"), "remove": _("taken out: not this crew"), "merge": _("merged"),
    "lock": _("locked: nobody joins or leaves"), "hub": _("contact links nobody any more"), "undo": _("undone"),
}  # fmt: skip


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """One decision about a campaign."""

    id: int
    kind: Kind
    campaign: str
    """The campaign it was made on; its id may have changed since."""
    ids: tuple[str, ...]
    """The adverts it is about: those split off or taken out, one side of a merge, those locked."""
    others: tuple[str, ...] = ()
    """The other side: the adverts that stay, or the other side of a merge."""
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
    """Return the rulings that are in force."""
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
    """Return the rules that linking must obey."""
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


def members(store: Store, name: str) -> tuple[str, ...]:
    """Return the adverts of campaign ``name``, or of the campaign of advert ``name``, or that advert alone."""
    kept = store.campaign(name)
    if kept is None and (record := store.get(name)):
        kept = store.campaign(record.campaign) if record.campaign else None
        if kept is None and record.assessment.stance in AT_RISK and not record.assessment.flagged:
            raise DeskRefusal(_(
                "%(name)s is by somebody at risk (%(stance)s); such texts join no campaign", name=name,
                stance=record.assessment.stance,
            ))  # fmt: skip
        return kept.campaign.members if kept else (name,)
    if kept is None:
        raise DeskRefusal(
            _("there is no campaign or advert %(name)s; it may have been linked anew: look for it under Campaigns", name=name)
        )
    return kept.campaign.members


def split(
    engine: Engine, store: Store, campaign: str, ids: Sequence[str], *, own: bool, by: User, now: datetime, why: str
) -> Ruling:
    """Take adverts out of a campaign: with ``own`` they become a new campaign, else each is linked again without it."""
    whole, chosen = members(store, campaign), set(ids)
    if not chosen or chosen - set(whole):
        raise DeskRefusal(_("choose adverts of this campaign; it may have changed since, load the page again"))
    if chosen == set(whole):
        raise DeskRefusal(_("that is the whole campaign; leave out those that stay"))
    rest = tuple(value for value in whole if value not in chosen)
    kept = tuple(value for value in whole if value in chosen)
    return _rule(engine, store, "split" if own else "remove", campaign, kept, rest, by=by, now=now, why=why)


def merge(engine: Engine, store: Store, campaign: str, other: str, *, by: User, now: datetime, why: str) -> Ruling:
    """Make one campaign of two; ``other`` may also be a single advert."""
    item, two = members(store, campaign), members(store, other)
    if set(item) & set(two):
        raise DeskRefusal(_("that is the same campaign already"))
    return _rule(engine, store, "merge", campaign, item, two, by=by, now=now, why=why)


def lock(engine: Engine, store: Store, campaign: str, *, size: int, by: User, now: datetime, why: str) -> Ruling:
    """Keep a campaign exactly as it is; ``size`` is the number of members the person saw."""
    whole = members(store, campaign)
    if size != len(whole):
        raise DeskRefusal(
            _("the campaign has %(whole)s members now, not %(size)s; look again before you lock it", whole=len(whole), size=size)
        )
    return _rule(engine, store, "lock", campaign, whole, (), by=by, now=now, why=why)


def unlink(engine: Engine, store: Store, campaign: str, contact: str, *, by: User, now: datetime, why: str) -> Ruling:
    """Stop a contact (``type:value``) from linking adverts: a help desk, an agency, a board's own number."""
    if contact_value(contact) is None:
        raise DeskRefusal(_("%(contact)s links nobody as it is", contact=contact))
    users = tuple(sorted(store.find_alike((), (f":{contact.partition(':')[2]}",))))
    if not users:
        raise DeskRefusal(
            _("nobody uses %(contact)s; write it as type:value, for instance telegram:some_handle", contact=contact)
        )
    return _rule(engine, store, "hub", campaign, users, (), by=by, now=now, why=why, contact=contact)


def undo(engine: Engine, store: Store, ruling_id: int, *, by: User, now: datetime, why: str = "") -> Ruling:
    """Take back a ruling that is in force; analysts their own, leads everybody's."""
    with writing(engine) as connection:
        rulings = {item.id: item for item in all_rulings(connection)}
        last = rulings.get(ruling_id)
        if last is None or last.kind == "undo":
            raise DeskRefusal(_("there is no ruling %(ruling_id)s to undo", ruling_id=ruling_id))
        if last.undone is not None:
            raise DeskRefusal(_("%(by)s undid this already", by=rulings[last.undone].by))
        if last.by != by.name and not by.may(Right.UNDO_OTHERS):
            raise DeskRefusal(_("%(by)s ruled this; ask them or a lead to undo it", by=last.by))
        _write(connection, "undo", last.campaign, last.ids, last.others, by, now, why, contact=last.contact, undoes=ruling_id)
        ruling = all_rulings(connection)[-1]
    settle(engine, store, now)
    return ruling


def waiting(connection: Connection) -> int:
    """Return how many rulings the index does not have yet, because it did not answer when they were made."""
    todo = select(func.count()).select_from(table.outerjoin(linkings, linkings.c.ruling_id == table.c.id))
    return connection.execute(todo.where(linkings.c.ruling_id.is_(None))).scalar_one()


def settle(engine: Engine, store: Store, now: datetime) -> LinkReport | None:
    """Apply the rulings to the index and link what they touch; return ``None`` when nothing was to do."""
    with engine.connect() as connection:
        rulings = all_rulings(connection)
        done = set(connection.execute(select(linkings.c.ruling_id)).scalars())
    wanted, todo = rules(rulings), [ruling for ruling in rulings if ruling.id not in done]
    if rulings and store.rules() != wanted:
        # Also after the index was lost: then nothing it says of any of them can be relied on.
        todo = todo or rulings
        store.put_rules(wanted)
    if not todo:
        return None
    linked = link_new(store, {value for ruling in todo for value in (*ruling.ids, *ruling.others)})
    with writing(engine) as connection:
        done = set(connection.execute(select(linkings.c.ruling_id)).scalars())
        for ruling in todo:
            if ruling.id not in done:
                connection.execute(insert(linkings).values(ruling_id=ruling.id, at=now))
    return linked


def _rule(
    engine: Engine, store: Store, kind: Kind, campaign: str, ids: tuple[str, ...], others: tuple[str, ...], *,
    by: User, now: datetime, why: str, contact: str = "",
) -> Ruling:  # fmt: skip
    if not why.strip():
        raise DeskRefusal(_("say why in a sentence: whoever undoes or relies on it will read it"))
    with writing(engine) as connection:
        for standing in rulings_in_force(all_rulings(connection)):
            _compare(standing, kind, {*ids, *others}, contact)
        _write(connection, kind, campaign, ids, others, by, now, why, contact=contact)
        ruling = all_rulings(connection)[-1]
    settle(engine, store, now)
    return ruling


def _compare(standing: Ruling, kind: Kind, about: set[str], contact: str) -> None:
    """Refuse a ruling that contradicts one in force, which must be undone first."""
    message = f"ruling {standing.id} by {standing.by} ({standing.note})"
    if kind != "hub" and standing.kind == "lock" and about & set(standing.ids):
        raise DeskRefusal(_("%(message)s locked this campaign; undo it first", message=message))
    if kind == "merge" and standing.kind in ("split", "remove") and about & set(standing.ids) and about & set(standing.others):
        raise DeskRefusal(_("%(message)s keeps some of these apart; undo it first", message=message))
    if kind == "hub" and standing.contact == contact:
        raise DeskRefusal(_("%(message)s says so already", message=message))


def _write(
    connection: Connection, kind: Kind, campaign: str, ids: tuple[str, ...], others: tuple[str, ...], by: User, now: datetime,
    why: str, *, contact: str = "", undoes: int | None = None,
) -> None:  # fmt: skip
    if not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s decides nothing; ask an analyst", role=by.role))
    values = {
        "kind": kind, "campaign": campaign, "ids": ids, "others": others, "contact": contact, "note": why.strip()[:2000],
        "undoes": undoes,
    }  # fmt: skip
    add_row(connection, RULINGS, f"campaign_{kind}", values, by=by, now=now)
