"""Runs the stages for one source: crawl -> assess -> load -> link. Each hands on an address, never the data.

`lurewatch run` calls them in one process, the Dags one task each; both get the same partitions, so either can take over. A
stage imports its modules when it is called, because a task is a new process and a crawl needs no index.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawlers.crawl_run import crawl
from crawlers.evidence.partition import Report, State, read_postings, read_report
from crawlers.sources.source import Source
from desk.database import DatabaseError, open_database
from enrichment.errors import SeedsError
from foundation.crawl_errors import SourceError
from lurewatch import assessments
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.crawl_inputs import crawl_options, rests_because, watched_items
from lurewatch.app.lures.lexicon_in_force import accepted_lexicon, keep_lexicon, lexicon_key, lexicon_version
from lurewatch.app.resources import desk_if_made
from lurewatch.app.seeds.sources_in_force import accept_sources, source_in_force, source_named
from lurewatch.logs import log_fields
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor, PostingText
    from index.base import Store, WriteReport

LOG = logging.getLogger("lurewatch.app.pipeline")
Progress = Callable[[dict[str, Any]], None]
GREEN: tuple[State, ...] = ("ok", "empty", "partial")
"""States without need for action; ``empty`` is only reached when the source's expectation allows it.
``index.admission.goes_on`` says what is loaded."""


class UnknownSource(PermanentError):
    """A source was asked for that no seed file describes; the message lists those there are."""


def choose_sources(settings: Settings, names: tuple[str, ...]) -> list[Source]:
    """Return the named sources, or all enabled ones when none is named; raise UnknownSource for a name without a seed.

    A named file must be right (SourceError). Where none is named, a faulty file is logged and its accepted version runs; a source
    that rests because its site refused it is logged and left out.
    """
    if not names:
        in_force = accept_sources(settings)
        for fault in in_force.faults:
            LOG.warning("%s; %s", "; ".join(fault.problems), fault.consequence)
        enabled = [source for source in in_force.sources if source.enabled]
        reasons = {source.name: why for source in enabled if (why := rests_because(settings, source))}
        for why in reasons.values():
            LOG.warning("%s", why)
        return [source for source in enabled if source.name not in reasons]
    sources = {name: source_named(settings, name) for name in names}
    if missing := [name for name, source in sources.items() if source is None]:
        raise UnknownSource(f"no source {', '.join(missing)}; `lurewatch sources list` shows those there are")
    return [source for source in sources.values() if source is not None]


def fetch(
    source: Source,
    settings: Settings,
    progress: Progress | None = None,
    confirmed: Sequence[str] | None = None,
    *,
    seconds: int | None = None,
) -> tuple[str, Report]:
    """Crawl a source; return the sealed partition's address and its report, which names the versions that were in force.

    ``confirmed`` are the ids of confirmed items; None reads them from the desk's database. The source's file is accepted: of
    what ran once, that version is in force while the file is broken.  ``seconds`` overrules the source's limit.
    """
    with log_fields(source=source.name):
        here = confirmed is None  # else this worker may not read the desk's database, and the next stage notes the run
        partition, report = crawl(
            source,
            runs=settings.runs,
            state=settings.state,
            options=crawl_options(settings),
            limit_seconds=seconds or source.crawl.limits.seconds,
            progress=progress,
            watched=watched_items(settings) if confirmed is None else tuple(confirmed),
            versions=versions_in_force(settings, source.name) | (_ledger_head(settings) if here else {}),
        )
        with log_fields(run_id=report.run_id):
            figures = {"state": report.state, "postings": report.parsed, "pages": report.pages, "requests": report.requests}
            LOG.info("the run ended %s: %d postings of %d pages", report.state, report.parsed, report.pages, extra=figures)
            if here:
                try:
                    note(settings, partition)
                except DatabaseError as exc:
                    LOG.warning("the ledger notes this run when it is assessed: the desk's database cannot be written (%s)", exc)
    return partition, report


def _ledger_head(settings: Settings) -> dict[str, str]:
    """Return the head of the audit log for a run's report, which lies where no user of the database can write; {} for none."""
    from desk.custody import audit
    from desk.custody.published_heads import REPORT_KEY

    try:
        with desk_if_made(settings) as engine:
            if engine is None:
                return {}
            with engine.connect() as connection:
                return {REPORT_KEY: audit.head(connection)}
    except DatabaseError:
        return {}  # the run is noted, or not, with a warning; a crawl does not wait for the desk


def note(settings: Settings, *addresses: str) -> None:
    """Note sealed partitions in the desk's ledger, unless they were noted before.

    Raises PartitionDamaged for one that differs from its note, DatabaseError when the desk's database cannot be written.
    """
    from desk.custody.sealed_partitions import note_partition

    engine = open_database(settings.database, settings.state)
    try:
        for address in addresses:
            note_partition(engine, address, by="system", now=datetime.now(UTC))
    finally:
        engine.dispose()


