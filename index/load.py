"""Stage 3: loads a sealed partition into the store; loading it again changes nothing.

The partition is marked loaded after its last document, so partitions without the mark wait: after an interruption the next
load of the same partition completes it (``pending``).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

import fsspec

from crawlers.evidence.partition import Report, partitions, read_postings, read_report
from crawlers.evidence.salvage import Salvage
from crawlers.items import Posting
from enrichment.assessment import Assessment
from foundation.crawl_errors import PartitionError
from index.admission import goes_on, without_people
from index.base import FlagChange, LoadLedger, Outcome, Record, Store, StoreError, WriteReport
from index.history import Observation, observe

BATCH = 500
"""Postings whose history is looked up at once."""


NOT_JUDGED = "not judged "
"""Prefix of the reason of a posting that could not be judged."""


class LoadError(StoreError):
    """The partition cannot be loaded as it is; the message names it and the fix."""


class Loading:
    """The outcomes of a partition's postings so far.

    A record that another writer changed meanwhile, or that a later batch has again, is written in the next pass.
    """

    def __init__(
        self,
        address: str,
        report: Report,
        postings: Callable[[], Iterator[Posting]],
        assessments: Mapping[str, Assessment],
        store: Store,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._address, self._report, self._assessments, self._store = address, report, assessments, store
        self._progress, self._postings = progress, postings
        self._settled: Counter[str] = Counter()
        """How many of an id's postings are counted in ``done``."""
        self._outcomes: dict[str, list[Outcome]] = {}
        self._flags: dict[str, tuple[FlagChange, ...]] = {}
        self._repeated: set[str] = set()
        self.done = WriteReport()
        self.read = 0

    def pass_over(self, only: set[str]) -> set[str]:
        """Write the records of what is not settled yet (of the ids ``only``, if any); return ids to pass over again."""
        self._outcomes, self._flags, self._repeated = {}, {}, set()
        written = self._store.put(self._records(only))
        reasons, kept = dict(written.dead), set(written.kept)
        counts: Counter[Outcome] = Counter()
        dead: list[tuple[str, str]] = []
        flags: list[FlagChange] = []
        for name, outcomes in self._outcomes.items():
            if name in reasons:
                dead += [(name, reasons[name])] * len(outcomes)
            elif name in kept:
                continue
            else:
                counts.update(outcomes)
                flags += self._flags.get(name, ())
            self._settled[name] += len(outcomes)
        inserted, revised, unchanged = counts["inserted"], counts["revised"], counts["unchanged"]
        counted = WriteReport(inserted=inserted, revised=revised, unchanged=unchanged, dead=tuple(dead), flags=tuple(flags))
        self.done = self.done.plus(counted)
        return kept | self._repeated

    def _records(self, only: set[str]) -> Iterator[Record]:
        """Yield the records to write; each batch is first compared with the stored records."""
        for batch in _batches(self._open(only)):
            todo: dict[str, list[Observation]] = {}
            for posting in batch:
                if posting.id in self._outcomes:
                    self._repeated.add(posting.id)
                else:
                    todo.setdefault(posting.id, []).append(self._observe_posting(posting))
            stored = self._store.get_many(todo)
            for name, seen in todo.items():
                record, self._outcomes[name] = _merge_observations(stored.get(name), seen)
                if record is not stored.get(name):
                    if name in stored:
                        was = stored[name].assessment
                        self._flags[name] = FlagChange.since(was.flagged, was.score, record)
                    yield record
            if self._progress and not only:
                self._progress(self.read)

    def _open(self, only: set[str]) -> Iterator[Posting]:
        """Yield the postings that are not settled."""
        settled = self._settled.copy()
        for posting in self._postings():
            self.read += not only
            if settled[posting.id]:
                settled[posting.id] -= 1
            elif not only and self._left_out(posting):
                continue
            elif not only or posting.id in only:
                yield posting

    def _left_out(self, posting: Posting) -> bool:
        """Tell whether a posting could not be judged; what is stored of it stays as it was, and its partition is tried again."""
        judged = self._assessments.get(posting.id)
        if judged is None or not judged.unjudged:
            return False
        self._settled[posting.id] += 1
        reason = f"{NOT_JUDGED}{judged.unjudged}; read it at {posting.url}"
        self.done = self.done.plus(WriteReport(dead=((posting.id, reason),)))
        return True

    def _observe_posting(self, posting: Posting) -> Observation:
        if posting.id not in self._assessments:
            fix = "assess this partition, then load it again"
            raise LoadError(f"{self._address}: posting {posting.id} has no assessment; {fix}")
        at = posting.fetched_at or self._report.finished_at
        shown = without_people(posting, self._assessments[posting.id])
        return Observation(*shown, at, self._report.run_id, self._address)


def _merge_observations(old: Record | None, seen: list[Observation]) -> tuple[Record, list[Outcome]]:
    """Return the record after all observations, and the outcome of each."""
    record, outcome = observe(old, seen[0])
    outcomes = [outcome]
    for observation in seen[1:]:
        record, outcome = observe(record, observation)
        outcomes.append(outcome)
    return record, outcomes


def _batches(postings: Iterator[Posting]) -> Iterator[list[Posting]]:
    while batch := list(islice(postings, BATCH)):
        yield batch


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
