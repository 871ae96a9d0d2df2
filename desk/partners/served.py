"""What a platform is served at the door: the lists it was sent, their notices and files, and nothing of anybody else.

All is read from three views that hold lists which left by mail. Notices of a list that retention emptied are
gone from there as well. A cursor is the number of a list and a notice on it; lists of a platform leave in the order of their
numbers. Each page reads its own rows by an index, however many others there are.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Select,
    String,
    case,
    column,
    exists,
    func,
    literal,
    select,
    table,
    tuple_,
)

from desk.database import Moment
from desk.tables import partner_answers
from desk.takedown.repository import SHOWN

lists_view = table(
    "partner_lists",
    *(column(name) for name in ("platform", "number", "previous", "manifest_sha256")),
    *(column(name, Moment) for name in ("built_at", "sent_at")),
)
notices_view = table(
    "partner_notices",
    *(column(name) for name in ("platform", "number", "notice_id", "change")),
    *(column(name, Moment) for name in ("built_at", "sent_at")),
    column("body", String),
)
files_view = table(
    "partner_files", *(column(name) for name in ("platform", "number", "name", "sha256")), column("content", LargeBinary)
)
VIEWS = ("partner_lists", "partner_notices", "partner_files")
State = Literal["standing", "open", "withdrawn", "all"]
"""Which notices are asked for; ``open``: in force and without an answer."""
MOST_COUNTED = 1000
"""Notices that are counted: a page asks for no more rows, however many a platform holds."""
CURSOR = re.compile(r"(\d{1,9})\.([0-9a-f-]{36})", re.ASCII)
_CHUNK = 400


class CursorError(ValueError):
    """A cursor that this door never gave."""


class ServedChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one list says of one notice."""

    number: int
    built_at: datetime
    sent_at: datetime
    change: str
    notice_id: str
    body: dict[str, Any]

    @property
    def cursor(self) -> str:
        """Where it stands among all changes."""
        return f"{self.number}.{self.notice_id}"

    def exhibit_name(self, kind: Literal["jpg", "json"]) -> str:
        """Return the name of the file that is shown beside it: the screenshot, or the translation."""
        return f"{SHOWN}{self.notice_id}.{kind}"


class ServedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it stands: its newest change, and the list that told it first since it was last taken back."""

    newest: ServedChange
    first_number: int

    @property
    def is_standing(self) -> bool:
        """Whether it is in force."""
        return self.newest.change != "withdrawn"


def sent_lists(connection: Connection, platform: str) -> Sequence[Row[Any]]:
    """Return the lists of a platform, the newest first."""
    query = select(lists_view).where(lists_view.c.platform == platform)
    return connection.execute(query.order_by(lists_view.c.number.desc())).all()


def file_names(connection: Connection, platform: str, number: int) -> dict[str, str]:
    """Return the files of a list that were mailed, with their SHA-256."""
    mine = files_view.c.platform == platform, files_view.c.number == number, ~files_view.c.name.startswith(SHOWN)
    query = select(files_view.c.name, files_view.c.sha256).where(*mine).order_by(files_view.c.name)
    return {row.name: row.sha256 for row in connection.execute(query)}


def file_of(connection: Connection, platform: str, number: int, name: str) -> bytes | None:
    """Return a file as it was mailed; None when that list has none of the name."""
    mine = files_view.c.platform == platform, files_view.c.number == number, files_view.c.name == name
    content = connection.execute(select(files_view.c.content).where(*mine)).scalar_one_or_none()
    return bytes(content) if content else None


def exhibit_of(connection: Connection, platform: str, notice: ServedNotice, kind: Literal["jpg", "json"]) -> bytes | None:
    """Return the screenshot of a notice, or its translation; None where there is none, or nothing is claimed any more."""
    newest = notice.newest
    return file_of(connection, platform, newest.number, newest.exhibit_name(kind)) if notice.is_standing else None


def changes_after(connection: Connection, platform: str, cursor: str, limit: int) -> list[ServedChange]:
    """Return what lists said after a cursor, in their order; raise CursorError for one that is none."""
    return list(_read(connection.execute(_after(_changes(platform), cursor).limit(limit))))


def notices_after(
    connection: Connection, platform: str, state: State, cursor: str, limit: int, *, newest_first: bool = False
) -> list[ServedNotice]:
    """Return notices as they stand after a cursor, in the order of their last change."""
    query = _after(_changes(platform), cursor, newest_first=newest_first).where(*_state_conditions(platform, state)).limit(limit)
    rows = connection.execute(query).all()
    found = notices_named(connection, platform, [row.notice_id for row in rows])
    return [found[row.notice_id] for row in rows if row.notice_id in found]


def notices_named(connection: Connection, platform: str, names: Collection[str]) -> dict[str, ServedNotice]:
    """Return some notices of a platform as they stand, by their ids; those that it was not told of are left out."""
    results: dict[str, ServedNotice] = {}
    for change in history_of(connection, platform, names):
        first = results.get(change.notice_id)
        if first is None or change.change == "new":
            results[change.notice_id] = ServedNotice(newest=change, first_number=change.number)
        else:
            results[change.notice_id] = msgspec.structs.replace(first, newest=change)
    return results


def history_of(connection: Connection, platform: str, names: Collection[str]) -> Iterator[ServedChange]:
    """Yield what lists said of some notices; of each in their order."""
    wanted = sorted(set(names))
    for start in range(0, len(wanted), _CHUNK):
        query = _after(_changes(platform).where(notices_view.c.notice_id.in_(wanted[start : start + _CHUNK])), "")
        yield from _read(connection.execute(query))


def count_notices(connection: Connection, platform: str) -> tuple[int, int]:
    """Return how many notices are in force, ``MOST_COUNTED`` at most, and how many of these, the newest, have no answer."""
    newest = _after(select(notices_view.c.notice_id).where(notices_view.c.platform == platform), "", newest_first=True)
    counted = newest.where(*_state_conditions(platform, "standing")).limit(MOST_COUNTED).subquery()
    unanswered = func.sum(case((_no_answer(platform, counted.c.notice_id), 1), else_=0))
    row = connection.execute(select(func.count(), unanswered).select_from(counted)).one()
    return int(row[0]), int(row[1] or 0)


def _changes(platform: str) -> Select[Any]:
    columns = (notices_view.c[name] for name in ("number", "built_at", "sent_at", "change", "notice_id", "body"))
    return select(*columns).where(notices_view.c.platform == platform)


def _after(query: Select[Any], cursor: str, *, newest_first: bool = False) -> Select[Any]:
    """Return the part of a query that follows a cursor, in its order."""
    place = (notices_view.c.number, notices_view.c.notice_id)
    if cursor:
        found = CURSOR.fullmatch(cursor)
        if found is None:
            raise CursorError("after: give back a cursor as it was given")
        given = tuple_(literal(int(found[1])), literal(found[2]))
        query = query.where(tuple_(*place) < given if newest_first else tuple_(*place) > given)
    return query.order_by(*(each.desc() if newest_first else each for each in place))


def _state_conditions(platform: str, state: State) -> Iterator[ColumnElement[bool]]:
    """Yield what the newest change of a notice must fulfil."""
    later = notices_view.alias()
    # A sum, so that SQLite looks for the notice by its own index and not through every later list.
    yield ~exists(later.c.number).where(later.c.notice_id == notices_view.c.notice_id, later.c.number + 0 > notices_view.c.number)
    if state != "all":
        yield notices_view.c.change == "withdrawn" if state == "withdrawn" else notices_view.c.change != "withdrawn"
    if state == "open":
        yield _no_answer(platform, notices_view.c.notice_id)


def _no_answer(platform: str, notice: ColumnElement[str]) -> ColumnElement[bool]:
    mine = partner_answers.c.platform == platform
    return ~exists(partner_answers.c.notice_id).where(mine, partner_answers.c.notice_id == notice)


def _read(rows: Iterable[Row[Any]]) -> Iterator[ServedChange]:
    """Yield rows as changes; one whose words are damaged is left out, for the others can be served."""
    for row in rows:
        with suppress(msgspec.DecodeError):
            yield ServedChange(**{**row._mapping, "body": msgspec.json.decode(row.body, type=dict[str, Any])})
