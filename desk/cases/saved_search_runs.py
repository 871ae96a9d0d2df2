"""How many matches of a saved search are new: since a person last opened it, or since the last weekly mail."""

from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Engine, delete, insert

from desk.cases.saved_searches import SavedError, SavedSearch, list_searches
from desk.database import writing
from desk.people.accounts import User
from desk.tables import saved_looks
from index.base import Query, RecordStore, Store
from index.query.parse import Places, parse

LATE = timedelta(days=7)
"""How long after it was first seen an advert may reach the index and still be counted as new."""


def query_of(saved: SavedSearch, now: datetime, places: Places | None = None) -> Query:
    """Return the query of a saved search."""
    return replace(parse(saved.typed, now=now, places=places), size=1, count_facets=False)


def count_fresh(store: Store, saved: SavedSearch, now: datetime, places: Places | None = None) -> int:
    """Return how many matches came since the person last looked (all of them when they never did)."""
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
    """Return what to keep at a moment, so that ``grown`` can later tell what reached the index after it."""
    return _count(store, query, at - LATE)


def look(engine: Engine, store: Store, number: int, *, by: User, now: datetime, places: Places | None = None) -> SavedSearch:
    """Note that a person opens a search; return it as it was, with when they looked before."""
    with engine.connect() as connection:
        saved_search = next((item for item in list_searches(connection, by) if item.id == number), None)
    if saved_search is None:
        raise SavedError("there is no such search, or it is not shared with you")
    base = base_of(store, query_of(saved_search, now, places), now)
    with writing(engine) as connection:
        connection.execute(delete(saved_looks).where(saved_looks.c.search_id == number, saved_looks.c.user_id == by.id))
        connection.execute(insert(saved_looks).values(search_id=number, user_id=by.id, at=now, base=base))
    return saved_search


def _count(store: RecordStore, query: Query, since: datetime) -> int:
    if query.until and query.until < since:
        return 0
    return store.search(replace(query, since=max(filter(None, (query.since, since))))).total
