"""The frontier: one transactional store per source with the pages to fetch, the pages in progress and the results.

One transaction writes everything a page brings: it marks the page as done, queues its links, and stores its postings, rejects
and evidence. So a process killed at any moment loses no page and repeats none that was done; only leased pages are fetched
again. Queue and seen-set are one table: an address cannot be in one and not in the other.

The database is SQLite in the state folder, or PostgreSQL that workers share (``state_database.py``). One process
writes: the run holds the folder's lock, and in PostgreSQL the source's lease besides.
"""

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from crawlers.evidence.partition import Cause
from crawlers.frontier import revisits
from crawlers.frontier.sqlite_state import ImageTable, SqliteState, clear_run, forget_unseen
from crawlers.frontier.state_database import SharedState, StateDatabase
from crawlers.frontier.visits import LISTS, ListPage, Step, Validators, Visit
from crawlers.items import REPLY, Capture, Posting, Reject
from crawlers.sources import causes
from foundation.url_identity import DEFAULT, UrlIdentity

QUEUED, LEASED, DONE = 0, 1, 2
PAGE_RANK, IMAGE_RANK = 10**6, 10**6 + 1
AGAIN = " again"
"""Ends the key of a page of a list once for each earlier reading."""
RECORDS = 16
"""Visits whose evidence is in memory at once when a run is sealed."""
RANKS = {"detail": 0, "thread": 0, "page": PAGE_RANK, "image": IMAGE_RANK}
"""The order of leases: adverts, then the lists that lead to them (by page number), then pages of a sitemap; pictures when nothing
waits. Further pages of lists go out one by one and in order: else an advert that is pushed over to the next could slip by."""
FULL_EVERY = timedelta(days=7)
"""A page whose full response is older is fetched whole again, so that evidence for a platform is at most that old."""

WAITED = "host/waited_seconds"
"""Counter of the seconds in which a run waited for other sources of its hosts."""
REVISITS = "revisit/asked"
"""Counter of the adverts that a run asks for although no list showed them."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The run in progress."""

    run_id: str
    started_at: datetime
    resumed: int
    requests: int
    blocked: str
    ended: str


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """A leased step, with what an earlier run knows about its page."""

    row: int
    step: Step
    validators: Validators | None


class KnownPosting(msgspec.Struct, frozen=True, kw_only=True):
    """A posting as the last run kept it."""

    posting: Posting
    gone: bool


def content_digest(posting: Posting) -> bytes:
    """Return a digest that changes only when the advert itself changes (views, capture and times do not count)."""
    media = tuple(item for item in posting.media if not item.from_page)
    kept = msgspec.structs.replace(
        posting,
        title=posting.heading,
        thread_title=msgspec.UNSET,
        form=None if posting.form == REPLY else posting.form,
        media=media,
        fetched_at=None,
        capture=None,
        views=None,
        edited=False,
        deleted=False,
        posted_at=None,
        valid_through=None,
    )
    return hashlib.sha256(_encode(kept)).digest()


