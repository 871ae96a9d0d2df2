"""Writing records into the SQLite file: one look at what is stored, then one statement a table for a whole batch.

FTS5 gathers a batch in memory and writes it as one sorted run as long as positions ascend, so a batch is sorted. Rows with
random keys (MinHash bands) go into parts small enough to stay in memory: in one tree of a million records each would touch a
page alone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import xxhash

from index.analysis import LONGEST, indexed
from index.base import Outcome, Record
from index.sqlite_file import Connection
from index.terms import body, facets, keys, position

PART = 1 << 16
"""Records whose bands share a part."""
_KNOWN = 500_000
"""Words and combinations of facets remembered as already written."""
_STORED = "SELECT id, position, revision, content, combination FROM docs WHERE id IN ({})"
_CHANGING = ("revision", "score", "flagged", "growth", "campaign", "content", "combination")
_UPDATE = f"UPDATE docs SET {' = ?, '.join(_CHANGING)} = ? WHERE position = ?"  # noqa: S608 - our own columns
_DELETES = tuple(f"DELETE FROM {table} WHERE {column} = ?" for table, column in (  # noqa: S608 - our own tables
    ("docs", "position"), ("records", "position"), ("terms", "rowid")))
_HELD = """INSERT INTO combinations (facets, held, changed) VALUES (?, ?, ?)
           ON CONFLICT (facets) DO UPDATE SET held = held + excluded.held, changed = excluded.changed"""


class Row(NamedTuple):
    """A record made ready to be written, as far as that needs no look at the file."""

    record: Record
    encoded: bytes
    position: int
    keys: str
    combination: str
    """The values of all facets, as JSON."""
    content: int
    """Hash over all it is found by: equal hashes spare the costly part of a write."""


class _Stored(NamedTuple):
    position: int
    revision: int
    content: int
    combination: int


class _Banded(msgspec.Struct):
    bands: tuple[str, ...] = ()


class _Judged(msgspec.Struct):
    fingerprint: _Banded


class _Fingerprinted(msgspec.Struct):
    """Of a record's JSON only what its bands were."""

    assessment: _Judged


def ready(record: Record) -> Row:
    """Return a record ready to be written; raise UnfitRecord."""
    encoded = body(record)
    wanted, found = position(record.id, record.first_seen), " ".join(keys(record))
    values = msgspec.json.encode(tuple(facets(record).values())).decode()
    posting, bands = record.posting, record.assessment.fingerprint.bands
    content = text_hash("\0".join((str(wanted), posting.title or "", posting.text, found, *bands)))
    return Row(record, encoded, wanted, found, values, content)


