"""Writes documents in bulk: they are sent again until each is stored, known to be as new, or refused by name.

``helpers.streaming_bulk`` of the client retries only single documents, not a request that failed as a whole, and
``parallel_bulk`` retries nothing; neither halves its chunks when the cluster pushes back. So this is our own loop.

The whole document is kept as its ``_source``: to keep only the record, the node would parse and write each document twice, which
costs a third of a load and as much again of a search (docs/decisions/0303-bulk-writer.md).
"""

import random
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from elasticsearch import ApiError, Elasticsearch, TransportError

from index.base import Record, StoreError, StoreUnavailable
from index.elastic.client import BUSY, reason_of, refusal_of
from index.fields import FIELDS, NAMES, facets
from index.terms.analysis import index_terms
from index.terms.record_terms import UnfitRecord, body, keys, position

CHUNK_DOCUMENTS, CHUNK_BYTES = 500, 5 << 20
ATTEMPTS, FIRST_WAIT, LONGEST_WAIT = 10, 0.5, 30.0
"""Waits double, in seconds: about two minutes before a cluster counts as unavailable."""
THREADS = 3
_NOT_THE_DOCUMENT = {
    401: "set LUREWATCH_STORE_API_KEY_FILE",
    403: "give the API key the rights that docs/store.md lists",
    404: "the index is gone: make it with `lurewatch index migrate`",
}
"""Errors about the key or the index, with the fix: no document counts as refused for them."""
_FILTER = "items.index.status,items.index.error.type,items.index.error.reason"


class BulkDocument(NamedTuple):
    """One document to write: its action line and source, as bytes."""

    id: str
    revision: int
    action: bytes
    source: bytes


class WriteOutcome(NamedTuple):
    """The outcome of one document; ``retried`` when an earlier request without an answer may have written it."""

    document: BulkDocument
    outcome: str
    """``inserted``, ``revised``, ``kept`` or ``dead``."""
    reason: str = ""
    retried: bool = False


def write(
    es: Elasticsearch, index: str, documents: Iterable[BulkDocument], *, threads: int = THREADS, alias: bool = False
) -> Iterator[WriteOutcome]:
    """Yield the outcome of each document; raise StoreUnavailable when the cluster stays away, StoreError when it takes none.

    ``alias`` says that ``index`` is one: if it is gone, the cluster must not make an index of that name.
    At most ``threads + 1`` chunks are in memory; a slow cluster slows the reading of ``documents``.
    """
    with ThreadPoolExecutor(threads) as pool:
        waiting: list[Future[list[WriteOutcome]]] = []
        try:
            for chunk in _chunks(documents):
                waiting.append(pool.submit(_send_chunk, es, index, chunk, alias=alias))
                if len(waiting) > threads:
                    yield from waiting.pop(0).result()
            while waiting:
                yield from waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()


def _chunks(documents: Iterable[BulkDocument]) -> Iterator[list[BulkDocument]]:
    chunk: list[BulkDocument] = []
    size = 0
    for document in documents:
        if chunk and (len(chunk) >= CHUNK_DOCUMENTS or size + len(document.source) > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(document)
        size += len(document.source)
    if chunk:
        yield chunk


def _send_chunk(es: Elasticsearch, index: str, chunk: list[BulkDocument], *, alias: bool) -> list[WriteOutcome]:
    """Send one chunk until every document has an outcome."""
    done: list[WriteOutcome] = []
    parts = [chunk]
    uncertain: set[str] = set()
    failure: Exception = StoreUnavailable("")
    for attempt in range(ATTEMPTS):
        again: list[list[BulkDocument]] = []
        pushed_back = False
        for part in parts:
            try:
                written, busy = _once(es, index, part, uncertain, alias=alias)
            except ApiError as exc:
                failure = exc
                if exc.status_code == 413 or (exc.status_code == 400 and len(part) > 1):
                    again += _halves(part) if len(part) > 1 else []
                    done += [WriteOutcome(part[0], "dead", reason_of(exc))] if len(part) == 1 else []
                elif exc.status_code in BUSY or exc.status_code >= 500:
                    pushed_back = True
                    uncertain |= {document.id for document in part}
                    again += _halves(part)
                else:
                    raise refusal_of(index, exc) from exc
            except TransportError as exc:
                # The request may have been carried out and only its answer lost.
                failure, pushed_back = exc, True
                uncertain |= {document.id for document in part}
                again += _halves(part)
            else:
                done += written
                pushed_back = pushed_back or bool(busy)
                again += _halves(busy) if busy else []
        if not again:
            return done
        parts = again
        if pushed_back:  # what was only too long for one request need not wait
            time.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2**attempt) * random.uniform(0.5, 1))  # noqa: S311 - only spreads the load
    message = f"{index}: Elasticsearch took nothing more in {ATTEMPTS} attempts ({failure})"
    raise StoreUnavailable(f"{message}; the partition stays pending, load it again") from failure


def _halves(part: list[BulkDocument]) -> list[list[BulkDocument]]:
    """Return a chunk in two, so that a cluster that pushes back is asked for less at a time."""
    middle = (len(part) + 1) // 2
    return [half for half in (part[:middle], part[middle:]) if half]


def _once(
    es: Elasticsearch, index: str, part: list[BulkDocument], uncertain: set[str], *, alias: bool
) -> tuple[list[WriteOutcome], list[BulkDocument]]:
    """Send one request; return what is settled and what the cluster was too busy for."""
    lines: list[Any] = [line for document in part for line in (document.action, document.source)]
    answer = es.options(max_retries=0).bulk(index=index, operations=lines, filter_path=_FILTER, require_alias=alias)
    items = answer.body.get("items", [])
    if len(items) != len(part):
        raise TransportError(f"bulk answer names {len(items)} of {len(part)} documents")
    done: list[WriteOutcome] = []
    busy: list[BulkDocument] = []
    for document, item in zip(part, items, strict=True):
        result = item["index"]
        status = result["status"]
        retried = document.id in uncertain
        if status in BUSY or status >= 500:
            busy.append(document)
        elif status == 409:
            done.append(WriteOutcome(document, "kept", retried=retried))
        elif status >= 400:
            error = result.get("error", {})
            reason = f"{error.get('type', status)}: {error.get('reason', '')}"[:500]
            if status in _NOT_THE_DOCUMENT:
                fix = f"{_NOT_THE_DOCUMENT[status]}, then load again"
                raise StoreError(f"{index}: Elasticsearch takes no documents ({reason}); {fix}")
            done.append(WriteOutcome(document, "dead", reason))
        else:
            done.append(WriteOutcome(document, "inserted" if status == 201 else "revised", retried=retried))
    return done, busy


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
