"""The first contact with a site: checks its source file against the site and proposes corrections."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from crawlers.discovery.discover import NoPostings
from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.discovery.proposal import Proposal, propose, terms_of
from crawlers.discovery.source_trials import TrialRun, look_at, trial_run
from crawlers.discovery.verification import (
    Check,
    adverts_check,
    bounds_check,
    changes_of,
    list_check,
    robots_check,
    terms_check,
)
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import TRIAL_REQUESTS, Crawl, Source, Trial

RUN_REQUESTS = 6
"""Requests of a cut-down run with the file's own lines; as many again when the lines proposed are tried."""


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The result of the first contact."""

    source: str
    checks: tuple[Check, ...]
    changes: dict[str, Any] = {}
    """Dotted keys of the source file and their new values; empty when a check failed."""
    terms_url: str | None = None
    requests: int
    """Pages asked for, robots.txt aside."""

    @property
    def is_passed(self) -> bool:
        """Whether no check failed: the file may be written as verified."""
        return all(check.outcome != "failed" for check in self.checks)


def verify_source(options: CrawlOptions, source: Source, today: date, *, progress: Callable[[str], None]) -> Verification:
    """Return what robots.txt, terms, list and adverts of the source's site say of its file; nothing is kept or written.

    At most ``TRIAL_REQUESTS`` pages for the look and ``RUN_REQUESTS`` for each of at most two cut-down runs, with the delays
    of a run. ``progress`` is called with what is done next, as text. Raises CrawlError when the crawler itself cannot run.
    """
    url = source.crawl.start[0].replace("{page}", "1")
    pages = _pages(options, source, url, progress)
    terms_url = source.access.terms_url or terms_of(pages)
    robots = robots_check(pages)
    terms = terms_check(next((page for page in pages if page.wanted.url == terms_url), None), terms_url)
    if robots.outcome == "failed":
        return Verification(source=source.name, checks=(robots, terms), terms_url=terms_url, requests=len(pages))
    proposal = _proposal(source, url, [page for page in pages if page.wanted.url != terms_url], today)
    values = proposal.values if proposal else None
    run, mended = _run(options, source, values, progress)
    checks = (
        robots,
        terms,
        list_check(run.report, run.postings, proposal.speaks if proposal else (), mended=mended),
        adverts_check([*run.postings, *(proposal.look.postings if proposal else ())]),
        bounds_check(values),
    )
    result = Verification(source=source.name, checks=checks, terms_url=terms_url, requests=len(pages) + run.report.requests)
    changes = changes_of(source, pages, values, mended=mended, terms_url=terms_url, today=today)
    return msgspec.structs.replace(result, changes=changes if result.is_passed else {})


def _pages(options: CrawlOptions, source: Source, url: str, progress: Callable[[str], None]) -> list[FetchedPage]:
    """Return the pages of the look, the terms among them; one request of the look is kept for these."""

    def terms(pages: list[FetchedPage]) -> PageRequest | None:
        wanted = source.access.terms_url or terms_of(pages)
        if wanted and len(pages) < TRIAL_REQUESTS and not pages[0].error and all(page.wanted.url != wanted for page in pages):
            return PageRequest(url=wanted)
        return None

    def say(request: PageRequest) -> None:
        progress(f"looking at {request.url}{' (rendered)' if request.render else ''}")

    return look_at(options, url, trial=Trial.SOURCES_VERIFY, before=say, also=terms)


def _proposal(source: Source, url: str, pages: list[FetchedPage], today: date) -> Proposal | None:
    try:
        return propose(url, pages, name=source.name, today=today)
    except NoPostings:
        return None


def _run(
    options: CrawlOptions, source: Source, proposed: dict[str, Any] | None, progress: Callable[[str], None]
) -> tuple[TrialRun, bool]:
    """Return a cut-down run with the file's own lines or, when these read nothing, with those proposed; and which it was."""
    progress("running the source's own spider over one page of its list")
    run = trial_run(source, options, RUN_REQUESTS, Trial.SOURCES_VERIFY)
    if run.postings or proposed is None:
        return run, False
    progress("it read nothing; running it again with the lines that the look proposes")
    mended = source.model_copy(update={"crawl": Crawl.model_validate(proposed["crawl"])})
    again = trial_run(mended, options, RUN_REQUESTS, Trial.SOURCES_VERIFY)
    return (again, True) if again.postings else (run, False)
