"""The desk's database as the partners' door may use it: three views, its tokens, answers and counts of requests; every other
table is refused.

On PostgreSQL a role of the door's own is refused by the server. On SQLite each connection refuses by itself what is not named
here: that holds against a fault in our queries, not against a process that opens the file anew, so production takes PostgreSQL.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event, inspect, literal, select, table, text
from sqlalchemy.exc import OperationalError

from desk.database import DatabaseError, connection_errors, engine_of
from desk.partners.served import VIEWS

READ = {
    "partner_tokens": (
        "id", "platform", "name", "token_sha256", "scopes", "created_at", "expires_at", "revoked_at", "used_at",
        "opened_at",
    ),
    "partner_requests": ("key", "minute", "requests"),
    "partner_answers": ("id", "platform", "key", "notice_id", "kind", "reason", "body", "given_at"),
}  # fmt: skip
"""Table -> columns that the door reads."""
ADDED = {
    "partner_answers": ("platform", "key", "notice_id", "kind", "reason", "body", "given_at"),
    "partner_requests": ("key", "minute", "requests"),
}
"""Table -> columns that the door writes in new rows; what the desk makes of an answer stands in others."""
CHANGED = {"partner_tokens": ("used_at",), "partner_requests": ("minute", "requests")}
"""Table -> columns that it changes."""
_BEHIND = ("lists", "list_entries", "list_files", "deliveries")
"""Tables that the views read; SQLite may ask for one by no column, which says how many rows there are and nothing else."""
_READ, _INSERT, _UPDATE = 20, 18, 23
_HARMLESS = frozenset({21, 22, 31, 33})
"""SELECT, TRANSACTION, FUNCTION, RECURSIVE: what they touch is asked for as READ, INSERT or UPDATE."""
_OK, _DENY, _IGNORE = 0, 1, 2
"""Numbers of sqlite3.h."""


def open_door_database(address: str) -> Engine:
    """Return an engine that reaches what the door serves; raise DatabaseError when the desk has not made it yet."""
    engine = engine_of(address)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _refuse_the_rest)
    with connection_errors(engine, engine.url), engine.connect() as connection:
        missing = [name for name in VIEWS if not _has_view(connection, name)]
    if missing:
        engine.dispose()
        raise DatabaseError(
            f"the desk's database has no {missing[0]} that the door may read; start this release of the desk first, and on "
            "PostgreSQL run `lurewatch takedown partners grant ROLE`"
        )
    return engine


def grant(engine: Engine, role: str) -> list[str]:
    """Let a PostgreSQL role use what the door needs and take every other right from it; return the statements.

    Raises DatabaseError on SQLite, which has no roles.
    """
    if engine.dialect.name != "postgresql":
        raise DatabaseError("SQLite has no roles; nothing is to be granted there")
    quoted = engine.dialect.identifier_preparer.quote_identifier(role)
    tables = [f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {quoted}" for table, columns in READ.items()]
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {quoted}",
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT ON {', '.join(VIEWS)} TO {quoted}",
        *tables,
        *(f"GRANT INSERT ({', '.join(columns)}) ON {table} TO {quoted}" for table, columns in ADDED.items()),
        f"GRANT USAGE ON SEQUENCE partner_answers_id_seq TO {quoted}",
        *(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {quoted}" for table, columns in CHANGED.items()),
    ]
    with engine.begin() as connection:
        database = engine.dialect.identifier_preparer.quote_identifier(str(engine.url.database))
        for statement in (*statements, f"GRANT CONNECT ON DATABASE {database} TO {quoted}"):
            connection.execute(text(statement))
    return statements


def _has_view(connection: Connection, name: str) -> bool:
    if connection.dialect.name == "sqlite":
        try:
            connection.execute(select(literal(1)).select_from(table(name)).limit(1))
        except OperationalError:
            return False
        return True
    return inspect(connection).has_table(name) and bool(
        connection.execute(text("SELECT has_table_privilege(:name, 'SELECT')"), {"name": name}).scalar_one()
    )


def _refuse_the_rest(connection: Any, _record: object) -> None:
    connection.set_authorizer(_authorize)


def _authorize(action: int, table: str | None, column: str | None, _database: str | None, source: str | None) -> int:
    """Say whether SQLite may do something; ``source`` is the view that asks, None for a statement itself."""
    if action in _HARMLESS:
        return _OK
    if action == _READ:
        if (table, column) == ("users", "id") and source is None:
            return _IGNORE  # the foreign key of an answer asks for it; it reads NULL there
        counted = not column and table in (*READ, *_BEHIND)
        mine = counted or table in VIEWS or source in VIEWS or column in READ.get(str(table), ())
        return _OK if mine else _DENY
    if action == _INSERT:
        return _OK if table in ADDED else _DENY
    return _OK if action == _UPDATE and column in CHANGED.get(str(table), ()) else _DENY
