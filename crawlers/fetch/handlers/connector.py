"""aiohttp connections that the address guard has checked: the crawler's own and those the browser's proxy makes.

aiohttp asks its resolver for names, takes IP literals past it, and makes every socket in its socket factory. The guard stands
at the resolver (which name is asked for) and at the socket (which address is really connected to).
"""

import socket
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse

from foundation.address_guard import Guard


def guarded_connector(guard: Guard, *, total: int, per_host: int) -> aiohttp.TCPConnector:
    """Return a connector with at most ``total`` connections, ``per_host`` to one host, none to a forbidden address."""

    def checked_socket(address: Any) -> socket.socket:
        family, kind, proto, _, sockaddr = address
        guard.check_peer(str(sockaddr[0]), int(sockaddr[1]))
        return socket.socket(family, kind, proto)

    return aiohttp.TCPConnector(
        limit=total,
        limit_per_host=per_host,
        resolver=_CheckedResolver(guard),
        use_dns_cache=False,  # the guard remembers what it checked
        socket_factory=checked_socket,
    )


def bare_session(connector: aiohttp.BaseConnector, **options: Any) -> aiohttp.ClientSession:
    """Return a session that keeps no cookies, reads no environment, and neither adds headers nor unpacks bodies."""
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        response_class=_ClientResponse,  # remembers who answered
        skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        **options,
    )


class _CheckedResolver(AbstractResolver):
    """aiohttp's resolver interface over the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        """Return the checked addresses of ``host`` of that family."""
        results = []
        for ip in await self._guard.addresses(host, port):
            kind = socket.AF_INET6 if ":" in ip else socket.AF_INET
            if family in (socket.AF_UNSPEC, kind):
                results.append(
                    ResolveResult(
                        hostname=host,
                        host=ip,
                        port=port,
                        family=kind,
                        proto=socket.IPPROTO_TCP,
                        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                    )
                )
        return results

    async def close(self) -> None:
        """Do nothing: the guard holds no connection."""
