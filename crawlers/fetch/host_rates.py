"""The rates of hosts, shared by every source, run and process that uses one state folder or database.

A request reserves the host's next slot in one statement and waits for it. A second statement starts it, or puts it off when
the host was asked meanwhile or must not be asked. So the gap between two starts is kept even when a process wakes late. Times
are those of the store; callers see seconds to wait.
"""

import re
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from crawlers.frontier import sqlite_library
from foundation.crawl_errors import StateError

FILE = "host_rates.sqlite"
LONGEST_HOLD = 24 * 3600.0
"""Seconds after which a host is asked again, whatever its Retry-After says."""
KEPT = 7 * 24 * 3600.0
"""Seconds after which a host nobody asked is forgotten."""

RESERVE = """
INSERT INTO host_rate (host, slot_at, slot_gap) VALUES (:host, :now, :gap) ON CONFLICT (host) DO UPDATE SET
    slot_at = max(:now, host_rate.hold_until, host_rate.slot_at + max(host_rate.slot_gap, :gap),
        host_rate.sent_at + max(host_rate.sent_gap, :gap)),
    slot_gap = :gap
RETURNING slot_at - :now
"""
START = """
UPDATE host_rate SET sent_at = :now, sent_gap = :gap
WHERE host = :host AND hold_until <= :now AND sent_at + max(sent_gap, :gap) <= :now RETURNING 1
"""
PUT_OFF = "SELECT max(hold_until, sent_at + max(sent_gap, :gap)) - :now FROM host_rate WHERE host = :host"
HOLD = """
INSERT INTO host_rate (host, slot_at, slot_gap, hold_until) VALUES (:host, :now, 0, :now + :seconds)
ON CONFLICT (host) DO UPDATE SET hold_until = max(host_rate.hold_until, excluded.hold_until) RETURNING 1
"""
HOLD_LEFT = "SELECT hold_until - :now FROM host_rate WHERE host = :host"
FORGET = "DELETE FROM host_rate WHERE max(slot_at, hold_until) < :now - :kept RETURNING 1"
SQLITE_TABLE = """
CREATE TABLE IF NOT EXISTS host_rate (
    host TEXT PRIMARY KEY, slot_at REAL NOT NULL, slot_gap REAL NOT NULL, sent_at REAL NOT NULL DEFAULT 0,
    sent_gap REAL NOT NULL DEFAULT 0, hold_until REAL NOT NULL DEFAULT 0
) STRICT;
"""
Carry = Callable[[str, dict[str, Any]], list[Any]]
"""Carries out a statement, ``:now`` filled in, and returns its rows."""


class HostRates:
    """The table; any number of processes may use it at once."""

    def __init__(self, carry: Carry, close: Callable[[], None]) -> None:
        self._carry = carry
        self.close = close

    @classmethod
    def open_at(cls, address: str | Path) -> "HostRates":
        """Open or make the table at ``address``, a file or ``postgresql://…``; raise StateError when it cannot be used."""
        if str(address).startswith("postgresql"):
            shared = _PostgresRates(str(address))
            rates = cls(shared.carry, shared.close)
        else:
            db = _sqlite(Path(address))
            rates = cls(lambda statement, values: db.execute(statement, values | {"now": time.time()}).fetchall(), db.close)
        rates._carry(FORGET, {"kept": KEPT})
        return rates

    def reserve(self, host: str, gap: float) -> float:
        """Reserve the next slot of ``host``, at least ``gap`` seconds after the one before; return the seconds until it."""
        return max(0.0, float(self._carry(RESERVE, {"host": host, "gap": gap})[0][0]))

    def start(self, host: str, gap: float) -> float:
        """Start a request to ``host`` now and return 0, or return the seconds after which it may be tried again."""
        values = {"host": host, "gap": gap}
        if self._carry(START, values):
            return 0.0
        return max(float(self._carry(PUT_OFF, values)[0][0]), 0.001)

    def hold(self, host: str, seconds: float) -> None:
        """Start no request to ``host`` for ``seconds``; a longer hold stays in force."""
        self._carry(HOLD, {"host": host, "seconds": min(seconds, LONGEST_HOLD)})

    def hold_seconds(self, host: str) -> float:
        """Return for how many seconds ``host`` must not be asked; 0 when it may be asked."""
        rows = self._carry(HOLD_LEFT, {"host": host})
        return max(0.0, float(rows[0][0])) if rows else 0.0


class _PostgresRates:
    """The table in PostgreSQL, on the server's clock, for workers anywhere; opened again after the server was away."""

    def __init__(self, address: str) -> None:
        from crawlers.frontier.postgres_connection import connect, make_shared_tables  # where one is named: psycopg is an extra

        self._connect, self._address = connect, address
        self._db: Any = connect(address)
        make_shared_tables(self._db)

    def carry(self, statement: str, values: dict[str, Any]) -> list[Any]:
        """Carry out a statement and return its rows; raise ConnectionError when the server does not answer."""
        from psycopg import InterfaceError, OperationalError

        try:
            self._db = self._db or self._connect(self._address)
            return list(self._db.execute(_translate_statement(statement), values).fetchall())
        except (OperationalError, InterfaceError) as exc:
            self.close()
            raise ConnectionError(f"rates of hosts: {exc}") from exc

    def close(self) -> None:
        """Close the connection."""
        if self._db:
            self._db.close()
        self._db = None


@lru_cache(maxsize=16)
def _translate_statement(statement: str) -> bytes:
    """Return a statement as PostgreSQL and psycopg take it."""
    here = statement.replace("max(", "greatest(").replace(":host", "%(host)s")
    here = here.replace(":now", "extract(epoch FROM clock_timestamp())::float8")
    return re.sub(r"(?<!:):([a-z]+)", r"%(\1)s::float8", here).encode()


def _sqlite(path: Path) -> sqlite.Connection:
    if reason := sqlite_library.refusal():
        raise StateError(reason)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        db = sqlite.connect(str(path), isolation_level=None, timeout=10)
        # A commit need not reach the disk: after a crash of the machine no slot is still to come.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "trusted_schema=OFF"):
            db.execute(f"PRAGMA {pragma}")
        db.execute(SQLITE_TABLE)
    except (OSError, sqlite.DatabaseError) as exc:
        raise StateError(f"{path}: {exc}; make it writable, or delete it: it holds nothing but rates") from exc
    return db
