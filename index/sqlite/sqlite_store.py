"""The embedded store: one SQLite file with FTS5, durable on each commit, safe to read from many threads."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pysqlite3.dbapi2 as sqlite3

from enrichment.campaigns.linkage import Rules
from foundation.traces import Traces
from index.base import CampaignRecord, Hit, Query, Record, ResultPage, StoreError, StoreUnavailable, WriteReport
from index.fields import schema_problem
from index.query.plan import UnusableQuery, cursor, mark_words, plan
from index.sqlite import write
from index.sqlite.database_file import VERSION, Connection, connect, written_fields
from index.sqlite.fts_search import FEW, Match, count, match, matching_ids, newest, only_facets, places, these, total
from index.sqlite.rows import Counts, FacetCounter, Row, band_number, batches, changes, marks
from index.terms.record_terms import EVERY, candidate_key, key, raw_text

BATCH = 4000
"""Records a transaction: one fdatasync, and one run of FTS5, for so many."""
BATCH_BYTES = 32 << 20
"""Bytes of records a transaction, so that great ones do not fill the memory."""
TOTALS = 1000
"""Totals of queries that are kept."""
_COUNT_TERMS = f"SELECT count(*) FROM terms WHERE terms MATCH '{EVERY}'"  # noqa: S608 - our own key


class SqliteStore:
    """A store in the file ``path``. Raises StoreError when this SQLite or this file must not be used."""

    def __init__(self, path: str | Path, *, older: bool = False) -> None:
        """Open the store; ``older`` takes a file of an earlier version too, whose records can be scanned but not searched."""
        self._path, self._older = Path(path), older
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._writing = threading.Lock()
        self._decoder = msgspec.json.Decoder(Record)
        self._counter = FacetCounter()
        self._totals: dict[tuple[int, Match], int] = {}
        self._connection()

    def _connection(self) -> Connection:
        """Return this thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path, older=self._older)
            self._opened.append(connection)
        return connection

    @contextmanager
    def _typed_errors(self, then: str = "") -> Iterator[None]:
        """Turn SQLite's errors into the store's: StoreUnavailable for temporary ones, StoreError for a damaged file."""
        try:
            yield
        except sqlite3.OperationalError as exc:
            if str(exc).startswith("fts5"):  # about the expression, not about the file: asked again it fails again
                raise UnusableQuery(f"the index cannot carry this search out ({exc}); use fewer words") from exc
            raise StoreUnavailable(f"{self._path}: {exc}; {then}try again") from exc
        except (sqlite3.DatabaseError, msgspec.DecodeError) as exc:
            raise StoreError(f"{self._path}: {exc}; the file is damaged: move it away, then `lurewatch index rebuild`") from exc

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        """Yield a connection in a transaction; when anything fails nothing is written."""
        connection = self._connection()
        with self._typed_errors("nothing of this batch was written, "):
            try:
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _rows(self, sql: str, values: Sequence[str | int] = ()) -> list[tuple[Any, ...]]:
        with self._typed_errors():
            return self._connection().execute(sql, values).fetchall()

    def put(self, records: Iterable[Record]) -> WriteReport:
        """Write records, some thousand a transaction; a revision that is not newer than the stored one changes nothing.

        ``records`` may be read from this store: between two batches no transaction is open.
        """
        done = WriteReport()
        dead: list[tuple[str, str]] = []
        for rows in batches(records, dead, BATCH, BATCH_BYTES):
            done = done.plus(self._put(rows))
        return done.plus(WriteReport(dead=tuple(dead)))

    def _put(self, rows: list[Row]) -> WriteReport:
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            outcomes = write.write(connection, rows)
        kept = tuple(row.record.id for row, outcome in zip(rows, outcomes, strict=True) if outcome is None)
        counts = Counter(outcomes)
        return WriteReport(inserted=counts["inserted"], revised=counts["revised"], unchanged=len(kept), kept=kept)

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""
        return self.get_many((record_id,)).get(record_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored."""
        records: dict[str, Record] = {}
        source = iter(dict.fromkeys(ids))
        while batch := list(islice(source, 500)):
            sql = f"SELECT record FROM docs JOIN records USING (position) WHERE id IN ({marks(batch)})"  # noqa: S608 - question marks
            records |= {record.id: record for record in self._decode_rows(sql, batch)}
        return records

    def search(self, query: Query) -> ResultPage:
        """Return one page of results in a stable order; raises UnusableQuery."""
        search_plan = plan(query)
        with self._transaction("BEGIN") as connection:
            result = match(connection, search_plan)
            kept = (
                self._counter.facet_counts(connection, search_plan) if query.count_facets and only_facets(search_plan) else None
            )
            if kept:
                matches, counts = kept
                over = matches
            else:
                result, matches, counts, over = self._count_matches(connection, result, query)
            order = places(connection, result, query, matches)
            entries = order[: query.size]
            sql = f"SELECT record, position FROM records WHERE position IN ({marks(entries)})"  # noqa: S608 - question marks
            records = {at: self._decoder.decode(text) for text, at in connection.execute(sql, [at for _, at in entries])}
        hits = tuple(Hit(record=records[at], highlights=mark_words(raw_text(records[at]), search_plan)) for _, at in entries)
        more = cursor(query, entries[-1]) if len(order) > len(entries) else None
        return ResultPage(hits=hits, total=matches, facets=counts, facets_over=over, cursor=more)

    def _count_matches(self, connection: Connection, matching: Match, query: Query) -> tuple[Match, int, Counts, int]:
        """Return the match, as the list of its positions when they are few; how many match, the counts of the facets, and over
        how many matches those count."""
        if not query.count_facets and (kept := self._totals.get((changes(connection), matching), 0)) > FEW:
            return matching, kept, {}, 0
        positions, combinations = newest(connection, matching)
        over = min(len(positions), FEW)
        counts = self._counter.counts(connection, combinations[:over]) if query.count_facets else {}
        if len(positions) > FEW:
            return matching, self._total(connection, matching), counts, over if counts else 0
        few = matching if query.sort == "relevance" else these(matching, positions)  # whose order asks for words in the title
        return few, len(positions), counts, over if counts else 0

    def _total(self, connection: Connection, matching: Match) -> int:
        """Return how many match; kept until the next write, for each further page and each reader asks it again."""
        state = (changes(connection), matching)
        if (kept := self._totals.get(state)) is None:
            if len(self._totals) >= TOTALS:
                self._totals.clear()
            kept = self._totals[state] = total(connection, matching)
        return kept

    def matching(self, query: Query, ids: Iterable[str]) -> frozenset[str]:
        """Return those of ``ids`` that match."""
        return frozenset(ids).intersection(self._matching_ids(query))

    def _matching_ids(self, query: Query) -> list[str]:
        with self._transaction("BEGIN") as connection:
            return matching_ids(connection, match(connection, plan(query)))

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match in the order of ids; ``size``, ``sort`` and ``after`` of the query say nothing here."""
        ids = self._matching_ids(query)
        for start in range(0, len(ids), 500):
            batch = self.get_many(ids[start : start + 500])
            yield from (batch[i] for i in ids[start : start + 500] if i in batch)

    def find_alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records that share a MinHash band or a contact (``type:value``; ``:value`` is of any type)."""
        numbers = json.dumps(sorted(map(band_number, bands)))
        value = " OR ".join(dict.fromkeys(map(candidate_key, contacts)))
        sql = """SELECT position FROM parts CROSS JOIN json_each(?) AS wanted CROSS JOIN bands
                 ON bands.part = parts.part AND bands.band = wanted.value"""
        sql += " UNION SELECT -rowid FROM terms WHERE terms MATCH ?" if value else ""
        if flagged_only:
            sql = f"SELECT position FROM ({sql}) CROSS JOIN docs USING (position) WHERE flagged"  # noqa: S608 - written above
        values = [numbers, value] if value else [numbers]
        wanted = f"SELECT record FROM records WHERE position IN ({sql})"  # noqa: S608 - written above
        return {record.id: record for record in self._decode_rows(wanted, values)}

    def ids(self, source: str) -> Iterator[str]:
        """Yield the ids of all records of a source, in order."""
        sql = "SELECT id FROM docs WHERE position IN (SELECT -rowid FROM terms WHERE terms MATCH ?) ORDER BY id"
        yield from [row[0] for row in self._rows(sql, (key("source", source),))]

    def loaded_partitions(self) -> frozenset[str]:
        """Return the addresses of the partitions already loaded."""
        return frozenset(row[0] for row in self._rows("SELECT address FROM partitions"))

    def load_times(self) -> dict[str, datetime]:
        """Return when each partition was loaded, by address."""
        return {address: datetime.fromisoformat(at) for address, at in self._rows("SELECT address, at FROM partitions")}

    def outcomes(self) -> dict[str, WriteReport]:
        """Return the outcome of each partition's load, by address."""
        rows = self._rows("SELECT address, outcome FROM partitions ORDER BY address")
        return {address: msgspec.json.decode(outcome, type=WriteReport) for address, outcome in rows}

    def is_writable(self) -> bool:
        """Return True: the store opens no file that it may not write."""
        return True

    def problems(self) -> tuple[str, ...]:
        """Return what SQLite's own check and a count of all tables find wrong."""
        results: list[str] = []
        try:
            results += [row[0] for row in self._rows("PRAGMA quick_check(20)") if row[0] != "ok"]
            docs = self._rows("SELECT count(*) FROM docs")[0][0]
            for what, sql in (
                ("records", "SELECT count(*) FROM records"),
                ("search terms", _COUNT_TERMS),
                ("counted records", "SELECT coalesce(sum(held), 0) FROM combinations"),
            ):
                if (number := self._rows(sql)[0][0]) != docs:
                    results.append(f"{number} {what} for {docs} documents; run `lurewatch index rebuild`")
        except StoreUnavailable:
            raise
        except StoreError as exc:
            return (*results, str(exc))
        return tuple(results)

    def mark_loaded(self, partition: str, outcome: WriteReport) -> None:
        """Note that a partition is in the store, after its last document is."""
        row = (partition, msgspec.json.encode(outcome).decode(), datetime.now(UTC).isoformat())
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("INSERT OR REPLACE INTO partitions VALUES (?, ?, ?)", row)

    def delete(self, revisions: Mapping[str, int]) -> frozenset[str]:
        """Remove records by id and revision: a record that changed since stays. Return the ids removed now."""
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            return write.delete(connection, revisions)

    def scrub(self) -> None:
        """Write the search terms anew without those of deleted records, forget words nobody uses, and empty the log."""
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            write.scrub(connection)
        self.checkpoint()

    def remains(self, traces: Traces) -> frozenset[str]:
        """Return the traces that stand in the file or its logs."""
        files = (Path(f"{self._path}{tail}") for tail in ("", "-wal", "-shm", "-journal"))
        return frozenset[str]().union(*map(traces.found_in_file, files))

    def unmark_loaded(self, partition: str) -> None:
        """Forget a partition that is gone."""
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("DELETE FROM partitions WHERE address = ?", (partition,))

    def put_campaigns(self, campaigns: Iterable[CampaignRecord], gone: Iterable[str] = ()) -> None:
        """Write campaigns over those of the same id, and remove those in ``gone``."""
        rows = [(campaign.campaign.id, msgspec.json.encode(campaign)) for campaign in campaigns]
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.executemany("DELETE FROM campaigns WHERE id = ?", [(name,) for name in gone])
            connection.executemany("INSERT OR REPLACE INTO campaigns VALUES (?, ?)", rows)

    def campaign(self, campaign_id: str) -> CampaignRecord | None:
        """Return one campaign, or None."""
        rows = self._rows("SELECT record FROM campaigns WHERE id = ?", (campaign_id,))
        return msgspec.json.decode(rows[0][0], type=CampaignRecord) if rows else None

    def campaigns(self) -> Iterator[CampaignRecord]:
        """Yield all campaigns in the order of their ids."""
        for row in self._rows("SELECT record FROM campaigns ORDER BY id"):
            yield msgspec.json.decode(row[0], type=CampaignRecord)

    def rules(self) -> Rules:
        """Return what people decided about campaigns."""
        rows = self._rows("SELECT value FROM settings WHERE name = 'rules'")
        return msgspec.json.decode(rows[0][0], type=Rules) if rows else Rules()

    def put_rules(self, rules: Rules) -> None:
        """Keep what people decided about campaigns."""
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES ('rules', ?)", (msgspec.json.encode(rules).decode(),))

    def cases_seen(self) -> int:
        """Return the number of the newest decision that the records have."""
        rows = self._rows("SELECT value FROM settings WHERE name = 'cases_seen'")
        return int(rows[0][0]) if rows else 0

    def put_cases_seen(self, decision: int) -> None:
        """Keep that number."""
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES ('cases_seen', ?)", (str(decision),))

    def count(self) -> int:
        """Return the number of records."""
        with self._typed_errors():
            return count(self._connection())

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def version(self) -> int:
        """The version of the file."""
        return int(self._rows("PRAGMA user_version")[0][0])

    @property
    def is_current(self) -> bool:
        """Whether the file was written by this version, with the search fields of today."""
        with self._typed_errors():
            return self.version == VERSION and schema_problem("", written_fields(self._connection())) is None

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file; raise StoreUnavailable while another process reads or writes it."""
        if self._rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise StoreUnavailable(f"{self._path}: in use by another process; stop it (desk, crawl) and try again")

    def close(self) -> None:
        """Close the file in all threads."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    def _decode_rows(self, sql: str, values: Sequence[str | int]) -> Iterator[Record]:
        with self._typed_errors():
            for (text,) in self._connection().execute(sql, values).fetchall():
                yield self._decoder.decode(text)
