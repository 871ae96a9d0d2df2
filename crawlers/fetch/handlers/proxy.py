"""The browser's only connection: a proxy on loopback that connects where the guard allows, and counts requests and bytes.

Chromium resolves nothing itself (see ``chromium.py``): it sends all names here (documents, scripts, images, sockets), and the
address checked here is the address connected to. Plain http comes as whole requests and is forwarded by aiohttp through the
guarded connector; https and web sockets come as CONNECT tunnels, whose bytes are passed on unread.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import yarl
from scrapy.core.downloader.handlers._aiohttp import _ClientResponse

from crawlers.fetch.handlers.connector import bare_session
from crawlers.fetch.middlewares.politeness import LONGEST_WAIT, retry_after, says_not_now
from crawlers.pages.postings.advert import OWN_ERROR
from crawlers.sources.setting_types import site
from foundation.address_guard import Guard
from foundation.crawl_errors import AddressRefused

log = logging.getLogger(__name__)

HEAD_BYTES = 65_536
IDLE_SECONDS = 30.0
CONNECT_SECONDS = 10.0
STEP = 65_536
OURS = "x-lurewatch-proxy"
"""Header of answers that come from the proxy itself: ``refused`` (address), ``failed`` (network), ``budget`` or ``resting``."""
HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade".split()
) | {OURS}
"""Headers that belong to one connection and are not passed on, nor our own from anyone else."""


REFUSED = "refused"
"""Name of the limit when the page's own site said "not now"."""
REFUSAL_BYTES = 2**20
"""Bytes of a refusal that are kept as evidence."""


class Refusal(NamedTuple):
    """An answer to a request of a page by which the page's own site asks us to come later."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Budget:
    """Requests and bytes one page may use; the proxy counts them, the lane reads which limit was exceeded. ``home``: the site
    of the page."""

    def __init__(self, *, requests: int, size: int, home: str = "") -> None:
        self.home = home
        self._requests = requests
        self._bytes = size
        self.requests = 0
        self.bytes = 0
        self.refused: list[str] = []
        """Addresses the guard refused."""
        self.exceeded = asyncio.Event()
        self.limit = ""
        """``requests`` or ``bytes``, once one is exceeded; ``refused`` when the site said "not now"."""
        self.refusal: Refusal | None = None
        self.resting: list[str] = []
        """Hosts of other sites that said "not now"."""

    @property
    def spent(self) -> bool:
        """Whether another request would be refused."""
        return bool(self.limit) or self.requests >= self._requests

    def charge_request(self) -> bool:
        """Count one request; return whether it may go on."""
        if self.requests >= self._requests:
            self._exceed("requests")
            return False
        self.requests += 1
        return not self.limit

    def charge_bytes(self, count: int) -> bool:
        """Count bytes received; return whether more may come."""
        self.bytes += count
        if self.bytes > self._bytes:
            self._exceed("bytes")
        return self.limit in ("", REFUSED) and self.bytes <= self._bytes  # what was asked for before a refusal may come

    def refuse(self, refusal: Refusal) -> None:
        """Refuse every further request; the first refusal is kept."""
        self.refusal = self.refusal or refusal
        self._exceed(REFUSED)

    def _exceed(self, limit: str) -> None:
        self.limit = self.limit or limit
        self.exceeded.set()


class _Head(NamedTuple):
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes


class FilteringProxy:
    """The proxy of one site; ``budget`` is set anew for every page."""

    def __init__(self, guard: Guard, connector: aiohttp.BaseConnector) -> None:
        self._guard = guard
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=IDLE_SECONDS)
        self._session = bare_session(connector, connector_owner=False, timeout=timeout)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.budget = Budget(requests=0, size=0)
        self.peer: dict[str, str] = {}
        """Host -> the address it was connected to."""
        self._rests: dict[str, float] = {}
        """Host of another site that said "not now" -> when it may be asked again, on the monotonic clock."""

    async def start(self) -> str:
        """Listen on a free port of 127.0.0.1; return the proxy's address for Chromium."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_BYTES)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop listening and cut what is open."""
        if self._server:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._session.close()

    def judge_answer(self, url: str, status: int, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bool:
        """Note an answer to a request of the page; return whether it ends the page.

        429, and 503 with Retry-After, from the page's own site end the page. From another site they end nothing, because an
        advert may carry a picture from anywhere: that host is not asked again.
        """
        named = {name.lower(): value for name, value in headers}
        if (url.startswith("http:") and OURS in named) or not says_not_now(status, named):
            return False
        if site(url) == self.budget.home:
            self.budget.refuse(Refusal(url, status, tuple(named.items()), body))
            return True
        host = urlsplit(url).hostname or ""
        seconds = retry_after(named.get("retry-after", ""), datetime.now(UTC))
        self._rests[host] = time.monotonic() + (LONGEST_WAIT if seconds is None else seconds)
        if host not in self.budget.resting:  # of plain http both the proxy and the browser tell
            self.budget.resting.append(host)
        return False

    def _may_send(self, host: str) -> bool:
        """Return whether another byte may go to ``host``."""
        return self.budget.limit != REFUSED and self._rests.get(host, 0.0) <= time.monotonic()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        try:
            while await self._serve_one(reader, writer):
                pass
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as exc:
            log.debug("browser connection ends: %r", exc)
        except asyncio.CancelledError:
            pass  # close() cuts connections
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; return whether the connection can carry another."""
        head = await _read_head(reader)
        if head is None:
            return False
        budget = self.budget
        if not budget.charge_request():
            return await _refuse(writer, 429, "budget", f"page budget exceeded: {budget.limit}")
        if not self._may_send(_host(head)):
            return await _refuse(writer, 429, "resting", f"{_host(head)} asked us to come later")
        try:
            if head.method == "CONNECT":
                await self._tunnel(head, reader, writer)
                return False
            return await self._forward(head, writer, budget)
        except AddressRefused as exc:
            budget.refused.append(head.target)
            return await _refuse(writer, 403, "refused", str(exc))
        except (OSError, TimeoutError, aiohttp.ClientError) as exc:
            return await _refuse(writer, 502, "failed", f"{type(exc).__name__}: {exc}")

    async def _tunnel(self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = head.target.rpartition(":")
        host = host.strip("[]")
        addresses = await self._guard.addresses(host, int(port))
        upstream, downstream = await _connect(addresses, int(port))
        self.peer[host] = str(downstream.get_extra_info("peername")[0])
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        up = asyncio.ensure_future(_pump(reader, downstream, lambda _: self._may_send(host)))
        down = asyncio.ensure_future(_pump(upstream, writer, self._charge_bytes))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            downstream.close()

    def _charge_bytes(self, count: int) -> bool:
        return self.budget.charge_bytes(count)  # of the page that is open now, not of the one that opened the tunnel

    async def _forward(self, head: _Head, writer: asyncio.StreamWriter, budget: Budget) -> bool:
        parts = urlsplit(head.target)
        if parts.scheme != "http" or not parts.hostname:
            return await _refuse(writer, 400, "refused", "only http and https addresses are fetched")
        host, port = parts.hostname, parts.port or 80
        await self._guard.addresses(host, port)  # refuses by name; the connector asks again and gets the same answer
        headers = [(name, value) for name, value in head.headers if name.lower() not in HOP_BY_HOP]
        async with self._session.request(
            head.method, yarl.URL(head.target, encoded=True), headers=headers, data=head.body or None, allow_redirects=False
        ) as answer:
            assert isinstance(answer, _ClientResponse) and answer._peername
            self.peer[host] = answer._peername[0]
            first = b""
            if says_not_now(answer.status, {name.lower(): value for name, value in answer.headers.items()}):
                first = await answer.content.read(REFUSAL_BYTES)
                self.judge_answer(head.target, answer.status, answer.headers.items(), first)
            bodiless = head.method == "HEAD" or answer.status in {204, 304}
            chunked = not bodiless and "Content-Length" not in answer.headers
            writer.write(_answer_head(answer, chunked=chunked))
            async for piece in _chain_body(first, answer.content):
                if not budget.charge_bytes(len(piece)):
                    writer.transport.abort()
                    return False
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                await writer.drain()
            if chunked:
                writer.write(b"0\r\n\r\n")
            await writer.drain()
        return True


def _answer_head(answer: aiohttp.ClientResponse, *, chunked: bool) -> bytes:
    """Return the status line and the end-to-end headers of an answer, as they are passed on."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason or ''}".encode("latin-1")]
    end_to_end = [pair for pair in answer.raw_headers if pair[0].decode("latin-1").lower() not in HOP_BY_HOP]
    lines += [name + b": " + value for name, value in end_to_end]
    return b"\r\n".join([*lines, *([b"Transfer-Encoding: chunked"] if chunked else [])]) + b"\r\n\r\n"


