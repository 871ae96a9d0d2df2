"""When a reported advert is asked for again, and what was seen then.

While it stands: hourly on the first day, then after a twenty-fourth of the time since its notice left, at most a week, so that
hours to action are known to about four per cent. Without an answer that tells, the step doubles each time. Once it is offline it
is asked for five times more, to see whether it comes back; half a year after the notice no more. Every change of state is a
sighting with its proof; how often nothing changed is only counted.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Table, and_, case, insert, select, update

from desk.custody import audit
from desk.custody.log_details import SIGHTINGS, add_row
from desk.custody.published_heads import stored_bytes
from desk.database import writing
from desk.rechecks.notice_outcomes import NOTICE, NoticeOutcome, SentNotice, notice_of, notice_outcomes, notices
from desk.rechecks.sighting import OFFLINE, ONLINE, Sighting, State
from desk.tables import recheck_clock, sighting_proofs, sightings

SHORTEST, LONGEST, SHARE = timedelta(hours=1), timedelta(days=7), 24
"""The step while an advert stands: this share of the time since its notice left, within these bounds."""
AFTER_END = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30))
"""Steps after an advert was found offline."""
LIFE = timedelta(days=180)
"""So long after a notice its advert is asked for."""
SLACK = timedelta(minutes=10)
"""How early a round may come: the schedule is no clock."""
_DOUBLINGS = 6
LARGEST_PROOF = 4 * 2**20
"""Bytes of the packed records that are kept; of larger ones the digest alone."""
SEEN = "advert_sighted"


class _Clock(NamedTuple):
    """The clock of an advert that was never asked for."""

    state: str = ""
    asked_at: datetime = datetime.min.replace(tzinfo=UTC)
    online_at: datetime | None = None
    streak: int = 0
    asks: int = 0
    asks_that_day: int = 0
    next_at: datetime | None = None


_UNASKED = _Clock()


class SeenState(msgspec.Struct, frozen=True, kw_only=True):
    """One change of state of a reported advert."""

    id: int
    state: State
    at: datetime
    online_at: datetime | None
    """When it was last seen online before; None when it never was."""
    status: int
    url: str
    """Empty once retention erased it."""
    detail: str
    proof_sha256: str
    """Of the WARC records that prove it; empty where there was no answer."""


class Fate(NoticeOutcome, frozen=True, kw_only=True):
    """What became of a notice, with each change that was seen."""

    seen: tuple[SeenState, ...] = ()
    asks: int = 0
    asked_at: datetime | None = None
    next_at: datetime | None = None


def due_notices(connection: Connection, now: datetime) -> list[SentNotice]:
    """Return the notices whose adverts are asked for now: first those that wait the longest."""
    told, clock = notices(until=True), recheck_clock
    joined = told.outerjoin(clock, and_(*(clock.c[name] == told.c[name] for name in NOTICE)))
    waits_since = case((clock.c.item_id.is_(None), told.c.sent_at), else_=clock.c.next_at).label("waits_since")
    query = select(told, waits_since).select_from(joined)
    query = query.where(told.c.withdrawn_at.is_(None), told.c.sent_at >= now - LIFE, waits_since <= now + SLACK)
    return [notice_of(row) for row in connection.execute(query.order_by(waits_since, told.c.item_id), {"until": now})]


def step_after(state: State, age: timedelta, streak: int) -> timedelta | None:
    """Return after how long an advert is asked for again, at ``age`` of its notice, when ``state`` was seen for the ``streak``-th
    time in a row; None for no more."""
    if state in OFFLINE:
        return AFTER_END[streak - 1] if streak <= len(AFTER_END) else None
    step = min(max(age / SHARE, SHORTEST), LONGEST)
    return step if state in ONLINE else min(step * 2 ** min(streak, _DOUBLINGS), LONGEST)


def asked_that_day(connection: Connection, now: datetime) -> Counter[str]:
    """Return how often each advert was asked for since midnight (UTC)."""
    query = select(recheck_clock.c.item_id, recheck_clock.c.asks_that_day).where(recheck_clock.c.asked_at >= _midnight(now))
    counts: Counter[str] = Counter()
    for item, count in connection.execute(query):
        counts[item] += count
    return counts


def note_sighting(
    engine: Engine, notice: SentNotice, sighting: Sighting, now: datetime, *, begun: datetime | None = None
) -> bool:
    """Keep what was seen and when it is asked for next, in one step; return whether the state changed.

    Nothing is kept where another round noted the advert after this one had ``begun``: two at a time see one change once.
    """
    with writing(engine) as connection:
        before = connection.execute(select(recheck_clock).where(*_clock_of(notice))).first() or _UNASKED
        if begun and before.asked_at >= begun:
            return False
        streak = before.streak + 1 if _group(before.state) == _group(sighting.state) else 1
        step = step_after(sighting.state, now - notice.sent_at, streak)
        _set_clock(
            connection, notice, state=sighting.state, asked_at=now, streak=streak, asks=before.asks + 1,
            asks_that_day=(before.asks_that_day if before.asked_at >= _midnight(now) else 0) + 1,
            next_at=now + step if step else None, online_at=now if sighting.state in ONLINE else before.online_at,
        )  # fmt: skip
        if changed := before.state != sighting.state:
            _add(connection, notice, sighting, before.online_at, now)
    return changed


def stop_asking(engine: Engine, notice: SentNotice, now: datetime) -> None:
    """Ask no more for an advert that is no longer in the index: retention erased it, and nothing is left to compare with."""
    with writing(engine) as connection:
        _set_clock(connection, notice, {"state": "unknown", "asked_at": now}, next_at=None)


def _set_clock(connection: Connection, notice: SentNotice, at_first: Mapping[str, Any] = {}, **values: Any) -> None:
    """Write values of an advert's clock; of one that was never asked for also those it has ``at_first``."""
    if connection.execute(update(recheck_clock).where(*_clock_of(notice)).values(**values)).rowcount == 0:
        key = dict(zip(NOTICE, _key(notice), strict=True))
        connection.execute(insert(recheck_clock).values(key | _UNASKED._asdict() | dict(at_first) | values))


