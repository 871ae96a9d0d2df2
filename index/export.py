"""Writes a search as a file: CSV without formulas, or JSON Lines; the query is recorded inside."""

import csv
import io
from collections.abc import Iterable, Iterator
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


COLUMNS = (
    "id",
    "url",
    "source",
    "title",
    "text",
    "score",
    "flagged",
    "tag",
    "harm",
    "harm_reasons",
    "stance",
    "voice",
    "language",
    "contacts",
    "places",
    "signals",
    "first_seen",
    "last_seen",
    "deleted",
    "campaign",
    "sha256",
)


def row(record: Record) -> dict[str, Any]:
    """Return the columns of one record; lists are lists."""
    posting, judged = record.posting, record.assessment
    return {
        "id": record.id,
        "url": posting.url,
        "source": posting.source,
        "title": posting.title,
        "text": posting.text,
        "score": judged.score,
        "flagged": judged.flagged,
        "tag": judged.tag,
        "harm": judged.harm.level,
        "harm_reasons": [f"{reason.level}: {reason.why}" for reason in judged.harm.reasons],
        "stance": judged.stance,
        "voice": judged.stance,  # its name until release 0.2; goes with the next release
        "language": judged.language.code,
        "contacts": [f"{contact.type}:{contact.value}" for contact in judged.contacts],
        "places": sorted({place.name for place in judged.places}),
        "signals": [f"{signal.weight:+g} {signal.indicator}: {signal.text}" for signal in judged.signals],
        "first_seen": record.first_seen,
        "last_seen": record.last_seen,
        "deleted": posting.deleted,
        "campaign": record.campaign,
        "sha256": posting.capture.sha256 if posting.capture else None,
    }


def json_lines(records: Iterable[Record], query: str, at: datetime) -> Iterator[bytes]:
    """Yield first what was asked and when, then one line a record."""
    yield msgspec.json.encode({"export": {"query": query, "at": at}}) + b"\n"
    for record in records:
        yield msgspec.json.encode(row(record)) + b"\n"


def csv_lines(records: Iterable[Record], query: str, at: datetime) -> Iterator[bytes]:
    """Yield UTF-8 CSV: a row that says what was asked and when, the column names, then one row a record.

    A cell that a spreadsheet would run as a formula begins with an apostrophe (``index.export``).
    """
    yield "\ufeff".encode() + _csv(["LureWatch export", f"query: {query}", at.isoformat()])
    yield _csv(COLUMNS)
    for record in records:
        yield _csv(_cell(value) for value in row(record).values())


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
