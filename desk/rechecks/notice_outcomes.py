"""Every notice that left, and what became of it, as the database tells it in one query.

A notice begins with the list that told a platform of an advert first, and ends with the one that took it back; a later one is
another notice. What was seen of its advert and what the platform answered is joined to it there, for a hundred thousand notices
are too many to be put together anywhere else.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Literal

import msgspec
from sqlalchemy import BindParameter, Connection, Row, Select, Subquery, and_, bindparam, case, false, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from desk.database import Moment
from desk.rechecks.sighting import OFFLINE, ONLINE, LastState
from desk.tables import decisions, list_entries, lists, partner_answers, reappearances, recheck_clock, sightings
from foundation.messages import Message, _

KnownState = Literal["seen_gone", "said_gone", "seen_there", "never_seen"]
"""What is known of a notice in force, each in one of these. What was seen last counts, and what nobody could see is never taken
for anything; the platform's word counts where nothing was seen since it was given."""
KNOWN: dict[str, Message] = {
    "still_up": _("said gone, still up"), "seen_gone": _("seen gone"), "said_gone": _("said gone, not seen since"),
    "seen_there": _("seen there"), "never_seen": _("never seen"),
}  # fmt: skip
"""The states as people read them; those of the first are among those that were seen there."""
NOTICE = ("platform", "item_id", "sent_at")
"""Columns that name a notice."""
_HOUR = 3600
_UNTIL = bindparam("until", type_=Moment)
_ITEMS: BindParameter[Any] = bindparam("items", expanding=True)
_PLATFORM: BindParameter[str] = bindparam("platform")
"""Values a statement is given when it is carried out: to put one together takes longer than to answer it for one advert."""


class SentNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice about one advert to one platform."""

    platform: str
    item_id: str
    sent_at: datetime
    """When the list left that told of it first, since it was last taken back."""
    tag: str | None
    """The kind of lure it was confirmed as."""
    withdrawn_at: datetime | None = None
    answer: str = ""
    """What the platform answered last, at its door or by mail; that it was received counts only where nothing else was said."""
    reason: str = ""
    """Of a refusal."""
    answered_at: datetime | None = None


class NoticeOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a notice."""

    notice: SentNotice
    known: KnownState = "never_seen"
    still_up: bool = False
    """The platform says that its advert is gone, and it was seen there since."""
    state: LastState = "unasked"
    """The state its advert was last seen in."""
    removed_at: datetime | None = None
    """When its advert was first found offline."""
    online_at: datetime | None = None
    """When it was last seen online before that; None when it never was."""
    back_at: datetime | None = None
    """When it was found back at its address after it was offline; None when it never was, or is offline again."""

    @property
    def hours(self) -> tuple[float, float] | None:
        """Hours from the notice to the removal, as an interval: last seen there, first seen gone; None when it was not."""
        return _hours(self.notice.sent_at, self.online_at, self.removed_at) if self.removed_at else None


class KnownCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many notices in force are in each state."""

    still_up: int = 0
    """Of those seen there: the platform says that they are gone."""
    seen_gone: int = 0
    said_gone: int = 0
    seen_there: int = 0
    never_seen: int = 0


class OutcomeCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many notices to a platform ended alike."""

    platform: str
    known: KnownState
    still_up: bool = False
    answer: str = ""
    withdrawn: bool = False
    back: bool = False
    count: int = 1
    hours: tuple[tuple[float, float], ...] = ()
    """Of each of them, where they were found offline."""

    @property
    def is_gone(self) -> bool:
        """Whether they are in force and seen gone."""
        return self.known == "seen_gone" and not self.withdrawn


def notice_outcomes(
    connection: Connection, until: datetime | None = None, items: Collection[str] | None = None, *, platform: str = ""
) -> list[NoticeOutcome]:
    """Return every notice with what became of it as it was known at one moment, in the order of sending; with ``items`` those
    about these, with ``platform`` those to it."""
    query = _ordered_outcomes(until is not None, items is not None, bool(platform))
    names = ("known", "still_up", "state", "removed_at", "online_at", "back_at")
    return [
        NoticeOutcome(notice=notice_of(row), **{name: row._mapping[name] for name in names})
        for row in connection.execute(query, _values(until, items, platform))
    ]


def notice_of(row: Row[Any]) -> SentNotice:
    """Return the notice of a row of ``notices``."""
    return SentNotice(
        platform=row.platform, item_id=row.item_id, sent_at=row.sent_at, tag=row.tag, withdrawn_at=row.withdrawn_at,
        answer=row.answer or "", reason=row.reason or "", answered_at=row.answered_at,
    )  # fmt: skip


