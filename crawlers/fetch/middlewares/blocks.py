"""Detects when a site refuses us and ends the run as blocked: it is reported, never bypassed, and never taken for a small
success.

Reasons in reports: ``http_<status>`` (401, 402, 403, 407, 429, 451), ``login_wall``, ``captcha`` (a page that asks whether one
is human), ``error_body`` (success by status, an error by content), ``empty_body``, ``retry_after`` (503 with a wait longer
than a run allows), ``host_hold`` (the host told another run to come later than this one would wait;
``handlers/host_turns.py``). Targets of redirects come back through the engine, so robots.txt and the address guard judge them
like any other address.
"""

import asyncio
import html
import json
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response, TextResponse

from crawlers.fetch.middlewares.block_signs import (
    CHALLENGE,
    DECISIVE_CHALLENGE,
    ERROR_WORDS,
    FAILED,
    LOGIN_SEGMENTS,
    LOGIN_WORDS,
    PASSWORD,
    WIDGET,
)
from foundation.crawl_errors import Blocked

log = logging.getLogger(__name__)

REFUSALS = frozenset({401, 402, 403, 407, 429, 451})
THIN = 700
"""A page with a challenge or a log-in form and fewer characters of visible text is a wall."""
THIN_LINKS = 25
SHORT_ERROR = 2_500
"""Characters of visible text an error page may have (some tell a story); its title must say so all the same."""
SMALL_JSON = 4_096
FEEDS = frozenset({"rss", "feed", "urlset", "sitemapindex", "rdf:rdf"})
NAMED_WITHIN = 65_536
"""Characters within which a page says its title and first heading."""
ERROR_HEAD = 4_096
"""Bytes within which an error page names itself."""

