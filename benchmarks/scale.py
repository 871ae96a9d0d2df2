"""What one listing costs from its page to the index, and what up to ten million a day need.

``python -m benchmarks.scale`` crawls a board over HTTP (the one of ``benchmarks.crawl``: pages of 5 to 50 KB), assesses and loads
what it brought, and prints the costs of a listing; they stand in ``MEASURED``. ``--table`` prints the tables of docs/scale.md.
Processor time, so a busy machine changes it little; the assessor is warm, as in a worker.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks import crawl
from benchmarks.scale_needs import ListingCosts, needs, size
from enrichment.assess import Assessor
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app import pipeline
from lurewatch.settings import Settings

STEPS = (2_000, 100_000, 1_000_000, 10_000_000)
"""Listings a day."""
MEASURED = ListingCosts(
    crawl_seconds=0.0068,
    assess_seconds=0.0031,
    load_seconds=0.0014,
    evidence_bytes=4546,
    partition_bytes=466,
    index_bytes=12300,
    state_bytes=10184,
)
"""By ``python -m benchmarks.scale``, on two cores that others used too (a quiet machine crawls a page in a third of the time)."""


def measured(pages: int) -> ListingCosts:
    """Return what a listing costs, over a board of so many pages."""
    with tempfile.TemporaryDirectory(prefix="lurewatch-scale-") as name, crawl.served(Path(name), pages, plain=False) as log:
        folder = Path(name)
        cpu = crawl.ours(folder, pages, log, "job_posting_ld").cpu
        settings = Settings(
            runs=str(folder / "runs"),
            assessed=str(folder / "assessed"),
            store=str(folder / "index.sqlite"),
            state=folder / "state",
        )
        (partition,) = (folder / "runs" / "bench_board").iterdir()
        assessor = Assessor(settings.seeds)
        pipeline.assess(partition.as_uri(), settings, assessor)  # warm: nothing is compiled from here on
        shutil.rmtree(folder / "assessed")
        began = time.process_time()
        assessed = pipeline.assess(partition.as_uri(), settings, assessor)
        assess_seconds = time.process_time() - began
        store = SqliteStore(folder / "index.sqlite")
        began = time.process_time()
        pipeline.put(partition.as_uri(), assessed, store)
        load_seconds = time.process_time() - began
        store.close()
        evidence = (partition / "captures.warc.gz").stat().st_size
        return ListingCosts(
            crawl_seconds=cpu / pages,
            assess_seconds=assess_seconds / pages,
            load_seconds=load_seconds / pages,
            evidence_bytes=evidence / pages,
            partition_bytes=(_size_of(partition) - evidence + _size_of(folder / "assessed")) / pages,
            index_bytes=(folder / "index.sqlite").stat().st_size / pages,
            state_bytes=_size_of(folder / "state") / pages,
        )


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def tables(costs: ListingCosts) -> str:
    """Return both tables of docs/scale.md."""
    lines = ["| stage | processor, ms a listing | bytes kept |", "|---|---|---|"]
    kept = size(costs.evidence_bytes + costs.partition_bytes)
    lines.append(f"| crawl | {1e3 * costs.crawl_seconds:.1f} | {kept} in the object store, {size(costs.state_bytes)} of state |")
    lines.append(f"| assess | {1e3 * costs.assess_seconds:.1f} | in the above |")
    lines.append(f"| load | {1e3 * costs.load_seconds:.1f} | {size(costs.index_bytes)} of index |")
    lines.append(f"| all | {1e3 * costs.seconds:.1f} | |")
    results = [needs(costs, listings) for listings in STEPS]
    rows = [
        ("hosts read at a time", [f"{need.crawls:,}" for need in results]),
        ("cores at half use", [f"{need.cores:.2g}" if need.cores < 1 else f"{need.cores:.1f}" for need in results]),
        ("workers", [f"{need.workers:,}" for need in results]),
        ("object store", [size(need.objects_bytes) for need in results]),
        ("records in the index", [f"{need.records / 1e6:,.2f} million" for need in results]),
        ("Elasticsearch primary shards", [f"{need.shards:,}" for need in results]),
        ("Elasticsearch nodes, one replica", [f"{need.nodes:,}" for need in results]),
        ("crawl state in PostgreSQL", [size(need.state_bytes) for need in results]),
        ("cases in PostgreSQL", [size(need.database_bytes) for need in results]),
        ("decisions for people a day", [f"{need.decisions:,}" for need in results]),
    ]
    lines += ["", f"| listings a day | {' | '.join(f'{need.listings:,}' for need in results)} |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {' | '.join(values)} |" for name, values in rows]
    return "\n".join(lines)


def main() -> None:
    """Measure and print, or print the tables of what was measured."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--table", action="store_true", help="Print the tables from the costs that stand in the module.")
    asked = options.parse_args()
    if asked.table:
        print(tables(MEASURED))
        return
    if shutil.which("nginx") is None:
        sys.exit("nginx serves the board: apt-get install nginx")
    costs = measured(asked.pages)
    print(msgspec.json.format(msgspec.json.encode(costs), indent=1).decode())
    print(tables(costs))


if __name__ == "__main__":
    main()