class Frontier:
    """Open with :meth:`open_at`; one process at a time may hold it."""

    def __init__(self, database: StateDatabase, folder: Path, identity: UrlIdentity = DEFAULT) -> None:
        self._db = database
        self._identity = identity
        self.folder = folder
        self.images = ImageTable(database)

    @classmethod
    def open_at(
        cls, folder: Path, *, check: bool = True, identity: UrlIdentity = DEFAULT, shared: SharedState | None = None
    ) -> "Frontier":
        """Open or make the store in ``folder``, or in PostgreSQL under ``shared``; raise StateError when it cannot be used.

        ``identity`` is the source's rule for which addresses are one page. ``check`` reads all of a file for damage: once a
        run, not each time a process of the run takes over from another.
        """
        if shared is None:
            return cls(SqliteState.open_at(folder, check=check), folder, identity)
        from crawlers.frontier.postgres_state import PostgresState

        return cls(PostgresState.open_under(shared), folder, identity)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    # The run

    def run(self) -> Run | None:
        """Return the run in progress, None when the last one was finished."""
        row = self._db.execute("SELECT run_id, started_at, resumed, requests, blocked, ended FROM run").fetchone()
        return msgspec.convert(dict(zip(Run.__struct_fields__, row, strict=True)), Run) if row else None

    def begin(self, run_id: str, now: datetime, steps: Iterable[Step]) -> Run:
        """Start a run, or continue the unfinished one: leased steps are queued again."""
        with self._db.transaction():
            if self.run():
                self._resume()
            else:
                self._db.execute("INSERT INTO run (one, run_id, started_at) VALUES (1, ?, ?)", (run_id, now.isoformat()))
            self._offer(steps)
        run = self.run()
        assert run is not None
        return run

    def resume(self) -> None:
        """Queue the steps again that a dead process had leased."""
        with self._db.transaction():
            self._resume()

    def _resume(self) -> None:
        self._db.execute("UPDATE run SET resumed = resumed + 1")
        self._db.execute("UPDATE queue SET state = ? WHERE state = ?", (QUEUED, LEASED))

    def finish(self, *, forget_before: datetime) -> None:
        """Clear the run after its partition is sealed; keep what the next run needs, no longer than the retention."""
        with self._db.transaction():
            clear_run(self._db)
            forget_unseen(self._db, forget_before)
        self._db.tidy()

    def end(self, *, blocked: str = "", ended: str = "") -> None:
        """Note why the run must stop before its queue is empty; only the first reason is kept."""
        with self._db.transaction():
            self._db.execute(
                "UPDATE run SET blocked = CASE WHEN blocked = '' THEN ? ELSE blocked END, "
                "ended = CASE WHEN ended = '' THEN ? ELSE ended END",
                (blocked, ended),
            )

    # The queue

    def _count_rows(self, rows: str, *values: object) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {rows}", values).fetchone()[0])  # noqa: S608 - texts of this file

    def count_waiting(self) -> int:
        """Return the number of steps queued or leased."""
        return self._count_rows("queue WHERE state <> ?", DONE)

    def count_waiting_pages(self) -> int:
        """Return the number of steps queued or leased that are no pictures."""
        return self._count_rows("queue WHERE state <> ? AND rank <> ?", DONE, IMAGE_RANK)

    def count_images(self) -> int:
        """Return the number of pictures this run has fetched or is to fetch."""
        return self._count_rows("queue WHERE rank = ?", IMAGE_RANK)

    def drop_images(self) -> None:
        """Take the pictures that are still queued as done, without one."""
        with self._db.transaction():
            self._db.execute(
                "UPDATE queue SET state = ?, outcome = 'image/refused' WHERE rank = ? AND state = 0", (DONE, IMAGE_RANK)
            )

    def count_done(self) -> int:
        """Return the number of steps taken."""
        return self._count_rows("queue WHERE state = ?", DONE)

    def unseen(self, urls: Sequence[str]) -> list[str]:
        """Return those of ``urls`` this run has not queued yet, in their order."""
        return [url for url in urls if not self._count_rows("queue WHERE key = ?", self.key(url))]

    def commit(
        self, visits: Sequence[Visit], *, requests: int, lease: int, waited: int = 0, steps: Sequence[Step] = ()
    ) -> list[Lease]:
        """Write the results of ``visits``, queue ``steps`` and lease up to ``lease`` further ones, in one transaction.

        ``waited``: seconds waited for other sources of a host meanwhile. A step that was leased when a process died comes last,
        so a page that kills its reader cannot keep the others from being read.
        """
        with self._db.transaction():
            run = self.run()
            assert run is not None, "begin() comes first"
            tally: Counter[str] = Counter({WAITED: waited})
            for visit in visits:
                self._write(visit, run.run_id, tally)
            self._count(tally)
            self._offer(steps)
            if requests:
                self._db.execute("UPDATE run SET requests = requests + ?", (requests,))
            return self._lease(lease) if lease > 0 else []

    def set_aside(self, row: int | None, why: Exception, now: datetime) -> None:
        """Take a step that is leased as done: its page is not tried again in this run."""
        for (line,) in self._db.execute("SELECT step FROM queue WHERE row = ? AND state = ?", (row, LEASED)).fetchall():
            step, outcome = _step(line), f"error/{type(why).__name__}"
            kept = (step.carried,) if step.carried else ()
            visit = Visit(row=row or 0, step=step, outcome=outcome, at=now, postings=kept, seen=len(kept), detail=str(why))
            self.commit([visit], requests=0, lease=0)

    def _write(self, visit: Visit, run_id: str, tally: Counter[str]) -> None:
        execute, now = self._db.execute, visit.at.isoformat()
        execute("UPDATE queue SET state = ?, outcome = ? WHERE row = ?", (DONE, visit.outcome, visit.row))
        self._offer(visit.steps)
        if visit.evidence:
            execute("INSERT INTO evidence (records) VALUES (?)", (visit.evidence,))
        if visit.listed:
            execute("DELETE FROM list_page WHERE row = ?", (visit.row,))
            execute("INSERT INTO list_page (row, listed) VALUES (?, ?)", (visit.row, _encode(visit.listed)))
        if visit.picture and visit.capture and visit.sha256:
            capture = Capture(record_id=visit.capture, sha256=visit.sha256, run=run_id, captured_at=visit.at)
            self.images.keep(self.key(visit.step.url), capture, visit.picture, now)
        for posting in visit.postings:
            tally["duplicate"] += not self._keep(posting, run_id, now, tally)
        if cause := visit.cause or causes.cause_of_visit(visit):
            self._note(cause)
        for reject in visit.rejected:
            execute("INSERT INTO reject (reason, line) VALUES (?, ?)", (reject.reason, _encode(reject)))
        tally["seen"] += visit.seen
        tally.update({f"drop/{name}": n for name, n in visit.dropped.items()})
        tally.update({f"known/{name}": n for name, n in visit.known.items()})
        tally.update(visit.counted)
        if visit.keep and visit.validators:
            headers = (visit.validators.etag, visit.validators.modified)
            execute(
                "INSERT INTO page (key, etag, modified, lastmod, validators, seen_at) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, modified = excluded.modified, lastmod = excluded.lastmod, "
                "validators = excluded.validators, seen_at = excluded.seen_at",
                (self.key(visit.step.url), *headers, visit.step.lastmod, _encode(visit.validators), now),
            )

    def _note(self, cause: Cause) -> None:
        """Count a cause; its example is the first of its kind, or the first whose answer is kept as evidence."""
        row = self._db.execute("SELECT first FROM cause WHERE outcome = ?", (cause.outcome,)).fetchone()
        first = _cause(row[0]) if row else cause
        if cause.record_id and not first.record_id:
            first = cause
        self._db.execute(
            "INSERT INTO cause (outcome, first, n) VALUES (?, ?, 1) "
            "ON CONFLICT (outcome) DO UPDATE SET n = cause.n + 1, first = excluded.first",
            (cause.outcome, _encode(first).decode()),
        )

    def _count(self, tally: Counter[str]) -> None:
        statement = "INSERT INTO tally (name, n) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET n = tally.n + excluded.n"
        self._db.executemany(statement, (+tally).items())

    def _offer(self, steps: Iterable[Step]) -> None:
        for step in steps:
            rank = RANKS.get(step.role, min(step.turn, PAGE_RANK - 1))
            self._db.execute(
                "INSERT INTO queue (key, step, rank) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (self.key(step.url) + AGAIN * step.again, _encode(step), rank),
            )

    def _lease(self, count: int) -> list[Lease]:
        rows = self._db.execute(
            "UPDATE queue SET state = ?, attempts = attempts + 1 WHERE row IN "
            "(SELECT row FROM queue WHERE state = 0 AND (rank <> ? OR NOT EXISTS "
            "(SELECT 1 FROM queue WHERE state <> ? AND rank <> ?)) AND (rank NOT BETWEEN 2 AND ? OR row = "
            "(SELECT row FROM queue WHERE state <> ? AND rank BETWEEN 2 AND ? ORDER BY state DESC, rank, row LIMIT 1)) "
            "ORDER BY attempts, rank, row LIMIT ?) RETURNING row, key, step",
            (LEASED, IMAGE_RANK, DONE, IMAGE_RANK, PAGE_RANK - 1, DONE, PAGE_RANK - 1, count),
        ).fetchall()
        return [
            Lease(row=row, step=_step(step), validators=self._validators(key.partition(AGAIN)[0]))
            for row, key, step in sorted(rows)
        ]

    def _validators(self, key: str) -> Validators | None:
        value = self._db.execute("SELECT validators FROM page WHERE key = ?", (key,)).fetchone()
        return _validators(value[0]) if value else None

    # Adverts that no list shows any more

    def offer_revisits(self, now: datetime, *, watched: Iterable[str], limit: int, retention: timedelta) -> int:
        """Queue up to ``limit`` adverts that no list of the run has led to and that are due, once a run; return how many.

        ``watched``: ids of postings that are due a day after they were last seen, whatever their age. An advert that no run
        has seen for longer than ``retention`` is not asked for: it is forgotten when the run ends.
        """
        with self._db.transaction():
            if self._db.execute("SELECT 1 FROM tally WHERE name = ?", (REVISITS,)).fetchone():
                return 0
            due = revisits.select_due(self._standing_adverts(frozenset(watched), now - retention), now)
            self._offer(Step(url=advert.url, role="detail", depth=1, revisit=True) for advert in due[:limit])
            self._count(Counter({REVISITS: len(due[:limit]), "revisit/later": len(due[limit:])}))
            # The row says that this was done, also when nothing was due.
            self._db.execute("INSERT INTO tally (name, n) VALUES (?, 0) ON CONFLICT (name) DO NOTHING", (REVISITS,))
            return len(due[:limit])

    def _standing_adverts(self, watched: frozenset[str], not_before: datetime) -> Iterator[revisits.StandingAdvert]:
        """Yield the adverts with their own page that were there when last seen and that this run has not asked for."""
        rows = self._db.execute(
            "SELECT id, line, seen_at, since FROM posting WHERE gone = 0 AND place IS NULL AND seen_at >= ? "
            "AND run_id <> (SELECT run_id FROM run)",
            (not_before.isoformat(),),
        ).fetchall()
        for posting_id, line, seen_at, since in rows:
            url = _posting(line).url
            known = self._validators(self.key(url))
            if known and known.postings == (posting_id,) and self.unseen([url]):
                yield revisits.StandingAdvert(
                    url=url,
                    seen_at=datetime.fromisoformat(seen_at),
                    since=datetime.fromisoformat(since),
                    watched=posting_id in watched,
                )

    # Postings, over runs

    def _keep(self, posting: Posting, run_id: str, now: str, tally: Counter[str]) -> bool:
        """Keep a posting as this run's; return False when the run already has it."""
        digest = content_digest(posting)
        before = self._db.execute("SELECT run_id, digest, gone, since FROM posting WHERE id = ?", (posting.id,)).fetchone()
        since = now
        if before:
            if before[0] == run_id:
                return False
            if posting.deleted:
                tally["known/deleted"] += 1
            elif before[2]:
                tally["known/reappeared"] += 1
            elif before[1] == digest:
                since = before[3]
                tally["known/unchanged"] += 1
            else:
                posting = msgspec.structs.replace(posting, edited=True)
                tally["known/edited"] += 1
            self._db.execute("DELETE FROM posting WHERE id = ?", (posting.id,))  # it stands where this run wrote it
        place, number = place_of(posting)
        self._db.execute(
            "INSERT INTO posting (id, line, digest, place, number, run_id, seen_at, since, gone) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (posting.id, _encode(posting), digest, place, number, run_id, now, since, int(posting.deleted)),
        )
        tally["parsed"] += 1
        return True

    def retract(self, postings: Iterable[Posting], reason: str) -> None:
        """Take back what this run kept of ``postings`` and of their pages; they count as rejects, each a wall that was met."""
        with self._db.transaction():
            for item in postings:
                self._db.execute("DELETE FROM posting WHERE id = ?", (item.id,))
                self._db.execute("DELETE FROM page WHERE key = ?", (self.key(item.url),))
                reject = Reject(url=item.url, reason=reason, detail=item.title or item.text[:100])
                self._db.execute("INSERT INTO reject (reason, line) VALUES (?, ?)", (reason, _encode(reject)))
                record = item.capture.record_id if item.capture else ""
                self._note(Cause(outcome=f"block/{reason}", url=item.url, detail=reject.detail, record_id=record))

    def find_postings(self, ids: Iterable[str]) -> list[KnownPosting]:
        """Return those of ``ids`` that an earlier run or this one kept."""
        rows = (self._db.execute("SELECT line, gone FROM posting WHERE id = ?", (value,)).fetchone() for value in ids)
        return [KnownPosting(posting=_posting(row[0]), gone=bool(row[1])) for row in rows if row]

    def new_in_run(self, ids: Sequence[str]) -> list[str]:
        """Return those of ``ids`` this run has not kept yet."""
        return [
            value for value in ids if not self._count_rows("posting WHERE id = ? AND run_id = (SELECT run_id FROM run)", value)
        ]

    def find_unchanged_page(self, url: str, lastmod: str | None, now: datetime) -> Validators | None:
        """Return what is known of a page whose sitemap calls it unchanged, while its evidence is recent enough."""
        if lastmod is None:
            return None
        value = self._db.execute("SELECT validators FROM page WHERE key = ? AND lastmod = ?", (self.key(url), lastmod)).fetchone()
        known = _validators(value[0]) if value else None
        fresh = known if known and now - known.fetched_at < FULL_EVERY else None
        return None if fresh and any(posting.gone for posting in self.find_postings(fresh.postings)) else fresh

    def count_older_posts(self, place: str, number: int) -> int:
        """Return how many posts of ``place`` below ``number`` are there, as far as earlier runs know."""
        rows = "posting WHERE place = ? AND number < ? AND gone = 0 AND run_id <> (SELECT run_id FROM run)"
        return self._count_rows(rows, place, number)

    def list_standing_posts(self, place: str, low: int, high: int) -> list[Posting]:
        """Return the postings of ``place`` (a channel, a thread) numbered ``low`` to ``high`` that were there last time."""
        rows = self._db.execute(
            "SELECT line FROM posting WHERE place = ? AND number BETWEEN ? AND ? AND gone = 0 ORDER BY number", (place, low, high)
        )
        return [_posting(row[0]) for row in rows]

    # What its lists announced

    def key(self, url: str) -> str:
        """Return one key for all spellings of an address."""
        return self._identity.key(url)

    def list_pages(self) -> list[tuple[str, Step, ListPage]]:
        """Return (key, step, what it shows) of every list page of the run, in the order of the queue."""
        rows = self._db.execute("SELECT key, step, listed FROM list_page JOIN queue USING (row) ORDER BY row").fetchall()
        return [(key, _step(step), _listed(listed)) for key, step, listed in rows]

    def outcome(self, key: str) -> str | None:
        """Return the outcome of the step with this key; "" while it waits, None when the run has no such step."""
        return next(
            (str(row[0]) for row in self._db.execute("SELECT coalesce(outcome, '') FROM queue WHERE key = ?", (key,))), None
        )

    def find_gone(self) -> list[str]:
        """Return the keys of adverts that were gone when a list of the run led to them."""
        return [
            key for (key,) in self._db.execute("SELECT key FROM queue WHERE rank = 0 AND outcome IN ('http/404', 'http/410')")
        ]

    def lists_not_read(self, beside: Container[str | None] = ()) -> list[tuple[str, Step, str]]:
        """Return (key, step, outcome) of start addresses, sitemaps and pages of lists that were asked for and not read, and of
        all pages that those ``beside`` lead to."""
        rows = self._db.execute(
            "SELECT key, step, outcome FROM queue WHERE state = ? AND outcome NOT IN ('ok', 'unchanged') ORDER BY row", (DONE,)
        )
        results = ((key, _step(step), outcome) for key, step, outcome in rows)
        return [item for item in results if item[1].role in LISTS or item[1].turn > 1 or item[1].via in beside]

    # What the report is made of

    def guard_lease(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield ``chunks``; raise LeaseLost after the last one when another worker has taken the source over."""
        yield from chunks
        with self._db.transaction():
            pass

    def lines(self) -> Iterator[bytes]:
        """Yield this run's postings as JSON, in the order they were written."""
        rows = self._db.execute("SELECT line FROM posting WHERE run_id = (SELECT run_id FROM run) ORDER BY rowid")
        yield from (line for (line,) in rows)

    def evidence_count(self) -> int:
        """Return the number of responses kept as evidence."""
        return self._count_rows("evidence")

    def evidence(self) -> Iterator[bytes]:
        """Yield the WARC records of this run's visits, in the order they were written."""
        last = 0
        while rows := self._db.execute(_RECORDS, (last, RECORDS)).fetchall():
            yield from (records for _, records in rows)
            last = rows[-1][0]

    def reject_lines(self) -> Iterator[bytes]:
        """Yield this run's rejects as JSON."""
        yield from (line for (line,) in self._db.execute("SELECT line FROM reject ORDER BY row"))

    def tallies(self) -> dict[str, int]:
        """Return the run's counters by name."""
        return dict(self._db.execute("SELECT name, n FROM tally ORDER BY name"))

    def outcomes(self) -> dict[str, int]:
        """Return the number of steps by outcome."""
        rows = "SELECT outcome, count(*) FROM queue WHERE state = ? GROUP BY outcome ORDER BY outcome"
        return dict(self._db.execute(rows, (DONE,)))

    def causes(self) -> list[Cause]:
        """Return the causes why pages were not read, each with its first address and its count."""
        rows = self._db.execute("SELECT first, n FROM cause ORDER BY n DESC, outcome")
        return [msgspec.structs.replace(_cause(first), count=count) for first, count in rows]

    def rejects(self) -> dict[str, int]:
        """Return the number of rejected items by reason."""
        return dict(self._db.execute("SELECT reason, count(*) FROM reject GROUP BY reason ORDER BY reason"))


def place_of(posting: Posting) -> tuple[str | None, int | None]:
    """Return where a numbered post stands: ``channel/123`` is number 123 of ``channel``."""
    place, _, number = (posting.native_id or "").rpartition("/")
    return (place, int(number)) if place and number.isdecimal() and len(number) < 19 else (None, None)


_RECORDS = "SELECT row, records FROM evidence WHERE row > ? ORDER BY row LIMIT ?"
_encode = msgspec.json.Encoder().encode
_cause = msgspec.json.Decoder(Cause).decode
_step = msgspec.json.Decoder(Step).decode
_validators = msgspec.json.Decoder(Validators).decode
_listed = msgspec.json.Decoder(ListPage).decode
_posting = msgspec.json.Decoder(Posting).decode
