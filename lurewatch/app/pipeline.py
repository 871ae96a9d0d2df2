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
from crawlers.evidence.run_signature import read_key
from crawlers.sources.source import Source
from desk.database import DatabaseError, open_database
from foundation.crawl_errors import SourceError
from lurewatch import assessments
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.crawl_inputs import crawl_options, rests_because, watched_items
from lurewatch.app.in_force import InForce, accepted_folder, ensure_in_force, refuse_other_judge
from lurewatch.app.resources import desk_if_made
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

    A named file must be right (SourceError). Where none is named, a faulty file is logged and its source does not run; one that
    rests because its site refused it is logged and left out.
    """
    in_force = ensure_in_force(settings)
    if not names:
        for fault in in_force.files.faults:
            LOG.warning("%s; %s does not run", "; ".join(fault.problems), fault.source)
        enabled = [source for source in in_force.files.sources if source.enabled]
        reasons = {source.name: why for source in enabled if (why := rests_because(in_force, source))}
        for why in reasons.values():
            LOG.warning("%s", why)
        return [source for source in enabled if source.name not in reasons]
    return [find_source(in_force, name) for name in names]


def fetch(
    source: Source,
    settings: InForce,
    progress: Progress | None = None,
    confirmed: Sequence[str] | None = None,
    *,
    seconds: int | None = None,
) -> tuple[str, Report]:
    """Crawl a source; return the sealed partition's address and its report, which names the versions that were in force.

    ``confirmed`` are the ids of confirmed items; None reads them from the desk's database. ``seconds`` overrules the source's
    limit.
    """
    with log_fields(source=source.name):
        here = confirmed is None  # else this worker may not read the desk's database, and the next stage notes the run
        watched = watched_items(settings) if confirmed is None else tuple(confirmed)
        versions = versions_in_force(settings, source) | (_ledger_head(settings) if here else {})
        partition, report = crawl(
            source, runs=settings.runs, state=settings.state, options=crawl_options(settings), watched=watched, versions=versions,
            limit_seconds=seconds or source.crawl.limits.seconds, progress=progress,
            key=read_key(settings.run_key, settings.state),
        )  # fmt: skip
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

    Raises PartitionDamaged for one that differs from its note, RunUntrusted for one that no key signed, DatabaseError when the
    desk's database cannot be written.
    """
    from desk.custody.sealed_partitions import note_partition

    signers, engine = ensure_in_force(settings).run_signers, open_database(settings.database, settings.state)
    try:
        for address in addresses:
            note_partition(engine, address, by="system", now=datetime.now(UTC), signers=signers)
    finally:
        engine.dispose()


def find_source(in_force: InForce, name: str) -> Source:
    """Return a source as it is in force; raise UnknownSource when there is no file of it, SourceError for a faulty one."""
    files = in_force.source_file(name)
    if files.faults:
        raise SourceError("\n".join(files.problems))
    if not files.sources:
        raise UnknownSource(f"no source {name}; `lurewatch sources list` shows those there are")
    return files.sources[0]


def versions_in_force(in_force: InForce, source: Source) -> dict[str, str]:
    """Return what a run of a source is made by: commit of the seeds, SHA-256 of its file and of the lures, if known."""
    from enrichment.lexicon.rule_files import lexicon_digest

    lures = in_force.seeds / "lures"
    versions = {
        "seeds": in_force.commit, "source": source.version,
        "lures": lexicon_digest(lures) if lures.is_dir() else "",
    }  # fmt: skip
    return {part: digest for part, digest in versions.items() if digest}


def judge_in_force(settings: Settings) -> "Assessor":
    """Return an assessor with lexicon and model in force; raise SeedsError for a faulty file, ModelError for other judges than
    were accepted. What is kept of the rules is taken where it is what was accepted, else the files are parsed."""
    from enrichment.assess import Assessor
    from enrichment.lexicon import cache
    from lurewatch.app.seeds.judging import note_parsed

    refuse_other_judge(in_force := ensure_in_force(settings))
    expected = in_force.expected_digest
    assessor = Assessor(in_force.seeds, use_cache=expected is not None)
    if expected and expected != assessor.parsed_digest:
        LOG.warning("rules or places kept in %s are not those of the files, which are read instead", cache.folder())
        assessor = Assessor(in_force.seeds, use_cache=False)
    if in_force.acceptance is None and assessor.parsed_digest != expected:
        note_parsed(in_force.judging, assessor.parsed_digest, accepted_folder(in_force))
    return assessor


def assess(partition: str, settings: Settings, assessor: "Assessor | None" = None) -> str:
    """Assess every posting of a partition, its telephone numbers read in the countries of its source; return the address of the
    assessments, in the same order. The ledger notes the partition before, unless it did when it was sealed.

    ``assessor`` judges, or what is in force.
    """
    report = read_report(partition)
    with log_fields(source=report.source, run_id=report.run_id):
        note(settings, partition)
        settings = in_force = ensure_in_force(settings)
        assessor = assessor or judge_in_force(in_force)
        address = assessments.address_of(settings.assessed, report, assessor.lexicon_version, in_force.commit)
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
    """Return the countries of a source, likeliest first; none when its file is gone. Raises SourceError for a faulty one."""
    in_force = ensure_in_force(settings)
    return find_source(in_force, name).countries if (in_force.seeds / "sources" / f"{name}.yml").is_file() else ()


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