def find_source(settings: Settings, name: str) -> Source:
    """Return a source as it is in force, though its file be broken now.

    Raises UnknownSource when there is no file of it, SourceError when that was never right.
    """
    in_force = source_in_force(settings, name)
    if in_force.sources:
        return in_force.sources[0]
    if in_force.faults:
        raise SourceError("\n".join(in_force.faults[0].problems))
    raise UnknownSource(f"no source {name}; `lurewatch sources list` shows those there are")


def versions_in_force(settings: Settings, name: str) -> dict[str, str]:
    """Accept a source's file if it is valid; return the SHA-256 in force of that file (``source``) and of the lures (``lures``).

    Left out: what is faulty and was never accepted.
    """
    source = accept_sources(settings, name).versions.get(name, "")
    versions = {"source": source, "lures": lexicon_version(settings), "seeds": settings.commit}
    return {part: digest for part, digest in versions.items() if digest}


def judge_in_force(settings: Settings) -> "Assessor":
    """Return an assessor with the lexicon in force; raise SeedsError where the files are faulty and none were
    accepted before."""
    from enrichment.assess import Assessor

    key = lexicon_key(settings.seeds)
    try:
        assessor = Assessor(settings.seeds)
    except SeedsError as exc:
        if (accepted := accepted_lexicon(settings)) is None:
            raise
        LOG.warning("%s; the lexicon accepted last stays in force", exc)
        return Assessor(accepted)
    keep_lexicon(settings, key)
    return assessor


def assess(partition: str, settings: Settings, assessor: "Assessor | None" = None) -> str:
    """Assess every posting of a partition, its telephone numbers read in the countries of its source; return the address of the
    assessments, in the same order. The ledger notes the partition before, unless it did when it was sealed.

    ``assessor`` judges, or what is in force.
    """
    report = read_report(partition)
    with log_fields(source=report.source, run_id=report.run_id):
        note(settings, partition)
        assessor = assessor or judge_in_force(settings)
        address = assessments.address_of(settings.assessed, report, assessor.lexicon_version)
        assessments.write(address, assessor.assess_all(_posted_texts(partition, settings)))
        lost = [judged for judged in assessments.read(address) if judged.unjudged]
        for judged in lost:
            LOG.warning("posting %s is not judged %s; the rest goes on", judged.id, judged.unjudged)
        figures = {"postings": report.parsed, "not_judged": len(lost), "lexicon_version": assessor.lexicon_version}
        LOG.info("the run is assessed", extra=figures)
    return address


def _posted_texts(partition: str, settings: Settings) -> "Iterator[PostingText]":
    from enrichment.assess import PostingText

    countries = countries_of(read_report(partition).source, settings)
    return (
        PostingText(posting.id, posting.title, posting.text, countries, posting.contacts) for posting in read_postings(partition)
    )


def countries_of(name: str, settings: Settings) -> tuple[str, ...]:
    """Return the countries of a source, likeliest first; none when its file is gone. Raises SourceError as ``scheduled`` does."""
    path = settings.seeds / "sources" / f"{name}.yml"
    return find_source(settings, name).countries if path.is_file() else ()


def put(partition: str, assessed: str, store: "Store") -> "WriteReport":
    """Load a partition with its assessments and link what it touches into campaigns; return what changed in the store."""
    from index.campaigns.relink import link_new
    from index.load import load

    report = read_report(partition)
    with log_fields(source=report.source, run_id=report.run_id):
        judged = {assessment.id: assessment for assessment in assessments.read(assessed)}
        outcome = load(partition, judged, store)
        link_new(store, judged)
        LOG.info("the run is loaded", extra=counts(outcome))
        for change in outcome.flags:
            verb = "rose" if change.flagged else "fell"
            LOG.info("the flag of %s %s: %.1f -> %.1f: %s", change.id, verb, change.before, change.after, change.title)
    return outcome


def describe_refused(outcome: "WriteReport") -> str:
    """Return a sentence about documents the index refused and texts that could not be judged; empty when none."""
    if not outcome.dead:
        return ""
    more = f"; and {len(outcome.dead) - 10} more" if len(outcome.dead) > 10 else ""
    named = "; ".join(f"{name}: {reason}" for name, reason in outcome.dead[:10])
    return f"{len(outcome.dead)} documents are not in the index: {named}{more}"


def counts(outcome: "WriteReport") -> dict[str, int]:
    """Return a load's outcome as plain counts; they add up to the postings of the partition."""
    dead = len(outcome.dead)
    return {"inserted": outcome.inserted, "revised": outcome.revised, "unchanged": outcome.unchanged, "dead": dead}
