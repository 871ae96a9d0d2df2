"""Sets up the Elasticsearch client, turns its errors into ours, and makes the index behind the alias."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.serializer import OrjsonSerializer

from index.base import StoreError, StoreUnavailable
from index.fields import SCHEMA, schema_problem

BUSY = frozenset({429, 502, 503, 504})
"""Answers after which the same request may be made again."""


def rights(alias: str, *, manage: bool = False, erase: bool = False) -> dict[str, Any]:
    """Return the role of an API key: for the crawler and the desk, to make and migrate the index (``manage``), or to carry out
    retention (``erase``)."""
    daily = ["read", "index", "view_index_metadata", "maintenance", "monitor", *(["delete"] if erase else [])]
    return {
        "cluster": ["monitor"],
        "indices": [
            {"names": [alias, f"{alias}-*"], "privileges": [*daily, "manage"] if manage else daily},
            {"names": [f"{alias}-ledger"], "privileges": ["delete"]},
        ],
    }


LEDGER_MAPPING = {
    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1", "merge.policy.expunge_deletes_allowed": 0},
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "kind": {"type": "keyword"},
            "name": {"type": "keyword", "ignore_above": 8191},
            "at": {"type": "date"},
            "value": {"type": "object", "enabled": False},
        },
    },
}
"""Beside the records: which partitions are loaded, and the campaigns."""


def client(url: str, *, api_key: str = "", ca: str | Path | None = None, timeout: float = 30) -> Elasticsearch:
    """Return a client that retries reads on a busy or slow cluster; bulk writes have their own retries.

    Raises StoreError for an invalid address.
    """
    options: dict[str, Any] = {"api_key": api_key} if api_key else {}
    if url.startswith("https:"):
        options |= {"verify_certs": True} | ({"ca_certs": str(ca)} if ca else {})
    try:
        local = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
        return Elasticsearch(
            url,
            request_timeout=timeout,
            max_retries=5,
            retry_on_timeout=True,
            retry_on_status=sorted(BUSY),
            http_compress=not local,
            serializer=OrjsonSerializer(),
            connections_per_node=8,
            **options,
        )
    except ValueError as exc:  # not chained: its words may hold the address, and that a password
        raise StoreError("LUREWATCH_STORE is no address of Elasticsearch; write http(s)://host:port") from (
            exc if url == without_credentials(url) else None
        )


def without_credentials(url: str) -> str:
    """Return an address for messages: without user and password, also where they are written wrongly."""
    scheme, slashes, rest = url.partition("://")
    return f"{scheme}{slashes}{rest.rpartition('@')[2]}"


def is_made(url: str, alias: str, *, api_key: str = "", ca: str | Path | None = None) -> bool:
    """Whether the cluster has an index behind the alias; raise StoreError when it cannot be asked."""
    es = client(url, api_key=api_key, ca=ca)
    try:
        with asking(url):
            return bool(es.indices.exists_alias(name=alias))
    finally:
        es.close()


@contextmanager
def asking(url: str) -> Iterator[None]:
    """Turn the client's errors into StoreUnavailable (try again) or StoreError (correct something first)."""
    try:
        yield
    except TransportError as exc:
        message = f"{without_credentials(url)}: Elasticsearch does not answer ({type(exc).__name__}); is it running? Try again"
        raise StoreUnavailable(message) from exc
    except ApiError as exc:
        raise refusal_of(url, exc) from exc


def refusal_of(url: str, exc: ApiError) -> StoreError:
    """Return our error for an answer that is one."""
    url, status, reason = without_credentials(url), exc.status_code, reason_of(exc)
    if status in BUSY:
        return StoreUnavailable(f"{url}: Elasticsearch is too busy ({status} {reason}); nothing is sure to be written, try again")
    if status == 401:
        fix = "set LUREWATCH_STORE_API_KEY_FILE (docs/store.md says how to make one)"
        return StoreError(f"{url}: Elasticsearch wants a valid API key; {fix}")
    if status == 403:
        return StoreError(f"{url}: the API key may not do this ({reason}); docs/store.md lists the rights it needs")
    return StoreError(f"{url}: Elasticsearch refused ({status} {reason})")


