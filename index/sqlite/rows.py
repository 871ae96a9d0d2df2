"""Prepares records for writing, while the batch before is written.

SQLite works without Python's lock as long as one statement runs. So a batch is a few long statements, whose rows are one JSON
array and whose texts are cut out of one blob (``Blob``): statement by statement and row by row, a thread that reads or makes
records ready would be waited for at each row.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import xxhash

from index.base import Record
from index.fields import facets
from index.terms.analysis import beginnings, index_terms
from index.terms.record_terms import UnfitRecord, body, keys, position

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


class Texts(NamedTuple):
    """What a record's title and text are found by."""

    title: bytes
    text: bytes
    lone: str
    """Keys of lone characters of scripts without spaces."""


class Batch:
    """Rows of one transaction, and the terms of rows whose content changed."""

    def __init__(self, rows: list[Row], *, last: bool) -> None:
        self.rows = rows
        self.last = last
        """Whether no record is left after it."""
        self.words: set[str] = set()
        """Whole words of all texts analysed."""
        self._texts: dict[int, Texts] = {}

    def analyse(self, known: Container[int]) -> None:
        """Make the terms of all rows but those whose ``content`` is known."""
        self.texts([row for row in self.rows if row.content not in known])

    def texts(self, rows: Sequence[Row]) -> list[Texts]:
        """Return what each row's title and text are found by."""
        new = [row for row in rows if row.content not in self._texts]
        entries = index_terms(
            (part for row in new for part in (row.record.posting.title or "", row.record.posting.text)), self.words
        )
        for row, title, text in zip(new, entries, entries, strict=True):
            self._texts[row.content] = Texts(title.encode(), text.encode(), lone_keys(title, text))
        return [self._texts[row.content] for row in rows]


class Blob:
    """Many texts as one value, each told by where it begins (1 is the first byte) and how many bytes it has."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._end = 1

    def add(self, part: bytes) -> tuple[int, int]:
        """Return where a text begins and its length."""
        self._parts.append(part)
        self._end += len(part)
        return self._end - len(part), len(part)

    def join(self) -> bytes:
        """Return all texts."""
        return b"".join(self._parts)


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
    content = text_hash("\0".join((str(wanted), posting.title or "", posting.text, text, *bands)))
    return Row(record, encoded, wanted, text, values, content)


def batches(records: Iterable[Record], dead: list[tuple[str, str]], most: int, most_bytes: int) -> Iterator[Batch]:
    """Yield batches of at most so many records or bytes; note in ``dead`` the records no store can hold, with the reason."""
    rows: list[Row] = []
    size = 0
    for record in records:
        if len(rows) == most or size > most_bytes:
            yield Batch(rows, last=False)
            rows, size = [], 0
        try:
            rows.append(ready(record))
        except UnfitRecord as exc:
            dead.append((record.id, str(exc)))
            continue
        size += len(rows[-1].encoded)
    if rows:
        yield Batch(rows, last=True)


def bands_json(rows: Sequence[tuple[int, Row]]) -> str:
    """Return band and position of each MinHash band of placed rows as JSON, sorted as the table keeps them.

    One object, whose labels are the bands though some come twice: ``json_each`` gives both at half the time of pairs.
    """
    bands = [row.record.assessment.fingerprint.bands for _, row in rows]
    numbers = np.fromiter((band_number(band) for entries in bands for band in entries), np.int64)
    places = np.repeat(np.array([at for at, _ in rows], np.int64), [len(band) for band in bands])
    order = np.lexsort((places, numbers))
    flat = np.stack((numbers[order], places[order]), axis=1).ravel().tolist()
    return "{" + ('"%d":%d,' * len(numbers) % tuple(flat))[:-1] + "}"


def as_json(rows: object) -> str:
    """Return rows as the JSON that ``json_each`` reads."""
    return msgspec.json.encode(rows).decode()


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
