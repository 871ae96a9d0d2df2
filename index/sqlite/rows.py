"""Prepares records for writing: what each is found by, counted by and kept as; and counts facets without reading records.

Each record refers to its combination of values, and combinations are few. Each combination holds the number of its records,
counted at every write, so that a query of facets alone is answered exactly from them. What is read of them stays known; what
changed since is read again by its number of change.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import xxhash
from numpy.typing import NDArray

from index.base import Record
from index.fields import NAMES, facets
from index.query.plan import Plan
from index.sqlite.database_file import Connection
from index.terms.analysis import beginnings
from index.terms.record_terms import UnfitRecord, body, key, keys, position

ANYWHERE, TITLED = "u", "ut"
"""Kinds of the keys of lone characters: of title and text, and of the title."""


class Row(NamedTuple):
    """A record made ready to be written."""

    record: Record
    encoded: bytes
    position: int
    keys: str
    combination: str
    """The values of all facets, as JSON."""
    content: int
    """Hash over all its terms and keys: equal hashes save the costly part of a write."""


def lone_key(kind: str, char: str) -> str:
    """Return the key of a lone character of a script without spaces; ``kind`` is ``ANYWHERE`` or ``TITLED``."""
    return f"{kind}_{ord(char):x}"


def lone_keys(title: str, text: str) -> str:
    """Return the keys of the lone characters that a record is found by, given the terms of its title and its text.

    FTS5 would find them as beginnings of pairs only by reading the lists of all these pairs to the end.
    """
    titled = beginnings(title)
    keys = [lone_key(TITLED, char) for char in sorted(titled)]
    return " ".join(keys + [lone_key(ANYWHERE, char) for char in sorted(titled | beginnings(text))])


def ready(record: Record) -> Row:
    """Return a record ready to be written; raise UnfitRecord."""
    encoded = body(record)
    held = facets(record)
    wanted, text = position(record.id, record.first_seen), " ".join(keys(record, held))
    values = msgspec.json.encode(tuple(held.values())).decode()
    posting, bands = record.posting, record.assessment.fingerprint.bands
    content = text_hash("\0".join((str(wanted), posting.heading or "", posting.text, text, *bands)))
    return Row(record, encoded, wanted, text, values, content)


def batches(records: Iterable[Record], dead: list[tuple[str, str]], most: int, most_bytes: int) -> Iterator[list[Row]]:
    """Yield batches of at most so many records or bytes; note in ``dead`` the records no store can hold, with the reason."""
    rows: list[Row] = []
    size = 0
    for record in records:
        if len(rows) == most or size > most_bytes:
            yield rows
            rows, size = [], 0
        try:
            rows.append(ready(record))
        except UnfitRecord as exc:
            dead.append((record.id, str(exc)))
            continue
        size += len(rows[-1].encoded)
    if rows:
        yield rows


def letters(word: str) -> int:
    """Return which letters a word has, one bit each: words a letter apart differ in one bit each way at most."""
    count = 0
    for letter in word:
        count |= 1 << ord(letter) % 61
    return count


def band_number(band: str) -> int:
    """Return a MinHash band as SQLite's signed integer: 64 bits in hex are taken as they are."""
    return int(band, 16) - (1 << 63) if len(band) == 16 else text_hash(band)


def text_hash(text: str) -> int:
    """Return 64 bits of a text as SQLite's signed integer."""
    return xxhash.xxh64_intdigest(text.encode("utf-8", "surrogatepass")) - (1 << 63)


def marks(values: Sequence[object]) -> str:
    """Return a question mark a value, for ``IN``."""
    return ",".join("?" * len(values))


Counts = dict[str, tuple[tuple[str, int], ...]]


def changes(connection: Connection) -> int:
    """Return the number of the newest write: each that changes a record has a greater one."""
    return int(connection.execute("SELECT coalesce(max(changed), 0) FROM combinations").fetchone()[0])


class FacetCounter:
    """Knows the combinations of one file; shared by all threads that read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str], int] = {}
        self._keys: dict[str, list[int]] = {}
        """Key of a query -> the values that have it: they may differ in case."""
        self._changed = 0
        self._held = np.zeros(1, np.int64)
        self._lengths = np.zeros(1, np.int64)
        self._flat = np.empty(0, np.int64)

    def facet_counts(self, connection: Connection, plan: Plan) -> tuple[int, Counts] | None:
        """Return how many records match a plan of facets alone, and the counts of all facets over them; ``None`` when another
        thread has read what is newer than this transaction sees."""
        with self._lock:
            if not self._learn(connection):
                return None
            fits = np.ones(len(self._held), np.bool_)
            for group in plan.keys:
                fits &= self._having(group)
            if plan.without_keys:
                fits &= ~self._having(plan.without_keys)
            held = self._held * fits
            return int(held.sum()), self._count_values(held)

    def counts(self, connection: Connection, combinations: list[int]) -> Counts:
        """Return each facet's values with counts, most first, over records of these combinations."""
        with self._lock:
            if max(combinations, default=0) >= len(self._held):
                self._learn(connection)
            return self._count_values(np.bincount(combinations or [0], minlength=len(self._held)) * bool(combinations))

    def _having(self, keys: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return of each combination whether it has a value of any of the keys."""
        wanted = np.zeros(len(self._values), np.bool_)
        wanted[[place for name in keys for place in self._keys.get(name, ())]] = True
        result = np.zeros(len(self._held), np.bool_)
        result[np.repeat(np.arange(len(self._held)), self._lengths)[wanted[self._flat]]] = True
        return result

    def _count_values(self, held: NDArray[np.int64]) -> Counts:
        totals = np.bincount(self._flat, weights=np.repeat(held, self._lengths), minlength=len(self._values)).astype(np.int64)
        results: dict[str, list[tuple[str, int]]] = {name: [] for name in NAMES}
        for (name, value), total in zip(self._values, totals.tolist(), strict=True):
            if total:
                results[name].append((value, total))
        return {name: tuple(sorted(counted, key=lambda item: (-item[1], item[0]))) for name, counted in results.items()}

    def _learn(self, connection: Connection) -> bool:
        """Read the combinations that are new or count otherwise since; return whether no newer ones are known already."""
        newest = changes(connection)
        if newest <= self._changed:
            return bool(newest == self._changed)
        sql = "SELECT id, facets, held FROM combinations WHERE changed > ? ORDER BY id"
        rows = connection.execute(sql, (self._changed,)).fetchall()
        known = len(self._held)
        more = max(0, rows[-1][0] + 1 - known)
        lengths, flat = np.zeros(more, np.int64), []
        for number, text, _ in rows:
            if number >= known:
                pairs = [(name, value) for name, result in zip(NAMES, json.loads(text), strict=True) for value in result]
                flat += [self._place(pair) for pair in pairs]
                lengths[number - known] = len(pairs)
        self._held = np.concatenate((self._held, np.zeros(more, np.int64)))
        self._held[[number for number, _, _ in rows]] = [value for _, _, value in rows]
        self._lengths = np.concatenate((self._lengths, lengths))
        self._flat = np.concatenate((self._flat, np.array(flat, np.int64)))
        self._changed = newest
        return True

    def _place(self, pair: tuple[str, str]) -> int:
        place = self._values.get(pair)
        if place is None:
            place = self._values[pair] = len(self._values)
            self._keys.setdefault(key(*pair), []).append(place)
        return place
