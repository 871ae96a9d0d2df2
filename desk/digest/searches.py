"""What is new in the searches the desk shares: a line each in the weekly mail."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from desk.cases.saved_search_runs import base_of, count_grown, query_of
from desk.cases.saved_searches import list_searches
from desk.digest.edition import SharedSearchCount
from index.base import Store, StoreError, StoreUnavailable
from index.query.parse import Places


def count_watched(
    connection: Connection, store: Store, since: datetime, until: datetime, places: Places | None, bases: Mapping[int, int]
) -> tuple[list[SharedSearchCount], dict[int, int]]:
    """Return each shared search that has new matches, or can no longer be run; and the bases the next digest compares with.

    Names only, for a query may hold a contact. ``bases`` are those of the digest before.
    """
    shared_search_counts, counted = [], {}
    for saved in list_searches(connection, None):
        added: int | None
        try:
            query = query_of(saved, until, places)
            query = replace(query, until=min(filter(None, (query.until, until))))
            added = count_grown(store, query, since, bases.get(saved.id))
            counted[saved.id] = base_of(store, query, until)
        except StoreUnavailable:
            raise
        except StoreError:  # this one alone cannot be carried out: the desk says why, and the others go on
            added = None
        if added != 0:
            shared_search_counts.append(SharedSearchCount(id=saved.id, name=saved.name, owner=saved.owner, added=added))
    return shared_search_counts, counted
