"""The figures of each source's newest runs; a report is read once, since a sealed partition never changes."""

from datetime import datetime

import fsspec
import msgspec

from crawlers.errors import PartitionError
from crawlers.partition import Report, State, read_report
from crawlers.sources import causes
from index.load import goes_on

RUNS = 10
"""Newest runs of a source that are looked at."""


class RunFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What of a report is measured; the report itself may be large."""

    address: str
    """Of the partition."""
    state: State
    cause: str
    """Outcome of the gravest cause that explains the state; "" when none does."""
    started_at: datetime
    finished_at: datetime
    postings: int
    rejected: int
    pages: int
    requests: int
    robots_denied: int
    resumed: int
    warnings: int
    gaps: int
    missing: int
    announced: int
    seen: int
    indexed: bool
    """Whether its postings belong in the index."""


class RunReports:
    """Reads the newest runs of sources under one address, and remembers them."""

    def __init__(self, runs: str) -> None:
        """Look under ``runs``, a folder or any fsspec address."""
        self._fs, self._root = fsspec.url_to_fs(runs.rstrip("/"))
        self._known: dict[str, dict[str, RunFigures | PartitionError]] = {}

    def refresh(self) -> None:
        """Forget what an object store's client remembers of folders, so that new runs are seen."""
        self._fs.invalidate_cache()

    def newest(self, source: str) -> tuple[list[RunFigures], int]:
        """Return the newest sealed runs of a source, newest first, and how many of their reports cannot be read.

        Raises OSError when the storage does not answer.
        """
        try:
            folders = sorted(self._fs.ls(f"{self._root}/{source}", detail=False), reverse=True)
        except FileNotFoundError:
            folders = []
        before = self._known.get(source, {})
        now: dict[str, RunFigures | PartitionError] = {}
        for folder in folders:
            address = self._fs.unstrip_protocol(folder.rstrip("/"))
            if address in before:
                now[address] = before[address]
            elif (entry := _figures(address)) is not None:
                now[address] = entry
            if len(now) == RUNS:
                break
        self._known[source] = now
        runs = [entry for entry in now.values() if isinstance(entry, RunFigures)]
        return runs, len(now) - len(runs)


def _figures(address: str) -> RunFigures | PartitionError | None:
    """Return the figures of a run, or what is wrong with its report; None when the run is not sealed yet."""
    try:
        report = read_report(address)
    except PartitionError as exc:
        return None if isinstance(exc.__cause__, FileNotFoundError) else exc
    return figures_of(address, report)


def figures_of(address: str, report: Report) -> RunFigures:
    """Return what of a report is measured."""
    cause = causes.gravest(report)
    return RunFigures(
        address=address,
        state=report.state,
        cause=cause.outcome if cause else "",
        started_at=report.started_at,
        finished_at=report.finished_at,
        postings=report.parsed,
        rejected=sum(report.rejected.values()),
        pages=report.pages,
        requests=report.requests,
        robots_denied=report.robots_denied,
        resumed=report.resumed,
        warnings=len(report.warnings),
        gaps=report.coverage.gaps_in_all,
        missing=report.coverage.missing,
        announced=report.coverage.announced,
        seen=report.coverage.seen,
        indexed=goes_on(report),
    )
