"""From what one listing costs to what so many a day need: cores, crawls at a time, shards, object store, database.

All assumptions are the constants here. ``python -m benchmarks.scale`` measures the costs; with ``--table`` it prints the tables
of docs/scale.md.
"""

from math import ceil

import msgspec

DAY = 86_400
KEPT_DAYS = 180
"""``retention_days`` of the shipped sources: evidence, postings and index records live so long."""
DELAY = 5.0
"""Seconds between two requests to one host: the access passport's default. It, not the processor, bounds what a host gives."""
BUSY = 0.5
"""Share of its cores, and of the day, that a worker is planned to use."""
SLOTS, WORKER_CORES = 2, 2
"""Crawls side by side in one worker, as docker-compose.yml runs it; and its cores."""
RUNS_A_DAY, RUN_SECONDS = 24, 6.7
"""Of each host, and the processor time that the four tasks of a run take to start, whatever they read."""
SHARD_BYTES, SHARD_RECORDS = 50e9, 200e6
"""Most of a shard: Elastic's own advice, "Size your shards" (10-50 GB, under 200 million documents)."""
COPIES = 2
"""Of each shard (a primary and a replica), and of the state."""
NODE_BYTES = 1e12
"""Of index on one Elasticsearch node."""
FLAGGED = 0.01
"""Share of listings that wait for a person."""
CASE_BYTES = 4_000
"""A decision with its audit entry, rounded up, as a row of PostgreSQL with indexes."""


class ListingCosts(msgspec.Struct, frozen=True, kw_only=True):
    """What one listing costs: seconds of processor, and bytes that stay."""

    crawl_seconds: float
    assess_seconds: float
    load_seconds: float
    evidence_bytes: float
    """WARC, compressed: the listing's page and its share of the lists."""
    partition_bytes: float
    """Postings, assessments and report, compressed."""
    index_bytes: float
    state_bytes: float
    """Of the crawl's state: what a later run needs to know."""

    @property
    def seconds(self) -> float:
        """Processor time of all three stages."""
        return self.crawl_seconds + self.assess_seconds + self.load_seconds


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What so many listings a day need."""

    listings: int
    crawls: int
    """Hosts that must be read at the same time, all day."""
    cores: float
    workers: int
    objects_bytes: float
    records: float
    shards: int
    nodes: int
    state_bytes: float
    database_bytes: float
    decisions: int
    """A day, for people."""


def needs(costs: ListingCosts, listings: int) -> Needs:
    """Return what ``listings`` new listings a day need after ``KEPT_DAYS`` days."""
    crawls = ceil(listings * DELAY / DAY / BUSY)
    cores = (listings * costs.seconds + crawls * RUNS_A_DAY * RUN_SECONDS) / DAY / BUSY
    records = listings * KEPT_DAYS
    index = records * costs.index_bytes
    decisions = ceil(listings * FLAGGED)
    return Needs(
        listings=listings,
        crawls=crawls,
        cores=cores,
        workers=max(ceil(crawls / SLOTS), ceil(cores / WORKER_CORES)),
        objects_bytes=records * (costs.evidence_bytes + costs.partition_bytes),
        records=records,
        shards=max(ceil(index / SHARD_BYTES), ceil(records / SHARD_RECORDS)),
        nodes=ceil(COPIES * index / NODE_BYTES),
        state_bytes=records * costs.state_bytes,
        database_bytes=decisions * KEPT_DAYS * CASE_BYTES,
        decisions=decisions,
    )


def size(count: float) -> str:
    """Return bytes as text in decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} TB" if count < 1000 else f"{count:,.0f} TB"
