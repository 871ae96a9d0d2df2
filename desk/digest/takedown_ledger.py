"""What was reported to platforms and what became of it, read from the lists that left and from what the recheck clock saw since.

How soon an advert was gone is counted to the look that found it gone: it may have been sooner. What nobody saw counts for nothing
but itself.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from math import ceil
from statistics import median

from sqlalchemy import Connection

from desk.digest.edition import Ledger, NoticeState
from desk.digest.week_figures import WEEK, WEEKS, add_to_week
from desk.rechecks.notice_outcomes import NoticeOutcome, count_known, notice_outcomes


class TakedownLedger:
    """Every notice that left, with its fate up to one moment; with ``only`` those about these adverts."""

    def __init__(self, connection: Connection, until: datetime, only: Container[str] | None = None) -> None:
        self._until = until
        self._told = [each for each in notice_outcomes(connection, until) if only is None or each.notice.item_id in only]
        self._standing = [each for each in self._told if each.notice.withdrawn_at is None]

    def summary(self, since: datetime) -> Ledger:
        """Return the ledger of the period that begins at ``since``."""
        notices = [each.notice for each in self._told]
        gone = [each for each in _seen_gone(self._standing) if each.removed_at and each.removed_at > since]
        return Ledger(
            reported=len({notice.item_id for notice in notices if notice.sent_at > since}),
            withdrawn=sum(notice.withdrawn_at is not None and notice.withdrawn_at > since for notice in notices),
            gone=len(gone),
            median_hours=_median_hours(gone),
            back=sum(each.back_at is not None and each.back_at > since for each in self._standing),
            refused=sum(
                notice.answer == "refused" and notice.answered_at is not None and notice.answered_at > since for notice in notices
            ),
            known=count_known(self._standing),
        )

    def weeks(self) -> tuple[int, ...]:
        """Return how many adverts were reported in each of the eight weeks, the newest last."""
        weeks, notices = [0] * WEEKS, [each.notice for each in self._told]
        once = {(notice.item_id, (self._until - notice.sent_at) // WEEK): notice.sent_at for notice in notices}
        for sent_at in once.values():
            add_to_week(weeks, sent_at, self._until)
        return tuple(weeks)

    def state_of(self, items: Iterable[str]) -> NoticeState:
        """Return what became of the notices of some adverts."""
        wanted = set(items)
        found = [each for each in self._standing if each.notice.item_id in wanted]
        return NoticeState(
            reported=len(found),
            known=count_known(found),
            median_hours=_median_hours(_seen_gone(found)),
            refused=sum(each.notice.answer == "refused" for each in found),
            back=sum(each.back_at is not None for each in found),
        )


def _seen_gone(found: Iterable[NoticeOutcome]) -> list[NoticeOutcome]:
    return [each for each in found if each.known == "seen_gone"]


def _median_hours(gone: Sequence[NoticeOutcome]) -> int | None:
    """Return within how many whole hours half of some adverts were found gone; None for no advert."""
    known = [each.hours[1] for each in gone if each.hours]
    return max(1, ceil(median(known))) if known else None
