"""Last pipeline: hands each visit to the scheduler, which writes several visits in one transaction."""

from typing import Any

import msgspec
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.fetch.middlewares.conditional import validators_of
from crawlers.frontier.visits import Visit
from crawlers.sources import causes


class WritePipeline:
    """Adds what a later run needs to know about the page, and hands the visit to the scheduler."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WritePipeline":
        """Make one that writes through the crawler's scheduler."""
        return cls(crawler)

    def process_item(self, visit: Visit) -> Visit:
        """Return the visit as it was written, without its response."""
        spider: Any = self._crawler.spider
        scheduler = spider.scheduler
        validators, cause = validators_of(visit, scheduler.run_id), causes.cause_of_visit(visit)
        counted = visit.counted | _cost(visit.response)
        visit = msgspec.structs.replace(visit, validators=validators, cause=cause, response=None, counted=counted)
        scheduler.take_visit(visit)
        return visit


def _cost(response: Response | None) -> dict[str, int]:
    """Return what an answer adds to the run's counters: bytes of its body, and of a rendered page all bytes and milliseconds."""
    if response is None:
        return {}
    if "rendered_html" not in response.meta:
        return {"cost/bytes": len(response.body)}
    seconds = response.meta["download_latency"]
    return {"cost/bytes": response.meta["rendered_bytes"], "cost/browser_ms": round(1000 * seconds)}
