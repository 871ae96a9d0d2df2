"""Crawls a job's requests with the settings every source gets, and prints one JSON line per answer."""

import base64
import contextlib
import hashlib
import json
import resource
import sys
import time
from types import SimpleNamespace
from typing import Any

import psutil
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from crawlers.fetch.scrapy_settings import CrawlOptions, scrapy_settings
from crawlers.sources.source import Limits

JOB = json.load(sys.stdin)


def source() -> Any:
    """Return what the settings read of a source."""
    given = JOB.get("source", {})
    return SimpleNamespace(
        name="world",
        languages=["vi"],
        access=SimpleNamespace(delay_seconds=given.get("delay", 0.001), requests_per_run=100_000),
        crawl=SimpleNamespace(
            start=tuple(given.get("start", ["http://site.test/"])),
            limits=Limits(seconds=1500, rendered_requests=given.get("rendered_requests", 150)),
        ),
    )


class World(Spider):
    """Sends the job's requests and says what came of each."""

    name = "world"

    async def start(self) -> Any:
        for number, request in enumerate(JOB["requests"]):
            meta = {"i": request.get("id", number), "handle_httpstatus_list": [404, 410, 500, 503], **request.get("meta", {})}
            yield Request(request["url"], self.parse, errback=self.failed, dont_filter=True, meta=meta)

    def parse(self, response: Any) -> None:
        meta = response.meta
        if meta["i"] == JOB.get("kill_browser_at"):
            kill_browser()
        shot = meta.get("screenshot") or b""
        say(
            i=meta["i"], url=response.url, status=response.status, size=len(response.body), robots=meta.get("robots"),
            body=response.body[:3000].decode("utf-8", "replace"), sha=hashlib.sha256(response.body).hexdigest(),
            shot=base64.b64encode(shot[:8]).decode(), shot_size=len(shot), requests=meta.get("render_requests"),
            limits=meta.get("render_limits"), served=len(meta.get("served_html") or b""), latency=meta.get("download_latency"),
            ip=str(response.ip_address), rss=rss(),
        )  # fmt: skip

    def failed(self, failure: Any) -> None:
        request = failure.request
        say(
            i=request.meta["i"], url=request.url, error=failure.type.__name__, why=str(failure.value),
            robots=request.meta.get("robots"), rss=rss(),
        )  # fmt: skip


def say(**line: Any) -> None:
    sys.stdout.write(json.dumps({"cpu": time.process_time(), **line}) + "\n")
    sys.stdout.flush()


def kill_browser() -> None:
    """Kill the Chromium among our own descendants."""
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # dies while we look at it
            command = child.cmdline()
            if "--remote-debugging-pipe" in command and not any(part.startswith("--type=") for part in command):
                child.kill()


def rss() -> int:
    """Return the most memory this process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if JOB.get("trust"):  # the world's own certificate
    import crawlers.fetch.handlers.chromium

    crawlers.fetch.handlers.chromium.SWITCHES += ("--ignore-certificate-errors",)

if JOB.get("sites"):  # rendered at a time; pages of one site come one after another
    import crawlers.fetch.handlers.rendered_fetch

    crawlers.fetch.handlers.rendered_fetch.SITES = JOB["sites"]

if JOB.get("unguarded"):  # what the listeners would hear if the walls were not there
    import crawlers.fetch.handlers.chromium
    import crawlers.fetch.handlers.site_pages
    import foundation.address_guard

    foundation.address_guard.refusal = lambda ip: None
    crawlers.fetch.handlers.chromium.SWITCHES = ("--disable-gpu",)
    crawlers.fetch.handlers.chromium.BYPASS = crawlers.fetch.handlers.site_pages.BYPASS = ""
    crawlers.fetch.handlers.site_pages.HIDDEN_APIS = ""

options = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=JOB.get("loopback", False))
QUIET = {"LOG_LEVEL": "WARNING", "DOWNLOAD_VERIFY_CERTIFICATES": not JOB.get("trust")}
process = AsyncCrawlerProcess({**scrapy_settings(source(), options), **QUIET, **JOB.get("settings", {})})
crawler = process.create_crawler(World)
process.crawl(crawler)
process.start()
say(stats={key: value for key, value in crawler.stats.get_stats().items() if isinstance(value, (int, float, str))}, rss=rss())
