"""A programmable site on 127.0.0.1 and crawls of it, in this process or in one that may be killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

import crawlers.process
from crawlers.crawl_run import crawl
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import Source
from tests.loopback import Answer, Request, serve_answers
from tests.services.processes import PATIENCE
from tests.software import warm_child

OPTIONS = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)


class Site:
    """Paths and what they answer: bytes, a (status, headers, body) tuple, or a function of the request headers."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.hits: Counter[str] = Counter()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.times: list[float] = []
        """When each of them came, on the monotonic clock."""
        self.validators = True
        self.delay = 0.0
        self.arrived = threading.Condition()
        self.url = ""

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for a request, honouring If-None-Match."""
        with self.arrived:
            self.hits[path] += 1
            self.asked.append((path, headers))
            self.times.append(time.monotonic())
            self.arrived.notify_all()
        time.sleep(self.delay)
        page = self.pages.get(path)
        if callable(page):
            page = page(headers)
        if page is None:
            return 404, {}, b"not here"
        if isinstance(page, tuple):
            return page
        body = page.encode() if isinstance(page, str) else page
        if not self.validators:
            return 200, {}, body
        etag = f'"{hash(body) & 0xFFFFFFFF:x}"'
        told = {"ETag": etag, "Last-Modified": formatdate(1_700_000_000, usegmt=True)}
        return (304, told, b"") if headers.get("If-None-Match") == etag else (200, told, body)

    def fetched(self) -> int:
        """Requests so far, robots.txt apart."""
        return sum(n for path, n in self.hits.items() if path != "/robots.txt")

    def wait_for(self, requests: int, seconds: float = PATIENCE) -> bool:
        """Wait until that many requests have come in all."""
        with self.arrived:
            return self.arrived.wait_for(lambda: self.fetched() >= requests, seconds)


def job(number: int, text: str = "", title: str = "") -> str:
    """Return a detail page with JobPosting JSON-LD."""
    linked = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": title or f"Cashier number {number}",
        "description": text or f"Counter work in shop {number}, day shift, contract and insurance from the first day.",
        "datePosted": "2026-11-01",
        "hiringOrganization": {"@type": "Organization", "name": f"Shop {number}"},
        "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "Hue"}},
    }
    data = json.dumps(linked)
    return f'<html><head><script type="application/ld+json">{data}</script></head><body><h1>{title or number}</h1></body></html>'


def board(site: Site, jobs: int, per_page: int = 50) -> None:
    """Fill ``site`` with ``jobs`` detail pages listed on pages that name the next."""
    for number in range(jobs):
        site.pages[f"/job/{number}"] = job(number)
    count = -(-jobs // per_page)
    for page in range(count):
        shown = range(page * per_page, min(jobs, (page + 1) * per_page))
        links = "".join(f'<a class="job" href="/job/{n}">Job {n}</a>' for n in shown)
        after = f'<a rel="next" href="/list/{page + 2}">next</a>' if page + 1 < count else ""
        site.pages[f"/list/{page + 1}"] = f"<html><body>{links}{after}</body></html>"


@pytest.fixture
def site() -> Iterator[Site]:
    """Yield a running site without pages."""
    made = Site()

    def answer(request: Request) -> Answer:
        status, headers, body = made.answer(request.path, dict(request.headers.items()))
        kind = "application/xml" if request.path.endswith(".xml") else "text/html; charset=utf-8"
        return status, {"Content-Type": kind} | headers, body

    with serve_answers(answer) as made.url:
        yield made


@pytest.fixture
def source_of(site: Site) -> Callable[..., Source]:
    """Return a function that makes a source of the site; keywords go to ``crawl`` and, by name, to the source."""

    def make(
        spider: str = "board",
        start: str | tuple[str, ...] = "/list/1",
        expect: dict[str, Any] | None = None,
        requests: int = 5000,
        retention_days: int = 30,
        **crawl_fields: Any,
    ) -> Source:
        starts = [start] if isinstance(start, str) else list(start)
        if spider == "board":
            crawl_fields.setdefault("follow", "a.job::attr(href)")
        if "sitemap" in crawl_fields:
            crawl_fields["sitemap"] = site.url + crawl_fields["sitemap"]
        return Source.model_validate(
            {
                "name": "local",
                "title": "Local",
                "summary": "A site of this test",
                "kind": "job_board",
                "operator": {"name": "Tests", "url": site.url + "/"},
                "languages": ["en"],
                "retention_days": retention_days,
                "access": {
                    "basis": "our own", "terms_checked": date(2026, 11, 1), "review_by": date(2099, 1, 1), "delay_seconds": 0,
                    "requests_per_run": requests,
                },
                "crawl": {"spider": spider, "start": [site.url + one for one in starts], "max_pages": 100, **crawl_fields},
                "expect": expect or {},
            }
        )  # fmt: skip

    return make


@pytest.fixture
def crawled(crawled_alone: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that crawls a source into this test's folder; keywords go to ``crawl``."""
    monkeypatch.setattr(crawlers.process, "start_child", warm_child.start_child)
    return crawled_alone


@pytest.fixture
def crawled_alone(tmp_path: Path) -> Callable[..., Any]:
    """Return the same function, whose crawling process is started as in production: for what is said of that process."""

    def run(source: Source, **options: Any) -> Any:
        return crawl(source, **{"runs": str(tmp_path / "runs"), "state": tmp_path / "state", "options": OPTIONS} | options)

    return run


PROGRAM = """
import sys, msgspec
from pathlib import Path
from foundation.crawl_errors import CrawlError
from crawlers.crawl_run import crawl
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import Source
from tests.services.processes import PATIENCE
source = Source.model_validate_json(sys.argv[1], by_alias=True)
agent = "LureWatch/0.1 (+https://lurewatch.example.org/bot)"
options = CrawlOptions(user_agent=agent, allow_loopback=True, crawl_state=sys.argv[5])
try:
    address, report = crawl(source, runs=sys.argv[2], state=Path(sys.argv[3]), options=options, limit_seconds=int(sys.argv[4]))
except CrawlError as exc:
    sys.exit(f"{type(exc).__name__}: {exc}")
print(msgspec.json.encode({"address": address, "report": report}).decode())
"""


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts a crawl in a process of its own; whatever still runs at the end is ended.

    ``before`` is what that process does first; ``crawl_state`` the database it shares with others.
    """
    processes: list[subprocess.Popen[str]] = []

    def start(
        source: Source,
        seconds: int = 1800,
        runs: Path | None = None,
        state: Path | None = None,
        before: str = "",
        crawl_state: str = "",
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable, "-c", before + PROGRAM, source.model_dump_json(by_alias=True), str(runs or tmp_path / "runs"),
                str(state or tmp_path / "state"), str(seconds), crawl_state,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def pages() -> Any:
    """Return the makers of pages: ``board(site, jobs)`` and ``job(number)``."""

    class Pages:
        board = staticmethod(board)
        job = staticmethod(job)

    return Pages
