"""What was reported to platforms and what became of it, read from the lists that left and from what the recheck clock saw since.

How soon an advert was gone is an interval, as the clock tells it: last seen there, first seen gone. Where it saw nothing, the
word of the platform counts.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from math import ceil, floor
from statistics import median

from sqlalchemy import Connection

from desk.digest.edition import Ledger, NoticeState
from desk.digest.week_figures import WEEKS, add_to_week
from desk.rechecks.notice_outcomes import NoticeOutcome, SentNotice, notice_outcomes


class TakedownLedger:
    """Every notice that left, with its fate up to one moment; with ``only`` those about these adverts."""

    def __init__(self, connection: Connection, until: datetime, only: Container[str] | None = None) -> None:
        self._until = until
        self._told = [each for each in notice_outcomes(connection, until) if only is None or each.notice.item_id in only]
        self._standing = {each.notice.item_id: each for each in self._told if each.notice.withdrawn_at is None}

    def summary(self, since: datetime) -> Ledger:
        """Return the ledger of the period that begins at ``since``."""
        standing, notices = self._standing.values(), [each.notice for each in self._told]
        gone = [each for each in standing if (at := _gone_at(each)) is not None and at > since]
        least, most = _median_hours(gone)
        return Ledger(
            reported=len({notice.item_id for notice in notices if notice.sent_at > since}),
            withdrawn=sum(notice.withdrawn_at is not None and notice.withdrawn_at > since for notice in notices),
            gone=len(gone),
            least_hours=least,
            median_hours=most,
            back=sum(each.back_at is not None and each.back_at > since for each in standing),
            refused=sum(
                notice.answer == "refused" and notice.answered_at is not None and notice.answered_at > since for notice in notices
            ),
            standing=sum(_gone_at(each) is None for each in standing),
        )

    def weeks(self) -> tuple[int, ...]:
        """Return how many notices left in each of the eight weeks, the newest last."""
        weeks = [0] * WEEKS
        for each in self._told:
            add_to_week(weeks, each.notice.sent_at, self._until)
        return tuple(weeks)

    def state_of(self, items: Iterable[str]) -> NoticeState:
        """Return what became of the notices of some adverts."""
        found = [self._standing[item] for item in items if item in self._standing]
        gone = [each for each in found if _gone_at(each) is not None]
        least, most = _median_hours(gone)
        return NoticeState(
            reported=len(found),
            gone=len(gone),
            least_hours=least,
            median_hours=most,
            refused=sum(each.notice.answer == "refused" for each in found),
            back=sum(each.back_at is not None for each in found),
        )


def _gone_at(outcome: NoticeOutcome) -> datetime | None:
    """Return when a reported advert was found offline, or said to be; None while it stands, and when it is back."""
    if outcome.action != "removed" or outcome.back_at is not None:
        return None
    return outcome.removed_at or outcome.notice.answered_at


def _median_hours(gone: Sequence[NoticeOutcome]) -> tuple[int, int] | tuple[None, None]:
    """Return between which whole hours half of some adverts were gone; None for no advert."""
    known = [each.hours or _said_hours(each.notice) for each in gone]
    return (floor(median(low for low, _ in known)), max(1, ceil(median(high for _, high in known)))) if known else (None, None)


def _said_hours(notice: SentNotice) -> tuple[float, float]:
    """Return between which hours a platform removed an advert, where its word alone tells."""
    return 0.0, ((notice.answered_at or notice.sent_at) - notice.sent_at).total_seconds() / 3600
