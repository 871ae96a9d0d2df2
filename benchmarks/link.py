"""`python -m benchmarks.link [--records 100000]`: linking a store incrementally, batch by batch, as loads come in.

Beside it, in the same run, the tutorial form on a sample: datasketch ``MinHash.update`` per shingle and ``MinHashLSH``.
"""

import argparse
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import records
from enrichment.fingerprint import fingerprint
from index.base import Record
from index.linking import link_new
from index.sqlite import SqliteStore
from index.terms import raw_text

BATCH = 2000
SAMPLE = 300


def main() -> None:
    """Fill a store batch by batch, linking after each; print the time linking took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    given = parser.parse_args()
    linking = wall = 0.0
    count = 0
    batch: list[Record] = []
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "index.sqlite")
        for record in records(given.records):
            batch.append(record)
            if len(batch) == BATCH or count + len(batch) == given.records:
                store.put(batch)
                start, began = time.process_time(), time.perf_counter()
                link_new(store, [one.id for one in batch])
                linking += time.process_time() - start
                wall += time.perf_counter() - began
                count += len(batch)
                batch = []
                if count % 20_000 == 0:
                    print(f"  {count} records: {linking:.1f} s of processor, {wall:.1f} s of clock", flush=True)
        campaigns = sum(1 for _ in store.campaigns())
        store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"linking {given.records} records in batches of {BATCH}: {linking:.1f} s of processor ({wall:.1f} s of clock), "
          f"{campaigns} campaigns, peak memory {memory:.0f} MiB")
    naive()


def naive() -> None:
    """Print what one fingerprint costs, ours and the tutorial's."""
    from datasketch import MinHash, MinHashLSH

    texts = [raw_text(record) for record in records(SAMPLE, bands=False)]
    start = time.process_time()
    for text in texts:
        fingerprint(text)
    ours = (time.process_time() - start) / SAMPLE
    start = time.process_time()
    index = MinHashLSH(threshold=0.7, num_perm=128)
    for number, text in enumerate(texts):
        made = MinHash(num_perm=128)
        for shingle in {text[at : at + 5] for at in range(len(text) - 4)}:
            made.update(shingle.encode())
        index.query(made)
        index.insert(number, made)
    theirs = (time.process_time() - start) / SAMPLE
    mean = sum(map(len, texts)) / SAMPLE
    print(f"fingerprint of {mean:.0f} characters: {ours * 1e6:.0f} us; datasketch MinHash.update + LSH {theirs * 1e6:.0f} us; "
          f"ratio {theirs / ours:.0f}")


if __name__ == "__main__":
    main()
