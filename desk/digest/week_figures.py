"""Counts of the flagged adverts of one index, taken in one pass that keeps no advert, and what became of what was reported.

How soon an advert was gone is counted to the look that found it gone: it may have been sooner. What nobody saw counts for nothing
but itself."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from statistics import median, quantiles
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from desk.digest.edition import Corridor, Ledger, NewSighting, NoticeState, PayLevel, Pretext
from desk.rechecks.notice_outcomes import NoticeOutcome, count_known, notice_outcomes
from enrichment.assessment import HarmLevel, Signal, StanceLabel
from index.admission import AT_RISK
from index.base import Record, RecordStore

WEEKS = 8
WEEK = timedelta(days=7)
BOARDS = 2
"""On so many boards what is new is told: one board's own way of writing is no news."""
PRETEXT = "job"
"""The family of indicators that name what work is offered."""
LISTED = 3
"""Corridors, pretexts, new places and terms set out at most."""
_TERM = re.compile(r"[^\d@_/\\.:]{4,32}")
"""Wording that is told as new: no digits and no signs that handles and addresses are made of."""
_Counted = TypeVar("_Counted", str, tuple[str, str, str])


class KeptAdvert(NamedTuple):
    """What is kept of one advert; its words stay in the index."""

    id: str
    campaign: str | None
    source: str
    language: str
    first_seen: datetime
    stance: StanceLabel
    score: float
    harm: HarmLevel
    flagged: bool
    checkable: bool
    """Whether a reason can be named for it."""
    alike: int
    """The same for adverts with the same title or, without one, the same beginning."""


class _Spread(NamedTuple):
    """Where one place, wording or contact stands."""

    first_seen: datetime
    boards: frozenset[str]
    word: str
    gloss: str


class WeekFigures:
    """The figures of a period, of all adverts that ``count`` was given."""

    def __init__(self, since: datetime, until: datetime, origins: Mapping[str, str]) -> None:
        self._since, self._until, self._origins = since, until, origins
        self._weeks = [0] * WEEKS
        self._corridors: Counter[tuple[str, str, str]] = Counter()
        self._pretexts: Counter[str] = Counter()
        self._pays: list[float] = []
        self._spreads: dict[str, dict[str, _Spread]] = defaultdict(dict)
        self._lone: dict[str, frozenset[str]] = {}

    def count(self, record: Record, speaking: Sequence[Signal], *, dismissed: bool) -> None:
        """Count one flagged advert with its grounds; of a dismissed one, or one by somebody at risk, only that it was flagged."""
        add_to_week(self._weeks, record.first_seen, self._until)
        if dismissed or record.assessment.stance in AT_RISK or record.first_seen > self._until:
            return
        for kind, key, word, gloss in _traits(record, speaking):
            self._note(kind, key, word, gloss, record)
        if record.first_seen <= self._since:
            return
        origin = self._origins.get(record.posting.source, "")
        self._corridors.update({(origin, place.name, place.country) for place in record.assessment.places if origin})
        self._pretexts.update({signal.indicator for signal in speaking if signal.family == PRETEXT})
        if record.assessment.pay is not None and record.assessment.pay.monthly_usd:
            self._pays.append(record.assessment.pay.monthly_usd)

    @property
    def weeks(self) -> tuple[int, ...]:
        """The adverts first seen in each of the eight weeks, the newest last."""
        return tuple(self._weeks)

    def corridors(self) -> tuple[Corridor, ...]:
        """Return from where to where most adverts of the period lead; one that names two places counts for each."""
        return tuple(
            Corridor(origin=origin, place=place, adverts=adverts)
            for (origin, place, country), adverts in _largest(self._corridors)
            if origin != country
        )[:LISTED]

    def pretexts(self) -> tuple[Pretext, ...]:
        """Return the kinds of work most adverts of the period offer."""
        return tuple(Pretext(indicator=name, adverts=adverts) for name, adverts in _largest(self._pretexts)[:LISTED])

    def pay(self) -> PayLevel | None:
        """Return the pay of the period; None when no advert names one."""
        if not self._pays:
            return None
        low, _, high = quantiles(self._pays, n=4, method="inclusive") if len(self._pays) > 1 else self._pays * 3
        return PayLevel(adverts=len(self._pays), median=round(median(self._pays)), low=round(low), high=round(high))

    def new(self, kind: str) -> list[NewSighting]:
        """Return what is new among ``places``, ``terms`` or ``contacts``: on two boards, and not before the period."""
        new = [one for one in self._spreads[kind].values() if one.first_seen > self._since and len(one.boards) >= BOARDS]
        shown = [NewSighting(word=one.word, gloss=one.gloss, boards=len(one.boards)) for one in new]
        return sorted(shown, key=lambda one: (-one.boards, one.word))

    def _note(self, kind: str, key: str, word: str, gloss: str, record: Record) -> None:
        before, board = self._spreads[kind].get(key), record.posting.source
        if before is None:
            boards = self._lone.setdefault(board, frozenset((board,)))  # most stand on one board alone
            self._spreads[kind][key] = _Spread(record.first_seen, boards, word, gloss)
        elif record.first_seen < before.first_seen or board not in before.boards:
            first = min(before.first_seen, record.first_seen)
            self._spreads[kind][key] = before._replace(first_seen=first, boards=before.boards | {board})


def each_record(store: RecordStore, ids: Iterable[str]) -> Iterator[Record]:
    """Yield the stored records of some ids, few at a time: records are large, and a mail keeps little of each."""
    source = iter(ids)
    while some := list(islice(source, 500)):
        yield from store.get_many(some).values()


def add_to_week(weeks: list[int], moment: datetime, until: datetime) -> None:
    """Count a moment in its week of those that end at ``until``; a moment at a boundary is in the earlier week."""
    back = (until - moment) // WEEK
    if 0 <= back < len(weeks):
        weeks[-1 - back] += 1


def _traits(record: Record, speaking: Sequence[Signal]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the places, wordings and contacts of an advert: kind, what they are told apart by, the word, its meaning."""
    judged = record.assessment
    for place in judged.places:
        yield "places", place.name, place.name, ""
    spans = [(contact.start, contact.end) for contact in judged.contacts]
    for ground in speaking:
        word = " ".join(ground.text.split())
        apart = all(ground.end <= start or end <= ground.start for start, end in spans)
        if apart and _TERM.fullmatch(word):
            yield "terms", word.casefold(), word, ground.gloss
    for contact in judged.contacts:
        yield "contacts", f"{contact.type}:{contact.value}", "", ""


def _largest(counts: Counter[_Counted]) -> list[tuple[_Counted, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


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
