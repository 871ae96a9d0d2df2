"""The pictures of a source's adverts over all runs: where each is kept, what it shows, and its bytes until it is read.

A table of the frontier's database, written in the same transactions as the pages.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from crawlers.frontier.state_database import StateDatabase
from crawlers.items import Capture
from crawlers.pictures.picture import PictureReading

TABLE = "CREATE TABLE image (key TEXT PRIMARY KEY, capture BLOB NOT NULL, body BLOB, reading BLOB, seen_at TEXT NOT NULL) STRICT;"
UNTRIED = frozenset({"no_tesseract", "no_language_pack", "no_time"})
"""Reasons why a picture was not read that may be gone in the next run."""


class KnownImage(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that a run kept."""

    capture: Capture
    reading: PictureReading | None = None


class ImageTable:
    """The table ``image``; keys are those of the frontier."""

    def __init__(self, database: StateDatabase) -> None:
        self._db = database

    def find(self, key: str) -> KnownImage | None:
        """Return what runs know of a picture."""
        row = self._db.execute("SELECT capture, reading FROM image WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        return KnownImage(capture=_capture(row[0]), reading=_reading(row[1]) if row[1] else None)

    def is_fresh(self, key: str, now: datetime, least: timedelta, *, readable: Callable[[], bool]) -> bool:
        """Whether a picture need not be fetched: kept within ``least`` and read; ``readable``: Tesseract is here to do it."""
        known = self.find(key)
        if known is None or known.capture.captured_at is None or now - known.capture.captured_at >= least:
            return False
        return not (known.reading and known.reading.reason in UNTRIED and readable())

    def keep(self, key: str, capture: Capture, body: bytes, now: str) -> None:
        """Keep a picture until it is read; an unchanged one keeps its reading."""
        known = self.find(key)
        same = known and known.reading and known.capture.sha256 == capture.sha256 and known.reading.reason not in UNTRIED
        reading = msgspec.json.encode(known.reading) if known and same else None
        if known:
            self._db.execute("DELETE FROM image WHERE key = ?", (key,))
        self._db.execute(
            "INSERT INTO image (key, capture, body, reading, seen_at) VALUES (?, ?, ?, ?, ?)",
            (key, msgspec.json.encode(capture), None if reading else body, reading, now),
        )

    def unread(self) -> list[str]:
        """Return the keys of the pictures that wait to be read."""
        return [row[0] for row in self._db.execute("SELECT key FROM image WHERE body IS NOT NULL ORDER BY rowid")]

    def file(self, key: str) -> bytes:
        """Return the file of a picture that waits to be read."""
        return bytes(self._db.execute("SELECT body FROM image WHERE key = ?", (key,)).fetchone()[0])

    def put_reading(self, key: str, reading: PictureReading) -> None:
        """Keep what a picture shows; its bytes are in the evidence alone from now on."""
        with self._db.transaction():
            self._db.execute("UPDATE image SET reading = ?, body = NULL WHERE key = ?", (msgspec.json.encode(reading), key))

    def see(self, key: str, now: str) -> None:
        """Note that an advert of today still shows a picture."""
        with self._db.transaction():
            self._db.execute("UPDATE image SET seen_at = ? WHERE key = ?", (now, key))


_capture = msgspec.json.Decoder(Capture).decode
_reading = msgspec.json.Decoder(PictureReading).decode
