"""The only way bytes come in: Scrapy's aiohttp handler behind the address guard, with rendered requests sent to Chromium.

IP literals are checked here, names in the connector's resolver, and every address once more where the socket is made.
The browser lane of a crawl is opened by its first rendered request: Playwright is slow to import and only these pay.
"""

from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

import yarl
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.fetch.handlers.connector import bare_session, guarded_connector
from crawlers.fetch.handlers.host_turns import turns_of
from foundation.address_guard import Guard
from foundation.crawl_errors import AddressRefused, Blocked

if TYPE_CHECKING:
    from crawlers.fetch.handlers.rendered_fetch import Lane

_GUARDS: WeakKeyDictionary[Crawler, Guard] = WeakKeyDictionary()
LANES: "WeakKeyDictionary[Crawler, Lane]" = WeakKeyDictionary()


def guard_of(crawler: Crawler) -> Guard:
    """Return the guard all components of ``crawler`` share."""
    if crawler not in _GUARDS:
        origins = (origin.rpartition(":") for origin in crawler.settings.getlist("LUREWATCH_LOOPBACK_ORIGINS"))
        _GUARDS[crawler] = Guard(
            ((host, int(port)) for host, _, port in origins), timeout=crawler.settings.getfloat("DNS_TIMEOUT")
        )
    return _GUARDS[crawler]


class FetchHandler(AiohttpDownloadHandler):
    """Downloads http and https through the guard; one instance per scheme."""

    experimental: ClassVar[bool] = False  # what Scrapy calls so is measured and tested here

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._guard = guard_of(crawler)
        self._turns = turns_of(crawler)
        self._session.detach()
        self._session = bare_session(
            guarded_connector(self._guard, total=self._pool_size_total, per_host=self._pool_size_per_host)
        )

    async def download_request(self, request: Request) -> Response:
        """Return the response; raise AddressRefused before any packet leaves for a forbidden address."""
        self._unless_blocked(request)
        url = yarl.URL(request.url)
        host = url.host
        if not host:
            raise AddressRefused(f"{request.url}: no host")
        if url.user is not None or url.password is not None:
            raise AddressRefused(f"{host}: an address with a name and password in it is not a public page")
        if ":" in host or host.replace(".", "").isdigit():
            self._guard.check(host, host=host, port=url.port or 0)
        if request.meta.get("render"):
            response = await lane_of(self.crawler, self._guard).fetch(request)
        else:
            await self._turns.take(request.url)
            self._unless_blocked(request)
            response = await super().download_request(request)
        self._turns.note_answer(response)
        return response

    def _unless_blocked(self, request: Request) -> None:
        """Raise Blocked when the site has refused us: what was queued before it is not sent after it."""
        assert self.crawler.stats
        if refused := self.crawler.stats.get_value("blocked/reason"):
            raise Blocked(request.url, refused)

    async def close(self) -> None:
        """Close connections and, where one was opened, the browser."""
        await super().close()
        if lane := LANES.get(self.crawler):
            await lane.close()


def lane_of(crawler: Crawler, guard: Guard) -> "Lane":
    """Return the lane of ``crawler``."""
    if crawler not in LANES:
        from crawlers.fetch.handlers.rendered_fetch import Lane

        LANES[crawler] = Lane(crawler, guard)
    return LANES[crawler]
