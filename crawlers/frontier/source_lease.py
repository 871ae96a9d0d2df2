"""Whose a source is while it is crawled from several machines: one row for each source, renewed by a living worker.

A worker that was killed or cut off stops renewing, and after ``SECONDS`` another one takes the run over under a higher token.
A lock of the session would not do: the kernel of a stopped worker goes on answering for it.
"""

import logging
import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from crawlers.crawl_errors import RunBusy, StateError
from crawlers.frontier.postgres_connection import connect, first_line, make_shared_tables
from crawlers.frontier.shared_state import SharedState

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

    Raises RunBusy when another worker has it, StateError when the database cannot be used.
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
            db.execute(RELEASE, {"source": source, "token": shared.token})


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
