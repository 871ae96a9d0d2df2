"""The way of one partition into the store: its postings merged with what is stored, in one write.

Reading, looking up, merging and writing go side by side: the store takes records from here as it has room for more.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from crawlers.evidence.partition import Report
from crawlers.items import Posting
from enrichment.assessment import Assessment
from index.base import Outcome, Record, Store, StoreError, WriteReport
from index.history import Observation, observe
from index.redaction import without_people

BATCH = 500
"""Postings whose history is looked up at once."""


NOT_JUDGED = "not judged "
"""How the reason of a posting begins that was left out because no assessor could read it."""


class LoadError(StoreError):
    """The partition cannot be loaded as it is; the message names it and the fix."""


class Loading:
    """What became of a partition's postings so far.

    A record that another writer was quicker with, or that a later batch holds again, is taken up in the next pass.
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
        self._repeated: set[str] = set()
        self.done = WriteReport()
        self.read = 0

    def pass_over(self, only: set[str]) -> set[str]:
        """Write the records of what is not settled yet (of the ids ``only``, if any); return ids to pass over again."""
        self._outcomes, self._repeated = {}, set()
        written = self._store.put(self._records(only))
        reasons, kept = dict(written.dead), set(written.kept)
        counts: Counter[Outcome] = Counter()
        dead: list[tuple[str, str]] = []
        for name, outcomes in self._outcomes.items():
            if name in reasons:
                dead += [(name, reasons[name])] * len(outcomes)
            elif name in kept:
                continue
            else:
                counts.update(outcomes)
            self._settled[name] += len(outcomes)
        inserted, revised, unchanged = counts["inserted"], counts["revised"], counts["unchanged"]
        self.done = self.done.plus(WriteReport(inserted=inserted, revised=revised, unchanged=unchanged, dead=tuple(dead)))
        return kept | self._repeated

    def _records(self, only: set[str]) -> Iterator[Record]:
        """Yield the records that are to be written, a batch's after looking up what is stored of it."""
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
    """Return the record after all observations of it, and what each was."""
    record, outcome = observe(old, seen[0])
    outcomes = [outcome]
    for observation in seen[1:]:
        record, outcome = observe(record, observation)
        outcomes.append(outcome)
    return record, outcomes


def _batches(postings: Iterator[Posting]) -> Iterator[list[Posting]]:
    while batch := list(islice(postings, BATCH)):
        yield batch
