"""What people say about an item: comments, with ``@name`` for a colleague, and escalation to the restricted queue.

An item is escalated when a possible victim speaks in it, or is named. From then on only who has the right to victims' items sees
it, until one of them returns it. Comments are only added; retention empties their words.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, func, select

from desk.cases.asks import ask
from desk.cases.leases import end_leases
from desk.custody.log_details import COMMENTS, add_row
from desk.database import writing
from desk.people.accounts import User, all_users, user
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import comments, users
from foundation.messages import _

CommentKind = Literal["commented", "escalated", "returned"]
LONGEST = 2000
_MENTION = re.compile(r"(?<![\w@])@([a-z][a-z0-9._-]{1,31})")


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing somebody said about an item."""

    id: int
    item_id: str
    kind: CommentKind
    body: str
    by: str
    at: datetime


def comment(engine: Engine, item_id: str, body: str, *, by: User, now: datetime, to: str = "") -> int:
    """Say something about an item and return its number; whom it names with ``@`` is told, and ``to`` is asked to decide."""
    body = _check_body(body, by)
    with writing(engine) as connection:
        asked = _colleague(connection, to, by) if to else None
        number = _add(connection, item_id, "commented", body, by=by, now=now)
        if asked is not None:
            ask(connection, item_id, "assigned", to=asked, by=by, now=now, comment_id=number)
        names = dict.fromkeys(name.rstrip(".-_") for name in _MENTION.findall(body))
        people = {person.name: person for person in all_users(connection) if not person.disabled}
        for person in (people[name] for name in names if name in people and name not in (by.name, to)):
            ask(connection, item_id, "mention", to=person, by=by, now=now, comment_id=number)
    return number


def escalate(engine: Engine, item_id: str, why: str, *, by: User, now: datetime) -> None:
    """Move an item to the restricted queue: a possible victim speaks in it or is named."""
    why = _check_body(why, by)
    with writing(engine) as connection:
        if item_id in escalated_items(connection):
            raise DeskRefusal(_("it is escalated already"))
        _add(connection, item_id, "escalated", why, by=by, now=now)
        end_leases(connection, [item_id])


def return_item(engine: Engine, item_id: str, why: str, *, by: User, now: datetime) -> None:
    """Return an item from the restricted queue to everybody."""
    why = _check_body(why, by)
    if not by.may(Right.VICTIMS):
        raise DeskRefusal(_("the role %(role)s returns no escalated item; ask a lead", role=by.role))
    with writing(engine) as connection:
        if item_id not in escalated_items(connection):
            raise DeskRefusal(_("it is not escalated"))
        _add(connection, item_id, "returned", why, by=by, now=now)


def comments_on(connection: Connection, item_id: str) -> list[Comment]:
    """Return what was said about an item, the oldest first."""
    return list(_read(connection, comments.c.item_id == item_id))


def escalated_items(connection: Connection) -> frozenset[str]:
    """Return the items that are escalated now."""
    steps = select(func.max(comments.c.id)).where(comments.c.kind.in_(("escalated", "returned"))).group_by(comments.c.item_id)
    query = select(comments.c.item_id).where(comments.c.kind == "escalated", comments.c.id.in_(steps))
    return frozenset(connection.execute(query).scalars())


def _check_body(body: str, by: User) -> str:
    body = body.strip()
    if not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s says nothing about items; ask an analyst", role=by.role))
    if not 0 < len(body) <= LONGEST:
        raise DeskRefusal(_("comment: write 1 to %(longest)s characters", longest=f"{LONGEST:,}"))
    return body


def _colleague(connection: Connection, name: str, by: User) -> User:
    try:
        person = user(connection, name)
    except DeskRefusal as exc:
        raise DeskRefusal(_("ask: %(exc)s", exc=exc)) from exc
    if person.id == by.id or not person.may(Right.DECIDE):
        raise DeskRefusal(_("ask: %(name)s is no colleague who decides; choose another", name=name))
    return person


def _add(connection: Connection, item_id: str, kind: CommentKind, body: str, *, by: User, now: datetime) -> int:
    return add_row(connection, COMMENTS, kind, {"item_id": item_id, "kind": kind, "body": body}, by=by, now=now)


def _read(connection: Connection, where: ColumnElement[bool]) -> Iterator[Comment]:
    query = select(comments, users.c.name.label("by")).join(users, users.c.id == comments.c.by_id)
    for row in connection.execute(query.where(where).order_by(comments.c.id)):
        yield Comment(id=row.id, item_id=row.item_id, kind=row.kind, body=row.body, by=row.by, at=row.at)


def colleagues(connection: Connection, but: User) -> Iterable[str]:
    """Return the names of everybody else who decides."""
    return [person.name for person in all_users(connection) if person.id != but.id and person.may(Right.DECIDE)]