def count_outcomes(
    connection: Connection, until: datetime | None = None, *, since: datetime | None = None, platform: str = ""
) -> list[OutcomeCount]:
    """Return how the notices that were sent from ``since`` on ended, counted by the database."""
    found = _outcomes(until is not None, False, bool(platform))
    columns = (
        found.c.platform, found.c.known, found.c.still_up, func.coalesce(found.c.answer, "").label("answer"),
        found.c.withdrawn_at.is_not(None).label("withdrawn"), found.c.back_at.is_not(None).label("back"),
    )  # fmt: skip
    moments = found.c.sent_at, found.c.online_at, found.c.removed_at
    query = select(*columns, *moments, func.count()).group_by(*columns, *moments)
    counts: Counter[tuple[Any, ...]] = Counter()
    hours: dict[tuple[Any, ...], list[tuple[float, float]]] = defaultdict(list)
    query = query.where(*([found.c.sent_at >= since] if since else []))
    for *values, sent, online, gone, count in connection.execute(query, _values(until, None, platform)):
        key = tuple(values)
        counts[key] += count
        hours[key] += [_hours(sent, online, gone)] * count if gone else []
    names = OutcomeCount.__struct_fields__
    return [
        OutcomeCount(**dict(zip(names, (*key, count, tuple(hours[key])), strict=True))) for key, count in counts.items()
    ]  # fmt: skip


def count_known(found: Iterable[OutcomeCount | NoticeOutcome]) -> KnownCounts:
    """Return how many of some notices are in each state; what was taken back is in none."""
    counts: Counter[str] = Counter()
    for each in found:
        withdrawn, count = (
            (each.withdrawn, each.count) if isinstance(each, OutcomeCount) else (each.notice.withdrawn_at is not None, 1)
        )
        counts[each.known] += 0 if withdrawn else count
        counts["still_up"] += count if each.still_up and not withdrawn else 0
    return KnownCounts(**counts)


def count_elsewhere(connection: Connection) -> dict[str, int]:
    """Return of how many adverts of each platform that were seen gone the same contact, text or picture came up elsewhere."""
    found = _outcomes(False, False, False)
    linked = found.c.item_id.in_(select(reappearances.c.item_id))
    query = select(found.c.platform, func.count(found.c.item_id.distinct())).where(found.c.removed_at.is_not(None), linked)
    return {row[0]: row[1] for row in connection.execute(query.group_by(found.c.platform))}


