"""`python -m benchmarks.load --elastic URL [--records 100000]`: how fast records go into Elasticsearch and SQLite.

Beside our store, in the same run on the same node and the same documents: a bare orjson + urllib3 ``_bulk`` loop with three
threads (no retries, no versions, no outcome read), and one ``index()`` a document.
"""

import argparse
import concurrent.futures
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import urllib3
from elasticsearch import Elasticsearch

from benchmarks.corpus import records
from index.base import Record
from index.elastic import ElasticStore
from index.elastic_bulk import Document, write
from index.elastic_client import client, mapping
from index.elastic_documents import documents
from index.sqlite import SqliteStore

CHUNK, THREADS, SINGLES = 500, 3, 300


def main() -> None:
    """Load the same records in each way, twice over, and print the better rate of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--elastic", help="Address of a node.")
    given = parser.parse_args()
    made = list(records(given.records))
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "index.sqlite")
        start = time.perf_counter()
        store.put(made)
        took = time.perf_counter() - start
        size = (Path(folder) / "index.sqlite").stat().st_size / len(made)
        store.close()
        print(f"SQLite: {len(made) / took:.0f} records/s, {size:.0f} bytes each", flush=True)
    if given.elastic:
        elastic(given.elastic, made)


def elastic(url: str, made: list[Record]) -> None:
    """Print the rates on one node and their ratios."""
    es = Elasticsearch(url, request_timeout=120)
    ready = [(one.id, orjson.loads(one.source)) for one in documents(made, [])]
    ways = {"raw _bulk": _raw, "our bulk writer": _writer}
    rates = dict.fromkeys([*ways, "our store, from records"], 0.0)
    for _ in range(2):
        for name, way in ways.items():
            rates[name] = max(rates[name], way(es, url, ready))
        rates["our store, from records"] = max(rates["our store, from records"], _ours(es, url, made))
    single = _single(es, ready[:SINGLES])
    for name, rate in (rates | {"one index() a document": single}).items():
        print(f"Elasticsearch, {name}: {rate:.0f} records/s", flush=True)
    raw, writer, store = rates["raw _bulk"], rates["our bulk writer"], rates["our store, from records"]
    print(f"our bulk writer / raw _bulk {writer / raw:.2f}; our store (analysis included) / raw _bulk {store / raw:.2f}")
    print(f"our bulk writer / index() {writer / single:.0f}; our store / index() {store / single:.0f}")
    es.indices.delete(index="bench-load")
    es.close()


def _fresh(es: Elasticsearch, name: str) -> None:
    es.indices.delete(index=name, ignore_unavailable=True)
    es.indices.create(index=name, **mapping())


def _ours(es: Elasticsearch, url: str, made: list[Record]) -> float:
    _fresh(es, "bench-load")
    store = ElasticStore(url, "bench-load", behind="bench-load")
    start = time.perf_counter()
    done = store.put(made)
    rate = len(made) / (time.perf_counter() - start)
    assert done.inserted == len(made), done
    store.close()
    return rate


def _raw(es: Elasticsearch, url: str, ready: list[tuple[str, dict[str, Any]]]) -> float:
    _fresh(es, "bench-load")
    send = _sender(url)
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, (ready[at : at + CHUNK] for at in range(0, len(ready), CHUNK))))
    return len(ready) / (time.perf_counter() - start)


def _writer(es: Elasticsearch, url: str, ready: list[tuple[str, dict[str, Any]]]) -> float:
    _fresh(es, "bench-load")
    mine = client(url)
    start = time.perf_counter()
    todo = (
        Document(name, 1, orjson.dumps({"index": {"_id": name, "version": 1, "version_type": "external"}}), orjson.dumps(source))
        for name, source in ready
    )
    inserted = sum(written.outcome == "inserted" for written in write(mine, "bench-load", todo))
    rate = len(ready) / (time.perf_counter() - start)
    assert inserted == len(ready)
    mine.close()
    return rate


def _sender(url: str) -> Callable[[list[tuple[str, dict[str, Any]]]], None]:
    http = urllib3.PoolManager(maxsize=THREADS)

    def send(chunk: list[tuple[str, dict[str, Any]]]) -> None:
        pairs = ((b'{"index":{"_id":"%s"}}' % name.encode(), orjson.dumps(source)) for name, source in chunk)
        body = b"\n".join(line for pair in pairs for line in pair) + b"\n"
        headers = {"content-type": "application/x-ndjson"}
        answer = http.request("POST", f"{url}/bench-load/_bulk?filter_path=errors", body=body, headers=headers)
        assert b'"errors":false' in answer.data, answer.data[:300]

    return send


def _single(es: Elasticsearch, ready: list[tuple[str, dict[str, Any]]]) -> float:
    _fresh(es, "bench-load")
    start = time.perf_counter()
    for name, source in ready:
        es.index(index="bench-load", id=name, document=source)
    return len(ready) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
