"""Erases adverts from crawl state, also of sources that are not crawled any more: SQLite files, PostgreSQL, logs."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from crawlers.frontier.sqlite_state import FILE, OF_A_RUN, OVER_RUNS, SqliteState, clear_run, forget_unseen
from crawlers.frontier.state_database import StateDatabase
from crawlers.process import lock_folder
from foundation.traces import Traces
from foundation.url_identity import DEFAULT, UrlIdentity
from foundation.whole_files import replace_file

LOG = "crawl.log"
FILES = (FILE, f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal")


def sources_with_state(state: Path, shared: str) -> list[str]:
    """Return the sources of which a crawl remembers anything, in the folder ``state`` or the database ``shared``.

    Raises StateError when the database cannot be asked.
    """
    names = {path.parent.name for name in (FILE, LOG) for path in state.glob(f"*/{name}")}
    return sorted(names | _shared_sources(shared))


def erase(
    state: Path, shared: str, source: str, *, before: datetime, ids: Iterable[str], urls: Iterable[str], traces: Traces,
    identity: UrlIdentity = DEFAULT,
) -> None:  # fmt: skip
    """Erase what crawls of ``source`` last saw before a moment, and everything about the adverts ``ids`` at ``urls``.

    An unfinished run that old is deleted, and so are lines of its log that contain ``traces``. Raises RunBusy while it is
    being crawled and StateError when its state cannot be used.
    """
    ids, keys = tuple(ids), tuple(map(identity.key, urls))
    named = Traces(ids)
    for database in _databases(state, shared, source):
        with database.transaction():
            run = database.execute("SELECT started_at FROM run").fetchone()
            if run and datetime.fromisoformat(run[0]) < before:
                clear_run(database)
            forget_unseen(database, before)
            pages = database.execute("SELECT key, validators FROM page").fetchall()
            naming = tuple(key for key, validators in pages if named.found_in([bytes(validators)]))
            for table, column, values in (("posting", "id", ids), ("page", "key", keys + naming), ("image", "key", keys)):
                statement = f"DELETE FROM {table} WHERE {column} = ?"  # noqa: S608 - the names above
                database.executemany(statement, [(value,) for value in values])
        database.scrub()
    log = state / source / LOG
    if log.is_file() and traces.found_in_file(log):
        with lock_folder(log.parent):
            kept = [line for line in log.read_bytes().splitlines(keepends=True) if not traces.found_in([line])]
            replace_file(log, b"".join(kept))


def remains(state: Path, shared: str, source: str, traces: Traces) -> frozenset[str]:
    """Return the traces found in the state of ``source`` that belong to no advert it still knows.

    Files are read as bytes, with what lies in free pages and logs; of PostgreSQL the rows. Raises as ``erase`` does.
    """
    results: set[str] = set()
    known: set[str] = set()
    for database in _databases(state, shared, source):
        for table in (*OF_A_RUN, *OVER_RUNS):
            rows = database.execute(f"SELECT * FROM {table}")  # noqa: S608 - the names above
            results |= traces.found_in(_bytes(value) + b"\0" for row in rows for value in row)
        known |= traces.found_in(bytes(line) + b"\0" for (line,) in database.execute("SELECT line FROM posting"))
    for name in (*FILES, LOG):
        results |= traces.found_in_file(state / source / name)
    return frozenset(results - known)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode("utf-8", "surrogatepass")


def _databases(state: Path, shared: str, source: str) -> Iterator[StateDatabase]:
    """Yield the state of a source from every place that has one, locked against crawls."""
    folder = state / source
    if (folder / FILE).is_file():
        with lock_folder(folder), closing(SqliteState.open_at(folder, check=False)) as database:
            yield database
    if source in _shared_sources(shared):
        from crawlers.frontier.postgres_connection import hold_lease
        from crawlers.frontier.postgres_state import PostgresState

        with hold_lease(shared, source) as lease, closing(PostgresState.open_under(lease)) as postgres:
            yield postgres


def _shared_sources(shared: str) -> set[str]:
    if not shared:
        return set()
    from crawlers.frontier.postgres_connection import leased_sources

    return leased_sources(shared)
