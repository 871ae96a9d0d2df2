"""The database of a crawl's state as its tables see it: SQLite in the state folder, or PostgreSQL that workers share.

Statements are written once, in what both have: ``?`` for values, ``ON CONFLICT`` for upserts, no function that one of them
lacks. ``sqlite_state.py`` and ``postgres_state.py`` handle the differences.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec


class Rows(Protocol):
    """The rows of a statement."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """Return all rows left."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows left."""


class StateDatabase(Protocol):
    """A connection that one process uses."""

    @property
    def execute(self) -> "Execute":
        """Carry out a statement; raise OSError or SQLite's errors when the database cannot."""

    def executemany(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Carry out a statement for each of ``values``."""

    def transaction(self) -> AbstractContextManager[None]:
        """Hold one transaction, rolled back by an exception; raise LeaseLost when the source is another worker's now."""

    def tidy(self) -> None:
        """Free the space that a finished run used."""

    def scrub(self) -> None:
        """Rewrite the remaining rows, so that no file keeps deleted bytes; a crawl of the source is stopped meanwhile."""

    def close(self) -> None:
        """Close the connection."""


class Execute(Protocol):
    """Carries out a statement."""

    def __call__(self, statement: str, values: Sequence[Any] = (), /) -> Rows:
        """Return its rows."""


class SharedState(msgspec.Struct, frozen=True, kw_only=True):
    """A source's state in PostgreSQL, and the lease under which it may be written."""

    address: str
    source: str
    token: int
    """Fencing token of the lease: a worker that takes over gets a higher one, and the writes of this one are refused."""
