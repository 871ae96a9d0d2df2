"""Scrapy's scheduler over the frontier: leases steps, collects their visits, and writes several visits at once.

At most ``HAND`` steps are leased and not yet written, so a kill costs at most that many repeated requests.
"""

import os
import time
from collections import deque
from datetime import timedelta
from typing import Any

from pysqlite3 import dbapi2 as sqlite
from scrapy import Request, signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from crawlers.fetch.handlers.host_turns import turns_of
from crawlers.frontier import list_coverage
from crawlers.frontier.frontier_store import FULL_EVERY, Frontier, Lease
from crawlers.frontier.revisits import SHARE
from crawlers.frontier.visits import Visit
from crawlers.sources.page_steps import steps_on
from foundation.crawl_errors import LeaseLost

ENDED = {
    "closespider_timeout": "the time limit",
    "closespider_timeout_no_item": "the time limit",
    "memusage_exceeded": "the memory limit",
    "shutdown": "a signal",
    "cancelled": "a signal",
}
"""Scrapy's finish reasons in words for the operator."""
HAND = 8
BATCH = 4
"""Visits written together while requests are flowing: one fsync for four pages."""
PATIENCE = 0.2
"""Seconds after which a visit is written even if it is alone."""


class FrontierScheduler:
    """Gives the engine its next request."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._turns = turns_of(crawler)
        self._ready: deque[Request] = deque()
        self._written: list[Visit] = []
        self._out = 0
        """Steps leased and not yet committed."""
        self._queued = True
        self._requests = 0
        """Sent since the last commit, robots.txt and retries included."""
        self._last = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "FrontierScheduler":
        """Make the scheduler of a crawler whose spider carries its frontier."""
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler._send_visits, signals.request_reached_downloader)
        crawler.signals.connect(scheduler._spider_error, signals.spider_error)
        crawler.signals.connect(scheduler._item_error, signals.item_error)
        return scheduler

    def open(self, spider: Any) -> None:
        """Lease the first steps."""
        self._spider = spider
        spider.scheduler = self
        self._frontier: Frontier = spider.frontier
        run = self._frontier.run()
        assert run is not None
        self.run_id = run.run_id
        self._left = spider.source.access.requests_per_run - self._frontier.count_done()
        self._revisited = False
        self._settle()

    def close(self, reason: str) -> None:
        """Write the remaining visits; keep a reason other than an empty queue for the report."""
        self._settle(lease=False)
        if refused := self._crawler.stats.get_value("blocked/reason"):
            self._frontier.end(blocked=str(refused))
        elif reason != "finished":
            self._frontier.end(ended=ENDED.get(reason, reason))

    def has_pending_requests(self) -> bool:
        """Whether anything is queued, or in hand and not yet written."""
        return bool(self._ready or self._written or self._queued)

    def halt(self, reason: str) -> None:
        """Lease no more steps: the site refuses us."""
        self._frontier.end(blocked=reason)
        self._left, self._queued = 0, False
        self._out -= len(self._ready)
        self._ready.clear()

    def halt_images(self) -> None:
        """Lease no more pictures: their host refuses us."""
        kept = [request for request in self._ready if not request.meta.get("image")]
        self._out -= len(self._ready) - len(kept)
        self._ready = deque(kept)
        self._frontier.drop_images()

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that a middleware made of another one (redirect, retry); it belongs to the same leased step."""
        self._ready.appendleft(request)
        return True

    def next_request(self) -> Request | None:
        """Return the next request; None while as many as allowed are in progress."""
        if not self._ready and (len(self._written) >= BATCH or self._out == len(self._written)):
            self._settle()
        return self._ready.popleft() if self._ready else None

    def take_visit(self, visit: Visit) -> None:
        """Take a visit to be written."""
        self._written.append(visit)
        if time.monotonic() - self._last > PATIENCE:
            self._settle()

    def _settle(self, *, lease: bool = True) -> None:
        want = min(HAND - self._out + len(self._written), self._left) if lease else 0
        try:
            waited = self._turns.whole_seconds_waited()
            leased = self._frontier.commit(self._written, requests=self._requests, lease=want, waited=waited)
        except (OSError, sqlite.Error, LeaseLost) as exc:
            self._spider.stop(exc)
            raise
        if want > 0 and not leased and self._out == len(self._written):
            leased = self._lease_again(want) or self._lease_revisits(want)
        self._requests = 0
        self._out += len(leased) - len(self._written)
        self._left -= len(leased)
        self._queued = lease and 0 < want == len(leased)
        if lease and self._left == 0 and self._frontier.count_waiting_pages() > self._out:
            self._frontier.end(ended="access.requests_per_run")
        self._spider.report(self._written)
        self._written = []
        self._last = time.monotonic()
        self._ready.extend(self._request(lease) for lease in leased)

    def _lease_again(self, want: int) -> list[Lease]:
        """Return the heads of lists that may have moved while they were read, when the requests last for all of them."""
        heads = list_coverage.find_heads(self._frontier)
        return self._frontier.commit([], requests=0, lease=want, steps=heads) if heads and len(heads) <= self._left else []

    def _lease_revisits(self, want: int) -> list[Lease]:
        """Return the first of the adverts to revisit, once a run: everything its lists led to is done."""
        if self._revisited or self._spider.source.crawl.spider != "board":
            return []
        self._revisited = True
        limit = min(self._left, self._spider.source.access.requests_per_run // SHARE)
        retention = timedelta(days=self._spider.source.retention_days)
        offered = self._frontier.offer_revisits(
            self._spider.now(), watched=self._spider.watched, limit=limit, retention=retention
        )
        return self._frontier.commit([], requests=0, lease=want) if offered else []

    def _request(self, leased: Lease) -> Request:
        spider, step = self._spider, leased.step
        meta: dict[str, Any] = {"row": leased.row, "step": step, "known": leased.validators}
        known = leased.validators
        too_deep = known is not None and known.listed is not None and known.listed.deeper  # the limit may be another now
        if known and not too_deep and spider.now() - known.fetched_at < FULL_EVERY:
            meta["validators"] = known
        crawl = spider.source.crawl
        if step.role == "image":
            meta.update(image=True, download_maxsize=crawl.images.bytes)
        elif crawl.render and step.role != "sitemap":
            meta.update(crawl.rendering_on(step.role), steps=steps_on(crawl.steps, step.role))
        return Request(step.url, callback=spider.parse, errback=spider.handle_failure, meta=meta, dont_filter=True)

    def _send_visits(self) -> None:
        self._requests += 1

    def _spider_error(self, failure: Failure, response: Any, spider: Any) -> None:
        request = response.request
        self.take_visit(spider.make_failed_visit(request, f"error/{type(failure.value).__name__}"))

    def _item_error(self, item: Visit, failure: Failure) -> None:
        if isinstance(failure.value, OSError | sqlite.Error | LeaseLost):
            os._exit(1)  # stop() could not: nothing may go on after a write that failed
        lost = Visit(row=item.row, step=item.step, outcome=f"error/{type(failure.value).__name__}", at=item.at)
        self.take_visit(lost)
