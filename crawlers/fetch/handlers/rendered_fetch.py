"""The rendered lane: Chromium loads pages that scripts fill, under the same rules as every other request.

A page that crashes, hangs or exceeds its budget fails with a reason; the run goes on, and the browser is started again.
"""

import asyncio
import base64
import contextlib
import ipaddress
import logging
import os
import signal
import time
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Playwright, async_playwright
from playwright.async_api import Response as BrowserResponse
from playwright.async_api import TimeoutError as BrowserTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Headers, HtmlResponse, Response

from crawlers.fetch.handlers.chromium import launch_options
from crawlers.fetch.handlers.connector import guarded_connector
from crawlers.fetch.handlers.host_turns import turns_of
from crawlers.fetch.handlers.page_ready import ROUNDS, markup_of, quiet, scroll_to_end, shows_in
from crawlers.fetch.handlers.proxy import OURS, Budget, Refusal
from crawlers.fetch.handlers.site_pages import VIEWPORT, LedOn, SitePage
from crawlers.fetch.handlers.step_runner import StepLimits, carry_out
from crawlers.fetch.middlewares.blocks import block_reason
from crawlers.fetch.middlewares.politeness import pace_of
from crawlers.fetch.middlewares.robots import RobotsDenied, robots_of
from crawlers.sources.setting_types import site
from foundation.address_guard import Guard
from foundation.crawl_errors import AddressRefused, Blocked, CrawlError

log = logging.getLogger(__name__)

SECONDS = 20.0
"""A page's whole time: fetching, waiting, scrolling."""
STEP_SECONDS = 90.0
"""What all steps of a page may take besides."""
PAGE_BYTES = 15 * 2**20
REQUESTS = 150
WAIT_FOR_SECONDS = 10.0
GRACE_SECONDS = 8.0
"""After its time a page has this long to be photographed and closed before its browser is killed."""
TALLEST = 6_000
"""Pixels of a page's height that its screenshot shows."""
SITES = 4
"""Contexts kept open; the one unused longest is closed first."""
NOT_ITS_BODY = (b"Content-Encoding", b"Content-Length", b"Transfer-Encoding", b"Content-Type")


