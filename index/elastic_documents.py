"""A record as the document Elasticsearch keeps, and back.

The whole document is kept as its ``_source``: to keep only the record, the node would parse and write each document twice, which
costs a third of a load and as much again of a search (docs/decisions/0303-bulk-writer.md).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from index.analysis import indexed
from index.base import FACETS, Record
from index.elastic_bulk import Document
from index.terms import UnfitRecord, body, facets, keys, position

_MANY = "platform"
"""The facet with too many values to be counted in one column with the others."""
COUNTED = {"facets": 10_000, _MANY: 1_000}
"""Column -> values counted at most, the commonest first. All facets but one have a few hundred values together."""
Counts = dict[str, tuple[tuple[str, int], ...]]


class _Sent(msgspec.Struct):
    """What is read back of a document's source."""

    record: Record


def documents(records: Iterable[Record], dead: list[tuple[str, str]]) -> Iterator[Document]:
    """Yield records as documents; those no store can hold go to ``dead``."""
    for record in records:
        try:
            text = body(record)
        except UnfitRecord as exc:
            dead.append((record.id, str(exc)))
            continue
        action = {"index": {"_id": record.id, "version": record.revision, "version_type": "external"}}
        judged, bands = record.assessment, record.assessment.fingerprint.bands
        title, rest, values = indexed(record.posting.title or ""), indexed(record.posting.text), facets(record)
        source = {
            "id": record.id, "position": position(record.id, record.first_seen), "score": judged.score,
            "growth": record.growth, "campaign": record.campaign, "title": title,
            # Two values, so that no phrase runs from one into the other.
            "body": [terms for terms in (title, rest) if terms],
            "keys": keys(record), "record": msgspec.Raw(text),
            # Apart, those of flagged records are few, and nearly all of a linking's questions are for them alone.
            "bands": bands, "flagged_bands": bands if judged.flagged else (),
            "facets": [f"{name}:{value}" for name, found in values.items() if name != _MANY for value in found],
            _MANY: values[_MANY],
        }
        yield Document(record.id, record.revision, msgspec.json.encode(action), msgspec.json.encode(source))


def stored(found: dict[str, Any]) -> Record:
    """Return the record of a document as the cluster gives it."""
    return msgspec.convert(found["_source"]["record"], Record)


def sent(document: Document) -> Record:
    """Return the record a document was made of."""
    return msgspec.json.decode(document.source, type=_Sent).record


def counts(aggregations: dict[str, Any]) -> Counts:
    """Return each facet's values with counts, most first, from the counted columns."""
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
    for column in COUNTED:
        for bucket in aggregations[column]["buckets"]:
            name, _, value = (_MANY, "", bucket["key"]) if column == _MANY else bucket["key"].partition(":")
            found[name].append((value, bucket["doc_count"]))
    return {name: tuple(sorted(counted, key=lambda item: (-item[1], item[0]))) for name, counted in found.items()}
