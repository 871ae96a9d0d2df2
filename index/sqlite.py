"""The embedded store: one SQLite file with FTS5, durable on each commit, safe to read from many threads."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec
import pysqlite3.dbapi2 as sqlite3
import xxhash

from enrichment.campaigns import Rules
from index.analysis import indexed, running
from index.base import CampaignRecord, Hit, Loaded, Page, Query, Record, StoreUnavailable
from index.plan import cursor, marked, plan
from index.sqlite_facets import Counts, FacetCounter
from index.sqlite_file import Connection, connect
from index.sqlite_search import Match, facet_rows, match, matching_ids, places, total
from index.terms import EVERY, UnfitRecord, body, candidate_key, key, keys, position, raw_text
from index.terms import facets as facet_values

BATCH = 1000
"""Records a transaction: one fdatasync for so many."""
_KNOWN_WORDS = 500_000
_DELETES = tuple(f"DELETE FROM {table} WHERE {column} = ?" for table, column in (  # noqa: S608 - our own tables
    ("docs", "position"), ("records", "position"), ("terms", "rowid"), ("bands", "position")))
_CHANGING = ("revision", "score", "flagged", "growth", "campaign", "content", "combination")
_UPDATE = f"UPDATE docs SET {' = ?, '.join(_CHANGING)} = ? WHERE position = ?"  # noqa: S608 - our own columns
_COUNT_TERMS = f"SELECT count(*) FROM terms WHERE terms MATCH '{EVERY}'"  # noqa: S608 - our own key


class SqliteStore:
    """A store in the file ``path``. Raises StoreError when this SQLite or this file must not be used."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._writing = threading.Lock()
        self._decoder = msgspec.json.Decoder(Record)
        self._words: set[str] = set()
        self._counter = FacetCounter()
        self._connection()

    def _connection(self) -> Connection:
        """Return this thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path)
            self._opened.append(connection)
        return connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        """Yield a connection in a transaction; SQLite's own failures become StoreUnavailable and nothing is written."""
        connection = self._connection()
        try:
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.OperationalError as exc:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise StoreUnavailable(f"{self._path}: {exc}; nothing of this batch was written, try again") from exc

    def put(self, records: Iterable[Record]) -> Loaded:
        """Write records, a thousand a transaction; a revision that is not newer than the stored one changes nothing."""
        done = Loaded()
        source = iter(records)
        while batch := list(islice(source, BATCH)):
            done = done.plus(self._put(batch))
        return done

    def _put(self, batch: list[Record]) -> Loaded:
        encoded: list[tuple[Record, bytes]] = []
        dead: list[tuple[str, str]] = []
        for record in batch:
            try:
                encoded.append((record, body(record)))
            except UnfitRecord as exc:
                dead.append((record.id, str(exc)))
        counts = {"inserted": 0, "revised": 0}
        kept: list[str] = []
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            for record, text in encoded:
                outcome = self._write(connection, record, text)
                if outcome is None:
                    kept.append(record.id)
                else:
                    counts[outcome] += 1
        return Loaded(**counts, unchanged=len(kept), kept=tuple(kept), dead=tuple(dead))

    def _write(self, connection: Connection, record: Record, encoded: bytes) -> str | None:
        """Write one record; return what it did, ``None`` when the stored one is as new."""
        old = connection.execute("SELECT revision, position, content FROM docs WHERE id = ?", (record.id,)).fetchone()
        if old and old[0] >= record.revision:
            return None
        judged = record.assessment
        title, text, found = indexed(record.posting.title or ""), indexed(record.posting.text), " ".join(keys(record))
        wanted = position(record.id, record.first_seen)
        content = _hash("\n".join((str(wanted), title, text, found, *judged.fingerprint.bands)))
        combination = self._combination(connection, record)
        changed = (record.revision, judged.score, judged.flagged, record.growth, record.campaign, content, combination)
        if old and old[2] == content:
            # Linked or seen again: what it is found by is the same, and that is the costly part.
            connection.execute(_UPDATE, (*changed, old[1]))
            connection.execute("UPDATE records SET record = ? WHERE position = ?", (encoded, old[1]))
            return "revised"
        if old:
            for statement in _DELETES:
                connection.execute(statement, (old[1],))
        at = wanted
        while connection.execute("SELECT 1 FROM docs WHERE position = ?", (at,)).fetchone():
            at -= 1  # two ids of one second share 30 bits once in 10^9
        connection.execute("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (at, record.id, *changed))
        connection.execute("INSERT INTO records VALUES (?, ?)", (at, encoded))
        connection.execute("INSERT INTO terms (rowid, title, body, keys) VALUES (?, ?, ?, ?)", (at, title, text, found))
        bands = [(_hash(band), at) for band in judged.fingerprint.bands]
        connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", bands)
        self._learn(connection, f"{title} {text}")
        return "revised" if old else "inserted"

    def _learn(self, connection: Connection, text: str) -> None:
        """Note the words a typo may have meant: what ``fuzzy`` compares with."""
        if len(self._words) > _KNOWN_WORDS:
            self._words.clear()
        new = {word for word in set(text.split(" ")) - self._words if 2 < len(word) < 40 and not running(word)}
        connection.executemany("INSERT OR IGNORE INTO words VALUES (?)", ((word,) for word in new))
        self._words |= new

    def _combination(self, connection: Connection, record: Record) -> int:
        """Return the number of this combination of facet values: few are distinct, and counting numbers is quick."""
        text = json.dumps(facet_values(record), ensure_ascii=False, sort_keys=True)
        connection.execute("INSERT OR IGNORE INTO combinations (facets) VALUES (?)", (text,))
        return int(connection.execute("SELECT id FROM combinations WHERE facets = ?", (text,)).fetchone()[0])

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""
        return self.get_many((record_id,)).get(record_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored."""
        found: dict[str, Record] = {}
        source = iter(dict.fromkeys(ids))
        while batch := list(islice(source, 500)):
            sql = f"SELECT record FROM docs JOIN records USING (position) WHERE id IN ({_marks(batch)})"  # noqa: S608 - question marks
            found |= {record.id: record for record in self._decoded(sql, batch)}
        return found

    def search(self, query: Query) -> Page:
        """Return one page of results in a stable order; raises UnusableQuery."""
        asked = plan(query)
        with self._transaction("BEGIN") as connection:
            found = match(connection, asked)
            matches = total(connection, found)
            order = places(connection, found, query, matches)
            counts, over = self._facets(connection, found, matches) if query.count_facets else ({}, 0)
            shown = order[: query.size]
            sql = f"SELECT record, position FROM records WHERE position IN ({_marks(shown)})"  # noqa: S608 - question marks
            rows = connection.execute(sql, [at for _, at in shown]).fetchall()
        records = {at: self._decoder.decode(text) for text, at in rows}
        hits = tuple(Hit(record=records[at], highlights=marked(raw_text(records[at]), asked)) for _, at in shown)
        more = cursor(query, shown[-1]) if len(order) > len(shown) else None
        return Page(hits=hits, total=matches, facets=counts, facets_over=over, cursor=more)

    def _facets(self, connection: Connection, found: Match, matches: int) -> tuple[Counts, int]:
        sql, values, over = facet_rows(found, matches)
        return self._counter.counts(connection, sql, values), over

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match in the order of ids; ``size``, ``sort`` and ``after`` of the query say nothing here."""
        with self._transaction("BEGIN") as connection:
            found = match(connection, plan(query))
            ids = matching_ids(connection, found)
        for start in range(0, len(ids), 500):
            batch = self.get_many(ids[start : start + 500])
            yield from (batch[i] for i in ids[start : start + 500] if i in batch)

    def alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records that share a MinHash band or a contact (``type:value``; ``:value`` is of any type)."""
        numbers = [_hash(band) for band in bands]
        asked = " OR ".join(dict.fromkeys(map(candidate_key, contacts)))
        sql = f"SELECT position FROM bands WHERE band IN ({_marks(numbers)})"  # noqa: S608 - question marks
        sql += " UNION SELECT rowid FROM terms WHERE terms MATCH ?" if asked else ""
        if flagged_only:
            sql = f"SELECT position FROM ({sql}) CROSS JOIN docs USING (position) WHERE flagged"  # noqa: S608 - see above
        values: list[str | int] = [*numbers, asked] if asked else [*numbers]
        return {record.id: record for record in self._decoded(f"SELECT record FROM records WHERE position IN ({sql})", values)}  # noqa: S608

    def ids(self, source: str) -> Iterator[str]:
        """Yield the ids of all records of a source, in order."""
        sql = "SELECT id FROM docs WHERE position IN (SELECT rowid FROM terms WHERE terms MATCH ?) ORDER BY id"
        yield from [row[0] for row in self._connection().execute(sql, (key("source", source),))]

    def loaded(self) -> frozenset[str]:
        """Return the addresses of the partitions already loaded."""
        return frozenset(row[0] for row in self._connection().execute("SELECT address FROM partitions"))

    def outcomes(self) -> dict[str, Loaded]:
        """Return what each partition's load did, by address."""
        rows = self._connection().execute("SELECT address, outcome FROM partitions ORDER BY address").fetchall()
        return {address: msgspec.json.decode(outcome, type=Loaded) for address, outcome in rows}

    def problems(self) -> tuple[str, ...]:
        """Return what SQLite's own check and a count of all tables find wrong."""
        connection = self._connection()
        found = [row[0] for row in connection.execute("PRAGMA quick_check(20)") if row[0] != "ok"]
        docs = self.count()
        for what, sql in (("records", "SELECT count(*) FROM records"), ("search terms", _COUNT_TERMS)):
            if (number := connection.execute(sql).fetchone()[0]) != docs:
                found.append(f"{number} {what} for {docs} documents; run `lurewatch index rebuild`")
        return tuple(found)

    def mark_loaded(self, partition: str, outcome: Loaded) -> None:
        """Note that a partition is in the store, after its last document is."""
        row = (partition, msgspec.json.encode(outcome).decode(), datetime.now(UTC).isoformat())
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("INSERT OR REPLACE INTO partitions VALUES (?, ?, ?)", row)

    def put_campaigns(self, campaigns: Iterable[CampaignRecord], gone: Iterable[str] = ()) -> None:
        """Write campaigns over those of the same id, and remove those in ``gone``."""
        rows = [(one.campaign.id, msgspec.json.encode(one)) for one in campaigns]
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.executemany("DELETE FROM campaigns WHERE id = ?", [(name,) for name in gone])
            connection.executemany("INSERT OR REPLACE INTO campaigns VALUES (?, ?)", rows)

    def campaign(self, campaign_id: str) -> CampaignRecord | None:
        """Return one campaign, or None."""
        row = self._connection().execute("SELECT record FROM campaigns WHERE id = ?", (campaign_id,)).fetchone()
        return msgspec.json.decode(row[0], type=CampaignRecord) if row else None

    def campaigns(self) -> Iterator[CampaignRecord]:
        """Yield all campaigns in the order of their ids."""
        for row in self._connection().execute("SELECT record FROM campaigns ORDER BY id").fetchall():
            yield msgspec.json.decode(row[0], type=CampaignRecord)

    def rules(self) -> Rules:
        """Return what people decided about campaigns."""
        row = self._connection().execute("SELECT value FROM settings WHERE name = 'rules'").fetchone()
        return msgspec.json.decode(row[0], type=Rules) if row else Rules()

    def put_rules(self, rules: Rules) -> None:
        """Keep what people decided about campaigns."""
        with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES ('rules', ?)", (msgspec.json.encode(rules).decode(),))

    def count(self) -> int:
        """Return the number of records."""
        return int(self._connection().execute("SELECT count(*) FROM docs").fetchone()[0])

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file; raise StoreUnavailable while another process reads or writes it."""
        if self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise StoreUnavailable(f"{self._path}: in use by another process; stop it (desk, crawl) and try again")

    def close(self) -> None:
        """Close the file in all threads."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    def _decoded(self, sql: str, values: Sequence[str | int]) -> Iterator[Record]:
        for (text,) in self._connection().execute(sql, values).fetchall():
            yield self._decoder.decode(text)


def _hash(text: str) -> int:
    """Return 64 bits of a text as SQLite's signed integer."""
    return xxhash.xxh64_intdigest(text.encode("utf-8", "surrogatepass")) - (1 << 63)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
