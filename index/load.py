"""Stage 3: a sealed partition into the store, once and for all; loading it again changes nothing.

The partition is marked loaded after its last document, so partitions without the mark are the outbox: whatever dies in
between, the next load of the same partition completes it (``pending``).
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import fsspec

from crawlers.items import Posting
from crawlers.partition import Report, partitions, read_postings, read_report
from enrichment.assessment import Assessment
from index.base import Loaded, Outcome, Record, Store, StoreError
from index.history import Observation, observed
from index.people import without_people

BATCH = 500
_ROUNDS = 8
"""How often a record is merged again after another writer was quicker."""


class LoadError(StoreError):
    """The partition cannot be loaded as it is; the message names it and the fix."""


def load(
    partition: str, assessments: Mapping[str, Assessment], store: Store, *, progress: Callable[[int], None] | None = None,
) -> Loaded:
    """Write the postings of a sealed partition with their assessments, and mark the partition loaded.

    ``progress`` is told the number of postings done so far. Raises PartitionError when the partition is not sealed,
    LoadError when a posting has no assessment or the counts do not reconcile, StoreUnavailable when the store cannot be
    written; the partition then stays pending.
    """
    address = canonical(partition)
    report = read_report(address)
    done = Loaded()
    read = 0
    for batch in _batches(read_postings(address)):
        done = done.plus(_load(batch, assessments, report, address, store))
        read += len(batch)
        if progress:
            progress(read)
    done = Loaded(inserted=done.inserted, revised=done.revised, unchanged=done.unchanged, dead=done.dead)
    accounted = done.inserted + done.revised + done.unchanged + len(done.dead)
    if not report.parsed == read == accounted:
        raise LoadError(
            f"{address}: the report says {report.parsed} parsed, the file holds {read}, accounted for are {accounted} "
            f"({done.inserted} inserted, {done.revised} revised, {done.unchanged} unchanged, {len(done.dead)} dead); crawl again"
        )
    store.mark_loaded(address, done)
    return done


def canonical(partition: str) -> str:
    """Return a partition's address as ``crawlers.partition.partitions`` gives it, whatever way it was typed."""
    fs, path = fsspec.url_to_fs(partition.rstrip("/"))
    return str(fs.unstrip_protocol(path))


def pending(runs: str, store: Store) -> list[str]:
    """Return the sealed partitions under ``runs`` that the store has not marked loaded, oldest first in each source."""
    loaded = store.loaded()
    return [address for address in partitions(runs) if address not in loaded]


def _load(batch: list[Posting], assessments: Mapping[str, Assessment], report: Report, address: str, store: Store) -> Loaded:
    todo: dict[str, list[Observation]] = {}
    for posting in batch:
        if posting.id not in assessments:
            raise LoadError(f"{address}: posting {posting.id} has no assessment; assess this partition, then load it again")
        at = posting.fetched_at or report.finished_at
        seen = Observation(*without_people(posting, assessments[posting.id]), at, report.run_id, address)
        todo.setdefault(posting.id, []).append(seen)
    total = Loaded()
    for _ in range(_ROUNDS):
        stored = store.get_many(todo)
        merged = {name: _merged(stored.get(name), seen) for name, seen in todo.items()}
        written = store.put(record for name, (record, _) in merged.items() if record is not stored.get(name))
        dead = {name for name, _ in written.dead}
        again = set(written.kept)
        for name, (_, outcomes) in merged.items():
            if name in dead:
                reason = next(reason for other, reason in written.dead if other == name)
                total = total.plus(Loaded(dead=((name, reason),) * len(outcomes)))
            elif name not in again:
                total = total.plus(_counted(outcomes))
        todo = {name: seen for name, seen in todo.items() if name in again}
        if not todo:
            return total
    raise LoadError(f"{address}: another writer changed {len(todo)} records {_ROUNDS} times over; load again when it is done")


def _merged(old: Record | None, seen: list[Observation]) -> tuple[Record, list[Outcome]]:
    """Return the record after all observations of it, and what each was."""
    record, outcome = observed(old, seen[0])
    outcomes = [outcome]
    for observation in seen[1:]:
        record, outcome = observed(record, observation)
        outcomes.append(outcome)
    return record, outcomes


def _counted(outcomes: list[Outcome]) -> Loaded:
    return Loaded(inserted=outcomes.count("inserted"), revised=outcomes.count("revised"), unchanged=outcomes.count("unchanged"))


def _batches(postings: Iterator[Posting]) -> Iterator[list[Posting]]:
    while batch := list(islice(postings, BATCH)):
        yield batch
