"""Politeness: how long to wait between two requests to one host, how to obey "not now", and no page sent twice unchanged.

The delay of a host is the largest of the source's own, the Crawl-delay of its robots.txt and the time it takes to answer. A
short Retry-After is waited for once per host; a longer one, or a second, ends the run as blocked (`middlewares/blocks.py`).
What a rendered page asks its own site for counts like the page itself (`handlers/rendered_fetch.py`).
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.fetch.scrapy_settings import TIMER_SLACK
from crawlers.frontier.visits import Validators, Visit

LONGEST_WAIT = 120.0
"""Seconds of Retry-After that are waited for within a run."""
SLOWEST = 60.0
"""The longest delay that a slow server causes, in seconds."""


class Pace:
    """The delays of one crawl's hosts, kept in Scrapy's download slots."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._own = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._least: dict[str, float] = {}
        self._paused_until: dict[str, float] = {}
        """Hosts whose Retry-After is or has been waited for -> its end, on the monotonic clock."""

    def at_least(self, host: str, seconds: float) -> None:
        """Keep at least ``seconds`` between two requests to ``host``, one at a time."""
        self._least[host] = max(self._least.get(host, self._own), seconds + TIMER_SLACK)
        downloader: Any = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": self._least[host], "concurrency": 1, "jitter": 0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.concurrency = max(slot.delay, self._least[host]), 1

    def wait_out(self, host: str, value: str) -> bool:
        """Start no request to ``host`` for the time a Retry-After of ``value`` asks for, and return True.

        Return False when the run does not wait: the time is longer than LONGEST_WAIT, unreadable, or has been waited for before.
        """
        seconds = retry_after(value, datetime.now(UTC))
        if seconds is None or seconds > LONGEST_WAIT or host in self._paused_until:
            return False
        self._paused_until[host] = time.monotonic() + seconds
        if slot := self._crawler.engine.downloader.slots.get(host):
            slot.delay = max(slot.delay, TIMER_SLACK)
            slot.lastseen = time.monotonic() + seconds - slot.delay
        assert self._crawler.stats
        self._crawler.stats.inc_value("politeness/retry_after")
        return True

    def pause_left(self, host: str) -> float:
        """Return for how many seconds no request to ``host`` may start; 0 when it may."""
        return max(0.0, self._paused_until.get(host, 0.0) - time.monotonic())

    def delay(self, host: str) -> float:
        """Return the seconds between two requests to ``host``."""
        slot = self._crawler.engine.downloader.slots.get(host)
        return max(self._least.get(host, self._own), slot.delay if slot else 0.0)

    def follow_answer(self, host: str, seconds: float) -> None:
        """Adapt the delay to a server that takes ``seconds`` to answer: it grows at once and shrinks by half of the
        difference."""
        least = self._least.get(host, self._own)
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot and least:
            wanted = min(max(least, seconds), SLOWEST)
            slot.delay = max(wanted, (slot.delay + wanted) / 2, least)


_PACES: WeakKeyDictionary[Crawler, Pace] = WeakKeyDictionary()


def pace_of(crawler: Crawler) -> Pace:
    """Return the pace all components of ``crawler`` share."""
    if crawler not in _PACES:
        _PACES[crawler] = Pace(crawler)
    return _PACES[crawler]


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date), None when it says nothing."""
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def says_not_now(status: int, headers: Mapping[str, str]) -> bool:
    """Return whether an answer asks us to come later; ``headers`` has lower-case names."""
    return status == 429 or (status == 503 and "retry-after" in headers)


class PolitenessMiddleware:
    """Follows each host's pace and waits for a short Retry-After."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pace = pace_of(crawler)
        self._unhurried = crawler.settings.getfloat("DOWNLOAD_DELAY") > 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PolitenessMiddleware":
        """Return the middleware for ``crawler``, as Scrapy asks for it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Return the response, or the same request to be sent again after the wait the server asked for."""
        host = request.meta.get("download_slot", "")
        if response.status in {429, 503} and (value := response.headers.get("Retry-After")):
            if request.meta.pop("waits_out", False) or self._pace.wait_out(host, value.decode("latin-1")):
                return request.replace(dont_filter=True, priority=request.priority + 1)
        elif self._unhurried and response.status < 400:
            self._pace.follow_answer(host, request.meta.get("download_latency", 0.0))
        return response


class ConditionalMiddleware:
    """Conditional GET (RFC 9110, section 13): a page that an earlier run kept is sent only if it has changed.

    The earlier run's validators travel in ``request.meta["validators"]``. An answer of 304 lets the spider take that run's
    postings over, with captures that point into its partition.
    """

    def process_request(self, request: Request) -> None:
        """Set the headers; a rendered page is always fetched whole, because its scripts may bring news."""
        known: Validators | None = request.meta.get("validators")
        if known is None or request.meta.get("render"):
            return
        if known.etag:
            request.headers.setdefault("If-None-Match", known.etag)
        if known.modified:
            request.headers.setdefault("If-Modified-Since", known.modified)


def validators_of(visit: Visit, run_id: str) -> Validators | None:
    """Return what a later run may know of the visit's page; a page taken over keeps what it had."""
    if not visit.keep or visit.response is None or visit.outcome != "ok":
        return visit.validators
    assert visit.capture and visit.sha256, "evidence comes before the write"
    return Validators(
        etag=_header(visit.response, "ETag"),
        modified=_header(visit.response, "Last-Modified"),
        run=run_id,
        record_id=visit.capture,
        sha256=visit.sha256,
        fetched_at=visit.at,
        postings=tuple(posting.id for posting in visit.postings),
        steps=tuple(step for step in visit.steps if step.role != "image"),
        listed=visit.listed,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
