"""The rates of hosts, shared by every source, run and process that uses one state folder.

A request first reserves the host's next slot, in one statement, and waits for it; when it starts it says so, in another, and
is put off again when the host was asked for something in the meantime or wants to be left alone. So the gap between two
starts is kept also when a process wakes late. Times are those of the store; callers see seconds to wait.
"""

import time
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

from crawlers import sqlite_library
from crawlers.errors import StateError

FILE = "host_rates.sqlite"
LONGEST_HOLD = 24 * 3600.0
"""Seconds after which a host is asked again, whatever its Retry-After says."""
KEPT = 7 * 24 * 3600.0
"""Seconds after which a host nobody asked is forgotten."""

TABLE = """
CREATE TABLE IF NOT EXISTS host_rate (
    host TEXT PRIMARY KEY, slot_at REAL NOT NULL, slot_gap REAL NOT NULL, sent_at REAL NOT NULL DEFAULT 0,
    sent_gap REAL NOT NULL DEFAULT 0, hold_until REAL NOT NULL DEFAULT 0
) STRICT;
"""
RESERVE = """
INSERT INTO host_rate (host, slot_at, slot_gap) VALUES (:host, :now, :gap) ON CONFLICT (host) DO UPDATE SET
    slot_at = max(:now, hold_until, slot_at + max(slot_gap, :gap), sent_at + max(sent_gap, :gap)), slot_gap = :gap
RETURNING slot_at - :now
"""
START = """
UPDATE host_rate SET sent_at = :now, sent_gap = :gap
WHERE host = :host AND hold_until <= :now AND sent_at + max(sent_gap, :gap) <= :now RETURNING 1
"""
PUT_OFF = "SELECT max(hold_until, sent_at + max(sent_gap, :gap)) - :now FROM host_rate WHERE host = :host"
HOLD = """
INSERT INTO host_rate (host, slot_at, slot_gap, hold_until) VALUES (:host, :now, 0, :now + :seconds)
ON CONFLICT (host) DO UPDATE SET hold_until = max(hold_until, excluded.hold_until)
"""
HELD = "SELECT hold_until - :now FROM host_rate WHERE host = :host"
FORGET = "DELETE FROM host_rate WHERE max(slot_at, hold_until) < :now - :kept"


class HostRates:
    """The table of a state folder; any number of processes may use it at once."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._db = connection

    @classmethod
    def open_at(cls, path: Path) -> "HostRates":
        """Open or make the table in the file ``path``; raise StateError when it cannot be used."""
        if reason := sqlite_library.refusal():
            raise StateError(reason)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            db = sqlite.connect(str(path), isolation_level=None, timeout=10)
            # A commit need not reach the disk: after a crash of the machine no slot is still to come.
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "trusted_schema=OFF"):
                db.execute(f"PRAGMA {pragma}")
            db.execute(TABLE)
            db.execute(FORGET, {"now": time.time(), "kept": KEPT})
        except (OSError, sqlite.DatabaseError) as exc:
            raise StateError(f"{path}: {exc}; make it writable, or delete it: it holds nothing but rates") from exc
        return cls(db)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def reserve(self, host: str, gap: float) -> float:
        """Reserve the next slot of ``host``, at least ``gap`` seconds after the one before; return the seconds until it."""
        return float(self._db.execute(RESERVE, {"host": host, "gap": gap, "now": time.time()}).fetchone()[0])

    def start(self, host: str, gap: float) -> float:
        """Start a request to ``host`` now and return 0, or return the seconds after which it may be tried again."""
        values = {"host": host, "gap": gap, "now": time.time()}
        if self._db.execute(START, values).fetchall():
            return 0.0
        return max(float(self._db.execute(PUT_OFF, values).fetchone()[0]), 0.001)

    def hold(self, host: str, seconds: float) -> None:
        """Let no request to ``host`` start for ``seconds``; a longer hold in force stands."""
        self._db.execute(HOLD, {"host": host, "seconds": min(seconds, LONGEST_HOLD), "now": time.time()})

    def held(self, host: str) -> float:
        """Return for how many seconds ``host`` is to be left alone; 0 when it may be asked."""
        row = self._db.execute(HELD, {"host": host, "now": time.time()}).fetchone()
        return max(0.0, float(row[0])) if row else 0.0
