"""The rates of hosts in PostgreSQL: ``crawlers/fetch/host_rates.py`` on the server's clock, for workers anywhere."""

import re
from functools import lru_cache
from typing import Any

import psycopg

from crawlers.frontier.postgres_connection import connect, make_shared_tables

NOW = "extract(epoch FROM clock_timestamp())::float8"


class PostgresRates:
    """A connection to the table, opened again after the server was away."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._db: psycopg.Connection[Any] | None = connect(address)
        make_shared_tables(self._db)

    def carry(self, statement: str, values: dict[str, Any]) -> list[Any]:
        """Carry out a statement and return its rows; raise ConnectionError when the server does not answer."""
        try:
            self._db = self._db or connect(self._address)
            return self._db.execute(translate_statement(statement), values).fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError) as exc:
            self.close()
            raise ConnectionError(f"rates of hosts: {exc}") from exc

    def close(self) -> None:
        """Close the connection."""
        if self._db:
            self._db.close()
        self._db = None


@lru_cache(maxsize=16)
def translate_statement(statement: str) -> bytes:
    """Return a statement as PostgreSQL and psycopg take it."""
    here = statement.replace("max(", "greatest(").replace(":host", "%(host)s")
    return re.sub(r":([a-z]+)", lambda name: NOW if name[1] == "now" else f"%({name[1]})s::float8", here).encode()