def fates(
    connection: Connection, until: datetime | None = None, items: Collection[str] | None = None, *, platform: str = ""
) -> list[Fate]:
    """Return what became of every notice, of those about some ``items``, or to a platform, as it was known at one moment."""
    told = notice_outcomes(connection, until, items, platform=platform)
    if not told:
        return []
    seen: dict[tuple[str, str, datetime], list[SeenState]] = defaultdict(list)
    for row in connection.execute(_rows_of(sightings, items, platform).order_by(sightings.c.id)):
        if until is None or row.at <= until:
            seen[row.platform, row.item_id, row.sent_at].append(_seen_state(row))
    clocks = {
        (row.platform, row.item_id, row.sent_at): {"asks": row.asks, "asked_at": row.asked_at, "next_at": row.next_at}
        for row in connection.execute(_rows_of(recheck_clock, items, platform))
    }
    return [
        Fate(
            **msgspec.structs.asdict(each),
            seen=tuple(seen[_key(each.notice)]),
            **clocks.get(_key(each.notice), {}) | ({"next_at": None} if each.notice.withdrawn_at else {}),
        )
        for each in told
    ]  # fmt: skip


def _rows_of(table: Table, items: Collection[str] | None, platform: str) -> Select[Any]:
    named = [] if items is None else [table.c.item_id.in_(list(items))]
    return select(table).where(*named, *([table.c.platform == platform] if platform else []))


def proof_of(connection: Connection, sighting_id: int) -> bytes:
    """Return the WARC records of a sighting; empty where there are none, or retention emptied them."""
    query = select(sighting_proofs.c.content).where(sighting_proofs.c.sighting_id == sighting_id)
    content = connection.execute(query).scalar_one_or_none()
    return b"" if content is None else stored_bytes(content)


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _key(notice: SentNotice) -> tuple[str, str, datetime]:
    return notice.platform, notice.item_id, notice.sent_at


def _clock_of(notice: SentNotice) -> list[ColumnElement[bool]]:
    columns = (recheck_clock.c.platform, recheck_clock.c.item_id, recheck_clock.c.sent_at)
    return [column == value for column, value in zip(columns, _key(notice), strict=True)]


def _group(state: str) -> str:
    return "offline" if state in OFFLINE else "online" if state in ONLINE else "silent"


def _add(connection: Connection, notice: SentNotice, sighting: Sighting, online_at: datetime | None, now: datetime) -> None:
    """Add a sighting, its proof and its entry of the log."""
    proof = sighting.evidence if len(sighting.evidence) <= LARGEST_PROOF else b""
    digest = hashlib.sha256(sighting.evidence).hexdigest() if sighting.evidence else ""
    values = {
        "item_id": notice.item_id, "platform": notice.platform, "sent_at": notice.sent_at, "state": sighting.state,
        "status": sighting.status, "online_at": online_at, "sha256": sighting.sha256, "proof_sha256": digest,
        "body": audit.canonical({"url": sighting.url, "detail": sighting.detail}),
    }  # fmt: skip
    number = add_row(connection, SIGHTINGS, SEEN, values, by=None, now=now)
    if proof:
        connection.execute(insert(sighting_proofs).values(sighting_id=number, content=proof))


def _seen_state(row: Row[Any]) -> SeenState:
    words = msgspec.json.decode(row.body, type=dict[str, str]) if row.body else {}
    return SeenState(
        id=row.id, state=row.state, at=row.at, online_at=row.online_at, status=row.status, url=words.get("url", ""),
        detail=words.get("detail", ""), proof_sha256=row.proof_sha256,
    )  # fmt: skip
