"""Keeps erased adverts erased: a verification does not report them as missing, and a rebuilt index leaves them out."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from crawlers.items import Posting
from desk.custody import erasure
from index.base import Query, Store

_BATCH = 1000
"""Records deleted at once."""


def erasure_check(engine: Engine, now: datetime) -> Callable[[Posting, datetime], bool]:
    """Return a function that says whether a sighting of a posting at a moment was erased, so that it may be missing in the
    index."""
    with engine.connect() as connection:
        cutoffs, kept = erasure.cutoffs(connection), erasure.protected_items(connection, now)
    return lambda posting, at: posting.source in cutoffs and at < cutoffs[posting.source] and posting.id not in kept


def leave_out(fresh: Store, old: Store, engine: Engine, now: datetime) -> int:
    """Delete from an index made again from the partitions what had been erased from the one before; return how many."""
    with engine.connect() as connection:
        cutoffs, kept = erasure.cutoffs(connection), erasure.protected_items(connection, now)
    count = 0
    for source, cutoff in cutoffs.items():
        aged = {
            record.id: record.revision
            for record in fresh.scan(Query(filters={"source": (source,)}, until=cutoff))
            if record.last_seen < cutoff and record.id not in kept
        }
        there = old.get_many(aged)
        lost = [(item, seen) for item, seen in aged.items() if item not in there]
        for start in range(0, len(lost), _BATCH):
            count += len(fresh.delete(dict(lost[start : start + _BATCH])))
    if count:
        fresh.scrub()
    return count
