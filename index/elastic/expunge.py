"""Making Elasticsearch drop deleted documents from its files: its segments keep them until they are merged.

A merge leaves a segment alone whose deleted documents are under a tenth, unless ``merge.policy.expunge_deletes_allowed`` is 0;
and it keeps what a copy of the shard may still ask for, until both have noted how far they are (some 30 s).
"""

import time

from elasticsearch import ApiError, Elasticsearch

from index.base import StoreUnavailable

SECONDS = 120.0
"""How long to wait for the cluster."""
_ALLOWED = "index.merge.policy.expunge_deletes_allowed"


def expunge(es: Elasticsearch, index: str) -> None:
    """Merge ``index`` (names with commas) until no segment has a deleted document; raise StoreUnavailable when one still has."""
    _allow_none(es, index)
    until, pause = time.monotonic() + SECONDS, 0.5
    while True:
        es.indices.refresh(index=index)
        es.indices.flush(index=index, force=True, wait_if_ongoing=True)
        es.options(request_timeout=3600).indices.forcemerge(index=index, only_expunge_deletes=True)
        if not (left := _delete_records(es, index)):
            es.indices.flush(index=index, force=True, wait_if_ongoing=True)  # the log of operations goes with it
            return
        if time.monotonic() > until:
            raise StoreUnavailable(
                f"{index}: segments of Elasticsearch still hold {left} deleted documents; another try when no load is running"
            )
        time.sleep(pause)
        pause = min(2 * pause, 10)


def _allow_none(es: Elasticsearch, index: str) -> None:
    """Let a merge take segments with few deleted documents; an index of an older release was made without that."""
    for name, value in es.indices.get_settings(index=index, name=_ALLOWED, flat_settings=True).items():
        if float(value["settings"].get(_ALLOWED, 10)) == 0:
            continue
        try:
            es.indices.put_settings(index=name, settings={_ALLOWED: 0})
        except ApiError as exc:
            if exc.status_code != 403:
                raise
            raise StoreUnavailable(
                f"{name}: was made by an earlier release and keeps deleted documents; run `lurewatch index migrate --force` "
                f"once, or give the key `manage` on it"
            ) from exc


def _delete_records(es: Elasticsearch, index: str) -> int:
    """Return how many deleted documents the segments on disk have."""
    return int(es.indices.stats(index=index, metric="docs")["_all"]["total"]["docs"]["deleted"])
