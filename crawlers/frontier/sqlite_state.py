"""A crawl's state in a SQLite file of its own folder: WAL, every commit on disk before it is acknowledged."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from crawlers.crawl_errors import StateError
from crawlers.frontier import sqlite_library
from crawlers.frontier.frontier_schema import prepare

FILE = "frontier.sqlite"


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
        """Write the log back into the file and empty it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def scrub(self) -> None:
        """Write the file anew: ``secure_delete`` has cleared what was deleted, unless an older release or a crash left it."""
        self._db.execute("VACUUM")
        self.tidy()

    def close(self) -> None:
        """Release the file."""
        self._db.close()
