"""One site in the browser: a fresh context with its own way out, and one page that is used again for each address.

A context shares nothing with other sites or runs (cookies, storage, cache, service workers); within a site the page, its
renderer process and the cache stay warm, which is where the speed comes from.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
from playwright.async_api import Browser, BrowserContext, CDPSession, Page

from crawlers.guard import Guard
from crawlers.handlers.chromium import BYPASS, HIDDEN_APIS
from crawlers.handlers.proxy import FilteringProxy
from crawlers.source_fields import site

log = logging.getLogger(__name__)

VIEWPORT = {"width": 1280, "height": 1024}
MayVisit = Callable[[str], Awaitable[str | None]]
"""Address of a document -> why robots.txt forbids it, or None."""


class Denied(NamedTuple):
    """A document that was not loaded, and why."""

    url: str
    why: str
    main: bool
    """Whether it would have replaced the page itself."""


class SitePage:
    """The page of one site; every document it asks for is judged before it is fetched."""

    def __init__(self, page: Page, context: BrowserContext, cdp: CDPSession, proxy: FilteringProxy, may_visit: MayVisit) -> None:
        self.page = page
        self.cdp = cdp
        self.proxy = proxy
        self.context = context
        self.lock = asyncio.Lock()
        self.denied: list[Denied] = []
        self.pending = 0
        """Requests begun and not ended."""
        self.requests = 0
        self.crashed = False
        self._may_visit = may_visit
        self._main_frame = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(
        cls,
        browser: Browser,
        guard: Guard,
        connector: aiohttp.BaseConnector,
        *,
        user_agent: str,
        locale: str,
        may_visit: MayVisit,
    ) -> "SitePage":
        """Return a page in a fresh context whose only way out is a proxy of its own."""
        proxy = FilteringProxy(guard, connector)
        context = await browser.new_context(
            proxy={"server": await proxy.start(), "bypass": BYPASS},
            user_agent=user_agent,
            locale=locale,
            viewport=VIEWPORT,  # type: ignore[arg-type]  # a dict serves where Playwright names a TypedDict
            accept_downloads=False,
            service_workers="block",
            permissions=[],
            bypass_csp=False,
            ignore_https_errors=False,
        )
        await context.add_init_script(HIDDEN_APIS)
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        opened = cls(page, context, cdp, proxy, may_visit)
        await opened._watch()
        return opened

    async def _watch(self) -> None:
        tree = await self.cdp.send("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        self.cdp.on("Fetch.requestPaused", self._paused)
        await self.cdp.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "resourceType": "Document"}]})
        self.page.on("request", self._begun)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)
        self.page.on("crash", self._crashed)
        self.context.on("page", self._opened)

    async def close(self) -> None:
        """Close the context and its way out."""
        await self.proxy.close()
        await self.context.close()

    def _begun(self, _: Any) -> None:
        self.pending += 1
        self.requests += 1

    def _ended(self, _: Any) -> None:
        self.pending = max(0, self.pending - 1)

    def _crashed(self, _: Page) -> None:
        self.crashed = True

    def _opened(self, page: Page) -> None:
        if page is not self.page:
            self._start(page.close())  # the switch against new windows should have seen to it

    def _paused(self, event: dict[str, Any]) -> None:
        self._start(self._judge(event))

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (exc := task.exception()):
            log.debug("a document was judged after its page was gone: %s", exc)

    async def _judge(self, event: dict[str, Any]) -> None:
        url, main = event["request"]["url"], event["frameId"] == self._main_frame
        why = None
        if urlsplit(url).scheme not in {"http", "https"}:
            why = "not an http address"
        elif not main and not _same_site(url, self.page.url):
            why = "a frame of another site"  # it would get a process of its own, where nobody asks us
        else:
            why = await self._may_visit(url)
        if why is None:
            await self.cdp.send("Fetch.continueRequest", {"requestId": event["requestId"]})
            return
        self.denied.append(Denied(url, why, main))
        await self.cdp.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "BlockedByClient"})


def _same_site(one: str, other: str) -> bool:
    return urlsplit(one).scheme == urlsplit(other).scheme and site(one) == site(other)