_ROOT = re.compile(r"<([a-z][\w:]*)", re.IGNORECASE)
# The pages are hostile: each pattern stops at the next "<", so that none can be made to read a page again and again.
_HIDDEN = re.compile(r"<(?:(script|style|template|svg|head)\b|!--)", re.IGNORECASE)
_ENDS = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "template", "svg", "head")} | {
    "": re.compile("-->")
}
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})</title", re.IGNORECASE)
_HEADING = re.compile(r"<h[12][^<>]{0,200}>(.{0,400}?)</h[12]", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<a\s", re.IGNORECASE)


def block_reason(status: int, headers: Mapping[str, str], body_text: str, url: str) -> str | None:
    """Return why the answer is a refusal, None when it is a page; ``headers`` has lower-case names."""
    if status in REFUSALS:
        return f"http_{status}"
    if headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action") in {"challenge", "captcha"}:
        return "captcha"
    if status == 503 and "retry-after" in headers:
        return "retry_after"
    if status >= 300 or status in {204, 205}:
        return "captcha" if status >= 400 and DECISIVE_CHALLENGE.search(body_text) else None
    text = body_text.strip()
    if not text:
        return "empty_body"
    if text[0] in "{[":
        return "error_body" if len(text) <= SMALL_JSON and _json_error(text) else None
    root = _ROOT.search(text[:ERROR_HEAD])
    if '"JobPosting"' in text or (root and root.group(1).lower() in FEEDS):
        return None
    return _page_reason(text, url)


def is_login_address(url: str) -> bool:
    """Return whether a whole segment of the path of ``url`` is where people log in."""
    segments = urlsplit(url).path.lower().strip("/").split("/")
    return any(segment in LOGIN_SEGMENTS for segment in segments[:3])


def stop_as_blocked(crawler: Crawler, url: str, reason: str, response: Response | None, detail: str = "") -> Blocked:
    """Note the reason, end the run, and return the error to raise, with ``response`` as evidence."""
    assert crawler.stats and crawler.engine
    if crawler.stats.get_value("blocked/reason") is None:
        crawler.stats.set_value("blocked/reason", reason)
        crawler.stats.set_value("blocked/url", url)
        log.warning("%r refuses us: %s; the run ends as blocked", url, reason)
        task = asyncio.ensure_future(crawler.engine.close_spider_async(reason="blocked"))
        task.add_done_callback(_log_failure)
    return Blocked(url, reason, response, detail)


class BlocksMiddleware:
    """Raises Blocked on the first answer that refuses us; the run then ends with the finish reason ``blocked``."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BlocksMiddleware":
        """Return the middleware for ``crawler``, as Scrapy asks for it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response when it is a page; raise Blocked when it is a refusal."""
        if request.meta.get("robots_fetch") or not _suspicious(response):
            return response
        if request.meta.get("image"):  # the pages were read: no more pictures are asked for, and the run goes on
            if response.status in REFUSALS or response.status == 503:
                raise Blocked(response.url, f"http_{response.status}", response)
            return response
        headers = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in response.headers.items() if values
        }
        text = response.text if isinstance(response, TextResponse) else response.body.decode("utf-8", "replace")
        if reason := block_reason(response.status, headers, text, response.url):
            raise stop_as_blocked(self._crawler, response.url, reason, response)
        return response


def _suspicious(response: Response) -> bool:
    """Return whether the answer needs a closer look; costs microseconds on a normal page."""
    body = response.body
    if response.status != 200 or b"Cf-Mitigated" in response.headers or b"X-Amzn-Waf-Action" in response.headers:
        return response.status != 304
    if len(body) <= ERROR_HEAD:
        return True
    if b'"JobPosting"' in body or not isinstance(response, TextResponse):
        return False
    if is_login_address(response.url) or PASSWORD.search(body) or CHALLENGE.search(body):
        return True
    title = _TITLE.search(body[:ERROR_HEAD].decode("utf-8", "replace"))
    return title is not None and bool(ERROR_WORDS.match(_strip_markup(title.group(1))) or LOGIN_WORDS.search(title.group(1)))


def _page_reason(text: str, url: str) -> str | None:
    shown, hidden = _visible_markup(text)
    title, heading = _first(_TITLE, text[:NAMED_WITHIN]), _first(_HEADING, shown[:NAMED_WITHIN])
    visible = _strip_markup(shown)
    thin = len(visible) < THIN and len(_LINK.findall(shown)) < THIN_LINKS
    machinery = _TITLE.sub(" ", " ".join((*hidden, *_TAG.findall(shown)))).encode("utf-8", "replace")
    decisive = len(visible) < SHORT_ERROR and DECISIVE_CHALLENGE.search(text)
    if decisive or (thin and CHALLENGE.search(machinery) and (ERROR_WORDS.match(title) or _asks_visitor(title, visible, shown))):
        return "captcha"
    password = bool(PASSWORD.search(machinery))
    says_login = bool(LOGIN_WORDS.search(title) or LOGIN_WORDS.search(heading))
    asks_login = says_login or (password and LOGIN_WORDS.search(visible))
    nothing_else = thin and (password or len(visible) < THIN // 2)
    called_login = password and LOGIN_WORDS.search(title) and len(visible) < 2 * THIN  # languages and a footer stand beside
    if called_login or (is_login_address(url) and (password or says_login)) or (nothing_else and asks_login):
        return "login_wall"
    return "error_body" if _names_error(title, heading, visible) else None


def _names_error(title: str, heading: str, visible: str) -> bool:
    """Tell whether a short page is called an error, or a very short one begins as one."""
    if len(visible) < SHORT_ERROR and any(ERROR_WORDS.match(part) for part in (title, heading)):
        return True
    return len(visible) < THIN // 2 and ERROR_WORDS.match(visible) is not None


def _visible_markup(text: str) -> tuple[str, list[str]]:
    """Return the markup a reader sees the text of, and the parts they do not: scripts, styles, comments, the head. What stands
    for browsers without scripts is what we see."""
    entries, hidden, at = [], [], 0
    while begin := _HIDDEN.search(text, at):
        end = _ENDS[(begin.group(1) or "").lower()].search(text, begin.end())
        entries.append(text[at : begin.start()])
        at = end.end() if end else len(text)
        hidden.append(text[begin.start() : at])
    entries.append(text[at:])
    return " ".join(entries), hidden


def _asks_visitor(title: str, visible: str, shown: str) -> bool:
    """Return whether a short text is only about checking the visitor: it says so, shows the box to tick, or there is neither text
    nor title. What a script has still to draw has a title and no box."""
    short = len(visible) < THIN // 4
    return (
        (short and (not title or WIDGET.search(shown) is not None))
        or ERROR_WORDS.match(visible) is not None
        or "captcha" in visible.lower()
    )


def _json_error(text: str) -> bool:
    try:
        answer = json.loads(text)
    except ValueError:
        return False
    if not isinstance(answer, dict):
        return False
    if any(isinstance(value, list) and value for key, value in answer.items() if key not in {"errors", "error"}):
        return False
    return any(_says_no(key.lower(), value) for key, value in answer.items())


def _says_no(key: str, value: Any) -> bool:
    if key in {"error", "errors", "exception", "err"}:
        return bool(value)
    if key in {"success", "ok"}:
        return value is False
    if key in {"status", "result", "state"} and isinstance(value, str):
        return value.lower() in FAILED
    if key in {"status", "code", "statuscode", "status_code", "errcode", "error_code"} and isinstance(value, int):
        return 400 <= value < 600
    return False


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return _strip_markup(match.group(1)) if match else ""


def _strip_markup(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _log_failure(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and (exc := task.exception()):
        log.error("ending a blocked run: %s", exc)


class RedirectsMiddleware(RedirectMiddleware):
    """Follows at most REDIRECT_MAX_TIMES redirects to http and https addresses."""

    def _engine_started(self) -> None:
        """Do nothing: Scrapy looks here for its referer middleware, and we send no referer."""

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Drop the referer: the site need not know where we came from."""
        request.headers.pop("Referer", None)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the request that a redirect leads to, the response when it is none; raise Blocked at a log-in wall."""
        self._answer = response
        return super().process_response(request, response)

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if is_login_address(redirected.url) and not is_login_address(request.url):
            raise stop_as_blocked(self.crawler, redirected.url, "login_wall", self._answer)
        return super()._redirect(redirected, request, reason)
