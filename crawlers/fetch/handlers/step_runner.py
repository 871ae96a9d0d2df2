"""Carries out the steps of a source on the page in the browser, within its limits.

Clicks are those of a mouse: what is hidden, covered or disabled is not clicked. A click that would open another page is
refused and reported. Requests after a click pass guard, robots.txt and the "not now" rule like all others.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from playwright.async_api import Locator
from playwright.async_api import TimeoutError as BrowserTimeout

from crawlers.fetch.handlers.page_ready import ANSWER_SECONDS, quiet, scroll_to_end, shows_in
from crawlers.fetch.handlers.site_pages import LeftPage, SitePage
from crawlers.fetch.middlewares.block_signs import CHALLENGE, LOGIN_WORDS
from crawlers.fetch.middlewares.blocks import is_login_address
from crawlers.sources.page_steps import UNTIL_GONE, NumberedSteps, PageStep, StepResult

WAIT_FOR_SECONDS = 10.0
CLICK_SECONDS = 10.0
"""Within which an element must be where a mouse can reach it."""
GROWTH_SECONDS = 1.5
"""Seconds within which a click must change something after the last request has ended."""

_STATE = """() => {
    const seen = (e) => { const box = e.getBoundingClientRect(); return box.width > 0 && box.height > 0; };
    const count = (css) => Array.from(document.querySelectorAll(css)).filter(seen).length;
    const body = document.body;
    return [document.getElementsByTagName("*").length, body ? body.innerText.length : 0, body ? body.scrollHeight : 0,
        count("input[type=password]"),
        count("iframe[src*=captcha], iframe[src*='challenges.cloudflare'], .g-recaptcha, .h-captcha, .cf-turnstile")];
}"""


class StepLimits(NamedTuple):
    """What all steps of one page may cost together."""

    clicks: int
    seconds: float


Pause = Callable[[], Awaitable[None]]
"""Waits between two clicks as long as the source waits between two requests."""


class _StepEnd(Exception):
    """A step that ends here, and why."""

    def __init__(self, problem: str, *, wall: bool = False) -> None:
        super().__init__(problem)
        self.wall = wall


async def carry_out(site_page: SitePage, steps: NumberedSteps, limits: StepLimits, pause: Pause) -> list[StepResult]:
    """Return the result of each step; a wall ends all of them, a step that finds nothing ends only itself."""
    visitor = _Visitor(site_page, limits, pause)
    results: list[StepResult] = []
    site_page.stays = site_page.page.url.partition("#")[0]
    try:
        async with site_page.time_limit(limits.seconds):
            for number, step in steps:
                result = await visitor.take(number, step)
                results.append(result)
                if visitor.wall:
                    break
    except TimeoutError:
        number, step = steps[len(results)]
        why = f"not done within {limits.seconds:g} s (crawl.limits.step_seconds)"
        results.append(StepResult(number=number, done=visitor.done, problem=why, counts=not step.optional))
    finally:
        site_page.stays = ""
    return results


class _Visitor:
    def __init__(self, site_page: SitePage, limits: StepLimits, pause: Pause) -> None:
        self._site = site_page
        self._page = site_page.page
        self._clicks = limits.clicks
        self._pause = pause
        self.wall = False
        self.done = 0
        """What the step at hand has done so far."""

    async def take(self, number: int, step: PageStep) -> StepResult:
        """Return the result of a step."""
        self.done = 0
        try:
            if step.scroll:
                self.done = await scroll_to_end(self._site)
            elif step.wait_for:
                if not await shows_in(self._site, step.wait_for, WAIT_FOR_SECONDS):
                    raise _StepEnd(f"nothing matched within {WAIT_FOR_SECONDS:g} s")
                self.done = 1
            else:
                await self._click(step)
        except _StepEnd as stopped:
            self.wall = stopped.wall
            counts = stopped.wall or not step.optional
            return StepResult(number=number, done=self.done, problem=str(stopped), counts=counts)
        return StepResult(number=number, done=self.done)

    async def _click(self, step: PageStep) -> None:
        until_gone = step.times == UNTIL_GONE
        target = self._page.locator(f"css={step.click}").locator("visible=true").first
        while until_gone or self.done < int(step.times):
            element = await target.evaluate(LOOK) if await target.count() else None
            if element is None or element["disabled"]:
                if self.done and until_gone:
                    return
                raise _StepEnd("nothing visible matched" if element is None else "it is disabled")
            if wall := wall_behind(element):
                raise _StepEnd(f"{wall} stands behind it, which is reported and never clicked", wall=True)
            if self._clicks <= 0:
                raise _StepEnd("the clicks of a page are used up (crawl.limits.clicks)")
            if self.done:
                await self._pause()
            if not await self._changed_by(target):
                if self.done > 1 and until_gone:
                    return  # it stays when there is no more; what is missing, the list itself says
                raise _StepEnd("it was clicked and nothing changed")

    async def _changed_by(self, target: Locator) -> bool:
        """Click; return whether the page changed. A wall that comes up, or another page, stops the step."""
        before, refused = await self._state(), len(self._site.denied)
        self._clicks -= 1
        try:
            await target.click(timeout=CLICK_SECONDS * 1000)
        except BrowserTimeout as exc:
            covered = "intercepts pointer events" in exc.message
            why = "something covers it: click that away first" if covered else "a mouse cannot reach it"
            raise _StepEnd(why) from exc
        self.done += 1
        state = await self._await_quiet(before)
        if led := [denied.url for denied in self._site.denied[refused:] if isinstance(denied.why, LeftPage)]:
            wall = is_login_address(led[0])
            what = "a log-in wall" if wall else "another page: name it in crawl.follow or crawl.next"
            raise _StepEnd(f"it leads to {led[0][:200]}, {what}", wall=wall)
        for at, name in ((3, "a log-in"), (4, "a CAPTCHA")):
            if state[at] > before[at]:
                raise _StepEnd(f"{name} came up after the click, which is reported and never answered", wall=True)
        return state != before

    async def _await_quiet(self, before: Sequence[Any]) -> Sequence[Any]:
        """Return the state of the page when it is quiet and has changed, or when the time is over."""
        await quiet(self._site)
        state = await self._state()
        started = idle_since = time.monotonic()
        held = self._site.held
        while state == before and time.monotonic() - idle_since < GROWTH_SECONDS:
            if self._site.pending and time.monotonic() - started - (self._site.held - held) < ANSWER_SECONDS:
                idle_since = time.monotonic()
            await asyncio.sleep(0.1)
            state = await self._state()
        if state == before:
            return state
        await quiet(self._site)
        return await self._state()

    async def _state(self) -> Sequence[Any]:
        state: Sequence[Any] = await self._page.evaluate(_STATE)
        return state


SHORT = 600
"""Characters of a dialogue or form around an element whose words are taken for a question to the visitor."""
_LOGIN_NAMES = re.compile(r"(?<![a-z])(?:log-?_?in|sign-?_?in|need-?_?auth|auth-?_?(?:required|modal|popup))(?![a-z])", re.I)
_HUMAN = re.compile(
    r"captcha|not a robot|(?:are|you(?:'|’)re) (?:you )?(?:a )?human|mã xác nhận|mã bảo vệ|验证码|驗證碼|滑动验证|人机|"
    r"ไม่ใช่หุ่นยนต์|bukan robot|no soy un robot|não sou um rob|я не робот",
    re.I,
)
_AGE = re.compile(
    r"\b(?:18|19|20|21) ?\+|\b(?:over|at least|older than) (?:18|21)\b|\b(?:18|21) (?:years|or older|or over)|\blegal age\b|"
    r"\bage (?:check|verif|confirm|gate)|(?:trên|đủ|hơn) (?:18|21)|满 ?18|滿 ?18|อายุ[^.\n]{0,14}18|(?:18|21) tahun|"
    r"18 лет|mayor(?:es)? de (?:18|edad)|maior(?:es)? de (?:18|idade)|18 ans|majeur",
    re.I,
)
_IDENTITY = re.compile(
    r"verify (?:your |my )?(?:identity|account|phone)|identity (?:check|verif)|\bkyc\b|upload (?:your )?(?:id|passport)\b|"
    r"xác (?:minh|thực) (?:danh tính|tài khoản|số)|\bCCCD\b|实名|實名|身份(?:验证|驗證|认证)|ยืนยันตัวตน|"
    r"verifikasi (?:identitas|akun)|verific[ao]r? (?:su |tu |sua )?identida[dk]",
    re.I,
)

LOOK = """(e) => {
    const form = e.closest("form"), link = e.closest("a[href]"), box = e.closest("dialog,[role=dialog],[class*=modal],form");
    const words = [e.innerText, e.value, e.title, e.getAttribute("aria-label")].filter((t) => typeof t === "string" && t);
    return {words: words.join(" ").slice(0, 400), names: `${e.id} ${e.getAttribute("class") || ""}`.slice(0, 400),
        around: box ? (box.innerText || "").slice(0, 2000) : "", href: link ? link.href : "",
        password: !!(form && form.querySelector("input[type=password]")),
        disabled: e.disabled === true || e.getAttribute("aria-disabled") === "true"};
}"""
"""Script that returns the properties of an element that ``wall_behind`` judges."""


def wall_behind(element: dict[str, Any]) -> str:
    """Return which wall an element leads to: ``a log-in``, ``a CAPTCHA``, ``an age check``, ``an identity check``, or ""."""
    words, names, around = (str(element.get(name, "")) for name in ("words", "names", "around"))
    said = f"{words} {around if len(around) <= SHORT else ''}"
    if element.get("password") or is_login_address(str(element.get("href", ""))):
        return "a log-in"
    if LOGIN_WORDS.search(words) or _LOGIN_NAMES.search(names):
        return "a log-in"
    if _HUMAN.search(said) or CHALLENGE.search(names.encode("utf-8", "replace")):
        return "a CAPTCHA"
    if _AGE.search(said):
        return "an age check"
    return "an identity check" if _IDENTITY.search(said) else ""