def removals(connection: Connection, since: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield each advert that was found offline since a moment: its id, when, and when it was last known to be online."""
    found = _outcomes(False, False, False)
    last = func.coalesce(found.c.online_at, found.c.sent_at, type_=Moment)
    query = select(found.c.item_id, found.c.removed_at, last).where(found.c.removed_at > since)
    return ((row[0], row[1], row[2]) for row in connection.execute(query.order_by(found.c.removed_at.desc())))


def _hours(sent: datetime, online: datetime | None, gone: datetime) -> tuple[float, float]:
    return max(0.0, ((online or sent) - sent).total_seconds() / _HOUR), (gone - sent).total_seconds() / _HOUR


def notices(until: bool, items: bool = False, platform: bool = False) -> Subquery:
    """Return the notices as a table: each with what took it back and what its platform answered.

    What is true bounds them by the value of that name that the statement is carried out with.
    """
    entry = (lists.c.platform, list_entries.c.item_id)
    order = (lists.c.sent_at, lists.c.id)
    ends = case((list_entries.c.change == "withdrawn", lists.c.sent_at))
    told = (
        select(
            *entry, lists.c.sent_at, list_entries.c.change, list_entries.c.decision_id,
            func.lag(list_entries.c.change).over(partition_by=entry, order_by=order).label("before"),
            func.min(ends).over(partition_by=entry, order_by=order, rows=(1, None)).label("withdrawn_at"),
        )
        .select_from(list_entries.join(lists))
        .where(lists.c.state == "sent", *_within(lists.c.sent_at, until), *_among(list_entries.c.item_id, items),
            *([lists.c.platform == _PLATFORM] if platform else []))
        .subquery()
    )  # fmt: skip
    number, telling = partner_answers.c.id, partner_answers.c.kind != "acknowledged"
    last = (
        select(func.coalesce(func.max(case((telling, number))), func.max(number)))
        .where(partner_answers.c.at.is_not(None), *_within(partner_answers.c.given_at, until),
            *_among(partner_answers.c.item_id, items))
        .group_by(partner_answers.c.platform, partner_answers.c.item_id)
    )  # fmt: skip
    said = select(partner_answers).where(number.in_(last)).subquery()
    answered = and_(
        said.c.platform == told.c.platform, said.c.item_id == told.c.item_id, said.c.given_at >= told.c.sent_at,
        told.c.withdrawn_at.is_(None),
    )  # fmt: skip
    begins = and_(told.c.change != "withdrawn", or_(told.c.before.is_(None), told.c.before == "withdrawn"))
    return (
        select(*(told.c[name] for name in NOTICE), told.c.withdrawn_at, decisions.c.tag, said.c.kind.label("answer"),
            said.c.reason, said.c.given_at.label("answered_at"))
        .select_from(told.join(decisions, decisions.c.id == told.c.decision_id).outerjoin(said, answered))
        .where(begins)
        .subquery()
    )  # fmt: skip


def _values(until: datetime | None, items: Collection[str] | None, platform: str) -> dict[str, Any]:
    given = {"until": until, "items": None if items is None else list(items), "platform": platform or None}
    return {name: value for name, value in given.items() if value is not None}


@cache
def _ordered_outcomes(until: bool, items: bool, platform: bool) -> Select[Any]:
    found = _outcomes(until, items, platform)
    return select(found).order_by(found.c.sent_at, found.c.platform, found.c.item_id)


@cache
def _outcomes(until: bool, items: bool, platform: bool) -> Subquery:
    """Return notices with what was seen of their adverts as a table."""
    told = notices(until, items, platform)
    key = [sightings.c[name] for name in NOTICE]
    offline, online = sightings.c.state.in_(OFFLINE), sightings.c.state.in_(ONLINE)
    known = [*_within(sightings.c.at, until), *_among(sightings.c.item_id, items)]
    seen = (
        select(
            *key, func.max(sightings.c.id).label("last"), func.min(case((offline, sightings.c.id))).label("first_off"),
            func.max(case((offline, sightings.c.id))).label("last_off"),
            func.max(case((online, sightings.c.id))).label("last_on"),
        )
        .where(*known).group_by(*key).subquery()
    )  # fmt: skip
    last, removal, later, shown = (sightings.alias() for _each in range(4))
    is_back = seen.c.last_on > seen.c.last_off
    is_there = and_(seen.c.last_on.is_not(None), or_(seen.c.last_off.is_(None), is_back))
    # A sighting is a change of state; the clock knows when an advert that stands was looked at last.
    looked = case((and_(recheck_clock.c.online_at.is_not(None), *_within(recheck_clock.c.online_at, until)),
        recheck_clock.c.online_at), else_=shown.c.at)  # fmt: skip
    says_gone = told.c.answer == "removed"
    still_up = and_(is_there, says_gone, looked >= told.c.answered_at)
    state_known = case(
        (and_(seen.c.last_off.is_not(None), ~is_there), literal("seen_gone")),
        (and_(says_gone, ~still_up), literal("said_gone")),
        (is_there, literal("seen_there")),
        else_=literal("never_seen"),
    )
    back = (
        select(func.min(later.c.at))
        .where(*(later.c[name] == told.c[name] for name in NOTICE), later.c.id > seen.c.last_off, later.c.state.in_(ONLINE),
            *_within(later.c.at, until))
        .scalar_subquery()
    )  # fmt: skip
    joined = told.outerjoin(seen, and_(*(seen.c[name] == told.c[name] for name in NOTICE)))
    joined = joined.outerjoin(recheck_clock, and_(*(recheck_clock.c[name] == told.c[name] for name in NOTICE)))
    joined = joined.outerjoin(last, last.c.id == seen.c.last).outerjoin(removal, removal.c.id == seen.c.first_off)
    joined = joined.outerjoin(shown, shown.c.id == seen.c.last_on)
    columns = (
        *told.c, state_known.label("known"), func.coalesce(still_up, false()).label("still_up"),
        func.coalesce(last.c.state, "unasked").label("state"), removal.c.at.label("removed_at"),
        removal.c.online_at, case((is_back, back)).label("back_at"),
    )  # fmt: skip
    return select(*columns).select_from(joined).subquery()


def _within(moment: ColumnElement[datetime], until: bool) -> list[ColumnElement[bool]]:
    return [moment <= _UNTIL] if until else []


def _among(item: ColumnElement[str], items: bool) -> list[ColumnElement[bool]]:
    return [item.in_(_ITEMS)] if items else []
