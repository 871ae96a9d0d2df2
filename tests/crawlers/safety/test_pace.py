"""The server sees one request at a time, the whole delay apart, under one honest name and without credentials."""

from datetime import UTC, datetime
from itertools import pairwise
from statistics import fmean
from types import SimpleNamespace
from typing import Any

import pytest

from crawlers.fetch.middlewares.politeness import retry_after
from crawlers.fetch.scrapy_settings import CrawlOptions, scrapy_settings, start_origins
from crawlers.sources.source import Limits

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), (" 5 ", 5.0), ("Wed, 25 Nov 2026 12:01:00 GMT", 60.0), ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("later", None), ("-5", None),
    ],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def gaps(told: dict[str, Any], host: str) -> list[float]:
    times = [event["t"] for event in told["server"] if event["host"] == host]
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.fixture(scope="module")
def told(world: Any) -> dict[str, Any]:
    """Crawl twelve pages of two hosts, one of which asks for a longer delay and answers slowly."""
    page = {"body": "<p>an ordinary page of text</p>" * 40, "headers": {"Set-Cookie": "a=b"}}
    routes: dict[str, Any] = {f"{host}/p{n}": page for host in ("site.test", "other.test") for n in range(6)}
    routes["site.test/robots.txt"] = {"body": "User-agent: *\nDisallow:"}
    routes["other.test/robots.txt"] = {"body": "User-agent: *\nCrawl-delay: 0.6\nDisallow: /no"}
    routes["third.test/robots.txt"] = {"status": 404}
    routes |= {f"third.test/p{n}": {**page, "sleep": 0.7} for n in range(3)}
    requests = [{"id": f"{host} {n}", "url": f"http://{host}/p{n}"} for n in range(6) for host in ("site.test", "other.test")]
    requests += [{"id": f"third {n}", "url": f"http://third.test/p{n}"} for n in range(3)]
    answer: dict[str, Any] = world(requests, routes, source={"delay": 0.3})
    return answer


KEPT = 0.75
"""The part of a delay that the mean gap has at least: a busy server notes one request late, and all gaps behind it look short."""


def test_the_delay_is_kept(told: dict[str, Any]) -> None:
    assert len(gaps(told, "site.test")) == 6
    assert fmean(gaps(told, "site.test")) >= 0.3 * KEPT


def test_a_longer_crawl_delay_is_kept(told: dict[str, Any]) -> None:
    assert fmean(gaps(told, "other.test")[1:]) >= 0.6 * KEPT


def test_a_slow_server_is_given_time(told: dict[str, Any]) -> None:
    assert gaps(told, "third.test")[-1] >= 0.7


def test_no_cookie_and_no_credential_is_ever_sent(told: dict[str, Any]) -> None:
    sent = {name for event in told["server"] for name in event["headers"]}
    assert not sent & {"cookie", "authorization", "referer", "proxy-authorization"}
    assert {event["ua"] for event in told["server"]} == {"LureWatch/0.1 (+https://lurewatch.example.org/bot)"}


def source(*start: str, delay: float = 5.0) -> Any:
    return SimpleNamespace(
        languages=("vi",),
        access=SimpleNamespace(delay_seconds=delay, requests_per_run=200),
        crawl=SimpleNamespace(start=start, limits=Limits(page_bytes=2**20)),
    )


def test_no_delay_is_only_for_loopback_and_only_when_it_is_open() -> None:
    asked, shut = (CrawlOptions(user_agent="LureWatch/0", allow_loopback=open_) for open_ in (True, False))
    assert scrapy_settings(source("http://127.0.0.1:8001/", delay=0), asked)["DOWNLOAD_DELAY"] == 0
    assert scrapy_settings(source("http://127.0.0.1:8001/", delay=0), shut)["DOWNLOAD_DELAY"] >= 2
    assert scrapy_settings(source("https://jobs.example/", delay=0), asked)["DOWNLOAD_DELAY"] >= 2
    assert scrapy_settings(source("https://jobs.example/", delay=0), asked)["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1


def test_start_origins_are_exact() -> None:
    assert start_origins(source("http://127.0.0.1:8001/jobs?p={page}", "https://Jobs.example/")) == {
        ("127.0.0.1", 8001),
        ("jobs.example", 443),
    }


def test_the_doors_scrapy_leaves_open_are_closed() -> None:
    given = scrapy_settings(source("https://jobs.example/"), CrawlOptions(user_agent="LureWatch/0"))
    for name in (
        "TELNETCONSOLE_ENABLED",
        "REMOTE_CONTROL_ENABLED",
        "COOKIES_ENABLED",
        "METAREFRESH_ENABLED",
        "HTTPPROXY_ENABLED",
        "REFERER_ENABLED",
        "HTTPCACHE_ENABLED",
    ):
        assert given[name] is False, name
    assert given["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert {scheme for scheme, handler in given["DOWNLOAD_HANDLERS"].items() if handler} == {"http", "https"}
    assert given["DOWNLOAD_MAXSIZE"] == 2**20
