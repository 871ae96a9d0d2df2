"""Open the desk's database, SQLite or PostgreSQL, brought up to date by its migrations.

SQLite goes through pysqlite3 (``crawlers.frontier.sqlite_library`` says why).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    TypeDecorator,
    create_engine,
    event,
    text,
)  # fmt: skip
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import DatabaseError as NotServed

from crawlers.frontier import sqlite_library

MIGRATIONS = Path(__file__).with_name("migrations")
APPLICATION_ID = 0x4C574454
"""``LWDT``: tells this file from any other SQLite file."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=ON",
    "mmap_size=0",
    "journal_size_limit=67108864",
)
WRITER_LOCK = 0x4C574454
"""Advisory lock every write transaction holds on PostgreSQL: one writer at a time, as SQLite has it. Desk writes are rare and
short. So the audit chain needs no retry, no two writers can deadlock, and starting processes migrate once."""
STATE = "state"
"""Execution option of an engine: the folder in which the newest head of the audit log is kept."""
AFTER_COMMIT = "after_commit"
"""Key of ``Connection.info``: what is called once the write transaction is committed."""


class DatabaseError(Exception):
    """The desk's database cannot be opened; the message says what to do."""


class DatabaseUnavailable(DatabaseError):
    """The database does not answer now; a later try may succeed."""


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse times without a zone: they would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value}; give an aware one")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return the time as aware UTC."""
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_database(address: str, state: Path | None = None) -> Engine:
    """Return an engine on the database at ``address`` (a SQLAlchemy URL), migrated to the newest revision.

    Where there is a folder ``state``, the newest head of the audit log is kept in it.

    Raises DatabaseError when the address is wrong, SQLite is too old, or the file is newer than this code; DatabaseUnavailable
    when the server is away.
    """
    engine = engine_of(address)
    engine.update_execution_options(**{STATE: state})
    with connection_errors(engine, engine.url):
        _migrate(engine)
    return engine


def engine_of(address: str) -> Engine:
    """Return an engine on the database at ``address`` as it is; raise DatabaseError when the address is wrong."""
    url = _url(address)
    return _sqlite(url) if url.get_backend_name() == "sqlite" else _server(url)


def revision(address: str) -> tuple[str | None, str]:
    """Return the revision of the database at ``address`` (None: not made yet) and the newest, and change nothing.

    Raises DatabaseError as ``open_database`` does.
    """
    url, known = _url(address), _revisions()
    newest = max(known)
    if url.get_backend_name() == "sqlite":
        path = _file(url)
        if not path.exists():
            return None, newest
        from pysqlite3 import dbapi2

        uri = f"file:{quote(str(path.resolve()))}?mode=rw"
        engine = create_engine("sqlite://", module=dbapi2, creator=lambda: dbapi2.connect(uri, uri=True))
    else:
        engine = _server(url)
    with connection_errors(engine, url), engine.connect() as connection:
        value = _stamp(connection)
    engine.dispose()
    if value is not None and value not in known:
        raise DatabaseError(f"the desk's database is newer than this LureWatch, or of no release ({value}); upgrade LureWatch")
    return value, newest


@contextmanager
def connection_errors(engine: Engine, url: URL) -> Iterator[None]:
    """Describe why a database does not answer, without its password."""
    try:
        yield
    except NotServed as exc:
        engine.dispose()
        shown, file = url.render_as_string(hide_password=True), url.get_backend_name() == "sqlite"
        fix = "make room on its disk" if is_full(exc) else "put its backup back" if file else "start it"
        kind = DatabaseUnavailable if _may_pass(exc, file) else DatabaseError
        raise kind(f"database {shown}: {exc.orig}; {fix} or correct LUREWATCH_DATABASE") from exc


def _may_pass(exc: NotServed, file: bool) -> bool:
    """Tell whether a later try may succeed: the server is away, another process writes the file, or its disk is full."""
    return isinstance(exc, OperationalError) and (not file or "locked" in str(exc.orig) or is_full(exc))


def is_full(exc: NotServed) -> bool:
    """Tell whether a database does not answer because its disk is full."""
    return "disk is full" in str(exc.orig)


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except ArgumentError as exc:
        raise DatabaseError(f"database {address!r} is not a SQLAlchemy URL; write sqlite:///data/desk.sqlite") from exc


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside the write transaction; the lock is taken at the start, so no writer is refused in the middle."""
    with engine.connect().execution_options(writes=True) as connection:
        connection.info.pop(AFTER_COMMIT, None)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})
            yield connection
        connection.info.pop(AFTER_COMMIT, lambda: None)()


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection with a snapshot of the database; SQLite's transactions are snapshots already."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _server(url: URL) -> Engine:
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "postgresql":
        raise DatabaseError(f"database {url.get_backend_name()!r} is not served; use sqlite:/// or postgresql://")
    return create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")


def _sqlite(url: URL) -> Engine:
    from pysqlite3 import dbapi2

    if reason := sqlite_library.refusal():
        raise DatabaseError(reason)
    path = _file(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as exc:
        raise DatabaseError(f"database {path}: {exc}; name a file that can be made in LUREWATCH_DATABASE") from exc
    engine = create_engine(url, module=dbapi2)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _file(url: URL) -> Path:
    if url.database in (None, "", ":memory:"):
        raise DatabaseError("the desk needs a database file: decisions must outlive the process")
    return Path(str(url.database))


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _revisions() -> frozenset[str]:
    """Return the revisions there are, by the names of their files: Alembic would load them all."""
    return frozenset(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py"))


def _stamp(connection: Connection) -> str | None:
    """Return the revision a database is at; None before its first migration."""
    known = connection.dialect.has_table(connection, "alembic_version")
    return connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None


def _migrate(engine: Engine) -> None:
    with engine.connect() as connection:
        if _stamp(connection) == max(_revisions()):
            return
    from alembic import command  # with all migrations it takes each process a fifth of a second
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as exc:
            raise DatabaseError(f"the desk's database is newer than this LureWatch ({exc}); upgrade LureWatch") from exc