class Writer:
    """Writes batches into one file, and remembers which words and combinations stand there already.

    A batch that was rolled back must be followed by ``forget``.
    """

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._combinations: dict[str, int] = {}
        self._old = msgspec.json.Decoder(_Fingerprinted)

    def forget(self) -> None:
        """Take nothing for written."""
        self._words.clear()
        self._combinations.clear()

    def write(self, connection: Connection, rows: list[Row]) -> list[Outcome | None]:
        """Write rows inside a transaction; return what each did, ``None`` where the stored revision is as new."""
        ids = list({row.record.id for row in rows})
        stored = {name: _Stored(*rest) for name, *rest in connection.execute(_STORED.format(marks(ids)), ids)}
        outcomes: list[Outcome | None] = []
        final: dict[str, Row] = {}
        for row in rows:
            name = row.record.id
            newest = final[name].record.revision if name in final else stored[name].revision if name in stored else None
            if newest is not None and newest >= row.record.revision:
                outcomes.append(None)
                continue
            outcomes.append("inserted" if newest is None else "revised")
            final[name] = row
        if final:
            combinations = self._counted(connection, final.values(), [stored[name] for name in final if name in stored])
            same = {name for name, row in final.items() if name in stored and stored[name].content == row.content}
            self._revise(connection, [final[name] for name in same], stored, combinations)
            self._delete(connection, [stored[name].position for name in final if name in stored and name not in same])
            self._insert(connection, [row for name, row in final.items() if name not in same], combinations)
        return outcomes

    def _counted(self, connection: Connection, rows: Iterable[Row], before: list[_Stored]) -> dict[str, int]:
        """Count each row's combination of facets up and the one it had down; return the numbers of all combinations."""
        rows = list(rows)
        changed = connection.execute("SELECT coalesce(max(changed), 0) + 1 FROM combinations").fetchone()[0]
        less = Counter(old.combination for old in before)
        connection.executemany("UPDATE combinations SET held = held - ?, changed = ? WHERE id = ?",
                               [(count, changed, number) for number, count in less.items()])
        more = Counter(row.combination for row in rows)
        connection.executemany(_HELD, [(facets, count, changed) for facets, count in more.items()])
        if len(self._combinations) > _KNOWN:
            self._combinations.clear()
        if unknown := [facets for facets in more if facets not in self._combinations]:
            sql = f"SELECT facets, id FROM combinations WHERE facets IN ({marks(unknown)})"  # noqa: S608 - question marks
            self._combinations.update(connection.execute(sql, unknown).fetchall())
        return {facets: self._combinations[facets] for facets in more}

    def _revise(self, connection: Connection, rows: list[Row], stored: dict[str, _Stored], combinations: dict[str, int]) -> None:
        """Write rows that are found by the same as before (linked, or seen again): terms and bands stay."""
        at = [stored[row.record.id].position for row in rows]
        connection.executemany(_UPDATE, [(*_changing(row, combinations), here) for row, here in zip(rows, at, strict=True)])
        connection.executemany("UPDATE records SET record = ? WHERE position = ?",
                               [(row.encoded, here) for row, here in zip(rows, at, strict=True)])

    def _delete(self, connection: Connection, positions: list[int]) -> None:
        if not positions:
            return
        sql = "SELECT position, record FROM records WHERE position IN (SELECT value FROM json_each(?))"
        bands = [(band_number(band), at) for at, text in connection.execute(sql, (json.dumps(positions),)).fetchall()
                 for band in self._old.decode(text).assessment.fingerprint.bands]
        connection.executemany("DELETE FROM bands WHERE part IN (SELECT part FROM parts) AND band = ? AND position = ?", bands)
        for statement in _DELETES:
            connection.executemany(statement, [(at,) for at in positions])

    def _insert(self, connection: Connection, rows: list[Row], combinations: dict[str, int]) -> None:
        words: set[str] = set()
        part = _part(connection, len(rows))
        docs, records, terms, bands = [], [], [], []
        for at, row in _placed(connection, rows):
            posting = row.record.posting
            docs.append((at, row.record.id, *_changing(row, combinations)))
            records.append((at, row.encoded))
            terms.append((at, indexed(posting.title or "", words), indexed(posting.text, words), row.keys))
            bands += [(part, band_number(band), at) for band in row.record.assessment.fingerprint.bands]
        connection.executemany("INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", docs)
        connection.executemany("INSERT INTO records VALUES (?, ?)", records)
        connection.executemany("INSERT INTO terms (rowid, title, body, keys) VALUES (?, ?, ?, ?)", terms)
        connection.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?, ?)", sorted(bands))
        self._learn(connection, words)

    def _learn(self, connection: Connection, words: set[str]) -> None:
        """Note the words of three letters and more: what ``word~`` compares with, and what ``begin*`` may begin."""
        if len(self._words) > _KNOWN:
            self._words.clear()
        new = sorted(word for word in words - self._words if len(word) > 2)
        connection.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?, ?)",
                               [(word[0], min(len(word), LONGEST), word, letters(word)) for word in new])
        self._words |= words


def letters(word: str) -> int:
    """Return which letters a word has, one bit each: words a letter apart differ in one bit each way at most."""
    found = 0
    for letter in word:
        found |= 1 << ord(letter) % 61
    return found


def band_number(band: str) -> int:
    """Return a MinHash band as SQLite's signed integer: 64 bits in hex are taken as they are."""
    return int(band, 16) - (1 << 63) if len(band) == 16 else text_hash(band)


def text_hash(text: str) -> int:
    """Return 64 bits of a text as SQLite's signed integer."""
    return xxhash.xxh64_intdigest(text.encode("utf-8", "surrogatepass")) - (1 << 63)


def marks(values: Sequence[object]) -> str:
    """Return a question mark a value, for ``IN``."""
    return ",".join("?" * len(values))


def _changing(row: Row, combinations: dict[str, int]) -> tuple[object, ...]:
    record, judged = row.record, row.record.assessment
    return (record.revision, judged.score, judged.flagged, record.growth, record.campaign, row.content,
            combinations[row.combination])


def _placed(connection: Connection, rows: list[Row]) -> list[tuple[int, Row]]:
    """Return rows with their positions, ascending; two ids of one second share 30 bits once in 10^9: the later moves back."""
    wanted = [row.position for row in rows]
    sql = f"SELECT position FROM docs WHERE position IN ({marks(wanted)})"  # noqa: S608 - question marks
    taken = {at for (at,) in connection.execute(sql, wanted)}
    placed: dict[int, Row] = {}
    for row in rows:
        at = row.position
        while at in placed or ((at in taken or at != row.position) and connection.execute(
                "SELECT 1 FROM docs WHERE position = ?", (at,)).fetchone()):
            at -= 1
        placed[at] = row
    return sorted(placed.items())


def _part(connection: Connection, count: int) -> int:
    """Return the part that takes the bands of ``count`` more records: the newest, or a new one when that is full."""
    newest = connection.execute("SELECT part, held FROM parts ORDER BY part DESC LIMIT 1").fetchone()
    part = 0 if newest is None else newest[0] + (newest[1] >= PART)
    sql = "INSERT INTO parts VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET held = held + excluded.held"
    connection.execute(sql, (part, count))
    return int(part)
