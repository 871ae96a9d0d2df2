"""The order of the stages for one source: crawl -> assess -> load -> link. Each hands on an address, never the data.

`lurewatch run` calls them in one process, the Dags one task each; both get the same partitions, so either can take over.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crawlers.partition import Report, State, partitions, read_postings, read_report
from crawlers.run import crawl
from crawlers.sources.source import Source, load_source
from enrichment.assess import Assessor, PostingText
from enrichment.errors import ModelError
from index.base import Store, WriteReport
from index.campaigns.relink import link_new
from index.load import load
from lurewatch import assessments
from lurewatch.app.crawl_inputs import crawl_options, watched_items
from lurewatch.app.errors import PermanentError
from lurewatch.app.source_files import all_sources, source_named
from lurewatch.models import judges, shadow
from lurewatch.models.registry import RegistryError
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.pipeline")
Progress = Callable[[dict[str, Any]], None]
GREEN: tuple[State, ...] = ("ok", "empty", "partial")
"""States an operator need not act on; ``empty`` is only reached when the source's expectation allows it. What goes on to the
index is another question: ``index.load.goes_on``."""


class UnknownSource(PermanentError):
    """A source was asked for that no seed file describes; the message lists those there are."""


def chosen(settings: Settings, names: tuple[str, ...]) -> list[Source]:
    """Return the named sources, or all enabled ones when none is named; raise UnknownSource for a name without a seed."""
    if not names:
        return [source for source in all_sources(settings) if source.enabled]
    sources = {name: source_named(settings, name) for name in names}
    if missing := [name for name, source in sources.items() if source is None]:
        raise UnknownSource(f"no source {', '.join(missing)}; `lurewatch sources list` shows those there are")
    return [source for source in sources.values() if source is not None]


def fetch(
    source: Source, settings: Settings, progress: Progress | None = None, confirmed: Sequence[str] | None = None
) -> tuple[str, Report]:
    """Crawl a source; return the sealed partition's address and its report.

    ``confirmed`` are the ids of confirmed items; None reads them from the desk's database.
    """
    return crawl(
        source,
        runs=settings.runs,
        state=settings.state,
        options=crawl_options(settings),
        limit_seconds=source.crawl.limits.seconds,
        progress=progress,
        watched=watched_items(settings) if confirmed is None else tuple(confirmed),
    )


def assess(partition: str, settings: Settings, assessor: Assessor | None = None) -> str:
    """Assess every posting of a partition, its telephone numbers read in the countries of its source; return the address of the
    assessments, in the same order.

    The champion of the models judges, or ``assessor``. A challenger in shadow judges after it; its failure is logged, no more.
    """
    assessor = assessor or judges.champion(settings)
    address = assessments.address_of(settings.assessed, read_report(partition), assessor.lexicon_version)
    assessments.write(address, assessor.assess_all(_posted(partition, settings)))
    try:
        assess_in_shadow(partition, settings, assessor)
    except (RegistryError, ModelError, OSError) as exc:
        LOG.warning("the model in shadow did not judge %s (%s); `lurewatch models shadow --end` ends it", partition, exc)
    return address


def assess_in_shadow(partition: str, settings: Settings, champion: Assessor) -> bool:
    """Let the challenger in shadow judge a partition that the champion assessed; return whether there is one and it did."""
    report = read_report(partition)
    address = assessments.address_of(settings.assessed, report, champion.lexicon_version)
    tried = judges.in_shadow(settings, champion)
    if tried is None or not assessments.exists(address):
        return False
    version, challenger = tried
    judged = challenger.assess_all(_posted(partition, settings))
    shadow.write(shadow.beside(address, version), shadow.rows(report.source, assessments.read(address), judged))
    return True


def _posted(partition: str, settings: Settings) -> Iterator[PostingText]:
    countries = countries_of(read_report(partition).source, settings)
    return (
        PostingText(posting.id, posting.title, posting.text, countries, posting.contacts) for posting in read_postings(partition)
    )


def countries_of(name: str, settings: Settings) -> tuple[str, ...]:
    """Return the countries of a source, likeliest first; none when its seed file is gone. Raises SourceError for a faulty one."""
    path = settings.seeds / "sources" / f"{name}.yml"
    return load_source(path).countries if path.is_file() else ()


def put(partition: str, assessed: str, store: Store) -> WriteReport:
    """Load a partition with its assessments and link what it touches into campaigns; return what changed in the store."""
    judged = {assessment.id: assessment for assessment in assessments.read(assessed)}
    outcome = load(partition, judged, store)
    link_new(store, judged)
    return outcome


def partitions_of(settings: Settings, source: str) -> list[str]:
    """Return the sealed partitions of a source, oldest first."""
    return partitions(settings.runs, source)


def refused(outcome: WriteReport) -> str:
    """Return in words which documents the index refused; empty when none."""
    if not outcome.dead:
        return ""
    more = f"; and {len(outcome.dead) - 10} more" if len(outcome.dead) > 10 else ""
    named = "; ".join(f"{name}: {reason}" for name, reason in outcome.dead[:10])
    return f"the index refused {len(outcome.dead)} documents: {named}{more}"


def counts(outcome: WriteReport) -> dict[str, int]:
    """Return a load's outcome as plain counts; they add up to the postings of the partition."""
    dead = len(outcome.dead)
    return {"inserted": outcome.inserted, "revised": outcome.revised, "unchanged": outcome.unchanged, "dead": dead}
