"""A crawl's state in a SQLite file of its own folder: WAL, every commit on disk before it is acknowledged.

The tables stand here for both databases, with what brings a file of an older version to this one and what reads that of pictures.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from pysqlite3 import dbapi2 as sqlite

from crawlers.frontier import sqlite_library
from crawlers.frontier.state_database import StateDatabase
from crawlers.items import Capture
from crawlers.pictures.picture import PictureReading
from foundation.crawl_errors import StateError

FILE = "frontier.sqlite"


OF_A_RUN = ("run", "queue", "tally", "reject", "evidence", "list_page", "cause")
OVER_RUNS = ("posting", "page", "image")
"""Tables whose rows have the moment ``seen_at``."""


class SqliteState:
    """The state of one source; the folder's lock keeps other processes out."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._db = connection
        self.execute = connection.execute

    @classmethod
    def open_at(cls, folder: Path, *, check: bool) -> "SqliteState":
        """Open or make the file in ``folder``; raise StateError when it cannot be used. ``check`` reads all of it for damage."""
        if reason := sqlite_library.refusal():
            raise StateError(reason)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / FILE).touch(mode=0o600)
        except OSError as exc:
            raise StateError(f"{folder}: {exc.strerror}; make the state folder writable or set LUREWATCH_STATE") from exc
        try:
            db = sqlite.connect(str(folder / FILE), isolation_level=None, timeout=5, cached_statements=64)
            prepare(db, folder / FILE, check=check)
        except sqlite.OperationalError as exc:
            if "full" in str(exc) or "I/O" in str(exc):
                raise
            raise StateError(f"{folder / FILE}: {exc}; make it writable, or move the folder away") from exc
        except sqlite.DatabaseError as exc:
            raise StateError(f"{folder / FILE}: {exc}; move the folder away and run the crawl again") from exc
        return cls(db)

    def executemany(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Carry out a statement for each of ``values``."""
        self._db.executemany(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold one transaction, rolled back by an exception."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def tidy(self) -> None:
        """Write the log into the file and empty it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def scrub(self) -> None:
        """Rewrite the file: ``secure_delete`` clears deleted rows, but an older release or a crash may have left some."""
        self._db.execute("VACUUM")
        self.tidy()

    def close(self) -> None:
        """Release the file."""
        self._db.close()


APPLICATION_ID, SCHEMA_VERSION = 0x4C574652, 4  # "LWFR"
LIST_PAGE = "CREATE TABLE list_page (row INTEGER PRIMARY KEY, listed BLOB NOT NULL) STRICT;"
CAUSE = "CREATE TABLE cause (outcome TEXT PRIMARY KEY, first TEXT NOT NULL, n INTEGER NOT NULL) STRICT;"
IMAGE = "CREATE TABLE image (key TEXT PRIMARY KEY, capture BLOB NOT NULL, body BLOB, reading BLOB, seen_at TEXT NOT NULL) STRICT;"
UPGRADES = {1: LIST_PAGE, 2: CAUSE, 3: IMAGE}
"""Version of a state file -> what brings it to the next."""
SCHEMA = (
    LIST_PAGE
    + CAUSE
    + IMAGE
    + """
CREATE TABLE run (
    one INTEGER PRIMARY KEY CHECK (one = 1), run_id TEXT NOT NULL, started_at TEXT NOT NULL,
    resumed INTEGER NOT NULL DEFAULT 0, requests INTEGER NOT NULL DEFAULT 0,
    blocked TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE queue (
    row INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, step BLOB NOT NULL, rank INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, outcome TEXT
) STRICT;
CREATE INDEX queue_next ON queue (attempts, rank, row) WHERE state = 0;
CREATE TABLE evidence (row INTEGER PRIMARY KEY, records BLOB NOT NULL) STRICT;
CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
CREATE TABLE reject (row INTEGER PRIMARY KEY, reason TEXT NOT NULL, line BLOB NOT NULL) STRICT;
CREATE TABLE posting (
    id TEXT PRIMARY KEY, line BLOB NOT NULL, digest BLOB NOT NULL, place TEXT, number INTEGER,
    run_id TEXT NOT NULL, seen_at TEXT NOT NULL, since TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX posting_place ON posting (place, number) WHERE place IS NOT NULL;
CREATE TABLE page (
    key TEXT PRIMARY KEY, etag TEXT, modified TEXT, lastmod TEXT, validators BLOB NOT NULL, seen_at TEXT NOT NULL
) STRICT;
"""
)


def prepare(db: sqlite.Connection, path: Path, *, check: bool) -> None:
    """Prepare the database, upgrade its schema and check it for damage; raise StateError for a file of another program."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "secure_delete=ON",
        "mmap_size=0",
        "wal_autocheckpoint=1000",
        "journal_size_limit=67108864",
    ):
        db.execute(f"PRAGMA {pragma}")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        db.executescript(
            f"BEGIN IMMEDIATE;{SCHEMA}PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
        )
    elif version in UPGRADES:
        for older in range(version, SCHEMA_VERSION):
            db.executescript(f"BEGIN IMMEDIATE;{UPGRADES[older]}PRAGMA user_version={older + 1};COMMIT;")
    elif version != SCHEMA_VERSION:
        raise StateError(f"{path}: made by another version of LureWatch ({version}); move the folder away")
    elif check and (result := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise StateError(f"{path}: damaged ({result}); move the folder away and run the crawl again")


def clear_run(database: StateDatabase) -> None:
    """Delete what belongs to the run in progress."""
    for table in OF_A_RUN:
        database.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above


def forget_unseen(database: StateDatabase, before: datetime) -> None:
    """Delete what no run has seen since ``before``."""
    for table in OVER_RUNS:
        database.execute(f"DELETE FROM {table} WHERE seen_at < ?", (before.isoformat(),))  # noqa: S608 - the names above


UNTRIED = frozenset({"no_tesseract", "no_language_pack", "no_time"})
"""Reasons why a picture was not read that may be gone in the next run."""


class KnownImage(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that a run kept."""

    capture: Capture
    reading: PictureReading | None = None


class ImageTable:
    """The pictures of a source's adverts over all runs: where each is kept, what it shows, and its bytes until it is read.

    Keys are those of the frontier, whose transactions write it with the pages.
    """

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
