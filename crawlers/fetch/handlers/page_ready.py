"""Waiting for a page to be whole: quiet after its scripts, and at the end of an endless list."""

import asyncio
import time

from playwright.async_api import Error
from playwright.async_api import TimeoutError as BrowserTimeout

from crawlers.fetch.handlers.site_pages import SitePage

QUIET_MS = 250
QUIET_SECONDS = 5.0
"""The longest wait for a page that never stops changing itself."""
GROWTH_MS = 1_500
"""An endless list has this long to grow, and to ask for more, before it counts as ended."""
ANSWER_SECONDS = 15.0
"""The longest wait for what a click or scrolling made the page ask for: some pages keep a request open for ever."""
RESERVE_SECONDS = 5.0
"""Of a page's time, left for reading it: waiting for an answer never takes them."""
ROUNDS = 60
MOVES = 20
MOVED = ("Execution context was destroyed", "navigation", "navigating", "Cannot find context", "No frame")
"""What the browser says when the page has gone elsewhere meanwhile."""

_QUIET = """(quiet) => new Promise((done) => {
    let last = performance.now();
    const end = last + 2000;
    const watcher = new MutationObserver(() => { last = performance.now(); });
    watcher.observe(document, {subtree: true, childList: true, characterData: true});
    const look = () => {
        const now = performance.now();
        if (document.readyState === "complete" && now - last >= quiet || now >= end) { watcher.disconnect(); done(now < end); }
        else setTimeout(look, 25);
    };
    look();
})"""

_MARKUP = """(() => {
    const root = document.documentElement.outerHTML;
    if (root.length > %d) return null;
    return (document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "") + root;
})()"""

_SCROLL = """async (patience) => {
    const lists = () => [document.scrollingElement || document.documentElement, ...Array.from(document.querySelectorAll("*"))
        .filter((e) => e.scrollHeight > e.clientHeight + 50 && e.clientHeight > 200
            && ["auto", "scroll"].includes(getComputedStyle(e).overflowY)).slice(0, 5)];
    const size = () => document.getElementsByTagName("*").length + lists().reduce((sum, e) => sum + e.scrollHeight, 0);
    const before = size();
    for (const e of lists()) { e.scrollTop = e.scrollHeight; e.dispatchEvent(new Event("scroll", {bubbles: true})); }
    window.dispatchEvent(new Event("scroll"));
    // A list that watches its end learns of it when the next frame is drawn, which takes its time on a busy machine.
    const drawn = new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    await Promise.race([drawn, new Promise((next) => setTimeout(next, 4 * patience))]);
    const end = performance.now() + patience;
    while (performance.now() < end) {
        await new Promise((next) => setTimeout(next, 40));
        if (size() > before) return true;
    }
    return false;
}"""


async def quiet(site: SitePage) -> None:
    """Wait until the page has loaded, its scripts have stopped changing it and nothing is being fetched."""
    try:
        async with site.time_limit(QUIET_SECONDS):
            while not (await site.page.evaluate(_QUIET, QUIET_MS) and site.pending == 0):
                await asyncio.sleep(0.02)
    except TimeoutError:
        return
    except Error as exc:
        if not _moved_on(exc):
            raise
        await site.page.wait_for_load_state("domcontentloaded")


async def shows_in(site: SitePage, selector: str, seconds: float) -> bool:
    """Wait until the document has been read and an element matches ``selector``; return whether one came in time.

    The time begins again as long as requests of the page waited for their host's turn.
    """
    while True:
        held = site.held
        try:
            await site.page.locator(f"css={selector}").first.wait_for(state="attached", timeout=seconds * 1000)
            await site.page.wait_for_load_state("domcontentloaded", timeout=seconds * 1000)
        except BrowserTimeout:
            if site.held == held:
                return False
        else:
            return True


async def scroll_to_end(site: SitePage) -> int:
    """Scroll until nothing more comes, no answer is awaited and nothing waits for its host's turn; return how often it grew."""
    grown = 0
    last = time.monotonic()
    while grown < ROUNDS:
        held = site.held
        grew = bool(await site.page.evaluate(_SCROLL, GROWTH_MS))
        grown += grew
        if grew or site.held != held:
            last = time.monotonic()
        elif not site.pending or time.monotonic() - last > ANSWER_SECONDS or site.seconds_left() < RESERVE_SECONDS:
            break
    return grown


async def markup_of(site: SitePage, limit: int) -> str | None:
    """Return the document of the page; None when it is longer than ``limit`` characters, measured in the browser.

    It is read in an isolated world, where the page's scripts cannot change the result. A page that navigates is asked again
    until it is still.
    """
    for _ in range(MOVES):
        try:
            frame = (await site.cdp.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
            world = await site.cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "reader"})
            answer = await site.cdp.send(
                "Runtime.evaluate",
                {"expression": _MARKUP % limit, "contextId": world["executionContextId"], "returnByValue": True},
            )
        except Error as exc:
            if not _moved_on(exc):
                raise
        else:
            if "exceptionDetails" not in answer and "value" in answer["result"]:
                markup: str | None = answer["result"]["value"]
                return markup
        await asyncio.sleep(0.1)
    return await site.page.content()


def _moved_on(exc: Error) -> bool:
    """Return whether the page navigated away while it was looked at, as pages that redirect by script do."""
    return any(said in exc.message for said in MOVED)
