"""The PostgreSQL database in which workers share their crawls' state: connections, the tables all sources share, leases.

A lease says whose a source is while it is crawled from several machines: one row for each source, renewed by a living worker.
A worker that was killed or cut off stops renewing, and after ``SECONDS`` another one takes the run over under a higher token.
A session lock does not work: the kernel of a stopped worker keeps it.
"""

import logging
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from crawlers.frontier.state_database import SharedState
from foundation.crawl_errors import LeaseLost, RunBusy, StateError

SCHEMA = "crawl_state"
"""Schema of what all sources share: leases and the rates of hosts."""
ANSWER_SECONDS = 10
"""Seconds within which the server must answer or give a lock."""
IDLE_SECONDS = 30
"""Seconds after which the server ends the transaction of a silent worker."""
MAKING = 0x4C574352
"""Advisory lock held while the shared tables are made."""
SHARED_TABLES = """
CREATE TABLE IF NOT EXISTS lease (
    source TEXT PRIMARY KEY, owner TEXT NOT NULL, token BIGINT NOT NULL, expires_at TIMESTAMPTZ NOT NULL,
    schema_version INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS host_rate (
    host TEXT PRIMARY KEY, slot_at FLOAT8 NOT NULL, slot_gap FLOAT8 NOT NULL, sent_at FLOAT8 NOT NULL DEFAULT 0,
    sent_gap FLOAT8 NOT NULL DEFAULT 0, hold_until FLOAT8 NOT NULL DEFAULT 0
);
"""


def connect(address: str, schema: str = SCHEMA) -> psycopg.Connection[Any]:
    """Return a connection whose tables are those of ``schema``; raise StateError when none can be opened.

    ``address``: ``postgresql://…``, also as SQLAlchemy writes it.
    """
    limits = f"-c lock_timeout={ANSWER_SECONDS}s -c idle_in_transaction_session_timeout={IDLE_SECONDS}s -c search_path={schema}"
    try:
        return psycopg.connect(
            address.replace("postgresql+psycopg:", "postgresql:", 1),
            autocommit=True,
            connect_timeout=ANSWER_SECONDS,
            options=limits,
            keepalives_idle=ANSWER_SECONDS,
            keepalives_interval=ANSWER_SECONDS,
            keepalives_count=3,
        )
    except psycopg.Error as exc:
        raise StateError(f"crawl state: {first_line(exc)}; start the database or correct LUREWATCH_CRAWL_STATE") from exc


def make_shared_tables(db: psycopg.Connection[Any]) -> None:
    """Make the tables that all sources share, once; raise StateError when the role may not."""
    try:
        if db.execute("SELECT to_regclass(%s)", (f"{SCHEMA}.host_rate",)).fetchone() != (None,):
            return
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (MAKING,))
            db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
            db.execute(SHARED_TABLES)
    except psycopg.Error as exc:
        raise StateError(f"crawl state: {first_line(exc)}; GRANT CREATE ON its DATABASE to the role") from exc


def first_line(exc: psycopg.Error) -> str:
    """Return what the server or the library says, without its details."""
    return (str(exc).strip().splitlines() or [type(exc).__name__])[0]


log = logging.getLogger(__name__)

SECONDS = 60.0
"""A lease ends this long after it was last renewed."""
RENEWALS = 6
"""How often it is renewed within that time."""
TAKE = """
INSERT INTO lease AS standing (source, owner, token, expires_at)
VALUES (%(source)s, %(owner)s, 1, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (source) DO UPDATE SET owner = excluded.owner, token = standing.token + 1, expires_at = excluded.expires_at
WHERE standing.expires_at < clock_timestamp() RETURNING token
"""
RENEW = """
UPDATE lease SET expires_at = clock_timestamp() + %(seconds)s * interval '1 second'
WHERE source = %(source)s AND token = %(token)s
"""
RELEASE = "UPDATE lease SET expires_at = '-infinity' WHERE source = %(source)s AND token = %(token)s"
OWNER = "SELECT owner, greatest(0, ceil(extract(epoch FROM expires_at - clock_timestamp())))::int FROM lease WHERE source = %s"


@contextmanager
def hold_lease(address: str, source: str) -> Iterator[SharedState]:
    """Hold the lease of a source in the database at ``address``, renewed until the end of the block.

    Raises RunBusy when another worker has it, StateError when the database cannot be used. A block that fails after another
    worker has taken the source over ends with LeaseLost, whatever failed in it first.
    """
    with connect(address) as db:
        make_shared_tables(db)
        shared = SharedState(address=address, source=source, token=_token(db, source))
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(shared, over), name=f"lease of {source}", daemon=True)
    renewing.start()
    try:
        yield shared
    finally:
        over.set()
        renewing.join()
        with suppress(psycopg.Error, StateError), connect(address) as db:  # it ends by itself
            held = db.execute(RELEASE, {"source": source, "token": shared.token}).rowcount
            if not held and (failure := sys.exception()):
                raise lost_lease(source) from failure


def lost_lease(source: str) -> LeaseLost:
    """Return the error of a worker whose source is another worker's now."""
    return LeaseLost(f"{source}: another worker has taken the run over; nothing of this one is written")


def leased_sources(address: str) -> set[str]:
    """Return the sources that have tables in the database at ``address``; raise StateError when it cannot be asked."""
    try:
        with connect(address) as db:
            make_shared_tables(db)
            return {source for (source,) in db.execute("SELECT source FROM lease WHERE schema_version > 0")}
    except psycopg.Error as exc:
        raise StateError(f"crawl state: {first_line(exc)}; start the database, then try again") from exc


def _token(db: "psycopg.Connection[tuple[object, ...]]", source: str) -> int:
    owner = f"process {os.getpid()} on {platform.node()}"
    try:
        row = db.execute(TAKE, {"source": source, "owner": owner, "seconds": SECONDS}).fetchone()
    except psycopg.errors.LockNotAvailable:
        row = None  # its worker is writing, or stopped while it wrote; the server ends that soon
    if row:
        return int(str(row[0]))
    owner, seconds = db.execute(OWNER, (source,)).fetchone() or ("another worker", 0)  # type: ignore[assignment]
    raise RunBusy(f"{source}: {owner} is crawling it now; wait for it, or end it: its lease ends {seconds} s later")


def _renew(shared: SharedState, over: threading.Event) -> None:
    values = {"source": shared.source, "token": shared.token, "seconds": SECONDS}
    while not over.is_set():
        try:
            with connect(shared.address) as db:
                while not over.wait(SECONDS / RENEWALS):
                    if not db.execute(RENEW, values).rowcount:
                        return  # another worker has it; whatever is still to be written here is refused
        except (psycopg.Error, StateError) as exc:
            log.warning("the lease of %s could not be renewed: %s", shared.source, exc)
            over.wait(1.0)
