"""The browser lane of each crawl, opened by its first rendered request: Playwright is slow to import and only these pay."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawlers.fetch.address_guard import Guard

if TYPE_CHECKING:
    from crawlers.fetch.handlers.rendered_fetch import Lane

LANES: "WeakKeyDictionary[Crawler, Lane]" = WeakKeyDictionary()


def lane_of(crawler: Crawler, guard: Guard) -> "Lane":
    """Return the lane of ``crawler``."""
    if crawler not in LANES:
        from crawlers.fetch.handlers.rendered_fetch import Lane

        LANES[crawler] = Lane(crawler, guard)
    return LANES[crawler]
