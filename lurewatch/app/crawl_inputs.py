"""Inputs of a crawl besides its source: the settings it may know, and the confirmed adverts."""

import logging

from crawlers.fetch import host_rates
from crawlers.fetch.scrapy_settings import CrawlOptions
from desk.cases.case_decisions import decided_cases
from desk.database import DatabaseError, DatabaseUnavailable, open_database, revision
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
        here, newest = revision(settings.database)
        if here != newest:
            return ()
        engine = open_database(settings.database)
        try:
            with engine.connect() as connection:
                return tuple(case.item_id for case in decided_cases(connection) if case.state == "confirmed")
        finally:
            engine.dispose()
    except (DatabaseError, DatabaseUnavailable) as exc:
        LOG.warning("confirmed items are revisited like others: the desk's database cannot be read (%s)", exc)
        return ()
