"""Loading Elasticsearch in our ways and beside them, on the same node: a bare orjson ``_bulk`` loop and ``index()``.

The bare loop sends the same documents in requests of the same size, as many at a time, and reads no more of the answer than
whether there were errors: no retries, no versions, no counts. Every way but ``index()`` ends with a refresh. The ways take turns,
and a ratio is the median over the rounds, as other work on the machine moves clocks by more than what is measured. Processor
time is that of client and node together.
"""

import concurrent.futures
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import orjson
import urllib3
import zstandard
from elasticsearch import Elasticsearch

from crawlers.evidence.partition import POSTINGS, REPORT, Report
from index.base import Record
from index.elastic.bulk import CHUNK_DOCUMENTS, THREADS, BulkDocument, documents, write
from index.elastic.client import client, create, mapping
from index.elastic.elastic_store import ElasticStore
from index.history import Observation, observe
from index.load import canonical, load

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SINGLES = 300
SIZES = (10_000, 30_000, 100_000)
_INDEX = "bench-load"
_RAW, _MADE = "raw _bulk", "raw _bulk, making the documents"
_SINGLE, _SEEN = "one index() a document", "the same, each to be seen at once"


class Bench:
    """The same records in every way into one node, as a first load of the partition ``folder`` makes them."""

    def __init__(self, url: str, made: list[Record], folder: Path) -> None:
        self.url, self.folder = url, folder
        self.es = Elasticsearch(url, request_timeout=120)
        _seal(folder, made)
        self.made = [observe(None, _seen(one, folder))[0] for one in made]
        self.ready = [(one.id, orjson.loads(one.source)) for one in documents(self.made, [])]

    def measured(self, way: Callable[[], int]) -> tuple[float, float]:
        """Return (records a second, microseconds of processor time a record) of a way into a fresh index."""
        self.clear()
        create(self.es, f"{_INDEX}-1", mapping() | {"aliases": {_INDEX: {"is_write_index": True}}})
        processor, start = self._processor(), time.perf_counter()
        count = way()
        took = time.perf_counter() - start
        return count / took, (self._processor() - processor) / count * 1e6

    def clear(self) -> None:
        """Remove what was measured."""
        self.es.indices.delete(index=[f"{_INDEX}-1", f"{_INDEX}-ledger"], ignore_unavailable=True)

    def _processor(self) -> float:
        """Return seconds of processor time spent so far, here and on the node."""
        nodes = self.es.nodes.stats(metric="process")["nodes"].values()
        return time.process_time() + sum(float(node["process"]["cpu"]["total_in_millis"]) for node in nodes) / 1e3

    def raw(self) -> int:
        """Send ready documents, as most scripts do."""
        return self._send((name, orjson.dumps(source)) for name, source in self.ready)

    def raw_made(self) -> int:
        """Make the documents and send them."""
        return self._send((one.id, one.source) for one in documents(self.made, []))

    def _send(self, lines: Iterable[tuple[str, bytes]]) -> int:
        http = urllib3.PoolManager(maxsize=THREADS)
        url = f"{self.url}/{_INDEX}/_bulk?filter_path=errors"

        def send(chunk: list[tuple[str, bytes]]) -> int:
            body = b"".join(b'{"index":{"_id":"%s"}}\n%s\n' % (name.encode(), source) for name, source in chunk)
            answer = http.request("POST", url, body=body, headers={"content-type": "application/x-ndjson"})
            assert b'"errors":false' in answer.data, answer.data[:300]
            return len(chunk)

        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            count = sum(pool.map(send, _chunks(iter(lines))))
        self.es.indices.refresh(index=_INDEX)
        return count

    def writer(self) -> int:
        """Send ready documents with our bulk writer."""
        es = client(self.url)
        first = {"version": 1, "version_type": "external"}
        todo = (
            BulkDocument(name, 1, orjson.dumps({"index": {"_id": name} | first}), orjson.dumps(source))
            for name, source in self.ready
        )
        inserted = sum(written.outcome == "inserted" for written in write(es, _INDEX, todo))
        assert inserted == len(self.ready), inserted
        es.indices.refresh(index=_INDEX)
        es.close()
        return inserted

    def store(self) -> int:
        """Put records into our store."""
        store = ElasticStore(self.url, _INDEX)
        done = store.put(self.made)
        assert done.inserted == store.count() == len(self.made), done  # counting refreshes
        store.close()
        return done.inserted

    def load(self) -> int:
        """Load a sealed partition, looking for each posting's history: what ``lurewatch load`` does."""
        store = ElasticStore(self.url, _INDEX)
        done = load(str(self.folder), {one.id: one.assessment for one in self.made}, store)
        assert done.inserted == len(self.made), done
        store.close()
        return done.inserted

    def single(self, *, seen: bool) -> int:
        """Index some documents one by one, as the official client does it; ``seen`` refreshes with each."""
        for name, source in self.ready[:SINGLES]:
            self.es.index(index=_INDEX, id=name, document=source, refresh=seen)
        return min(SINGLES, len(self.ready))


