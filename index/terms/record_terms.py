"""Makes the terms and keys of a record, the same for both stores.

Words and phrases are ``index.terms.analysis`` terms. Everything else (facet values, contacts, bands, score) is a *key*: one token
of a-z, 0-9 and ``_``, which no text term can hold. A query is then only words, phrases and keys, whatever the engine.
"""

import hashlib
import math
from datetime import datetime
from functools import lru_cache

import msgspec

from enrichment.campaigns.network_ties import own_tokens
from enrichment.campaigns.posters import poster_hashes, poster_tokens
from index.base import Record, StoreError
from index.fields import NAMES, facets
from index.terms.venue_pointers import pointer_tokens

EVERY = "x_all"
"""Key of every record."""
MAX_ID = 512
"""Bytes of an id, as Elasticsearch allows."""
DECIDED = "decided"
"""Key of every record whose case is not open."""
RAISED = "raised"
"""Key of every record that is flagged or has network points."""
_SLOTS = 30
MAX_POSITION = (1 << 63) - 1
_LAST_SECOND = (1 << (63 - _SLOTS)) - 1
"""In the year 2242."""
_WRITTEN = tuple(chr(b) if 97 <= b <= 122 or 48 <= b <= 57 else f"_{b:02x}" for b in range(256))
"""How a key writes each byte."""


def position(record_id: str, first_seen: datetime) -> int:
    """Return the record's place on the time line, newest greatest: seconds of ``first_seen``, then 30 bits of its id.

    Both stores sort by it, so that records of one second have the same order everywhere. 63 bits, positive.
    """
    tie = int.from_bytes(hashlib.sha256(record_id.encode("utf-8", "surrogatepass")).digest()[:4], "big") >> (32 - _SLOTS)
    return min(max(0, math.floor(first_seen.timestamp())), _LAST_SECOND) << _SLOTS | tie


def position_from(moment: datetime) -> int:
    """Return the least position of records first seen at ``moment`` or later (whole seconds)."""
    return min(max(0, math.ceil(moment.timestamp())), _LAST_SECOND) << _SLOTS


def position_until(moment: datetime) -> int:
    """Return the greatest position of records first seen at ``moment`` or before (whole seconds)."""
    return ((min(max(0, math.floor(moment.timestamp())), _LAST_SECOND) + 1) << _SLOTS) - 1


@lru_cache(maxsize=50_000)
def key(kind: str, value: str) -> str:
    """Return the key of a value: ``kind_value`` with all but a-z and 0-9 written as hex; hashed when long."""
    raw = value.casefold().encode("utf-8", "surrogatepass")
    if len(raw) > 64:
        return f"{kind}_h{hashlib.sha256(raw).hexdigest()[:40]}"
    return f"{kind}_" + "".join(map(_WRITTEN.__getitem__, raw))


@lru_cache(maxsize=50_000)
def facet_keys(values: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the keys of the values of all facets, in the order of ``index.fields.NAMES``."""
    return tuple(key(name, value) for name, entries in zip(NAMES, values, strict=True) for value in entries)


def score_keys(score: float) -> tuple[str, ...]:
    """Return the keys of a score: its whole points, its tens, and that it is whole; exactly nothing has a key of its own, for
    most records have it."""
    if score <= 0:
        return ("s_zero",)
    points = min(100, math.floor(score))
    return (f"s_{points}", f"d_{points // 10}", *((f"w_{points}",) if score == points else ()))


def contact_keys(kind: str, value: str) -> tuple[str, ...]:
    """Return the keys of one contact: with its type, without it, and the tail of a number (written without its country)."""
    keys = (key("ct", f"{kind}:{value}"), key("c", value))
    digits = value.removeprefix("+")
    return (*keys, f"cp_{digits[-8:]}") if digits.isdigit() and len(digits) >= 8 else keys


def candidate_key(contact: str) -> str:
    """Return the key that ``type:value`` or, for any type, ``:value`` is found by."""
    return key("c", contact[1:]) if contact.startswith(":") else key("ct", contact)


def keys(record: Record, values: dict[str, tuple[str, ...]] | None = None) -> list[str]:
    """Return all keys of a record, none twice; its campaign is no key, because it changes often.

    ``held`` are its ``facets``, where they are known already.
    """
    judged = record.assessment
    results = [EVERY, *score_keys(judged.score), *facet_keys(tuple((values or facets(record)).values()))]
    for contact in judged.contacts:
        results += contact_keys(contact.type, contact.value)
    if record.posting.deleted:
        results.append("deleted")
    if record.case != "open":
        results.append(DECIDED)
    if judged.flagged or record.network.reasons:
        results.append(RAISED)
    tokens = (*own_tokens(record.posting, judged), *poster_tokens(poster_hashes(record.posting)))
    results += [candidate_key(token) for token in tokens]
    results += [candidate_key(token) for token in pointer_tokens(record.posting, judged)]
    return list(dict.fromkeys(results))


class UnfitRecord(StoreError):
    """A record that no store can keep; the message says why."""


def body(record: Record) -> bytes:
    """Return a record as JSON; raise UnfitRecord for one that cannot be written or found again."""
    if not 0 < len(record.id.encode("utf-8", "surrogatepass")) <= MAX_ID:
        raise UnfitRecord(f"its id must have 1 to {MAX_ID} bytes")
    if not math.isfinite(record.assessment.score):
        raise UnfitRecord(f"its score is {record.assessment.score}")
    try:
        return msgspec.json.encode(record)
    except (UnicodeEncodeError, ValueError, TypeError, OverflowError) as exc:
        raise UnfitRecord(f"it cannot be written as JSON: {exc}") from exc


def raw_text(record: Record) -> str:
    """Return ``title + "\\n" + text``, what all spans of a record count in."""
    return f"{record.posting.title or ''}\n{record.posting.text}"