def reason_of(exc: ApiError) -> str:
    """Return the reason inside an error answer, one line."""
    body = exc.body
    error = body.get("error") if isinstance(body, dict) else None
    value = error.get("reason") if isinstance(error, dict) else error
    return " ".join(str(value or exc.message).split())[:300]


@cache
def mapping() -> dict[str, Any]:
    """Return settings and mappings of the records' index."""
    results: dict[str, Any] = json.loads(files("index.elastic").joinpath("mapping.json").read_text(encoding="utf-8"))
    results["mappings"]["_meta"]["fields"] = SCHEMA
    return results


def meta_problem(name: str, entry: Mapping[str, Any]) -> str | None:
    """Return why an index with that mapping cannot be searched now, and the command that mends it; None when it can."""
    meta, wanted = entry["mappings"].get("_meta", {}), mapping()["mappings"]["_meta"]["lurewatch"]
    if (version := meta.get("lurewatch")) != wanted:
        return f"index {name} has version {version}, this LureWatch writes {wanted}; run `lurewatch index migrate`"
    return schema_problem(f"index {name}", meta.get("fields"))


def ensure(es: Elasticsearch, alias: str) -> None:
    """Make the first index behind the alias, and the ledger, where there are none; refuse an index of another version."""
    if not es.indices.exists_alias(name=alias):
        create(es, f"{alias}-1", mapping() | {"aliases": {alias: {"is_write_index": True}}})
    if not es.indices.exists(index=f"{alias}-ledger"):
        create(es, f"{alias}-ledger", LEDGER_MAPPING)
    for name, entry in es.indices.get_mapping(index=alias).items():
        if problem := meta_problem(name, entry):
            raise StoreError(problem)


def create(es: Elasticsearch, name: str, body: dict[str, Any]) -> None:
    """Make an index unless it is there."""
    try:
        es.indices.create(index=name, **body)
    except ApiError as exc:
        if exc.error != "resource_already_exists_exception":
            raise


SECONDS = 120.0
"""How long to wait for the cluster."""
_ALLOWED = "index.merge.policy.expunge_deletes_allowed"


def expunge(es: Elasticsearch, index: str) -> None:
    """Merge ``index`` (names with commas) until no segment has a deleted document; raise StoreUnavailable when one still has."""
    older = _list_older(es, index)
    until, pause = time.monotonic() + SECONDS, 0.5
    while True:
        es.indices.refresh(index=index)
        es.indices.flush(index=index, force=True, wait_if_ongoing=True)
        patient = es.options(request_timeout=3600).indices
        patient.forcemerge(index=index, only_expunge_deletes=True)
        if older:  # a merge into one segment takes every deleted document, and needs no right to change the index
            patient.forcemerge(index=older, max_num_segments=1)
        if not (left := _count_deleted(es, index)):
            es.indices.flush(index=index, force=True, wait_if_ongoing=True)  # the log of operations goes with it
            return
        if time.monotonic() > until:
            raise StoreUnavailable(
                f"{index}: segments of Elasticsearch still hold {left} deleted documents; another try when no load is running"
            )
        time.sleep(pause)
        pause = min(2 * pause, 10)


def _list_older(es: Elasticsearch, index: str) -> list[str]:
    """Return the indexes whose merges leave segments with few deleted documents: an older release made them."""
    settings = es.indices.get_settings(index=index, name=_ALLOWED, flat_settings=True)
    known = {name for name, value in settings.items() if float(value["settings"].get(_ALLOWED, 10)) == 0}
    return sorted(set(es.indices.get_settings(index=index, name="index.uuid")) - known)


def _count_deleted(es: Elasticsearch, index: str) -> int:
    """Return how many deleted documents the segments on disk have."""
    return int(es.indices.stats(index=index, metric="docs")["_all"]["total"]["docs"]["deleted"])
