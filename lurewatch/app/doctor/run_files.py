"""Checks whether the files of runs are as they were sealed; it reads every file."""

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import fsspec
import msgspec
import sqlalchemy

from crawlers.evidence.partition import NotedReport, is_local, read_report, source_and_run
from crawlers.evidence.partition import partitions as sealed_partitions
from crawlers.evidence.salvage import Salvage, damaged_partitions, salvage
from desk.custody.sealed_partitions import partition_notes
from desk.database import DatabaseError
from foundation.crawl_errors import PartitionDamaged
from index.base import Store, StoreError, WriteReport
from index.load import load
from lurewatch import assessments
from lurewatch.app.app_errors import AppError
from lurewatch.app.doctor.findings import Finding, missing, ok
from lurewatch.app.in_force import ensure_in_force
from lurewatch.app.pipeline import countries_of, note
from lurewatch.app.resources import desk_if_made, store_of
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor


class SavedRun(msgspec.Struct, frozen=True, kw_only=True):
    """What was loaded of a damaged run; the run stays pending until its files are restored."""

    saved: Salvage
    outcome: WriteReport

    def __str__(self) -> str:
        """Return it as a sentence."""
        count, derived = len(self.saved.postings), self.saved.derived
        again = f", {derived} of them read again from the kept pages" if derived else ""
        return f"{count} of {self.saved.report.parsed} postings are saved{again}; {self.saved.lost} are lost"


def noted_reports(settings: Settings) -> dict[str, NotedReport]:
    """Return what the ledger noted, by ``<source>/<run id>``; nothing where the desk has no database yet, or one to migrate."""
    with desk_if_made(settings) as engine:
        if engine is None:
            return {}
        with engine.connect() as connection:
            return {name: note.noted for name, note in partition_notes(connection).items()}


def load_saved(
    partition: str,
    settings: Settings,
    store: Store,
    assessor: "Assessor",
    link: Callable[[Store, list[str]], object] = lambda *_: None,
) -> SavedRun:
    """Assess and load the recovered part of a damaged partition, then ``link`` it. Raises PartitionError when its run is
    unknown, RunUntrusted when no key signed it."""
    from enrichment.assess import PostingText

    name, run_id = source_and_run(partition)
    in_force = ensure_in_force(settings)
    with suppress(PartitionDamaged):  # another report than the ledger's: the noted one takes its place
        note(in_force, partition)
    noted = noted_reports(in_force).get(f"{name}/{run_id}")
    saved = salvage(partition, noted, in_force.source_if_right(name), signers=in_force.run_signers)
    countries = countries_of(saved.report.source, settings)
    texts = (PostingText(each.id, each.title, each.text, countries, each.contacts) for each in saved.postings)
    outcome = load(partition, {judged.id: judged for judged in assessor.assess_all(texts)}, store, saved=saved)
    link(store, [posting.id for posting in saved.postings])
    return SavedRun(saved=saved, outcome=outcome)


NAMED = 5
"""How many damaged partitions or files are named; the others are counted."""
ON_ITS_WAY = timedelta(hours=1)
"""A sealed run is assessed and loaded by later tasks, which may take up to half an hour each and be tried again."""


def partitions(settings: Settings) -> Finding:
    """Read every file of every run partition and compare it with its report, and that with the desk's ledger."""
    fix = "restore the files from a backup; `lurewatch load PARTITION` loads what can still be read of one"
    try:
        count = len(sealed_partitions(settings.runs))
        loaded, signers = _list_loaded_partitions(settings), ensure_in_force(settings).run_signers
        damaged = list(damaged_partitions(settings.runs, noted_reports(settings), loaded, signers=signers))
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
