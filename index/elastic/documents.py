"""Turns a record into the document of Elasticsearch, and back.

The whole document is kept as its ``_source``: to keep only the record, the node would parse and write each document twice, which
costs a third of a load and as much again of a search (docs/decisions/0303-bulk-writer.md).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from index.base import Record
from index.elastic.bulk import BulkDocument
from index.fields import FIELDS, NAMES, facets
from index.terms.analysis import index_terms
from index.terms.record_terms import UnfitRecord, body, keys, position

(_MANY,) = (field.name for field in FIELDS if field.many)
"""The facet with too many values to be counted in one column with the others."""
COUNTED = {"facets": 10_000, _MANY: 1_000}
"""Column -> values counted at most, the commonest first. All facets but one have a few hundred values together."""
Counts = dict[str, tuple[tuple[str, int], ...]]


class _VersionedAction(msgspec.Struct):
    id: str = msgspec.field(name="_id")
    version: int
    version_type: str = "external"


class _Action(msgspec.Struct):
    index: _VersionedAction


class _Document(msgspec.Struct):
    """A document as the cluster keeps it; ``index/elastic/mapping.json`` names the same fields."""

    id: str
    position: int
    score: float
    rank: float
    priority: float
    gravity: float
    growth: int
    campaign: str | None
    title: str
    body: tuple[str, ...]
    """Title and text are two values, so that no phrase runs from one into the other."""
    keys: list[str]
    record: msgspec.Raw
    bands: tuple[str, ...]
    flagged_bands: tuple[str, ...]
    """Apart, those of flagged records are few, and nearly all of a linking's questions are for them alone."""
    facets: tuple[str, ...]
    platform: tuple[str, ...]


class _Hit(msgspec.Struct):
    """What is read back of a document's source."""

    record: Record


def documents(records: Iterable[Record], dead: list[tuple[str, str]]) -> Iterator[BulkDocument]:
    """Yield records as documents; those no store can hold go to ``dead``."""
    for record in records:
        try:
            text = body(record)
        except UnfitRecord as exc:
            dead.append((record.id, str(exc)))
        else:
            yield _document(record, text)


def _document(record: Record, text: bytes) -> BulkDocument:
    name, judged, values = record.id, record.assessment, facets(record)
    bands = judged.fingerprint.bands
    title, rest = index_terms(record.posting.heading or ""), index_terms(record.posting.text)
    source = _Document(
        id=name,
        position=position(name, record.first_seen),
        score=judged.score,
        rank=record.rank,
        priority=record.priority,
        gravity=record.gravity,
        growth=record.growth,
        campaign=record.campaign,
        title=title,
        body=tuple(filter(None, (title, rest))),
        keys=keys(record, values),
        record=msgspec.Raw(text),
        bands=bands,
        flagged_bands=bands if judged.flagged else (),
        facets=_columns(tuple(values.values())),
        platform=values[_MANY],
    )
    action = _Action(_VersionedAction(name, record.revision))
    return BulkDocument(name, record.revision, msgspec.json.encode(action), msgspec.json.encode(source))


@lru_cache(maxsize=50_000)
def _columns(values: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the values of all facets but ``_MANY``, each with its facet's name, for one column."""
    return tuple(f"{name}:{value}" for name, entries in zip(NAMES, values, strict=True) if name != _MANY for value in entries)


def stored_record(results: dict[str, Any]) -> Record:
    """Return the record of a document as the cluster gives it."""
    return msgspec.convert(results["_source"]["record"], Record)


def record_of(document: BulkDocument) -> Record:
    """Return the record a document was made of."""
    return msgspec.json.decode(document.source, type=_Hit).record


def counts(aggregations: dict[str, Any]) -> Counts:
    """Return each facet's values with counts, most first, from the counted columns."""
    results: dict[str, list[tuple[str, int]]] = {name: [] for name in NAMES}
    for column in COUNTED:
        for bucket in aggregations[column]["buckets"]:
            name, _, value = (_MANY, "", bucket["key"]) if column == _MANY else bucket["key"].partition(":")
            results[name].append((value, bucket["doc_count"]))
    return {name: tuple(sorted(counted, key=lambda item: (-item[1], item[0]))) for name, counted in results.items()}
