"""The figures of each source's newest runs; a report is read once, since a sealed partition never changes."""

import contextlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import fsspec
import msgspec
from msgspec.structs import replace

from crawlers.evidence.partition import Report, is_local, read_report, source_and_run
from crawlers.evidence.salvage import check_partition
from crawlers.sources.causes import RunOutcome, outcome_of
from crawlers.sources.silence import MOST_RUNS
from foundation.crawl_errors import PartitionError
from foundation.whole_files import replace_file
from index.admission import goes_on

RUNS = 10
"""Newest runs of a source that are counted by state; its silence is judged by more (``crawlers/sources/silence.py``)."""
FILE = "run-figures.json"


class RunFigures(RunOutcome, frozen=True, kw_only=True):
    """The measured values of a report."""

    address: str
    """Of the partition: ends in source and run."""
    finished_at: datetime
    rejected: int
    pages: int
    requests: int
    robots_denied: int
    resumed: int
    warnings: int
    missing: int
    announced: int
    seen: int
    indexed: bool
    """Whether its postings belong in the index."""
    sealed: tuple[str, ...] = ()
    """Names of the files that its report vouches for."""
    files: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Its files when they were seen whole -> size and what else changes when somebody writes."""

    @property
    def source(self) -> str:
        """The name of its source."""
        return source_and_run(self.address)[0]


_Kept = tuple[dict[str, list[RunFigures]], dict[str, datetime]]
"""Newest runs of each source, and when it was first seen."""


class RunReports:
    """Reads the newest runs of sources under one address, and remembers them, in ``state`` also for the next process."""

    def __init__(self, runs: str, state: Path) -> None:
        """Look under ``runs``, a folder or any fsspec address."""
        self._fs, self._root = fsspec.url_to_fs(runs.rstrip("/"))
        self._file, self._watched = state / FILE, RUNS if is_local(self._fs) else 1
        self._known: dict[str, dict[str, RunFigures | PartitionError]] = {}
        self._since: dict[str, datetime] = {}
        self._read_anew = False
        with contextlib.suppress(OSError, msgspec.DecodeError):  # none there, or another release's: reports are read again
            kept, self._since = msgspec.json.decode(self._file.read_bytes(), type=_Kept)
            self._known = {source: {run.address: run for run in runs} for source, runs in kept.items()}

    def keep(self) -> None:
        """Write down what was read for the next process, when any was and there is a state folder; failing costs time only."""
        if not self._read_anew or not self._file.parent.is_dir():
            return
        kept = {source: [run for run in runs.values() if isinstance(run, RunFigures)] for source, runs in self._known.items()}
        with contextlib.suppress(OSError):
            replace_file(self._file, msgspec.json.encode((kept, self._since)))
            self._read_anew = False

    def first_seen(self, source: str, now: datetime) -> datetime:
        """Return when a source was first asked for, by this process or one before; a new stack has no older ones."""
        if source not in self._since:
            self._since[source], self._read_anew = now, True
        return self._since[source]

    def refresh(self) -> None:
        """Forget what an object store's client remembers of folders, so that new runs are seen."""
        self._fs.invalidate_cache()

    def newest(self, source: str) -> tuple[list[RunFigures], int]:
        """Return the newest sealed runs of a source, newest first, and how many are damaged.

        Damaged is a run whose report cannot be read, or with a file that is gone, or changed and without its digest. Looked at
        are the files of ``RUNS`` runs, and where looking is a request, of the newest.

        Raises OSError when the storage does not answer.
        """
        try:
            folders = sorted(self._fs.ls(f"{self._root}/{source}", detail=False), reverse=True)
        except FileNotFoundError:
            folders = []
        before = self._known.get(source, {})
        now: dict[str, RunFigures | PartitionError] = {}
        damaged = 0
        for folder in folders:
            address = self._fs.unstrip_protocol(folder.rstrip("/"))
            if address in before:
                now[address] = before[address]
            elif (entry := _figures(address)) is not None:
                now[address] = entry
                self._read_anew = True
            if address in now and len(now) <= self._watched:
                damaged += not self._is_whole(now, address)
            if len(now) == MOST_RUNS:
                break
        self._known[source] = now
        runs = [entry for entry in now.values() if isinstance(entry, RunFigures)]
        return runs, len(now) - len(runs) + damaged

    def _is_whole(self, runs: dict[str, RunFigures | PartitionError], address: str) -> bool:
        """Whether the files of a run are those that were seen first; what was changed since is compared with its digest."""
        run = runs[address]
        if not isinstance(run, RunFigures):
            return True  # counted already
        entries = self._fs.ls(self._fs._strip_protocol(address), detail=True)
        files = {Path(each["name"]).name: f"{each['size']} {each.get('mtime') or each.get('ETag')}" for each in entries}
        if files != run.files:
            if not files.keys() >= set(run.sealed) or (
                run.files and check_partition(address, captures=is_local(self._fs)).faults
            ):
                return False
            runs[address], self._read_anew = replace(run, files=files), True
        return True


def _figures(address: str) -> RunFigures | PartitionError | None:
    """Return the figures of a run, or what is wrong with its report; None when the run is not sealed yet."""
    try:
        report = read_report(address)
    except PartitionError as exc:
        return None if isinstance(exc.__cause__, FileNotFoundError) else exc
    return figures_of(address, report)


def figures_of(address: str, report: Report) -> RunFigures:
    """Return the measured values of a report."""
    return RunFigures(
        **msgspec.structs.asdict(outcome_of(report)),
        address=address,
        finished_at=report.finished_at,
        rejected=sum(report.rejected.values()),
        pages=report.pages,
        requests=report.requests,
        robots_denied=report.robots_denied,
        resumed=report.resumed,
        warnings=len(report.warnings),
        missing=report.coverage.missing,
        announced=report.coverage.announced,
        seen=report.coverage.seen,
        indexed=goes_on(report),
        sealed=tuple(report.digests),
    )
