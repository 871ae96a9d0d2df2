"""Inputs of a crawl besides its source: the settings it may know, and the confirmed adverts."""

import logging

from crawlers.evidence.partition import partitions, read_report
from crawlers.fetch import host_rates
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import Source
from desk.database import DatabaseError, DatabaseUnavailable
from foundation.crawl_errors import PartitionError
from lurewatch.app.resources import desk_if_made
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.crawl_inputs")


def crawl_options(settings: Settings, *, look: bool = False) -> CrawlOptions:
    """Return the settings that stage 1 may know.

    A ``look`` makes no state folder: without one nobody has crawled, and there are no host rates to share.
    """
    shared = settings.state.exists() or not look
    return CrawlOptions(
        user_agent=settings.user_agent,
        allow_loopback=settings.allow_loopback,
        browser=settings.browser,
        host_rates=settings.crawl_state or (str(settings.state / host_rates.FILE) if shared else ""),
        crawl_state=settings.crawl_state,
    )


def watched_items(settings: Settings) -> tuple[str, ...]:
    """Return the ids of confirmed items: a run asks daily whether they are still online.

    Nothing when there is no desk yet, or its database cannot be read now: a crawl does not wait for the desk.
    """
    try:
        with desk_if_made(settings) as engine:
            if engine is None:
                return ()
            from desk.cases.case_decisions import decided_cases  # loads the index's records and numpy: a third of a start-up

            with engine.connect() as connection:
                return tuple(case.item_id for case in decided_cases(connection) if case.state == "confirmed")
    except (DatabaseError, DatabaseUnavailable) as exc:
        LOG.warning("confirmed items are revisited like others: the desk's database cannot be read (%s)", exc)
        return ()


def rests_because(settings: Settings, source: Source) -> str:
    """Return why a source is not crawled by the schedule, and how to go on; empty while it may be.

    It rests when its newest run ended ``blocked`` because the site refused something, and its file is still the one that run was
    made by.
    """
    newest = partitions(settings.runs, source.name)[-1:]
    try:
        report = read_report(newest[0]) if newest else None
    except PartitionError:
        return ""  # `sources health` tells of it
    if report is None or report.state != "blocked":
        return ""
    if report.causes and not any(cause.outcome.startswith("block/") or cause.outcome == "robots" for cause in report.causes):
        return ""  # nobody refused anything: its robots.txt had no answer, and the next run asks again
    if report.versions.get("source") != source.version:
        return ""
    return (
        f"{source.name} rests: the site refused run {report.run_id} ({report.reason}); see `lurewatch sources health "
        f"{source.name}`, then change {source.name}.yml (a longer delay, or a dated comment), or start a run yourself"
    )
