"""What is new in the searches the desk shares: a line each in the weekly mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from desk.digest.edition import Watched
from desk.looks import query_of
from desk.saved import listed
from index.base import Store
from index.plan import UnusableQuery
from index.query import Places


def watched(connection: Connection, store: Store, since: datetime, until: datetime, places: Places | None) -> Iterator[Watched]:
    """Yield each shared search that has new matches, or can no longer be run; names only, for a query may hold a contact."""
    for saved in listed(connection, None):
        try:
            asked = query_of(saved, until, places)
            start = max(filter(None, (asked.since, since + timedelta(seconds=1))))
            end = min(filter(None, (asked.until, until)))
            added = store.search(replace(asked, since=start, until=end)).total if start <= end else 0
        except UnusableQuery:
            added = None
        if added != 0:
            yield Watched(id=saved.id, name=saved.name, owner=saved.owner, added=added)
