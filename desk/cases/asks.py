"""What one person asks another about an item: to look (``mention``), to decide (``assigned``), to talk it over (``differs``);
what a person asks of themselves, not to lose sight of it (``watched``); and what a platform asks of who decided: to look again,
as it refused the notice (``answered``).

A mention closes when its reader opens the item; what is watched stays until its person is done with it; the others close when
somebody decides, or undoes the decision that they are about, or either of the two says that it is done.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.refusals import DeskRefusal
from desk.tables import asks, comments, users
from foundation.messages import Message, _

AskKind = Literal["mention", "assigned", "differs", "watched", "answered"]
OF_DECISION: tuple[AskKind, ...] = ("differs", "answered")
"""What asks to look at a decision again; nothing is left to look at once it is undone."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One person asks another about an item."""

    id: int
    item_id: str
    kind: AskKind
    to: str
    by: str
    at: datetime
    words: str = ""
    """The comment it was asked with; empty when there was none, or retention emptied it."""


def describe_ask(one: Ask) -> Message:
    """Return what an ask says to whom it is sent."""
    sentences: dict[AskKind, Message] = {
        "mention": _("%(by)s names you", by=one.by),
        "assigned": _("%(by)s asks you to decide", by=one.by),
        "differs": _("%(by)s came to another opinion than your decision", by=one.by),
        "watched": _("%(by)s keeps it in sight", by=one.by),
        "answered": _("A platform refused its notice, or an appeal was made: look at it again"),
    }
    return sentences[one.kind]


def ask(
    connection: Connection, item_id: str, kind: AskKind, *, to: User, by: User, now: datetime, comment_id: int | None = None
) -> None:
    """Ask somebody about an item; what they were asked in the same way and have open stays one ask."""
    waiting = asks.c.closed_at.is_(None) & (asks.c.item_id == item_id) & (asks.c.kind == kind) & (asks.c.to_id == to.id)
    if connection.execute(select(asks.c.id).where(waiting)).first() is not None:
        return
    values = {"item_id": item_id, "kind": kind, "to_id": to.id, "by_id": by.id, "comment_id": comment_id, "at": now}
    connection.execute(insert(asks).values(**values))
    audit.append(connection, at=now, actor=by.name, action="asked", subject=item_id, detail={"kind": kind, "to": to.name})


def asks_to(connection: Connection, person: User) -> list[Ask]:
    """Return what a person is asked and has not answered, the oldest first."""
    return _read(connection, asks.c.to_id == person.id)


def asks_by(connection: Connection, person: User) -> list[Ask]:
    """Return what a person has asked others and is not answered yet."""
    return _read(connection, (asks.c.by_id == person.id) & (asks.c.to_id != person.id))


def asks_about(connection: Connection, item_id: str) -> list[Ask]:
    """Return what is asked about an item."""
    return _read(connection, asks.c.item_id == item_id)


def count_asks(connection: Connection, person: User) -> int:
    """Return how much a person is asked by others."""
    asked = (asks.c.to_id == person.id, asks.c.closed_at.is_(None), asks.c.kind != "watched")
    query = select(func.count()).select_from(asks).where(*asked)
    return int(connection.execute(query).scalar_one())


def watch(engine: Engine, item_id: str, *, by: User, now: datetime) -> None:
    """Keep an item in sight of a person, decided or not; one that is watched already no longer."""
    with writing(engine) as connection:
        if watch_of(connection, item_id, by) is None:
            ask(connection, item_id, "watched", to=by, by=by, now=now)
        else:
            unwatch(connection, item_id, by=by, now=now)


def watch_of(connection: Connection, item_id: str, person: User) -> Ask | None:
    """Return by what a person keeps an item in sight; None when they do not."""
    found = _read(connection, (asks.c.item_id == item_id) & (asks.c.to_id == person.id))
    return next((one for one in found if one.kind == "watched"), None)


def unwatch(connection: Connection, item_id: str, *, by: User, now: datetime) -> None:
    """Keep an item in sight of a person no longer."""
    if (watched := watch_of(connection, item_id, by)) is not None:
        _close(connection, watched.id, "watched", item_id, by, now)


def close_ask(engine: Engine, number: int, *, by: User, now: datetime) -> None:
    """Close an ask; raise DeskRefusal unless the person asked, or was asked."""
    with writing(engine) as connection:
        row = connection.execute(select(asks).where(asks.c.id == number)).first()
        if row is None or by.id not in (row.to_id, row.by_id):
            raise DeskRefusal(_("there is no such ask, or it is between others"))
        if row.closed_at is None:
            _close(connection, number, row.kind, row.item_id, by, now)


def _close(connection: Connection, number: int, kind: str, item_id: str, by: User, now: datetime) -> None:
    connection.execute(update(asks).where(asks.c.id == number).values(closed_at=now))
    detail: dict[str, object] = {"ask": number, "kind": kind}
    audit.append(connection, at=now, actor=by.name, action="ask_closed", subject=item_id, detail=detail)


def close_mentions(engine: Engine, item_id: str, *, by: User, now: datetime) -> None:
    """Close the mentions that a person reads by opening the item."""
    own = (asks.c.item_id == item_id) & (asks.c.to_id == by.id) & (asks.c.kind == "mention") & asks.c.closed_at.is_(None)
    with engine.connect() as connection:
        if connection.execute(select(asks.c.id).where(own)).first() is None:
            return
    with writing(engine) as connection:
        connection.execute(update(asks).where(own).values(closed_at=now))


def close_decided(
    connection: Connection, item_ids: Collection[str], now: datetime, kinds: Collection[AskKind] = ("assigned", *OF_DECISION)
) -> None:
    """Close what was asked about items that somebody decides; an undone decision closes what was asked of it alone."""
    mine = asks.c.item_id.in_(list(item_ids)) & asks.c.kind.in_(kinds)
    connection.execute(update(asks).where(mine & asks.c.closed_at.is_(None)).values(closed_at=now))


def _read(connection: Connection, where: ColumnElement[bool]) -> list[Ask]:
    to, by = users.alias("to"), users.alias("by")
    query = select(asks, to.c.name.label("to"), by.c.name.label("by"), comments.c.body.label("words"))
    query = query.join(to, to.c.id == asks.c.to_id).join(by, by.c.id == asks.c.by_id)
    query = query.outerjoin(comments, comments.c.id == asks.c.comment_id)
    rows = connection.execute(query.where(where, asks.c.closed_at.is_(None)).order_by(asks.c.id))
    return [
        Ask(id=row.id, item_id=row.item_id, kind=row.kind, to=row.to, by=row.by, at=row.at, words=row.words or "") for row in rows
    ]