def table(url: str, made: list[Record], rounds: int) -> None:
    """Print rates, processor time and ratios of all ways."""
    with TemporaryDirectory() as folder:
        _table(Bench(url, made, Path(folder)), rounds)


def _table(bench: Bench, rounds: int) -> None:
    ways: dict[str, Callable[[], int]] = {
        _RAW: bench.raw,
        "our bulk writer": bench.writer,
        _MADE: bench.raw_made,
        "our store, from records": bench.store,
        "lurewatch load, from a partition": bench.load,
        _SINGLE: partial(bench.single, seen=False),
        _SEEN: partial(bench.single, seen=True),
    }
    for way in (bench.raw, ways[_SINGLE]):
        bench.measured(way)  # a node that has just started compiles its code first
    found: list[dict[str, tuple[float, float]]] = [
        {name: bench.measured(way) for name, way in ways.items()} for _ in range(rounds)
    ]
    print(f"\nElasticsearch, {len(bench.made)} records, median of {rounds} rounds\n")
    peers = f"{'/ raw':>7s} {'/ raw, making':>13s} {'/ index()':>9s} {'/ seen':>7s}"
    print(f"{'':34s} {'records/s':>9s} {'processor us':>12s} {peers}")

    def ratio(name: str, peer: str) -> float:
        return statistics.median(round_[name][0] / round_[peer][0] for round_ in found)

    for name in ways:
        rate, processor = (statistics.median(round_[name][at] for round_ in found) for at in (0, 1))
        ratios = f"{ratio(name, _RAW):7.2f} {ratio(name, _MADE):13.2f} {ratio(name, _SINGLE):9.1f} {ratio(name, _SEEN):7.1f}"
        print(f"{name:34s} {rate:9.0f} {processor:12.0f} {ratios}", flush=True)
    bench.clear()
    bench.es.close()


def growth(url: str, made: list[Record]) -> None:
    """Print what a record costs while the index grows."""
    with TemporaryDirectory() as folder:
        _growth(Bench(url, made, Path(folder)))


def _growth(bench: Bench) -> None:
    made = bench.made
    print(f"\n{'records':>9s} {'records/s':>9s} {'processor us':>12s} {'bytes each':>10s}")
    for size in SIZES:
        if size > len(made):
            break
        bench.made = made[:size]
        rate, processor = bench.measured(bench.store)
        bench.es.indices.flush(index=_INDEX)
        stored: dict[str, Any] = bench.es.indices.stats(index=_INDEX, metric="store")["_all"]["primaries"]["store"]
        print(f"{size:9d} {rate:9.0f} {processor:12.0f} {stored['size_in_bytes'] / size:10.0f}", flush=True)
    bench.clear()
    bench.es.close()


def _seal(folder: Path, made: list[Record]) -> None:
    """Write the postings as a partition."""
    (folder / POSTINGS).write_bytes(zstandard.compress(b"".join(msgspec.json.encode(one.posting) + b"\n" for one in made)))
    count = len(made)
    report = Report(source="bench", run_id="1", state="ok", started_at=NOW, finished_at=NOW, fetched=count, parsed=count)
    (folder / REPORT).write_bytes(msgspec.json.encode(report))


def _seen(one: Record, folder: Path) -> Observation:
    return Observation(one.posting, one.assessment, NOW, "1", canonical(str(folder)))


def _chunks(lines: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    while chunk := list(islice(lines, CHUNK_DOCUMENTS)):
        yield chunk
