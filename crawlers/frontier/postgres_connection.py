"""Connections to the PostgreSQL database in which workers share their crawls' state, and the tables all sources share there."""

from typing import Any

import psycopg
from psycopg import sql

from crawlers.crawl_errors import StateError

SCHEMA = "crawl_state"
"""Schema of what all sources share: leases and the rates of hosts."""
ANSWER_SECONDS = 10
"""Within which the server must answer, and a lock must be had."""
IDLE_SECONDS = 30
"""After which the server ends a transaction whose worker has gone silent, so that it holds up nobody."""
MAKING = 0x4C574352
"""Advisory lock of whoever makes the shared tables."""
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
    """Return a connection whose tables are those of ``schema``; raise StateError when there is none to be had.

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
    """Make what all sources share, once; raise StateError when the role may not."""
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
