"""`python -m benchmarks.load [--records 100000] [--elastic URL]`: how fast records go into SQLite and Elasticsearch."""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import load_elastic
from benchmarks.corpus import records
from index.base import Record
from index.sqlite.sqlite_store import SqliteStore


def main() -> None:
    """Load the same records into each store and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2, help="How often each way into Elasticsearch is measured.")
    parser.add_argument("--elastic", help="Address of a node; without it only SQLite is measured.")
    given = parser.parse_args()
    made = list(records(given.records))
    sqlite(made)
    if given.elastic:
        load_elastic.table(given.elastic, made, given.rounds)
        load_elastic.growth(given.elastic, made)


def sqlite(made: list[Record]) -> None:
    """Print the rate of the embedded store and the size of its file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        store = SqliteStore(path)
        start = time.perf_counter()
        store.put(made)
        took = time.perf_counter() - start
        size = path.stat().st_size / len(made)
        store.close()
    print(f"SQLite: {len(made) / took:.0f} records/s, {size:.0f} bytes each", flush=True)


if __name__ == "__main__":
    main()
