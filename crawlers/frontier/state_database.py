"""The database of a crawl's state as its tables see it: SQLite in the state folder, or PostgreSQL that workers share.

Statements are written once, in what both have: ``?`` for values, ``ON CONFLICT`` for upserts, no function that one of them
lacks. What differs is the business of ``sqlite_state.py`` and ``postgres_state.py``.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec


class Rows(Protocol):
    """What a statement gave."""

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
        """Give room back that a finished run used."""

    def scrub(self) -> None:
        """Write what is left anew, so that no file has what was deleted; what runs on the source meanwhile is stopped."""

    def close(self) -> None:
        """Close the connection."""


class Execute(Protocol):
    """Carries out a statement."""

    def __call__(self, statement: str, values: Sequence[Any] = (), /) -> Rows:
        """Return what it gave."""


class SharedState(msgspec.Struct, frozen=True, kw_only=True):
    """A source's state in PostgreSQL, and the lease under which it may be written."""

    address: str
    source: str
    token: int
    """Fencing token of the lease: a worker that takes over gets a higher one, and the writes of this one are refused."""
