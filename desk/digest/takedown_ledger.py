"""What was reported to platforms and what became of it, read from the lists that left and from what was seen since.

The recheck clock tells each removal as an interval, of which the mail names the end. An advert that was not asked for yet is told
by the runs, which look about once a day; where neither saw anything, the word of the platform counts.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection

from desk.digest.edition import Ledger, NoticeState
from desk.digest.week_figures import WEEKS, add_to_week
from desk.rechecks.clock import Fate, fates
from index.base import Record, RecordStore


class _Outcome(NamedTuple):
    """What became of one reported advert."""

    gone_at: datetime | None = None
    hours: float = 0.0
    back_at: datetime | None = None


class TakedownLedger:
    """Every notice that left, with its fate up to one moment; with ``only`` those about these adverts."""

    def __init__(self, connection: Connection, store: RecordStore, until: datetime, only: Container[str] | None = None) -> None:
        self._until = until
        told = [fate for fate in fates(connection, until) if only is None or fate.notice.item_id in only]
        self._notices = [fate.notice for fate in told]
        standing = {fate.notice.item_id: fate for fate in told if fate.notice.withdrawn_at is None}
        self._refused = {item for item, fate in standing.items() if fate.notice.answer == "refused"}
        records = store.get_many(standing)
        self._fates = {item: _outcome_of(fate, records.get(item), until) for item, fate in standing.items()}

    def summary(self, since: datetime) -> Ledger:
        """Return the ledger of the period that begins at ``since``."""
        gone = [fate for fate in self._fates.values() if fate.gone_at is not None and fate.gone_at > since]
        outcomes = self._fates.values()
        return Ledger(
            reported=len({notice.item_id for notice in self._notices if notice.sent_at > since}),
            withdrawn=sum(notice.withdrawn_at is not None and notice.withdrawn_at > since for notice in self._notices),
            gone=len(gone),
            median_hours=_median_hours(gone),
            back=sum(fate.back_at is not None and fate.back_at > since for fate in outcomes),
            refused=sum(
                notice.answer == "refused" and notice.answered_at is not None and notice.answered_at > since
                for notice in self._notices
            ),
            standing=sum(fate.gone_at is None for fate in outcomes),
        )

    def weeks(self) -> tuple[int, ...]:
        """Return how many notices left in each of the eight weeks, the newest last."""
        weeks = [0] * WEEKS
        for notice in self._notices:
            add_to_week(weeks, notice.sent_at, self._until)
        return tuple(weeks)

    def state_of(self, items: Iterable[str]) -> NoticeState:
        """Return what became of the notices of some adverts."""
        reported = [item for item in items if item in self._fates]
        outcomes = [self._fates[item] for item in reported]
        gone = [fate for fate in outcomes if fate.gone_at is not None]
        return NoticeState(
            reported=len(outcomes),
            gone=len(gone),
            median_hours=_median_hours(gone),
            refused=sum(item in self._refused for item in reported),
            back=sum(fate.back_at is not None for fate in outcomes),
        )


def _median_hours(gone: Sequence[_Outcome]) -> int | None:
    """Return the hours within which half of some adverts went, at least one; None for no advert."""
    return max(1, round(median(fate.hours for fate in gone))) if gone else None


def _outcome_of(fate: Fate, record: Record | None, until: datetime) -> _Outcome:
    """Return what was seen of an advert, by the clock where it told anything, else by the runs, else what the platform says."""
    notice = fate.notice
    if fate.standing == "unknown":
        outcome = _outcome_by_runs(record, notice.sent_at, until)
        if outcome == _Outcome() and notice.answer == "removed" and notice.answered_at is not None:
            return _Outcome(notice.answered_at, (notice.answered_at - notice.sent_at).total_seconds() / 3600)
        return outcome
    removal, hours = fate.removal, fate.hours
    if removal is None or hours is None:
        return _Outcome()
    return _Outcome(back_at=fate.back_at) if fate.back_at else _Outcome(removal.at, hours[1])


def _outcome_by_runs(record: Record | None, sent_at: datetime, until: datetime) -> _Outcome:
    """Return what the revisions of a record show since its notice left; nothing is known of one that is not in the index."""
    outcome = _Outcome()
    for revision in record.revisions if record else ():
        if not sent_at < revision.at <= until:
            continue
        if revision.change == "deleted":
            outcome = _Outcome(revision.at, (revision.at - sent_at).total_seconds() / 3600)
        elif revision.change == "reappeared" and outcome.gone_at is not None:
            outcome = _Outcome(back_at=revision.at)
    return outcome
