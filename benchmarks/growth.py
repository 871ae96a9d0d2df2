"""How the desk's queries grow with the records: the same queries on stores of several sizes (`benchmarks.search --growth`)."""

import statistics
import time
from collections.abc import Callable
from itertools import islice, pairwise
from pathlib import Path

from msgspec.structs import replace

from benchmarks.corpus import records
from index.base import Query, RecordStore, Store
from index.query.parse import parse
from index.sqlite.sqlite_store import SqliteStore

RARER = ("sal*", "salery~", "telegarm~", "高", "salary sort:relevance", "salary sort:growth", "-salary", "flagged:false")
"""Beside the commonest: beginnings, typos, one character, other orders, what nearly all records match."""
DEEP = 25
"""Page that a reader of many pages is at."""
CLOCKS = {time.thread_time: "processor", time.perf_counter: "clock"}
LEAST = 2.0
"""Milliseconds below which a query costs what any query does."""


def filled(path: Path, size: int, *, bands: bool) -> SqliteStore:
    """Return a store of ``size`` records in ``path``, through the store's own load path; what is there already is kept."""
    store = SqliteStore(path)
    held = store.count()
    if held < size:
        start = time.perf_counter(), time.process_time()
        store.put(islice(records(size, bands=bands), held, None))
        took, worked = time.perf_counter() - start[0], time.process_time() - start[1]
        print(
            f"SQLite: {size - held} records made and put in {took:.0f} s of clock, {worked:.0f} s of processor, "
            f"{path.stat().st_size / size:.0f} bytes each",
            flush=True,
        )
    return store


def growth(
    opened: Callable[[int], Store], sizes: list[int], queries: tuple[str, ...], repeats: int, clock: Callable[[], float]
) -> None:
    """Print each query's time by ``clock`` on each size, and how its time grows where the records grow tenfold (1 is linear)."""
    asked = {typed or "(everything)": parse(typed) for typed in (*queries, *RARER)}
    times: dict[str, list[float]] = {name: [] for name in (*asked, f"page {DEEP} of salary", f"page {DEEP} sort:newest")}
    for size in sizes:
        store = opened(size)
        deep = {
            f"page {DEEP} of salary": _deep(store, parse("salary")),
            f"page {DEEP} sort:newest": _deep(store, parse("sort:newest")),
        }
        for name, query in (asked | deep).items():
            times[name].append(_median(store, query, repeats, clock))
        store.close()
    heads = "".join(f"{size:>12,d}" for size in sizes)
    print(f"  {f'ms of {CLOCKS[clock]}, median, facets counted':42s}{heads}   time/records")
    worst = 0.0
    for name, found in times.items():
        ratio = max(
            (
                max(more, LEAST) / max(less, LEAST) / (sizes[at + 1] / sizes[at])
                for at, (less, more) in enumerate(pairwise(found))
            ),
            default=0,
        )
        worst = max(worst, ratio)
        print(f"  {name:42s}{''.join(f'{one:12.2f}' for one in found)}   {ratio:.2f}")
    print(f"steepest growth {worst:.2f} (1 is linear; below {LEAST:g} ms counts as {LEAST:g} ms)\n", flush=True)


def _deep(store: RecordStore, query: Query) -> Query:
    for _ in range(DEEP):
        query = replace(query, after=store.search(replace(query, count_facets=False)).cursor)
    return replace(query, count_facets=False)


def _median(store: RecordStore, query: Query, repeats: int, clock: Callable[[], float]) -> float:
    store.search(query)
    taken = []
    for _ in range(repeats):
        start = clock()
        store.search(query)
        taken.append((clock() - start) * 1e3)
    return statistics.median(taken)
