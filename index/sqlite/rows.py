"""Prepares records for writing: what each is found by, counted by and kept as."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import xxhash

from index.base import Record
from index.fields import facets
from index.terms.analysis import beginnings
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
