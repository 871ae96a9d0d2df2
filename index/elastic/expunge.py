"""Making Elasticsearch drop deleted documents from its files: its segments keep them until they are merged.

A merge leaves a segment alone whose deleted documents are under a tenth, unless ``merge.policy.expunge_deletes_allowed`` is 0;
and it keeps what a copy of the shard may still ask for, until both have noted how far they are (some 30 s).
"""

import time

from elasticsearch import Elasticsearch

from index.base import StoreUnavailable

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
