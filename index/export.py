"""Writes a search as a file: CSV without formulas, or JSON Lines; the query is recorded inside."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from index.base import Record

LIVE = tuple("=+-@\t\r\n\x00＝＋－＠|%")
_UNSEEN = " \u00a0\u200b\ufeff\u2060\u3000"


def cell(value: str) -> str:
    """Return a value as a cell that no spreadsheet calculates."""
    return f"'{value}" if value.startswith(("'", *LIVE)) or value.lstrip(_UNSEEN).startswith(LIVE) else value


def value(cell: str) -> str:
    """Return the value a cell was made from."""
    return cell[1:] if cell[:1] == "'" else cell


COLUMNS: dict[str, Callable[[Record], Any]] = {
    "id": lambda record: record.id,
    "url": lambda record: record.posting.url,
    "source": lambda record: record.posting.source,
    "title": lambda record: record.posting.title,
    "text": lambda record: record.posting.text,
    "score": lambda record: record.assessment.score,
    "flagged": lambda record: record.assessment.flagged,
    "tag": lambda record: record.assessment.tag,
    "harm": lambda record: record.assessment.harm.level,
    "harm_reasons": lambda record: [f"{reason.level}: {reason.why}" for reason in record.assessment.harm.reasons],
    "stance": lambda record: record.assessment.stance,
    "voice": lambda record: record.assessment.stance,  # its name until release 0.2; goes with the next release
    "language": lambda record: record.assessment.language.code,
    "contacts": lambda record: [f"{contact.type}:{contact.value}" for contact in record.assessment.contacts],
    "places": lambda record: sorted({place.name for place in record.assessment.places}),
    "signals": lambda record: [f"{sign.weight:+g} {sign.indicator}: {sign.text}" for sign in record.assessment.signals],
    "first_seen": lambda record: record.first_seen,
    "last_seen": lambda record: record.last_seen,
    "deleted": lambda record: record.posting.deleted,
    "campaign": lambda record: record.campaign,
    "sha256": lambda record: record.posting.capture.sha256 if record.posting.capture else None,
}
"""Every column and what of a record stands there; lists are lists."""


def row(record: Record) -> dict[str, Any]:
    """Return the columns of one record."""
    return {name: read(record) for name, read in COLUMNS.items()}


def json_lines(records: Iterable[Record], query: str, at: datetime) -> Iterator[bytes]:
    """Yield first what was asked and when, then one line a record."""
    yield msgspec.json.encode({"export": {"query": query, "at": at}}) + b"\n"
    for record in records:
        yield msgspec.json.encode(row(record)) + b"\n"


def csv_lines(records: Iterable[Record], query: str, at: datetime) -> Iterator[bytes]:
    """Yield UTF-8 CSV: the column names, then one row a record; the last two columns say what was asked and when.

    A cell that a spreadsheet would run as a formula begins with an apostrophe (``index.export``).
    """
    yield "\ufeff".encode() + _csv([*COLUMNS, "query", "exported_at"])
    for record in records:
        yield _csv([*(_cell(value) for value in row(record).values()), query, at.isoformat()])


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " | ".join(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _csv(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([cell(value.replace("\0", "")) for value in cells])
    return out.getvalue().encode("utf-8", "backslashreplace")
