"""Asks a site for pages one at a time, and tells whether it works and whether a page shows a poster whose words no page has."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from urllib.parse import urljoin

import msgspec
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import Engine, select

from crawlers.discovery.guided_fetch import FetchedPage, Fetcher, PageRequest, fetching
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.items import Posting
from crawlers.pictures.run_pictures import PictureReader
from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from desk.rechecks.page_verdict import address_to_ask, confirm, front_page, judge
from desk.rechecks.sighting import OFFLINE, ONLINE, Sighting
from desk.tables import list_entries
from enrichment.campaigns.posters import are_near, poster_hashes
from foundation.crawl_errors import CrawlError
from index.base import Query, Store

MOST_PICTURES = 3
"""Pictures of a page that are asked for, at most; those that the advert had come first."""
_NEWEST, _CONTROLS = 20, 2
"""Adverts among which controls are picked, and how many."""
Others = Callable[[Source], Sequence[Posting]]
"""Gives adverts of a source that were seen of late and that nobody reported."""


class PageAsker:
    """Asks a site for one page at a time, in a new process after a wall, which ends the one that met it."""

    def __init__(self, source: Source, options: CrawlOptions) -> None:
        self._source = source
        self._options = options
        self._process = ExitStack()
        self._fetcher: Fetcher | None = None

    def fetch(self, url: str) -> FetchedPage:
        """Return what stands at an address; raise CrawlError when no answer comes in time."""
        if self._fetcher is None:
            most = self._source.access.requests_per_run
            self._fetcher = self._process.enter_context(fetching(self._source, self._options, most=most, evidence=True))
        try:
            page = self._fetcher.fetch(_request(self._source, url))
        except CrawlError:
            self.close()
            raise
        if page.error.startswith("blocked"):
            self.close()
        return page

    def close(self) -> None:
        """End the process."""
        self._fetcher = None
        self._process.close()


class SiteCheck:
    """Tells whether a site works, before an advert of it counts as gone: once a round, and only where one seems to be gone.

    The front page must answer, and, unless another reported advert was seen in this round, one of two adverts that nobody
    reported: a site that gives all its adverts new addresses took none of them away.
    """

    def __init__(self, source: Source, asker: PageAsker, others: Others) -> None:
        self._source = source
        self._asker = asker
        self._others = others
        self._front: FetchedPage | None = None
        self._shows_adverts = False

    def confirm(self, sighting: Sighting, page: FetchedPage) -> Sighting:
        """Return a sighting as it stands once the site was looked at."""
        self._shows_adverts |= sighting.state in ONLINE
        if sighting.state not in OFFLINE:
            return sighting
        if self._front is None:
            self._front = self._fetch(front_page(page.wanted.url))
        found = confirm(sighting, page, self._front)
        if found.state in OFFLINE and not self._shows_adverts and self._has_lost_others():
            return msgspec.structs.replace(found, state="unknown", detail="site_changed")
        return found

    def _has_lost_others(self) -> bool:
        """Tell whether the site shows none of the adverts that nobody reported; not where there is none to ask for."""
        for posting in (others := self._others(self._source)):
            state = judge(self._fetch(posting.url), posting, self._source).state
            if state not in OFFLINE:
                self._shows_adverts = True
                return False
        return bool(others)

    def _fetch(self, url: str) -> FetchedPage:
        try:
            return self._asker.fetch(url)
        except CrawlError as exc:
            return FetchedPage(wanted=_request(self._source, url), url=url, error=type(exc).__name__)


def unreported_adverts(engine: Engine, store: Store, source: Source) -> list[Posting]:
    """Return two of the newest adverts of a source that nobody reported and no run found gone."""
    query = Query(filters={"source": (source.name,)}, sort="newest", size=_NEWEST, count_facets=False)
    found = [hit.record.posting for hit in store.search(query).hits if not hit.record.posting.deleted]
    with engine.connect() as connection:
        told = select(list_entries.c.item_id).where(list_entries.c.item_id.in_([posting.id for posting in found]))
        reported = set(connection.scalars(told))
    home = site(source.operator.url)
    return [posting for posting in found if posting.id not in reported and site(posting.url) == home][:_CONTROLS]


def shows_poster(page: FetchedPage, reported: Posting, asker: PageAsker) -> bool:
    """Tell whether one of the first pictures of a page is a poster of the advert, or a copy of it as messengers make them."""
    posters = poster_hashes(reported)
    if not posters:
        return False
    own = {media.url for media in reported.media}
    found = (urljoin(page.url, image.attributes.get("src") or "") for image in LexborHTMLParser(page.text).css("img[src]"))
    addresses = dict.fromkeys(url for url in found if url.startswith(("http://", "https://")))
    with PictureReader() as reader:
        for url in sorted(addresses, key=lambda url: url not in own)[:MOST_PICTURES]:
            try:
                answer = asker.fetch(url)
            except CrawlError:
                return False
            if not answer.error and are_near(posters, (value for value in (reader.read(answer.body).pdq,) if value)):
                return True
    return False


def _request(source: Source, url: str) -> PageRequest:
    return PageRequest(url=address_to_ask(url), role="detail", follow=True, **source.crawl.rendering_on("detail"))