def _host(head: _Head) -> str:
    """Return the host a request is for."""
    parts = urlsplit(f"//{head.target}" if head.method == "CONNECT" else head.target)
    return parts.hostname or ""


async def _chain_body(first: bytes, rest: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """Yield the bytes already read, then the rest of the body."""
    if first:
        yield first
    async for piece in rest.iter_any():
        yield piece


async def _read_head(reader: asyncio.StreamReader) -> _Head | None:
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, TimeoutError):
        return None
    first, *rest = raw[:-4].decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in rest)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    if length > HEAD_BYTES:
        raise ValueError("a request body this large is not part of reading a page")
    async with asyncio.timeout(IDLE_SECONDS):
        body = await reader.readexactly(length)
    return _Head(method, target, headers, body)


async def _connect(addresses: list[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    error: Exception = OSError("no address")
    for address in addresses:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await asyncio.open_connection(address, port)
        except (OSError, TimeoutError) as exc:
            error = exc
    raise error


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, charge: Callable[[int], bool]) -> None:
    with contextlib.suppress(OSError):  # either side may hang up at any time
        while (data := await source.read(STEP)) and charge(len(data)):
            sink.write(data)
            await sink.drain()


async def _refuse(writer: asyncio.StreamWriter, status: int, kind: str, why: str) -> bool:
    body = f"{OWN_ERROR}{why}".encode("utf-8", "replace")
    writer.write(
        b"HTTP/1.1 %d Refused\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"%b: %b\r\nContent-Length: %d\r\n\r\n%b" % (status, OURS.encode(), kind.encode(), len(body), body)
    )
    await writer.drain()
    return True
