"""`python -m benchmarks.link [--records 100000] [--elastic URL]`: linking a store incrementally, batch by batch, as loads come.

Beside it, in the same run, the tutorial form on a sample: datasketch ``MinHash.update`` per shingle and ``MinHashLSH``.
"""

import argparse
import resource
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import records
from enrichment.text.fingerprint import fingerprint
from index.base import Store
from index.campaigns.relink import link_new
from index.sqlite.sqlite_store import SqliteStore
from index.terms.record_terms import raw_text

BATCH = 2000
SAMPLE = 300


def main() -> None:
    """Fill a store batch by batch, linking after each; print the time linking took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--elastic", help="Address of a node, to link there; without it SQLite.")
    given = parser.parse_args()
    if given.elastic:
        elastic(given.elastic, given.records)
    else:
        with TemporaryDirectory() as folder:
            measured(SqliteStore(Path(folder) / "index.sqlite"), given.records)
    naive()


def elastic(url: str, count: int) -> None:
    """Link in a fresh index of a node."""
    from elasticsearch import Elasticsearch

    from index.elastic.elastic_store import ElasticStore

    node = Elasticsearch(url)
    made = ["lurewatch-bench-link-1", "lurewatch-bench-link-ledger"]
    node.indices.delete(index=made, ignore_unavailable=True)
    measured(ElasticStore(url, "lurewatch-bench-link"), count)
    node.indices.delete(index=made)
    node.close()


def measured(store: Store, count: int) -> None:
    """Put and link records batch by batch."""
    linking = wall = 0.0
    made = records(count)
    done = 0
    while batch := list(islice(made, BATCH)):
        store.put(batch)
        start, began = time.process_time(), time.perf_counter()
        link_new(store, [one.id for one in batch])
        linking += time.process_time() - start
        wall += time.perf_counter() - began
        done += len(batch)
        if done % 20_000 == 0:
            print(f"  {done} records: {linking:.1f} s of processor, {wall:.1f} s of clock", flush=True)
    campaigns = sum(1 for _ in store.campaigns())
    store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{type(store).__name__}, linking {count} records in batches of {BATCH}: {linking:.1f} s of processor here "
        f"({wall:.1f} s of clock), {campaigns} campaigns, peak memory {memory:.0f} MiB"
    )


def naive() -> None:
    """Print what one fingerprint costs, ours and the tutorial's."""
    from datasketch import MinHash, MinHashLSH

    texts = [raw_text(record) for record in records(SAMPLE, bands=False)]
    start = time.process_time()
    for text in texts:
        fingerprint(text)
    ours = (time.process_time() - start) / SAMPLE
    start = time.process_time()
    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    for number, text in enumerate(texts):
        made = MinHash(num_perm=128)
        for shingle in {text[at : at + 5] for at in range(len(text) - 4)}:
            made.update(shingle.encode())
        lsh.query(made)
        lsh.insert(number, made)
    theirs = (time.process_time() - start) / SAMPLE
    mean = sum(map(len, texts)) / SAMPLE
    print(
        f"fingerprint of {mean:.0f} characters: {ours * 1e6:.0f} us; datasketch MinHash.update + LSH {theirs * 1e6:.0f} us; "
        f"ratio {theirs / ours:.0f}"
    )


if __name__ == "__main__":
    main()
