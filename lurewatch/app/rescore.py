"""Assessing and loading kept runs again, after the lexicon or the model changed or a load went wrong; nothing is fetched."""

from datetime import UTC

from crawlers.evidence.partition import address_of, is_sealed, partitions, read_report
from desk.custody import erasure
from index.admission import goes_on
from index.base import WriteReport
from lurewatch.app import pipeline
from lurewatch.app.errors import PermanentError
from lurewatch.app.resources import desk_and_index_opened, index_opened
from lurewatch.app.seeds.source_files import all_sources
from lurewatch.settings import Settings

MOST = 1000
"""Runs taken again at once; Airflow maps a task over 1,024 values at most."""


def runs_to_rescore(settings: Settings, source: str = "", run: str = "", newest: int = 1) -> list[str]:
    """Return partitions to take again, oldest first: one ``run`` of a source, else the ``newest`` runs of it, or of every source.

    Runs that do not go on to the index are left out, and so are those from before an erasure: they would bring back what was
    erased (`lurewatch index rebuild` leaves it out). Raises PermanentError for an unknown source or run, or too many runs.
    """
    names = [entry.name for entry in all_sources(settings) if source in ("", entry.name)]
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
    with desk_and_index_opened(settings) as (engine, _), engine.connect() as connection:
        cutoffs = erasure.cutoffs(connection)
    reports = [(address, read_report(address)) for address in chosen]
    return [
        address
        for address, report in reports
        if goes_on(report) and not (report.source in cutoffs and report.started_at < cutoffs[report.source].astimezone(UTC))
    ]


def rescored(settings: Settings, partition: str) -> WriteReport:
    """Assess a partition by the lexicon and model in force, load it and link what it touches; return what changed."""
    assessed = pipeline.assess(partition, settings)
    with index_opened(settings) as store:
        return pipeline.put(partition, assessed, store)
