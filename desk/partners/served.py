"""What a platform is served at the door: the lists it was sent, their notices and files, and nothing of anybody else.

All is read from three views that hold lists which left by mail. Notices of a list that retention emptied are
gone from there as well. A cursor is the number of a list and a place in it; lists of a platform leave in the order of their
numbers.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary, Row, Select, String, column, func, select, table

from desk.database import Moment

lists_view = table(
    "partner_lists",
    *(column(name) for name in ("platform", "number", "previous", "manifest_sha256")),
    *(column(name, Moment) for name in ("built_at", "sent_at")),
)
notices_view = table(
    "partner_notices",
    *(column(name) for name in ("platform", "number", "change")),
    *(column(name, Moment) for name in ("built_at", "sent_at")),
    column("body", String),
)
files_view = table(
    "partner_files", *(column(name) for name in ("platform", "number", "name", "sha256")), column("content", LargeBinary)
)
VIEWS = ("partner_lists", "partner_notices", "partner_files")
_CURSOR = re.compile(r"(\d{1,9})\.(\d{1,9})")


class CursorError(ValueError):
    """A cursor that this door never gave."""


class SentList(msgspec.Struct, frozen=True, kw_only=True):
    """A list that a platform was sent."""

    number: int
    previous: int | None
    built_at: datetime
    sent_at: datetime
    manifest_sha256: str


class ServedChange(msgspec.Struct, frozen=True, kw_only=True):
    """What one list says of one notice."""

    cursor: str
    number: int
    built_at: datetime
    sent_at: datetime
    change: str
    notice_id: str
    body: dict[str, Any]


class ServedNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it stands: its newest change, and the list that told it first since it was last taken back."""

    newest: ServedChange
    first_number: int
    first_built_at: datetime

    @property
    def standing(self) -> bool:
        """Whether it is in force."""
        return self.newest.change != "withdrawn"


def sent_lists(connection: Connection, platform: str) -> list[SentList]:
    """Return the lists of a platform, the newest first."""
    names = SentList.__struct_fields__
    query = select(*(lists_view.c[name] for name in names)).where(lists_view.c.platform == platform)
    return [SentList(**row._mapping) for row in connection.execute(query.order_by(lists_view.c.number.desc()))]


def newest_number(connection: Connection, platform: str) -> int:
    """Return the number of the newest list of a platform; 0 when none left for it."""
    query = select(func.max(lists_view.c.number)).where(lists_view.c.platform == platform)
    return int(connection.execute(query).scalar_one() or 0)


def file_names(connection: Connection, platform: str, number: int) -> dict[str, str]:
    """Return the files of a list with their SHA-256."""
    mine = files_view.c.platform == platform, files_view.c.number == number
    query = select(files_view.c.name, files_view.c.sha256).where(*mine).order_by(files_view.c.name)
    return {row.name: row.sha256 for row in connection.execute(query)}


def file_of(connection: Connection, platform: str, number: int, name: str) -> bytes | None:
    """Return a file as it was mailed; None when that list has none of the name."""
    mine = files_view.c.platform == platform, files_view.c.number == number, files_view.c.name == name
    content = connection.execute(select(files_view.c.content).where(*mine)).scalar_one_or_none()
    return bytes(content) if content else None


def changes_after(connection: Connection, platform: str, cursor: str = "") -> Iterator[ServedChange]:
    """Yield what lists said after a cursor, in their order; raise CursorError for one that is none."""
    number, place = _position(cursor)
    query = _changes(platform).where(notices_view.c.number >= number)
    return (each for each in _read(connection.execute(query)) if _position(each.cursor) > (number, place))


def notices_of(connection: Connection, platform: str) -> dict[str, ServedNotice]:
    """Return every notice of a platform as it stands, by its id, the oldest first."""
    return _fold(_read(connection.execute(_changes(platform))))


def history_of(connection: Connection, platform: str, notice_id: str) -> list[ServedChange]:
    """Return what lists said of one notice, in their order."""
    named = notices_view.c.body.contains(f'"notice_id":"{notice_id}"', autoescape=True)
    return [each for each in _read(connection.execute(_changes(platform).where(named))) if each.notice_id == notice_id]


def notice_of(connection: Connection, platform: str, notice_id: str) -> ServedNotice | None:
    """Return one notice as it stands; None when the platform was told of none."""
    return _fold(history_of(connection, platform, notice_id)).get(notice_id)


def _changes(platform: str) -> Select[Any]:
    columns = (notices_view.c[name] for name in ("number", "built_at", "sent_at", "change", "body"))
    query = select(*columns).where(notices_view.c.platform == platform)
    return query.order_by(notices_view.c.number, notices_view.c.change, notices_view.c.body)


def _read(rows: Iterable[Row[Any]]) -> Iterator[ServedChange]:
    """Yield rows with their place in the list; one whose words are damaged is left out, for the others can be served."""
    last, place = 0, 0
    for row in rows:
        last, place = row.number, place + 1 if row.number == last else 1
        try:
            body = json.loads(row.body)
            named = str(body["notice_id"])
        except (ValueError, TypeError, KeyError):
            continue
        yield ServedChange(
            cursor=f"{row.number}.{place}", number=row.number, built_at=row.built_at, sent_at=row.sent_at, change=row.change,
            notice_id=named, body=body,
        )  # fmt: skip


def _fold(changes: Iterable[ServedChange]) -> dict[str, ServedNotice]:
    results: dict[str, ServedNotice] = {}
    for change in changes:
        first = results.pop(change.notice_id, None)
        if first is None or change.change == "new":
            results[change.notice_id] = ServedNotice(newest=change, first_number=change.number, first_built_at=change.built_at)
        else:
            results[change.notice_id] = msgspec.structs.replace(first, newest=change)
    return results


def _position(cursor: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise CursorError("after: give back a cursor as it was given")
    return int(found[1]), int(found[2])
