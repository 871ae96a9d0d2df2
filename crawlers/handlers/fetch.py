"""The only way bytes come in: Scrapy's aiohttp handler behind the address guard, with rendered requests sent to Chromium.

aiohttp hands names to its resolver, IP literals past it, and both to the socket factory; the guard stands at all three, so
what was checked is what is connected to (`docs/decisions/0100-guard-at-three-places.md`).
"""

import socket
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.errors import AddressRefused
from crawlers.guard import Guard

_GUARDS: WeakKeyDictionary[Crawler, Guard] = WeakKeyDictionary()


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
        self._session.detach()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
                resolver=_CheckedResolver(self._guard),
                use_dns_cache=False,  # the guard remembers what it checked
                socket_factory=self._checked_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def download_request(self, request: Request) -> Response:
        """Return the response; raise AddressRefused before any packet leaves for a forbidden address."""
        url = yarl.URL(request.url)
        host = url.host
        if not host:
            raise AddressRefused(f"{request.url}: no host")
        if ":" in host or host.replace(".", "").isdigit():
            self._guard.check(host, host=host, port=url.port or 0)
        if request.meta.get("render"):
            from crawlers.handlers.render import lane_of  # Playwright is slow to import: only rendered sources pay

            return await lane_of(self.crawler, self._guard).fetch(request)
        return await super().download_request(request)

    def _checked_socket(self, address: Any) -> socket.socket:
        family, kind, proto, _, sockaddr = address
        self._guard.check_peer(str(sockaddr[0]), int(sockaddr[1]))
        return socket.socket(family, kind, proto)


class _CheckedResolver(AbstractResolver):
    """aiohttp's resolver interface over the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the checked addresses of ``host`` of that family."""
        found = []
        for ip in await self._guard.addresses(host, port):
            kind = socket.AF_INET6 if ":" in ip else socket.AF_INET
            if family in (socket.AF_UNSPEC, kind):
                found.append(
                    ResolveResult(
                        hostname=host, host=ip, port=port, family=kind, proto=socket.IPPROTO_TCP,
                        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                    )
                )
        return found

    async def close(self) -> None:
        """Do nothing: the guard holds no connection."""
