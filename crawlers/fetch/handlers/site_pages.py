"""One site in the browser: a fresh context with its own proxy, and one page that is reused for each address.

A context shares nothing with other sites or runs (cookies, storage, cache, service workers). Within a site the page, its
renderer process and the cache are reused, which saves time.
"""

import asyncio
import base64
import contextlib
import logging
import math
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Page
from playwright.async_api import Response as BrowserResponse

from crawlers.fetch.handlers.chromium import BYPASS, HIDDEN_APIS
from crawlers.fetch.handlers.proxy import Budget, FilteringProxy
from crawlers.fetch.middlewares.politeness import says_not_now
from crawlers.sources.setting_types import site
from foundation.address_guard import Guard
from foundation.crawl_errors import AddressRefused, Blocked

log = logging.getLogger(__name__)

DATA = ("XHR", "Fetch", "EventSource", "Ping")
"""What scripts ask for by themselves, as Chromium names it; styles, scripts and pictures a browser needs to show a page."""
PAUSED = [
    *({"urlPattern": "*", "resourceType": kind} for kind in ("Document", *DATA)),
    *({"urlPattern": "*", "resourceType": kind, "requestStage": "Response"} for kind in ("XHR", "Fetch")),
]
"""Requests paused for our decision: documents and data before they are sent, data for scripts before they receive it."""
HOPS = 10
"""The most documents a page, or all its frames together, may load one after another, and redirects of one data request."""
NOT_OF_THE_BODY = {"content-encoding", "content-length", "transfer-encoding"}
"""Headers that do not describe a body the browser has opened."""
VIEWPORT = {"width": 1280, "height": 1024}
MayVisit = Callable[[str], Awaitable[Exception | None]]
"""Address of a document -> RobotsDenied or AddressRefused when it must not be loaded."""
TakeTurn = Callable[[str, Callable[[float], None]], Awaitable[None]]
"""Returns when an address may be asked for (``host_turns.py``); tells its second argument of each sleep, raises Blocked."""


class RefusedDocument(NamedTuple):
    """A document that was not loaded, and why."""

    url: str
    why: Exception
    main: bool
    """Whether it would have replaced the page itself."""


class FrameRefused(Exception):
    """A frame shows another site: it would get its own process, whose requests we could not pause."""


class BudgetSpent(Exception):
    """The page asks for another document when its requests or bytes are used up."""


class LeftPage(Exception):
    """A step would replace the page by another one."""


class LedOn(Exception):
    """The page loads one document after another without end."""