class RenderFailed(CrawlError):
    """A page could not be rendered; ``reason`` is its name in reports (``timeout``, ``page_crashed``, ``browser_crashed`` …)."""

    def __init__(self, url: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{url}: not rendered ({reason}{': ' if detail else ''}{detail})")
        self.url = url
        self.reason = reason


class BrowserLost(RenderFailed, DownloadFailedError):
    """The browser died while the page was open; another page may be the cause, so it is tried again."""


class Lane:
    """One crawl's browser."""

    def __init__(self, crawler: Crawler, guard: Guard) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._guard = guard
        self._robots = robots_of(crawler)
        self._pace = pace_of(crawler)
        self._turns = turns_of(crawler)
        self._refusal_reason = ""
        """Why the site refuses us, once a rendered page has met it."""
        self._requests = min(REQUESTS, settings.getint("LUREWATCH_RENDERED_REQUESTS", REQUESTS))
        self._page_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._seconds = settings.getfloat("LUREWATCH_RENDER_SECONDS", SECONDS)
        self._steps = StepLimits(
            settings.getint("LUREWATCH_STEP_CLICKS", 50), settings.getfloat("LUREWATCH_STEP_SECONDS", STEP_SECONDS)
        )
        self._user_agent = str(settings["USER_AGENT"])
        self._locale = str(settings.get("LUREWATCH_LOCALE") or "en")
        self._binary = str(settings.get("LUREWATCH_BROWSER") or "")
        self._connector = guarded_connector(guard, total=64, per_host=16)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._pid = 0
        self._sites: dict[str, SitePage] = {}

    async def fetch(self, request: Request) -> Response:
        """Return the page as scripts left it, with its screenshot and the server's own HTML in ``meta``.

        Raise RobotsDenied, AddressRefused, RenderFailed (final) or DownloadFailedError (worth another try).
        """
        parts = urlsplit(request.url)
        await self._guard.addresses(parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme])
        key = site(request.url)
        key = f"{key}:{parts.port}" if parts.port else key
        while True:
            page = await self._site(key)
            async with page.lock:
                if self._refusal_reason:
                    raise Blocked(request.url, self._refusal_reason)
                while (left := self._pace.pause_left(_slot(request))) > 0:
                    await asyncio.sleep(left)
                if not page.closed:  # it may have been given up while we waited for it
                    return await self._render_in_time(key, page, request)

    async def _render_in_time(self, key: str, page: SitePage, request: Request) -> Response:
        """Render within the page's time; close the page, or kill the browser, that does not answer."""
        try:
            async with page.time_limit(self._time_for(request) + GRACE_SECONDS):
                if page.restless:
                    await page.renew()
                page.restless = True  # until this address has come out well
                return await self._render_page(page, request)
        except TimeoutError:
            await self._discard(key, page)
            raise self._make_failure(request.url, "hung") from None
        except Error as exc:
            lost = self._browser is None or not self._browser.is_connected()
            if lost or page.crashed:
                await self._discard(key, page)
                raise self._make_failure(request.url, "browser_crashed" if lost else "page_crashed") from exc
            if isinstance(exc, BrowserTimeout):
                raise self._make_failure(request.url, "timeout") from exc
            if "Download is starting" in exc.message:
                raise self._make_failure(request.url, "download") from exc
            if "net::ERR" in exc.message:
                raise DownloadFailedError(f"{request.url}: {exc.message.splitlines()[0]}") from exc
            raise self._make_failure(request.url, "browser", exc.message.splitlines()[0]) from exc

    async def close(self) -> None:
        """End the browser and everything opened for it."""
        await self._end_browser()
        if self._playwright:
            with contextlib.suppress(Exception):  # its driver may be gone in any way; nothing is left to lose
                async with asyncio.timeout(5):
                    await self._playwright.stop()
            self._playwright = None
        await self._connector.close()

    async def _render_page(self, site_page: SitePage, request: Request) -> Response:
        page, budget = site_page.page, Budget(requests=self._requests, size=PAGE_BYTES, home=site(request.url))
        started = time.monotonic()
        site_page.begin(budget)
        watch = asyncio.ensure_future(self._stop_when_spent(site_page, budget))
        limits: list[str] = []
        answer = None
        try:
            try:
                async with site_page.time_limit(self._seconds):
                    answer = await page.goto(request.url, wait_until="commit", timeout=0)
            except TimeoutError:
                raise self._make_failure(request.url, "timeout") from None
            site_page.arrived = True
            try:
                async with site_page.time_limit(self._time_for(request) - (time.monotonic() - started - site_page.held)):
                    await self._wait_unless_refused(site_page, request, limits)
            except TimeoutError:
                limits.append("seconds")
        except Error as exc:
            if budget.refusal is None:
                raise self._refusal(site_page, request, exc) from exc
        finally:
            watch.cancel()
        self._count("other_host_not_now", len(budget.resting))
        self._count("data_denied", site_page.data_denied)
        limits += ["redirects"] if any(isinstance(denied.why, LedOn) for denied in site_page.denied) else []
        if budget.refusal:
            return await self._refusal_response(site_page, request, budget.refusal, answer)
        if answer is None:
            raise self._make_failure(request.url, "no_document")
        if ours := answer.headers.get(OURS):
            said = f"{page.url}: {await answer.text()}"
            raise AddressRefused(said) if ours == "refused" else DownloadFailedError(said)
        if budget.limit:
            limits.append(budget.limit)
        for limit in limits:
            self._count(f"limit/{limit}")
        request.meta["download_latency"] = time.monotonic() - started - site_page.held
        return await self._response(site_page, request, answer, limits)

    async def _wait_unless_refused(self, site_page: SitePage, request: Request, limits: list[str]) -> None:
        """Wait until the page is complete or its site says "not now"."""
        waits = asyncio.ensure_future(self._wait(site_page, request, limits))
        refused = asyncio.ensure_future(site_page.proxy.budget.exceeded.wait())
        try:
            await asyncio.wait((waits, refused), return_when=asyncio.FIRST_COMPLETED)
            if site_page.proxy.budget.refusal is None:
                await waits
        finally:
            for task in (waits, refused):
                task.cancel()
            await asyncio.gather(waits, refused, return_exceptions=True)

    async def _refusal_response(
        self, site_page: SitePage, request: Request, refusal: Refusal, document: BrowserResponse | None
    ) -> Response:
        """Return the site's "not now" as the answer to ``request``: the run waits, or ends.

        This is decided before the next page of the site begins.
        """
        self._count("refused")
        request.meta["screenshot"] = await _screenshot(site_page)
        request.meta["rendered_url"] = site_page.page.url
        body = refusal.body
        if not body and document and document.url == refusal.url:
            body = await _served_document(document) or b""
        asked = request.replace(url=refusal.url)
        asked.meta.pop("rendered_html", None)  # of an earlier try
        response = Response(
            url=refusal.url,
            status=refusal.status,
            headers=Headers(refusal.headers),
            body=body,
            request=asked,
            ip_address=_address(site_page.proxy.peer.get(urlsplit(refusal.url).hostname or "")),
        )
        headers = dict(refusal.headers)
        if self._pace.wait_out(_slot(request), headers.get("retry-after", "")):
            request.meta["waits_out"] = True
        else:
            self._refusal_reason = block_reason(refusal.status, headers, "", refusal.url) or ""
        return response

    async def _wait(self, site_page: SitePage, request: Request, limits: list[str]) -> None:
        if selector := request.meta.get("wait_for"):
            if not await shows_in(site_page, selector, WAIT_FOR_SECONDS):
                limits.append("wait_for")  # the page is handed on: it may be a wall, or empty, and that is for others to say
        else:
            await site_page.page.wait_for_load_state("domcontentloaded", timeout=0)
            await quiet(site_page)
        if steps := request.meta.get("steps"):
            request.meta["step_results"] = await carry_out(site_page, steps, self._steps, lambda: self._pause(request))
        if request.meta.get("scroll"):
            request.meta["scroll_goes_on"] = await scroll_to_end(site_page) >= ROUNDS

    def _time_for(self, request: Request) -> float:
        """Return the seconds a page has: more when steps are taken on it."""
        return self._seconds + (self._steps.seconds if request.meta.get("steps") else 0.0)

    async def _pause(self, request: Request) -> None:
        await asyncio.sleep(self._pace.delay(_slot(request)))

    async def _response(self, site_page: SitePage, request: Request, answer: BrowserResponse, limits: list[str]) -> HtmlResponse:
        page = site_page.page
        markup, screenshot, served, values = await asyncio.gather(
            markup_of(site_page, self._page_bytes), _screenshot(site_page), _served_document(answer), answer.all_headers()
        )
        if markup is None:
            raise self._make_failure(request.url, "too_large", f"more than {self._page_bytes} characters")
        request.meta["screenshot"] = screenshot
        request.meta["rendered_url"] = page.url
        request.meta["rendered_html"] = markup
        if served is not None:
            request.meta["served_html"] = served
        request.meta["render_requests"] = site_page.requests
        request.meta["rendered_bytes"] = site_page.proxy.budget.bytes
        request.meta["render_limits"] = tuple(limits)
        request.meta["data_denied"] = site_page.data_denied
        headers = Headers(values)
        for name in NOT_ITS_BODY:
            headers.pop(name, None)
        headers[b"Content-Type"] = b"text/html; charset=utf-8"
        response = HtmlResponse(
            url=page.url,
            status=answer.status,
            headers=headers,
            body=markup.encode("utf-8", "replace"),
            encoding="utf-8",
            request=request,
            ip_address=_address(site_page.proxy.peer.get(urlsplit(page.url).hostname or "")),
        )
        site_page.restless = bool(site_page.denied or limits or page.url != answer.url)
        return response

    def _refusal(self, site_page: SitePage, request: Request, exc: Error) -> Exception:
        for denied in site_page.denied:
            if denied.main:
                return self._make_failure(request.url, "redirects") if isinstance(denied.why, LedOn) else denied.why
        if "ERR_TUNNEL_CONNECTION_FAILED" in exc.message and site_page.proxy.budget.refused:
            return AddressRefused(f"{request.url}: leads to {site_page.proxy.budget.refused[-1]}")
        return exc

    async def _stop_when_spent(self, site_page: SitePage, budget: Budget) -> None:
        while not budget.exceeded.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await budget.exceeded.wait()
            if site_page.requests > self._requests:
                budget.charge_request()
                budget.limit = budget.limit or "requests"
                break
        with contextlib.suppress(Error):
            await site_page.cdp.send("Network.setBlockedURLs", {"urls": ["*"]})
            if budget.refusal:
                return  # what stands there is photographed
            await site_page.cdp.send("Page.stopLoading")

    async def _may_visit(self, url: str) -> Exception | None:
        texts = self._robots.find(url)
        try:
            texts = texts or await self._robots.of(url, slot=f"robots {urlsplit(url).netloc}")
        except (AddressRefused, Blocked) as exc:
            return exc
        decision = texts.decision(url)
        if decision.allowed:
            return None
        self._count("robots_denied", prefix="")
        return RobotsDenied(url, decision)

    async def _site(self, key: str) -> SitePage:
        async with self._starting:
            browser = await self._running()
            if key not in self._sites:
                for old in list(self._sites)[: max(0, len(self._sites) - SITES + 1)]:
                    if not self._sites[old].lock.locked():
                        await self._discard(old, self._sites[old])
                self._sites[key] = await SitePage.open(
                    browser,
                    self._guard,
                    self._connector,
                    user_agent=self._user_agent,
                    locale=self._locale,
                    may_visit=self._may_visit,
                    take_turn=self._turns.take,
                )
            self._sites[key] = self._sites.pop(key)  # the last used stands last
            return self._sites[key]

    async def _running(self) -> Browser:
        if self._browser and self._browser.is_connected():
            return self._browser
        if self._browser:
            await self._end_browser()
            self._count("restarts")
        try:
            async with asyncio.timeout(60):
                if self._playwright is None:
                    self._playwright = await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(**launch_options(self._binary))
        except (Error, OSError, TimeoutError) as exc:
            self._browser = None
            raise self._make_failure("browser", "no_browser", f"{exc}; run `lurewatch doctor`") from exc
        session = await self._browser.new_browser_cdp_session()
        processes: dict[str, Any] = await session.send("SystemInfo.getProcessInfo")
        self._pid = next((int(process["id"]) for process in processes["processInfo"] if process["type"] == "browser"), 0)
        return self._browser

    async def _discard(self, key: str, page: SitePage) -> None:
        if self._sites.get(key) is page:
            del self._sites[key]
        try:
            async with asyncio.timeout(5):
                await page.close()
        except (TimeoutError, Error):
            await self._end_browser()

    async def _end_browser(self) -> None:
        browser, self._browser = self._browser, None
        pages, self._sites = list(self._sites.values()), {}
        for page in pages:
            page.closed = True
            await page.proxy.close()
        if browser is None:
            return
        try:
            async with asyncio.timeout(5):
                await browser.close()
        except (TimeoutError, Error):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def _make_failure(self, url: str, reason: str, detail: str = "") -> RenderFailed:
        self._count(f"failed/{reason}")
        return (BrowserLost if reason == "browser_crashed" else RenderFailed)(url, reason, detail)

    def _count(self, name: str, count: int = 1, *, prefix: str = "render/") -> None:
        assert self._crawler.stats
        if count:
            self._crawler.stats.inc_value(f"{prefix}{name}", count)


async def _served_document(answer: BrowserResponse) -> bytes | None:
    """Return the server's own document, None when the browser no longer has it (the page has moved on)."""
    try:
        return await answer.body()
    except Error:
        return None


async def _screenshot(site_page: SitePage) -> bytes | None:
    try:
        async with asyncio.timeout(5):
            size = (await site_page.cdp.send("Page.getLayoutMetrics"))["cssContentSize"]
            width, height = min(size["width"], 1920), min(size["height"], TALLEST)
            fits = width <= VIEWPORT["width"] and height <= VIEWPORT["height"]  # else everything is laid out and drawn again
            clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
            shot = await site_page.cdp.send(
                "Page.captureScreenshot",
                {"format": "png", "captureBeyondViewport": not fits, "optimizeForSpeed": True, "clip": clip},
            )
            return base64.b64decode(shot["data"])
    except (TimeoutError, Error) as exc:
        log.warning("%s: no screenshot (%s)", site_page.page.url, exc)
        return None


def _slot(request: Request) -> str:
    """Return the host whose pace the request follows."""
    return str(request.meta.get("download_slot") or urlsplit(request.url).hostname)


def _address(ip: str | None) -> Any:
    return ipaddress.ip_address(ip) if ip else None
