"""Marks records in the index as open or decided, so that the queue reads only open ones.

The desk's database is authoritative. The index keeps the number of the last decision it has; a request for the queue first
writes the missing ones. So an interruption, a rebuilt index or a decision made elsewhere is corrected by the next request.
"""

import logging
from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import Connection, Engine, func, select

from desk.cases.case_decisions import cases
from desk.database import writing
from desk.tables import decisions
from index.base import Query, RecordStore, Store
from index.campaigns.network_update import place

LOG = logging.getLogger("lurewatch.desk")
BATCH = 500
"""Decisions written in one transaction; other writers wait no longer than for so many."""
ATTEMPTS = 5
"""Times a record is written again when a crawl or a linking changed it meanwhile."""


def tell(engine: Engine, store: Store, most: int | None = None) -> None:
    """Write the decisions to the index that it does not have yet, ``most`` of them at most; when there is none, only one
    number is compared."""
    left = most
    with engine.connect() as connection:
        newest = _newest(connection)
    while (seen := store.cases_seen()) != newest and left != 0:
        with writing(engine) as connection:  # one process at a time: an older state never follows a newer one
            seen, newest = store.cases_seen(), _newest(connection)
            if seen > newest:  # the database was put back from a backup: what the index was told may never have been
                LOG.warning("the index knows of decision %d, the database ends at %d: comparing every record", seen, newest)
                told = all(mark(connection, store, ids) for ids in _all_ids(store))
                upto = newest
            else:
                later = select(decisions.c.id, decisions.c.item_id).where(decisions.c.id > seen).order_by(decisions.c.id)
                rows = connection.execute(later.limit(BATCH if left is None else min(BATCH, left))).all()
                left = None if left is None else left - len(rows)
                told = mark(connection, store, [row.item_id for row in rows])
                upto = rows[-1].id if rows else newest
            if not told:
                LOG.warning("the index was written to meanwhile; the queue tells it the newest decisions at its next look")
                return
            store.put_cases_seen(upto)


def mark(connection: Connection, store: Store, item_ids: Iterable[str]) -> bool:
    """Write the case of each item into its record; return whether all records have it. Items that are not in the index are
    left out."""
    standing = cases(connection, item_ids)
    open_ids = list(standing)
    for _ in range(ATTEMPTS):
        changed = [
            replace(record, case=standing[name].state, revision=record.revision + 1)
            for name, record in store.get_many(open_ids).items()
            if record.case != standing[name].state
        ]
        open_ids = list(store.put(changed).kept) if changed else []
        if not open_ids:
            place(store, standing)  # what a decision says of the others' rank; their cases stay as they are
            return True
    return False


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(decisions.c.id), 0))).scalar_one())


def _all_ids(store: RecordStore) -> Iterable[list[str]]:
    """Yield the ids of all records the index has as decided, some at a time."""
    ids: list[str] = []
    for record in store.scan(Query()):
        ids += [record.id] if record.case != "open" else []
        if len(ids) == BATCH:
            yield ids
            ids = []
    yield ids
