"""Searches people keep under a name: their own, or shared with the desk.

A saved search is one typed query (``index.query.parse.parse``), so the command line runs the same. Deleting only marks it: it can
be brought back.
"""

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, delete, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import saved_looks, saved_searches, users
from foundation.messages import _
from index.base import Query, RecordStore, Store
from index.query.parse import Places, parse

NAME_LENGTH = 80


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A search somebody keeps."""

    id: int
    name: str
    typed: str
    owner: str
    shared: bool
    created_at: datetime
    deleted_at: datetime | None = None
    looked_at: datetime | None = None
    """When the person asking last opened it."""
    base: int = 0
    """The count of ``base_of`` at that time."""


def save(engine: Engine, name: str, typed: str, *, shared: bool, by: User, now: datetime) -> int:
    """Keep a query under a name; return its number."""
    with writing(engine) as connection:
        return keep_search(connection, name, typed, shared=shared, by=by, now=now)


def keep_search(connection: Connection, name: str, typed: str, *, shared: bool, by: User, now: datetime) -> int:
    """Keep a query under a name, as part of a change; return its number."""
    name = _check_name(name)
    parse(typed)  # a query that cannot be read is refused here, with the column that is wrong
    if shared and not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s shares no searches; keep it for yourself, or ask an analyst", role=by.role))
    _free(connection, name, by.name)
    values = {"owner_id": by.id, "name": name, "typed": typed, "shared": shared, "created_at": now}
    number = connection.execute(insert(saved_searches).values(**values).returning(saved_searches.c.id)).scalar_one()
    _audit(connection, by, now, "search_saved", number, name=name, typed=typed, shared=shared)
    return int(number)


def rename(engine: Engine, number: int, name: str, *, by: User, now: datetime) -> None:
    """Give a search another name."""
    name = _check_name(name)
    with writing(engine) as connection:
        saved_search = _own_search(connection, number, by)
        if name != saved_search.name:
            _free(connection, name, saved_search.owner)
            _change(connection, number, name=name)
            _audit(connection, by, now, "search_renamed", number, name=name, before=saved_search.name)


def share(engine: Engine, number: int, *, shared: bool, by: User, now: datetime) -> None:
    """Show a search to everybody at the desk, or to its owner alone."""
    if shared and not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s shares no searches; ask an analyst", role=by.role))
    with writing(engine) as connection:
        saved_search = _own_search(connection, number, by)
        if saved_search.shared != shared:
            _change(connection, number, shared=shared)
            _audit(connection, by, now, "search_shared" if shared else "search_unshared", number, name=saved_search.name)


def remove(engine: Engine, number: int, *, by: User, now: datetime) -> None:
    """Delete a search; ``restore`` brings it back."""
    with writing(engine) as connection:
        drop_search(connection, number, by=by, now=now)


def drop_search(connection: Connection, number: int, *, by: User, now: datetime) -> None:
    """Delete a search, as part of a change."""
    saved_search = _own_search(connection, number, by)
    if saved_search.deleted_at is None:
        _change(connection, number, deleted_at=now)
        _audit(connection, by, now, "search_deleted", number, name=saved_search.name)


def restore(engine: Engine, number: int, *, by: User, now: datetime) -> None:
    """Bring a deleted search back."""
    with writing(engine) as connection:
        saved_search = _own_search(connection, number, by)
        if saved_search.deleted_at is not None:
            _free(connection, saved_search.name, saved_search.owner)
            _change(connection, number, deleted_at=None)
            _audit(connection, by, now, "search_restored", number, name=saved_search.name)


def list_searches(connection: Connection, user: User | None, *, deleted: bool = False) -> list[SavedSearch]:
    """Return what a person sees: own searches, then those others share; with ``deleted`` the own ones deleted.

    Without a person, everything shared.
    """
    me = user.id if user else -1
    query = (
        select(saved_searches, users.c.name.label("owner"), saved_looks.c.at.label("looked_at"), saved_looks.c.base)
        .join(users, users.c.id == saved_searches.c.owner_id)
        .outerjoin(saved_looks, (saved_looks.c.search_id == saved_searches.c.id) & (saved_looks.c.user_id == me))
    )
    mine = saved_searches.c.owner_id == me
    shown = mine & saved_searches.c.deleted_at.is_not(None) if deleted else (
        (mine | saved_searches.c.shared) & saved_searches.c.deleted_at.is_(None)
    )  # fmt: skip
    rows = connection.execute(query.where(shown).order_by(saved_searches.c.owner_id != me, saved_searches.c.name, users.c.name))
    return [
        SavedSearch(**{name: row._mapping[name] for name in SavedSearch.__struct_fields__ if name != "base"}, base=row.base or 0)
        for row in rows
    ]


def find_named(connection: Connection, name: str) -> SavedSearch:
    """Return a shared search by ``name`` or ``owner/name``; raise DeskRefusal saying which there are."""
    results = list_searches(connection, None)
    matching = [
        saved_search for saved_search in results if name in (saved_search.name, f"{saved_search.owner}/{saved_search.name}")
    ]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise DeskRefusal(_(
            "several share a search %(name)r; write %(value)s", name=name,
            value=" or ".join(f"{each.owner}/{each.name}" for each in matching),
        ))  # fmt: skip
    there = (
        ", ".join(f"{saved_search.owner}/{saved_search.name}" for saved_search in results)
        or "none yet; share one at the desk under Saved"
    )
    raise DeskRefusal(_("no shared search %(name)r; there are: %(there)s", name=name, there=there))


def _check_name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise DeskRefusal(_("name the search, in 1 to %(name_length)s characters", name_length=NAME_LENGTH))
    return name


def _free(connection: Connection, name: str, owner: str) -> None:
    taken = select(saved_searches.c.id).join(users, users.c.id == saved_searches.c.owner_id)
    taken = taken.where(saved_searches.c.name == name, users.c.name == owner, saved_searches.c.deleted_at.is_(None))
    if connection.execute(taken).first() is not None:
        raise DeskRefusal(
            _("%(owner)s has a search named %(name)r already; choose another name or delete that one", owner=owner, name=name)
        )


def _own_search(connection: Connection, number: int, by: User) -> SavedSearch:
    """Return a search that a person may change: an own one, or as a lead a shared one."""
    query = select(saved_searches, users.c.name.label("owner")).join(users, users.c.id == saved_searches.c.owner_id)
    row = connection.execute(query.where(saved_searches.c.id == number)).first()
    if row is None or (row.owner != by.name and not row.shared):
        raise DeskRefusal(_("there is no such search, or it is not shared with you"))
    if row.owner != by.name and not by.may(Right.UNDO_OTHERS):
        raise DeskRefusal(_("%(owner)s keeps this search; ask them or a lead to change it", owner=row.owner))
    kept = ("id", "name", "typed", "owner", "shared", "created_at", "deleted_at")
    return SavedSearch(**{name: row._mapping[name] for name in kept})


def _change(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(saved_searches).where(saved_searches.c.id == number).values(**values))


def _audit(connection: Connection, by: User, now: datetime, action: str, number: int, **detail: object) -> None:
    audit.append(connection, at=now, actor=by.name, action=action, subject=f"search:{number}", detail=detail)


LATE = timedelta(days=7)
"""An advert may reach the index so long after it was first seen and still counts as new."""


def query_of(saved: SavedSearch, now: datetime, places: Places | None = None) -> Query:
    """Return the query of a saved search."""
    return replace(parse(saved.typed, now=now, places=places), size=1, count_facets=False)


def count_fresh(store: Store, saved: SavedSearch, now: datetime, places: Places | None = None) -> int:
    """Return how many matches are new since the person last opened the search (all when they never did)."""
    query = query_of(saved, now, places)
    return store.search(query).total if saved.looked_at is None else count_grown(store, query, saved.looked_at, saved.base)


def count_grown(store: Store, query: Query, since: datetime, base: int | None) -> int:
    """Return how many matches came after ``since``, when ``base_of`` was ``base`` (None: it was not counted).

    Those first seen since, or, when that is more, the growth of a window that reaches ``LATE`` further back: what was fetched
    before that moment but reached the index after it counts too.
    """
    later = _count(store, query, since + timedelta(seconds=1))
    return later if base is None else max(later, base_of(store, query, since) - base)


def base_of(store: Store, query: Query, at: datetime) -> int:
    """Return the count to keep at a moment, so that ``count_grown`` can later tell what reached the index after it."""
    return _count(store, query, at - LATE)


def look(engine: Engine, store: Store, number: int, *, by: User, now: datetime, places: Places | None = None) -> SavedSearch:
    """Note that a person opens a search; return it with the time of their previous look."""
    with engine.connect() as connection:
        saved_search = next((item for item in list_searches(connection, by) if item.id == number), None)
    if saved_search is None:
        raise DeskRefusal(_("there is no such search, or it is not shared with you"))
    base = base_of(store, query_of(saved_search, now, places), now)
    with writing(engine) as connection:
        connection.execute(delete(saved_looks).where(saved_looks.c.search_id == number, saved_looks.c.user_id == by.id))
        connection.execute(insert(saved_looks).values(search_id=number, user_id=by.id, at=now, base=base))
    return saved_search


def _count(store: RecordStore, query: Query, since: datetime) -> int:
    if query.until and query.until < since:
        return 0
    return store.search(replace(query, since=max(filter(None, (query.since, since))))).total
