"""What was reported to platforms and what became of it, read from the lists that left and from the runs that looked since.

A run looks at an advert about once a day, so hours until it was gone are true to a day. What nothing records yet stays None.
"""

from collections.abc import Container, Iterable
from datetime import datetime
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection, select

from desk.digest.edition import Ledger, NoticeState
from desk.digest.week_figures import WEEKS, add_to_week
from desk.tables import list_entries, lists
from index.base import Record, RecordStore


class _Fate(NamedTuple):
    """What became of one reported advert."""

    gone_at: datetime | None = None
    hours: float = 0.0
    back_at: datetime | None = None


class TakedownLedger:
    """Every notice that left, with its fate up to one moment; with ``only`` those about these adverts."""

    def __init__(self, connection: Connection, store: RecordStore, until: datetime, only: Container[str] | None = None) -> None:
        self._until = until
        self._sent: dict[str, datetime] = {}
        """Item -> when the list left that its platform still holds it by."""
        self._leaving: list[tuple[str, datetime]] = []
        self._withdrawn: list[datetime] = []
        query = select(list_entries.c.item_id, list_entries.c.change, lists.c.sent_at).join(lists)
        query = query.where(lists.c.state == "sent", lists.c.sent_at <= until).order_by(lists.c.sent_at, lists.c.id)
        for row in connection.execute(query):
            if only is not None and row.item_id not in only:
                continue
            if row.change == "withdrawn":
                self._sent.pop(row.item_id, None)
                self._withdrawn.append(row.sent_at)
            elif row.item_id not in self._sent:
                self._sent[row.item_id] = row.sent_at
                self._leaving.append((row.item_id, row.sent_at))
        records = store.get_many(self._sent)
        self._fates = {item: _fate_of(records.get(item), at, until) for item, at in self._sent.items()}

    def summary(self, since: datetime) -> Ledger:
        """Return the ledger of the period that begins at ``since``."""
        gone = [fate for fate in self._fates.values() if fate.gone_at is not None and fate.gone_at > since]
        fates = self._fates.values()
        return Ledger(
            reported=len({item for item, at in self._leaving if at > since}),
            withdrawn=sum(at > since for at in self._withdrawn),
            gone=len(gone),
            median_hours=round(median(fate.hours for fate in gone)) if gone else None,
            back=sum(fate.back_at is not None and fate.back_at > since for fate in fates),
            standing=sum(fate.gone_at is None for fate in fates),
        )

    def weeks(self) -> tuple[int, ...]:
        """Return how many notices left in each of the eight weeks, the newest last."""
        weeks = [0] * WEEKS
        for _, at in self._leaving:
            add_to_week(weeks, at, self._until)
        return tuple(weeks)

    def state_of(self, items: Iterable[str]) -> NoticeState:
        """Return what became of the notices of some adverts."""
        fates = [self._fates[item] for item in items if item in self._fates]
        gone = sum(fate.gone_at is not None for fate in fates)
        return NoticeState(reported=len(fates), gone=gone, back=sum(fate.back_at is not None for fate in fates))


def _fate_of(record: Record | None, sent_at: datetime, until: datetime) -> _Fate:
    """Return what the revisions of a record show since its notice left; nothing is known of one that is not in the index."""
    fate = _Fate()
    for revision in record.revisions if record else ():
        if not sent_at < revision.at <= until:
            continue
        if revision.change == "deleted":
            fate = _Fate(revision.at, (revision.at - sent_at).total_seconds() / 3600)
        elif revision.change == "reappeared" and fate.gone_at is not None:
            fate = _Fate(back_at=revision.at)
    return fate
