"""Checks whether the files of runs are as they were sealed; it reads every file."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import fsspec
import sqlalchemy

from crawlers.evidence.partition import is_local, read_report
from crawlers.evidence.partition import partitions as sealed_partitions
from crawlers.evidence.salvage import damaged_partitions
from desk.database import DatabaseError
from index.base import StoreError
from lurewatch import assessments
from lurewatch.app.app_errors import AppError
from lurewatch.app.doctor.damaged_runs import noted_reports
from lurewatch.app.doctor.findings import Finding, missing, ok
from lurewatch.app.resources import store_of
from lurewatch.settings import Settings

NAMED = 5
"""How many damaged partitions or files are named; the others are counted."""
ON_ITS_WAY = timedelta(hours=1)
"""A sealed run is assessed and loaded by later tasks, which may take up to half an hour each and be tried again."""


def partitions(settings: Settings) -> Finding:
    """Read every file of every run partition and compare it with its report, and that with the desk's ledger."""
    fix = "restore the files from a backup; `lurewatch load PARTITION` loads what can still be read of one"
    try:
        count = len(sealed_partitions(settings.runs))
        damaged = list(damaged_partitions(settings.runs, noted_reports(settings), _list_loaded_partitions(settings)))
    except (DatabaseError, sqlalchemy.exc.SQLAlchemyError, OSError, ValueError, ImportError) as exc:
        return missing("partitions", str(exc).splitlines()[0], "set LUREWATCH_RUNS and LUREWATCH_DATABASE to what can be read")
    if damaged:
        lost = sum(max(0, check.parsed - check.readable) for check in damaged)
        more = f"\nand {len(damaged) - NAMED} more: `lurewatch index verify --json`" if len(damaged) > NAMED else ""
        named = "\n".join(str(check) for check in damaged[:NAMED])
        detail = f"{len(damaged)} of {count} damaged, {lost} postings of them unreadable\n{named}{more}"
        return missing("partitions", detail, fix)
    far = "" if is_local(fsspec.url_to_fs(settings.runs)[0]) else "; their captures lie in an object store and were not read"
    waiting, under_way = _list_waiting(settings)
    on_way = f"; {len(under_way)} on the way to the index: {_name_first(under_way)}" if under_way else ""
    if waiting:
        detail = f"{len(waiting)} of {count} are sealed and not in the index: {_name_first(waiting)}{on_way}"
        return missing("partitions", detail, "the next run loads them, or `lurewatch load --pending` now")
    return ok("partitions", f"{count} as they were sealed{far}{on_way}")


def _name_first(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _list_loaded_partitions(settings: Settings) -> frozenset[str]:
    """Return the partitions that the index holds adverts of: one whose folder is gone is as bad as a damaged one. What is wrong
    with the index is for its own check to say."""
    if settings.index_file is not None and not settings.index_file.exists():
        return frozenset()
    try:
        with closing(store_of(settings)) as store:
            return store.loaded_partitions()
    except (StoreError, OSError):
        return frozenset()


def _list_waiting(settings: Settings) -> tuple[list[str], list[str]]:
    """Return the sealed runs that a kill kept from the index, and those whose later tasks may be at it; what is wrong with the
    index is for its own check to say."""
    from lurewatch.app.rescore import waiting_runs

    waiting: tuple[list[str], list[str]] = [], []
    if settings.index_file is not None and not settings.index_file.exists():
        return waiting
    try:
        with closing(store_of(settings)) as store:
            for address in waiting_runs(settings, store):
                waiting[datetime.now(UTC) - read_report(address).finished_at < ON_ITS_WAY].append(address)
    except (AppError, StoreError, OSError):
        return [], []
    return waiting


def assessment_files(settings: Settings) -> Finding:
    """Check that the assessments that are kept can be read."""
    try:
        broken = list(assessments.find_damaged(settings.assessed))
    except (OSError, ValueError, ImportError) as exc:
        return missing("assessments", str(exc), "set LUREWATCH_ASSESSED to a place that can be read")
    if broken:
        fix = "remove these files; `lurewatch load PARTITION` makes them again"
        return missing("assessments", f"{len(broken)} damaged: {_name_first(broken)}", fix)
    return ok("assessments", settings.assessed)
