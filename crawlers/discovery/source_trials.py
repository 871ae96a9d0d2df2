"""Fetches a few pages of a site for a person, and runs its source over one page of the list."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import msgspec

from crawlers.crawl_run import crawl
from crawlers.discovery.guided_fetch import FetchedPage, PageRequest, fetching
from crawlers.evidence.partition import Report, read_postings, read_rejects
from crawlers.fetch.scrapy_settings import CrawlOptions, is_loopback
from crawlers.items import Posting, Reject
from crawlers.sources.source import TRIAL_REQUESTS, Access, Crawl, Expect, Operator, Source, Trial
from foundation.crawl_errors import CrawlError

SECONDS = 180
"""The longest a cut-down run may take."""
Next = Callable[[list[FetchedPage]], PageRequest | None]


class TrialRun(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a cut-down run of a source."""

    postings: list[Posting]
    rejects: list[Reject]
    report: Report


def look_at(
    options: CrawlOptions,
    url: str,
    *,
    trial: Trial = Trial.SOURCES_NEW,
    most: int = TRIAL_REQUESTS,
    before: Callable[[PageRequest], None] | None = None,
    after: Callable[[FetchedPage], None] | None = None,
    also: Next | None = None,
) -> list[FetchedPage]:
    """Return the pages that were fetched, until a look at them says enough or ``most`` were asked for.

    ``before`` and ``after`` are called with each page, for progress; ``also`` names a page to fetch when the look itself wants no
    more. Raises CrawlError when ``url`` is no web address or the fetching process ends.
    """
    from crawlers.discovery.discover import next_page  # parses XML, which a desk alone does not

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CrawlError(f"{url!r} is not a web address; give it whole, as https://site.example/jobs")
    looking = Source(
        name="look",
        title="look",
        summary="one look at a site",
        kind="job_board",
        operator=Operator(name=parts.hostname, url=url),
        access=Access(delay_seconds=0 if is_loopback(parts.hostname) else 3),
        crawl=Crawl(spider="board", start=(url,)),
    )
    pages: list[FetchedPage] = []
    with fetching(looking, options, trial) as fetcher:
        while len(pages) < most and (want := next_page(url, pages) or (also(pages) if also else None)):
            if before:
                before(want)
            pages.append(fetcher.fetch(want))
            if after:
                after(pages[-1])
    return pages


def trial_run(source: Source, options: CrawlOptions, requests: int, trial: Trial = Trial.SOURCES_TRY) -> TrialRun:
    """Run the source itself from its first start address, for so many requests, in a folder that is thrown away."""
    first = source.crawl.model_copy(update={"start": source.crawl.start[:1], "sitemap": None, "max_pages": 1})
    cut = source.model_copy(
        update={
            "crawl": first,
            "access": source.access.model_copy(update={"requests_per_run": requests}),
            "expect": Expect(),
        }
    )
    with TemporaryDirectory(prefix="lurewatch-try-") as folder:
        runs, state = str(Path(folder) / "runs"), Path(folder) / "state"
        address, report = crawl(cut, runs=runs, state=state, options=options, limit_seconds=SECONDS, trial=trial)
        return TrialRun(postings=list(read_postings(address)), rejects=list(read_rejects(address)), report=report)
