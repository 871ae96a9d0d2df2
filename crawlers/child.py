"""The process that crawls: ``python -m crawlers.child PARENT FD`` with a CrawlJob on standard input, started by
``crawlers.crawl_run``.

It is a process of its own because Twisted's reactor starts only once, because a page may crash it, and because a process can
always be ended. It ends with its parent, writes all results into the frontier and reports progress as JSON lines.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
from scrapy.crawler import AsyncCrawlerProcess

from crawlers.fetch.scrapy_settings import CrawlOptions, scrapy_settings
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.visits import CrawlJob
from crawlers.sources.source import Source
from crawlers.spiders.base_spider import BaseSpider
from crawlers.spiders.board import BoardSpider
from crawlers.spiders.channel import ChannelSpider
from crawlers.spiders.feed import FeedSpider
from crawlers.spiders.forum import ForumSpider
from crawlers.spiders.json_api import JsonApiSpider

SPIDERS: dict[str, type[BaseSpider]] = {
    "board": BoardSpider,
    "feed": FeedSpider,
    "channel": ChannelSpider,
    "forum": ForumSpider,
    "json_api": JsonApiSpider,
}
PIPELINES = {
    "crawlers.evidence.visit_pipelines.ValidatePipeline": 100,
    "crawlers.evidence.visit_pipelines.EvidencePipeline": 200,
    "crawlers.evidence.visit_pipelines.WritePipeline": 300,
}
SPIDER_MIDDLEWARES = (
    "depth.DepthMiddleware",
    "httperror.HttpErrorMiddleware",
    "referer.RefererMiddleware",
    "start.StartSpiderMiddleware",
    "urllength.UrlLengthMiddleware",
)
"""Scrapy's own, all switched off: the frontier keeps depth, outcome and order, one Visit for a response."""
EXTENSIONS = ("corestats.CoreStats", "feedexport.FeedExporter", "logstats.LogStats", "spiderstate.SpiderState")
"""Scrapy's own counters and exports, called for every response: the frontier counts and keeps."""
RETRIED = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
"""What the aiohttp handler raises; Scrapy's list loads Twisted's HTTP client for one name more, a tenth of a start-up."""
PR_SET_PDEATHSIG = 1


def settings_of(source: Source, options: CrawlOptions, seconds: int) -> dict[str, Any]:
    """Return the settings of a run: those of ``crawlers.fetch.scrapy_settings`` with a run's frontier, pipelines and limits."""
    settings = scrapy_settings(source, options)
    off = {f"scrapy.spidermiddlewares.{name}": None for name in SPIDER_MIDDLEWARES}
    middlewares = settings["DOWNLOADER_MIDDLEWARES"] | {
        "crawlers.fetch.middlewares.politeness.ConditionalMiddleware": 500,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the walk keeps to its source's site itself, and counts
    }
    return settings | {
        "SCHEDULER": "crawlers.frontier.scheduler.FrontierScheduler",
        "ITEM_PIPELINES": PIPELINES,
        "SPIDER_MIDDLEWARES": off,
        "DOWNLOADER_MIDDLEWARES": middlewares,
        "CONCURRENT_ITEMS": 1,  # one Visit for a response; each worker beyond it is a task for nothing
        "DOWNLOADER_STATS": False,  # sizes of headers nobody reads; the scheduler counts requests
        "EXTENSIONS": settings["EXTENSIONS"] | {f"scrapy.extensions.{name}": None for name in EXTENSIONS},
        "RETRY_EXCEPTIONS": RETRIED,
        "CLOSESPIDER_TIMEOUT": seconds,
        "CLOSESPIDER_PAGECOUNT": 0,  # counted over all processes of a run by the scheduler
    }


def die_with_parent(parent: int) -> None:
    """Let the kernel end this process when its parent ends (Linux; elsewhere writing progress fails)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def main(progress_fd: int) -> None:
    """Crawl until the frontier is empty or a limit is met."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=CrawlJob)
    source = Source.model_validate_json(job.source, by_alias=True)
    frontier = Frontier.open_at(Path(job.folder), check=False, identity=source.identity, shared=job.shared)
    os.set_blocking(progress_fd, False)
    process = AsyncCrawlerProcess(settings_of(source, job.options, job.seconds), install_root_handler=False)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    gc.freeze()  # what is loaded stays; looking through it again and again costs a tenth of a run
    process.crawl(SPIDERS[source.crawl.spider], source=source, frontier=frontier, progress_fd=progress_fd, watched=job.watched)
    process.start()
    frontier.close()
    logging.shutdown()
    os._exit(0)  # all is written; taking a Python with a whole crawl in it apart takes longer than sealing the run


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    main(int(sys.argv[2]))
