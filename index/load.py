"""Stage 3: a sealed partition into the store, once and for all; loading it again changes nothing.

The partition is marked loaded after its last document, so partitions without the mark are the outbox: whatever dies in
between, the next load of the same partition completes it (``pending``).
"""

from collections.abc import Callable, Mapping

import fsspec

from crawlers.crawl_errors import PartitionError
from crawlers.evidence.partition import partitions, read_postings, read_report
from crawlers.evidence.salvage import Salvage
from enrichment.assessment import Assessment
from index.admission import goes_on
from index.base import LoadLedger, Store, WriteReport
from index.partition_merge import NOT_JUDGED, LoadError, Loading

_ROUNDS = 8
"""How often a record is merged again after another writer was quicker."""


def load(
    partition: str,
    assessments: Mapping[str, Assessment],
    store: Store,
    *,
    progress: Callable[[int], None] | None = None,
    saved: Salvage | None = None,
) -> WriteReport:
    """Write the postings of a sealed partition with their assessments, and mark the partition loaded.

    ``progress`` is told the number of postings read so far. Raises PartitionError when the partition is not sealed,
    LoadError when its run failed, a posting has no assessment or the counts do not reconcile, StoreUnavailable when the store
    cannot be written; the partition then stays pending. So does a damaged one of which only what was ``saved`` is written.
    """
    address = canonical(partition)
    report = saved.report if saved else read_report(address)
    if not goes_on(report):
        why = report.reason or "the counts do not reconcile, so its report is damaged unless the run failed"
        raise LoadError(f"{address}: its run failed ({why}); crawl again")
    postings = (lambda: iter(saved.postings)) if saved else (lambda: read_postings(address))
    loading = Loading(address, report, postings, assessments, store, progress)
    again: set[str] = set()
    for _ in range(_ROUNDS):
        again = loading.pass_over(again)
        if not again:
            break
    else:
        message = f"another writer changed {len(again)} records {_ROUNDS} times over"
        raise LoadError(f"{address}: {message}; load again when it is done")
    done, read = loading.done, loading.read
    accounted = done.inserted + done.revised + done.unchanged + len(done.dead)
    if saved and read == accounted:
        return done
    if not report.parsed == read == accounted:
        raise LoadError(
            f"{address}: the report says {report.parsed} parsed, the file holds {read}, accounted for are {accounted} "
            f"({done.inserted} inserted, {done.revised} revised, {done.unchanged} unchanged, {len(done.dead)} dead); crawl again"
        )
    store.mark_loaded(address, done)
    return done


def canonical(partition: str) -> str:
    """Return a partition's address as ``crawlers.evidence.partition.partitions`` gives it, whatever way it was typed."""
    fs, path = fsspec.url_to_fs(partition.rstrip("/"))
    return str(fs.unstrip_protocol(path))


def pending(runs: str, store: LoadLedger) -> list[str]:
    """Return the partitions under ``runs`` that go on to the index and that the store has not marked loaded, oldest first in
    each source. Those are among them whose report is damaged, so that loading them names it and stops at no other."""
    loaded = store.loaded_partitions()
    return [address for address in partitions(runs) if address not in loaded and _waits(address)]


def _waits(address: str) -> bool:
    try:
        report = read_report(address)
    except PartitionError:
        return True
    return goes_on(report) or (report.state != "failed" and not report.reconciles)


def unjudged_partitions(store: LoadLedger, judge: str = "") -> list[str]:
    """Return the loaded partitions that hold postings which nobody could judge; given a ``judge`` (``Assessor.judge``), those
    that another one tried."""
    tried = f"{NOT_JUDGED}by {judge}: " if judge else "\0"
    return [
        address
        for address, outcome in sorted(store.outcomes().items())
        if any(reason.startswith(NOT_JUDGED) and not reason.startswith(tried) for _, reason in outcome.dead)
    ]
