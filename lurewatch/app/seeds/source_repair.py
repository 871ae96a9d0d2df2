"""Repairs a source after a new layout: compares its saved page with pages of today and proposes selectors."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from crawlers.discovery.guided_fetch import FetchedPage, Fetcher, PageRequest, fetching
from crawlers.discovery.layout_repair import FieldRepair, SavedPage, repairs
from crawlers.discovery.page_case import PageCase, case_from
from crawlers.pages import page_families
from crawlers.sources.source import Source, Trial
from crawlers.spiders.links import select_links
from foundation.crawl_errors import CrawlError
from lurewatch.app.crawl_inputs import crawl_options
from lurewatch.settings import Settings

PAGES = 4
"""Number of today's adverts that are compared with the saved one, its own address among them."""


class SourceRepair(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a comparison."""

    source: str
    pages: tuple[str, ...]
    """Addresses of today's adverts."""
    repairs: tuple[FieldRepair, ...]
    case: PageCase | None = None
    """The page case to keep in place of the saved one; None when nothing is repaired."""

    @property
    def changes(self) -> dict[str, Any]:
        """Keys of the source file and their new values, for ``crawlers.sources.source_edit``."""
        return {f"crawl.fields.{repair.field}": repair.selector for repair in self.repairs if repair.selector}


def repair_source(
    settings: Settings, source: Source, folder: Path, now: datetime, *, progress: Callable[[str], None]
) -> SourceRepair:
    """Return which fields of ``source`` are no longer read and where they stand today; ``folder`` holds its page case.

    At most ``PAGES`` + 1 pages are asked for, with the pauses of a run. ``progress`` is called with what is done next, as
    text. Raises CrawlError when there is no page case, the source has no pages of single adverts, or none of today's can be
    read.
    """
    if source.crawl.spider != "board":
        raise CrawlError(
            f"{source.name}: {source.crawl.spider} reads no pages of single adverts; `lurewatch sources verify {source.name}` "
            "compares its list with the file"
        )
    saved = saved_page(folder)
    fields = source.crawl.fields.named_fields()
    with fetching(source, crawl_options(settings), Trial.SOURCES_REPAIR) as fetcher:
        fetched = _todays_pages(source, saved.url, fetcher, progress)
    today = [SavedPage(url=page.url, text=page.text, fetched_at=now) for page in fetched]
    if not today:
        raise CrawlError(f"{source.name}: no advert of today could be read; `lurewatch sources verify {source.name}` says why")
    result = SourceRepair(
        source=source.name,
        pages=tuple(page.url for page in today),
        repairs=tuple(repairs(saved, today, family=source.crawl.page, fields=fields)),
    )
    if not result.changes:
        return result
    mended = fields | {repair.field: repair.selector for repair in result.repairs if repair.selector}
    return msgspec.structs.replace(result, case=case_from(fetched[0], now, mended))


def saved_page(folder: Path) -> SavedPage:
    """Return the page of the case in ``folder``; raise CrawlError where there is none."""
    page = next(folder.glob("page.*"), None)
    if page is None or not (folder / "case.json").is_file():
        raise CrawlError(f"{folder}: no page case; `lurewatch sources new` writes one, --cases names the folder they are in")
    facts = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    fetched_at = datetime.fromisoformat(facts["fetched_at"])
    return SavedPage(url=facts["url"], text=page.read_text(encoding="utf-8"), fetched_at=fetched_at)


def _todays_pages(source: Source, saved_url: str, fetcher: Fetcher, progress: Callable[[str], None]) -> list[FetchedPage]:
    """Return the saved advert as it is today, when it answers, and others from the first page of the list."""

    def fetch(url: str, role: str = "detail") -> FetchedPage:
        progress(f"looking at {url}")
        return fetcher.fetch(PageRequest(url=url, role=role, **source.crawl.rendering_on(role)))

    listing = fetch(source.crawl.start_at(source.crawl.start[0], 1), "list")
    links = [url for url in _links(source, listing) if url != saved_url]
    spread = [links[0], links[len(links) // 2], links[-1]] if links else []
    pages = [fetch(url) for url in dict.fromkeys([saved_url, *spread])]
    return [page for page in pages if not page.error and page.status < 400][:PAGES]


def _links(source: Source, listing: FetchedPage) -> list[str]:
    if listing.error:
        return []
    if source.crawl.follow:
        return select_links(listing.text, source.crawl.follow, listing.url)
    return list(page_families.parse(listing.text, listing.url, page=source.crawl.page).links)
