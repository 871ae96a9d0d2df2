"""The Scrapy settings of one source: every value that keeps a crawl polite, bounded and unable to reach inside.

Scrapy's defaults "are optimized for web scraping, not for the security posture" (its docs/topics/security.rst), so each unsafe
default is changed here, with the cause beside it. Speed settings come from measurement: ``benchmarks/`` holds the commands.
"""

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from crawlers.sources.setting_types import site
from foundation.url_template import fill_template

if TYPE_CHECKING:
    from crawlers.sources.source import Source

PAGE_BYTES = 10 * 2**20
"""No body, before or after decompression, is larger; Scrapy's own default is 1 GiB."""
DELAY_SECONDS = 2.0
"""Taken where a source that is not on loopback names no delay."""
TIMER_SLACK = 0.01
"""Event loop timers may fire a few milliseconds early; the server must still see the whole delay."""
PORTS = {"http": 80, "https": 443}


class CrawlOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator decides for every source alike."""

    user_agent: str
    """The name that every request carries, with the address of a page about the crawler."""
    allow_loopback: bool = False
    """Let a source whose start addresses are on 127.0.0.0/8 or ::1 be fetched: sample sites and tests only."""
    browser: str = ""
    """Chromium binary for rendered sources; found by itself when empty."""
    host_rates: str = ""
    """File or address in PostgreSQL of the rates all sources of a host share (``fetch/host_rates.py``); without one only the
    own pace is kept."""
    crawl_state: str = ""
    """PostgreSQL address where workers share queues, what earlier runs know, leases and rates; empty: the state folder."""


def start_origins(source: "Source") -> frozenset[tuple[str, int]]:
    """Return the (host, port) pairs of the source's start addresses, host in lower case without brackets."""
    origins = set()
    for address in source.crawl.start:
        parts = urlsplit(fill_template(address, 1, first=1, size=None))
        if parts.hostname and parts.scheme in PORTS:
            origins.add((parts.hostname, parts.port or PORTS[parts.scheme]))
    return frozenset(origins)


def scrapy_settings(source: "Source", options: CrawlOptions) -> dict[str, Any]:
    """Return the settings for one crawl of ``source``; they must be given at process level, before a crawler exists."""
    loopback = sorted(f"{host}:{port}" for host, port in start_origins(source)) if options.allow_loopback else []
    at_home = bool(loopback) and all(is_loopback(host) for host, _ in start_origins(source))
    delay = source.access.delay_seconds or (0.0 if at_home else DELAY_SECONDS)
    return {
        # What LureWatch's own components read.
        "LUREWATCH_LOOPBACK_ORIGINS": loopback,
        "LUREWATCH_BROWSER": options.browser,
        "LUREWATCH_HOST_RATES": options.host_rates,
        "LUREWATCH_SITES": sorted({site(fill_template(address, 1, first=1, size=None)) for address in source.crawl.start}),
        "LUREWATCH_LOCALE": source.languages[0] if source.languages else "en",
        "LUREWATCH_RENDERED_REQUESTS": source.crawl.limits.rendered_requests,
        "LUREWATCH_STEP_CLICKS": source.crawl.limits.clicks,
        "LUREWATCH_STEP_SECONDS": source.crawl.limits.step_seconds,
        # Who we are, and nothing more than that: no cookies, no referer, no credentials of a machine's .netrc or proxy variables.
        "USER_AGENT": options.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "User-Agent": options.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.5",
            "Accept-Language": ", ".join([*source.languages, "*;q=0.5"]),
        },
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        # Pace: one request in flight per host and the source's delay between starts. Jitter would go below the delay.
        "DOWNLOAD_DELAY": delay and delay + TIMER_SLACK,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else 16,
        "CONCURRENT_REQUESTS": 8 if delay else 16,
        "AUTOTHROTTLE_ENABLED": False,  # it would undo Crawl-delay; middlewares/politeness.py slows down for slow hosts itself
        # Robots: Scrapy's middleware crawls when robots.txt answers 503 or is unreachable, so ours stands in its place.
        "ROBOTSTXT_OBEY": False,
        # Doors Scrapy leaves open.
        "DOWNLOAD_HANDLERS": {
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
            "http": "crawlers.fetch.handlers.page_fetch.FetchHandler",
            "https": "crawlers.fetch.handlers.page_fetch.FetchHandler",
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TLS_MIN_VERSION": "TLSv1.2",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REDIRECT_MAX_TIMES": 5,
        # Limits: a page, a wait, a run, a process.
        "DOWNLOAD_MAXSIZE": min(PAGE_BYTES, source.crawl.limits.page_bytes),
        "DOWNLOAD_WARNSIZE": 2 * 2**20,
        "DOWNLOAD_TIMEOUT": 30,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DNS_TIMEOUT": 10,
        "URLLENGTH_LIMIT": 2083,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [408, 500, 502, 503, 504, 522, 524],  # 429 is an answer, not an accident: middlewares/blocks.py
        "CLOSESPIDER_TIMEOUT": source.crawl.limits.seconds,
        "CLOSESPIDER_PAGECOUNT": source.access.requests_per_run,
        "MEMUSAGE_LIMIT_MB": 1024,
        "EXTENSIONS": {"scrapy.extensions.memusage.MemoryUsage": None, "crawlers.fetch.memory.ResidentMemory": 0},
        # Nothing of a crawl is kept by Scrapy itself: its disk queues lose pages on a kill, its cache writes torn entries.
        "HTTPCACHE_ENABLED": False,
        "JOBDIR": None,
        # Speed: Scrapy starts CONCURRENT_ITEMS worker tasks for every response, default 100.
        "CONCURRENT_ITEMS": 2,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,  # the name is in the default headers
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
            "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
            "crawlers.fetch.middlewares.robots.RobotsMiddleware": 100,
            # Responses pass upwards: redirects (600), decompression (590), then what a page or its status says of us.
            "crawlers.fetch.middlewares.blocks.RedirectsMiddleware": 600,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawlers.fetch.memory.GunzippedMiddleware": 590,
            "crawlers.fetch.middlewares.politeness.PolitenessMiddleware": 580,
            "crawlers.fetch.middlewares.blocks.BlocksMiddleware": 570,
        },
        "LOG_LEVEL": "INFO",
    }


def is_loopback(host: str) -> bool:
    """Return whether ``host`` names this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
