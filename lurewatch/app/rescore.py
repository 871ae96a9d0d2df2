"""Assesses and loads kept runs again, after the lexicon or the model changed or a load failed; nothing is fetched."""

import logging
from collections.abc import Iterator
from datetime import UTC

from crawlers.evidence.partition import address_of, is_sealed, partitions, read_report, source_and_run
from desk.custody import erasure
from desk.database import DatabaseError, open_database
from enrichment.assess import Assessor
from foundation.crawl_errors import CrawlError, PartitionDamaged, PartitionError
from index.admission import goes_on
from index.base import Store, StoreError, WriteReport
from index.load import pending, unjudged_partitions
from lurewatch.app import pipeline
from lurewatch.app.app_errors import AppError, PermanentError, typed_errors
from lurewatch.app.in_force import ensure_in_force
from lurewatch.app.resources import index_opened
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.rescore")
MOST = 1000
"""Runs taken again at once; Airflow maps a task over 1,024 values at most."""


def runs_to_rescore(settings: Settings, source: str = "", run: str = "", newest: int = 1) -> list[str]:
    """Return partitions to take again, oldest first: one ``run`` of a source, else the ``newest`` runs of it, or of every source.

    Runs that do not go on to the index are left out, and so are those from before an erasure: they would bring back what was
    erased (`lurewatch index rebuild` leaves it out). Raises PermanentError for an unknown source or run, or too many runs.
    """
    names = [entry.name for entry in ensure_in_force(settings).sources if source in ("", entry.name)]
    if not names:
        raise PermanentError(f"no source {source}; `lurewatch sources list` shows those there are")
    if run:
        address = address_of(settings.runs, source, run)
        if not source or not is_sealed(address):
            raise PermanentError(
                f"no run {run!r} of {source or 'a source (name one)'}; the folders of {settings.runs} are named by run"
            )
        chosen = [address]
    else:
        chosen = [address for name in names for address in partitions(settings.runs, name)[-newest:]]
    if len(chosen) > MOST:
        raise PermanentError(f"{len(chosen)} runs are more than {MOST}; name a source, or fewer of the newest runs")
    return _without_erased(settings, chosen)


def _without_erased(settings: Settings, chosen: list[str]) -> list[str]:
    """Return the partitions that go on to the index and would not bring back what was erased."""
    with typed_errors(), open_database(settings.database, settings.state).connect() as connection:
        cutoffs = erasure.cutoffs(connection)
    reports = [(address, read_report(address)) for address in chosen]
    return [
        address
        for address, report in reports
        if goes_on(report) and not (report.source in cutoffs and report.started_at < cutoffs[report.source].astimezone(UTC))
    ]


def unjudged_runs(settings: Settings, store: Store, assessor: Assessor, source: str = "") -> list[str]:
    """Return the loaded partitions, of one source or of all, with texts that an assessor unlike this one could not judge."""
    chosen = [address for address in unjudged_partitions(store, assessor.judge) if source in ("", source_and_run(address)[0])]
    return _without_erased(settings, chosen) if chosen else []


def rescore_unjudged(settings: Settings, store: Store, source: str, assessor: Assessor | None = None) -> None:
    """Judge and load such partitions of a source again; an error is only logged, because the next run tries again."""
    try:
        if any(source_and_run(address)[0] == source for address in unjudged_partitions(store)):
            assessor = assessor or pipeline.judge_in_force(settings)
            for address in unjudged_runs(settings, store, assessor, source):
                pipeline.put(address, pipeline.assess(address, settings, assessor), store)
    except (AppError, CrawlError, StoreError, OSError) as exc:
        LOG.warning("texts of %s that could not be judged are not judged again yet: %s", source, exc)


def waiting_runs(settings: Settings, store: Store, source: str = "") -> list[str]:
    """Return the sealed runs, of one source or of all, that never came into the index, oldest first in each source: a kill left
    them. Left out are damaged ones, which have a check of their own, and those from before an erasure."""
    readable = []
    for address in pending(settings.runs, store):
        try:
            if source in ("", source_and_run(address)[0]) and read_report(address):
                readable.append(address)
        except PartitionError:
            continue
    return _without_erased(settings, readable) if readable else []


def load_waiting(
    settings: Settings, store: Store, source: str = "", *, but: str = "", assessor: Assessor | None = None
) -> Iterator[tuple[str, WriteReport | str]]:
    """Assess and load such runs, all ``but`` one; yield each with what changed, or with what kept it from the index.

    A damaged one is only logged: doctor and `lurewatch load` say what can be saved of it.
    """
    for address in waiting_runs(settings, store, source):
        if but and source_and_run(address) == source_and_run(but):
            continue
        try:
            assessor = assessor or pipeline.judge_in_force(settings)
            outcome: WriteReport | str = pipeline.put(address, pipeline.assess(address, settings, assessor), store)
        except PartitionDamaged as exc:
            LOG.warning("%s", exc)
            continue
        except (AppError, CrawlError, StoreError, DatabaseError, OSError) as exc:
            outcome = str(exc)
        LOG.info("a run that was sealed before is loaded now: %s: %s", address, outcome)
        yield address, outcome


def rescore_partition(settings: Settings, partition: str) -> WriteReport:
    """Assess a partition by the lexicon and model in force, load it and link what it touches; return what changed."""
    assessed = pipeline.assess(partition, settings)
    with index_opened(settings) as store:
        return pipeline.put(partition, assessed, store)
