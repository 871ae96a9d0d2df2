"""`python -m benchmarks.search [--records 100000] [--growth] [--elastic URL]`: the 20 commonest desk queries, p50 and p95.

Beside them, in the same run, plain FTS5 ``ORDER BY rank`` over the same terms: what a first implementation would do. ``--growth``
prints them and rarer ones on 10,000, 100,000 and so many records. Processor time is told too: it is what a quiet machine takes.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import records
from benchmarks.growth import filled, growth
from index.base import Query, RecordStore
from index.query.parse import parse
from index.sqlite.sqlite_store import SqliteStore

DESK = (
    "flagged:true",
    "flagged:true sort:newest",
    "flagged:true tag:scam_compound",
    "flagged:true lang:vi",
    "flagged:true lang:vi,th,km",
    "flagged:true score:>80",
    "flagged:true place:Myawaddy",
    "flagged:true first_seen:>=2025-11-20",
    "source:source_3 sort:newest",
    "",
    "sort:newest",
    "salary",
    "salary telegram",
    "telegram sort:newest",
    '"usd visa"',
    "高薪",
    "招聘 lang:zh flagged:true",
    "salary -visa score:>50",
    "contact:crew_7",
    "contact:+84500000001",
)
"""What analysts ask most: the queue and its filters, a word, two words, a phrase, running script, a contact."""


def measured(ask: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return (median, 95th percentile) in ms."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]


def table(store: RecordStore, name: str, repeats: int, facets: bool, forget: Callable[[], object] = lambda: None) -> float:
    """Print one line a query; return the p95 over all queries' samples. ``forget`` is called before each."""
    everything, worked = [], []
    for typed in DESK:
        query = parse(typed)
        query = query if facets else Query(**{f: getattr(query, f) for f in query.__struct_fields__} | {"count_facets": False})
        store.search(query)
        for _ in range(repeats):
            forget()
            start, began = time.perf_counter(), time.thread_time()
            page = store.search(query)
            everything.append((time.perf_counter() - start) * 1e3)
            worked.append((time.thread_time() - began) * 1e3)
        samples = sorted(everything[-repeats:])
        p95 = samples[int(repeats * 0.95)]
        middle = statistics.median(samples)
        print(
            f"  {typed or '(everything)':42s} {page.total:8d} matches  p50 {middle:8.2f}  p95 {p95:8.2f} ms  "
            f"processor p50 {statistics.median(worked[-repeats:]):8.2f} ms",
            flush=True,
        )
    everything.sort()
    worked.sort()
    p95 = everything[int(len(everything) * 0.95)]
    print(
        f"{name}: p50 {statistics.median(everything):.2f} ms, p95 {p95:.2f} ms (processor {statistics.median(worked):.2f} and "
        f"{worked[int(len(worked) * 0.95)]:.2f} ms) over {len(DESK)} queries"
        f"{' with facets' if facets else ' without facets'}\n",
        flush=True,
    )
    return p95


def naive(store: SqliteStore, repeats: int) -> None:
    """Print what FTS5's own ranking takes for a common word."""
    connection = store._connection()
    sql = "SELECT rowid FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT 20"
    for words in ("salary", "salary OR telegram OR usd OR visa"):
        middle, p95 = measured(lambda words=words: connection.execute(sql, (words,)).fetchall(), repeats)  # type: ignore[misc]  # mypy: lambda default
        print(f"  ORDER BY rank: {words:36s} p50 {middle:8.2f}  p95 {p95:8.2f} ms")


def main() -> None:
    """Fill the stores and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--elastic", help="Address of a node; without it only SQLite is measured.")
    parser.add_argument("--no-bands", action="store_true", help="Records without fingerprints: quicker to make for a million.")
    parser.add_argument("--folder", type=Path, help="Keep the SQLite files here, and use those that are there.")
    parser.add_argument("--growth", action="store_true", help="Also on 10,000 and 100,000 records: how each query grows.")
    given = parser.parse_args()
    sizes = [size for size in (10_000, 100_000) if size < given.records] + [given.records]
    with TemporaryDirectory() as folder:
        kept = given.folder or Path(folder)
        store = filled(kept / f"index-{given.records}.sqlite", given.records, bands=not given.no_bands)
        for facets in (True, False):
            table(store, f"SQLite {given.records}", given.repeats, facets)
        table(store, f"SQLite {given.records}, no total kept", given.repeats, True, store._totals.clear)
        naive(store, given.repeats)
        store.close()
        if given.growth:
            growth(
                lambda size: filled(kept / f"index-{size}.sqlite", size, bands=not given.no_bands),
                sizes,
                DESK,
                given.repeats,
                time.thread_time,
            )
    if given.elastic:
        elastic(given.elastic, sizes if given.growth else sizes[-1:], given.repeats, bands=not given.no_bands)


def elastic(url: str, sizes: list[int], repeats: int, *, bands: bool) -> None:
    """Print the tables of a node, with counts it kept and without: a refresh that brings records forgets them."""
    from elasticsearch import Elasticsearch

    from index.elastic.elastic_store import ElasticStore

    node = Elasticsearch(url)

    def opened(size: int) -> ElasticStore:
        store = ElasticStore(url, f"lurewatch-bench-{size}")
        if store.count() < size:
            start = time.perf_counter()
            store.put(records(size, bands=bands))
            print(f"Elasticsearch: {size} records made and put in {time.perf_counter() - start:.0f} s", flush=True)
        return store

    def keep(counts: bool) -> None:
        node.indices.put_settings(index="lurewatch-bench-*", settings={"index.requests.cache.enable": counts})

    served = opened(sizes[-1])
    keep(True)
    for facets in (True, False):
        table(served, f"Elasticsearch {sizes[-1]}", repeats, facets)
    keep(False)
    table(served, f"Elasticsearch {sizes[-1]}, no count kept", repeats, True)
    served.close()
    if len(sizes) > 1:
        for size in sizes:
            opened(size).close()
        keep(False)
        growth(opened, sizes, DESK, repeats, time.perf_counter)
    node.close()


if __name__ == "__main__":
    main()