class SitePage:
    """The page of one site; every document is checked before it is fetched."""

    page: Page
    cdp: CDPSession

    def __init__(self, context: BrowserContext, proxy: FilteringProxy, may_visit: MayVisit, take_turn: TakeTurn) -> None:
        self.proxy = proxy
        self.context = context
        self.lock = asyncio.Lock()
        self.denied: list[RefusedDocument] = []
        self.data_denied = 0
        """Requests of its scripts that robots.txt forbids, or that are redirected without end."""
        self._hops: Counter[str] = Counter()
        self.stays = ""
        """Address of the page that must not be replaced while steps run; "" when none run."""
        self.pending = 0
        """Requests begun and not ended."""
        self.requests = 0
        self.closed = False
        self.crashed = False
        self.arrived = False
        """Whether the requested document has arrived; later requests are the page's own."""
        self.restless = False
        """Whether the page must not be used again, because it may still be active."""
        self.held = 0.0
        """Seconds its requests waited for their host's turn; they do not count as the page's time."""
        self._limits: set[asyncio.Timeout] = set()
        self._may_visit = may_visit
        self._take_turn = take_turn
        self._main_frame = ""
        self._renewing = False
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
        take_turn: TakeTurn,
    ) -> "SitePage":
        """Return a page in a fresh context that connects only through its own proxy."""
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
        opened = cls(context, proxy, may_visit, take_turn)
        await opened.renew()
        context.on("page", opened._note_opened)
        return opened

    def begin(self, budget: Budget) -> None:
        """Start counting for another address."""
        self.proxy.budget = budget
        self.denied.clear()
        self._hops.clear()
        self.requests = self.pending = self.data_denied = 0
        self.stays = ""
        self.arrived = False
        self.held = 0.0

    @contextlib.asynccontextmanager
    async def time_limit(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError after ``seconds`` in which no request of the page waited for its host's turn."""
        async with asyncio.timeout(seconds) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    def seconds_left(self) -> float:
        """Return the seconds until the first of the limits in force; infinite where there is none."""
        now = asyncio.get_running_loop().time()
        return min((when - now for limit in self._limits if (when := limit.when()) is not None), default=math.inf)

    def _put_off(self, seconds: float) -> None:
        """Add ``seconds`` in which a request waits to every limit in force."""
        self.held += seconds
        for limit in self._limits:
            when = limit.when()
            if when is not None and not limit.expired():
                limit.reschedule(when + seconds)

    async def _turn(self, url: str) -> Exception | None:
        """Wait until ``url`` may be asked for; return Blocked when its host is to be left alone."""
        try:
            await self._take_turn(url, self._put_off)
        except Blocked as exc:
            return exc
        return None

    async def renew(self) -> None:
        """Replace a page that failed or navigated away by a new page of the same context."""
        old = getattr(self, "page", None)
        self._renewing = True
        try:
            self.page = await self.context.new_page()
        finally:
            self._renewing = False
        self.cdp = await self.context.new_cdp_session(self.page)
        self.crashed = self.restless = False
        if old:
            await old.close()
        tree = await self.cdp.send("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        self.cdp.on("Fetch.requestPaused", self._note_pause)
        await self.cdp.send("Fetch.enable", {"patterns": PAUSED})
        self.page.on("response", self._note_answer)
        self.page.on("request", self._note_begin)
        self.page.on("requestfinished", self._note_end)
        self.page.on("requestfailed", self._note_end)
        self.page.on("crash", self._note_crash)

    async def close(self) -> None:
        """Close the context and its proxy."""
        self.closed = True
        await self.proxy.close()
        await self.context.close()

    def _note_begin(self, _: Any) -> None:
        self.pending += 1
        self.requests += 1

    def _note_end(self, _: Any) -> None:
        self.pending = max(0, self.pending - 1)

    def _note_crash(self, _: Page) -> None:
        self.crashed = True

    def _note_opened(self, page: Page) -> None:
        if not self._renewing:
            self._start(page.close())  # the switch against new windows should have seen to it

    def _note_answer(self, answer: BrowserResponse) -> None:
        self.proxy.judge_answer(answer.url, answer.status, answer.headers.items())

    def _note_pause(self, event: dict[str, Any]) -> None:
        if "responseStatusCode" in event or "responseErrorReason" in event:
            self._start(self._pass_on(event))
        elif event["resourceType"] == "Document":
            self._start(self._judge(event))
        else:
            self._start(self._judge_data(event))

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._note_done)

    def _note_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (exc := task.exception()):
            log.debug("a document was judged after its page was gone: %s", exc)

    async def _pass_on(self, event: dict[str, Any]) -> None:
        """Give the page's script its answer, unless its site said "not now": then the script may not ask again."""
        request, cdp = {"requestId": event["requestId"]}, self.cdp
        url, status = event["request"]["url"], event.get("responseStatusCode", 0)
        headers = [(item["name"], item["value"]) for item in event.get("responseHeaders", ())]
        if says_not_now(status, {name.lower(): value for name, value in headers}):
            body = b""
            with contextlib.suppress(Error):  # an answer without a body
                values = await cdp.send("Fetch.getResponseBody", request)
                body = base64.b64decode(values["body"]) if values["base64Encoded"] else values["body"].encode()
            of_the_body = [pair for pair in headers if pair[0].lower() not in NOT_OF_THE_BODY]
            if self.proxy.judge_answer(url, status, of_the_body, body):
                await cdp.send("Fetch.failRequest", {**request, "errorReason": "Aborted"})
                return
        await cdp.send("Fetch.continueRequest", request)

    async def _judge_data(self, event: dict[str, Any]) -> None:
        """Let a script ask its page's own site for what robots.txt allows; requests to other sites pass unchanged."""
        url, request = event["request"]["url"], {"requestId": event["requestId"]}
        forbidden = self._leads_on(event.get("networkId", event["requestId"]))
        if not forbidden and urlsplit(url).scheme in {"http", "https"} and site(url) == self.proxy.budget.home:
            forbidden = (await self._may_visit(url) or await self._turn(url)) is not None
        if forbidden:
            self.data_denied += 1
            await self.cdp.send("Fetch.failRequest", {**request, "errorReason": "BlockedByClient"})
        else:
            await self.cdp.send("Fetch.continueRequest", request)

    def _leads_on(self, chain: str) -> bool:
        """Count one more request of a chain; return whether it exceeds the limit."""
        self._hops[chain] += 1
        return self._hops[chain] > HOPS

    async def _judge(self, event: dict[str, Any]) -> None:
        url, main = event["request"]["url"], event["frameId"] == self._main_frame
        request, cdp = {"requestId": event["requestId"]}, self.cdp
        why: Exception | None
        if urlsplit(url).scheme not in {"http", "https"}:
            why = AddressRefused(f"{url}: not an http address")
        elif not main and not _same_site(url, self.page.url):
            why = FrameRefused(url)
        elif main and self.stays and url.partition("#")[0] != self.stays:
            why = LeftPage(url)
        elif main and self.arrived and self.proxy.budget.spent:
            why = BudgetSpent(url)  # the proxy's refusal would stand in the place of the page
        elif self._leads_on("page" if main else "frames"):
            why = LedOn(url)
        else:
            why = await self._may_visit(url) or await self._turn(url)
        if why is None:
            self.restless |= main and self.arrived
            await cdp.send("Fetch.continueRequest", request)
            return
        self.denied.append(RefusedDocument(url, why, main))
        if main and self.arrived:
            # "No content" leaves the document that stands there, where a failure would put an error page in its place.
            await cdp.send("Fetch.fulfillRequest", {**request, "responseCode": 204})
        else:
            await cdp.send("Fetch.failRequest", {**request, "errorReason": "BlockedByClient"})


def _same_site(value: str, other: str) -> bool:
    return urlsplit(value).scheme == urlsplit(other).scheme and site(value) == site(other)
