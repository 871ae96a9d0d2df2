"""Asks robots.txt before every request, as RFC 9309 says: unreachable (5xx, network) means nothing may be fetched.

Scrapy's own middleware crawls in that case (measured with 2.19 on a 503), so this one replaces it. The decision is kept with
each request and thus with each response: ``response.meta["robots"]`` reads ``allowed: <rule>``.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawlers.fetch import robots_rules as robots
from crawlers.fetch.middlewares.politeness import pace_of
from crawlers.fetch.scrapy_settings import PAGE_BYTES
from foundation.crawl_errors import AddressRefused, Blocked

log = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 3600
"""RFC 9309 §2.4: no answer is used longer."""
RETRIED_SECONDS = 600
"""After which an unreachable robots.txt is asked for again."""
REDIRECTS = 5
LONGEST_DELAY = 3600
"""A longer Crawl-delay, in seconds, counts as a refusal."""


class RobotsDenied(IgnoreRequest):
    """robots.txt forbids the address, or could not be fetched (``unreachable``), which forbids all."""

    def __init__(self, url: str, decision: robots.RobotsVerdict) -> None:
        super().__init__(f"{url}: robots.txt {decision}")
        self.unreachable = decision.rule.startswith(robots.UNREACHABLE)
        self.rule = decision.rule


class RobotsTexts:
    """The robots.txt of every origin a crawl meets, fetched once each through the engine (guard, delay and limits apply)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = robots.product_token(crawler.settings["USER_AGENT"])
        self._known: dict[str, tuple[float, robots.Robots]] = {}
        self._pending: dict[str, asyncio.Task[robots.Robots]] = {}

    def find(self, url: str) -> robots.Robots | None:
        """Return the robots.txt of the origin of ``url`` when it has been fetched and is fresh."""
        entry = self._known.get(_origin(url))
        return entry[1] if entry and entry[0] > time.monotonic() else None

    async def of(self, url: str, *, slot: str | None = None) -> robots.Robots:
        """Return the robots.txt of the origin of ``url``, fetching it when needed.

        ``slot`` names a download slot of its own: a caller that holds the host's only slot would wait for itself.
        Raise AddressRefused when the origin itself is a forbidden address, Blocked when nothing is sent to its host any more.
        """
        if known := self.find(url):
            return known
        origin = _origin(url)
        if origin not in self._pending:
            self._pending[origin] = asyncio.ensure_future(self._learnt(origin, slot))
        try:
            return await asyncio.shield(self._pending[origin])
        finally:
            if origin in self._pending and self._pending[origin].done():
                del self._pending[origin]

    async def _learnt(self, origin: str, slot: str | None) -> robots.Robots:
        result = await self._fetch_robots(origin, slot)
        kept = RETRIED_SECONDS if result.fixed and not result.fixed.allowed else KEPT_SECONDS
        wait = result.crawl_delay or 0.0
        if wait > LONGEST_DELAY:
            result = robots.Robots(fixed=robots.RobotsVerdict(False, f"Crawl-delay: {wait:g} is longer than a run"))
        elif wait:
            pace_of(self._crawler).at_least(urlsplit(origin).hostname or "", wait)
        self._known[origin] = (time.monotonic() + kept, result)
        return result

    async def _fetch_robots(self, origin: str, slot: str | None) -> robots.Robots:
        url = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            meta = {"robots_fetch": True, "dont_redirect": True, "download_maxsize": PAGE_BYTES, "robots": "robots.txt itself"}
            if slot:
                meta["download_slot"] = slot
            assert self._crawler.engine
            try:
                response = await self._crawler.engine.download_async(Request(url, meta=meta, dont_filter=True, priority=1000))
            except AddressRefused as exc:
                if url == f"{origin}/robots.txt":
                    self._count("address_refused")
                    raise
                self._count("robots/unreachable")
                return robots.unreachable(f"redirect to a forbidden address: {exc}")
            except Blocked:
                raise  # nothing is sent to the host any more, robots.txt neither
            except IgnoreRequest as exc:
                self._count("robots/unreachable")
                return robots.unreachable(str(exc))
            except Exception as exc:  # noqa: BLE001 - a handler may raise anything; whatever it is, RFC 9309 §2.3.1.4 forbids all
                log.warning("robots.txt of %s: %s", origin, exc)
                self._count("robots/unreachable")
                return robots.unreachable(f"{type(exc).__name__}: {exc}")
            if 300 <= response.status < 400 and (location := response.headers.get("Location")):
                url = urljoin(url, location.decode("latin-1"))
                if urlsplit(url).scheme not in {"http", "https"}:
                    return robots.unreachable(f"redirect to {urlsplit(url).scheme}:")
                continue
            return self._read(response.status, response.body)
        return robots.unavailable(f"more than {REDIRECTS} redirects")

    def _read(self, status: int, body: bytes) -> robots.Robots:
        self._count(f"robots/status/{status}")
        if 200 <= status < 300:
            return robots.parse(body, self._agent)
        if status >= 500:
            self._count("robots/unreachable")
            return robots.unreachable(str(status))
        return robots.unavailable(str(status))

    def _count(self, name: str) -> None:
        assert self._crawler.stats
        self._crawler.stats.inc_value(name)


_TEXTS: WeakKeyDictionary[Crawler, RobotsTexts] = WeakKeyDictionary()


def robots_of(crawler: Crawler) -> RobotsTexts:
    """Return the robots texts all components of ``crawler`` share."""
    if crawler not in _TEXTS:
        _TEXTS[crawler] = RobotsTexts(crawler)
    return _TEXTS[crawler]


class RobotsMiddleware:
    """Drops requests that robots.txt forbids (counted ``robots_denied``) and notes the decision on all others."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._texts = robots_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Return the middleware for ``crawler``, as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> Awaitable[None] | None:
        """Let the request through or raise RobotsDenied; only an origin's first request has to wait for its robots.txt."""
        if request.meta.get("robots_fetch"):
            return None
        if known := self._texts.find(request.url):
            self._judge(request, known)
            return None
        return self._first(request)

    async def _first(self, request: Request) -> None:
        self._judge(request, await self._texts.of(request.url))

    def _judge(self, request: Request, texts: robots.Robots) -> None:
        decision = texts.decision(request.url)
        request.meta["robots"] = str(decision)
        if not decision.allowed:
            assert self._crawler.stats
            self._crawler.stats.inc_value("robots_denied")
            raise RobotsDenied(request.url, decision)


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0].partition('#')[0]}"
