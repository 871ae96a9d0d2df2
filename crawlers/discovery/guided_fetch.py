"""Fetches a few pages one by one, with every rule of a real crawl, while the caller decides which comes next.

A child process runs Scrapy with the settings of ``crawlers.fetch.scrapy_settings``: robots.txt, the address guard, block
detection, delays and size limits are those of a run, and a page cannot crash the caller.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import IO

import msgspec

from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.process import ask_child, end_child, last_line, open_child, require
from crawlers.sources.page_steps import StepResult
from crawlers.sources.source import TRIAL_REQUESTS, Source, Trial, admit
from crawlers.text import encoding
from foundation.crawl_errors import CrawlError

ANSWER_SECONDS = 120.0
"""The longest a page may take: its delay, its robots.txt, two retries, a rendering."""


class PageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A page to fetch."""

    url: str
    render: bool = False
    wait_for: str | None = None
    scroll: bool = False
    click: str | None = None
    """Selector of a button that is clicked until it is gone."""
    follow: bool = False
    """Go where a redirect leads; else the redirect itself is the answer."""
    role: str = ""
    """The role of the page in the walk of the source, which decides about its steps; empty: no steps."""


class FetchedPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A fetched page, or the reason why it could not be fetched."""

    wanted: PageRequest
    url: str
    """Where the answer came from, after redirects."""
    status: int = 0
    content_type: str = ""
    headers: dict[str, str] = {}
    """Those that may describe a list, names in lower case."""
    body: bytes = b""
    robots: str = ""
    """What robots.txt says of the address: ``allowed: <rule>``."""
    sitemaps: tuple[str, ...] = ()
    crawl_delay: float | None = None
    steps: tuple[StepResult, ...] = ()
    """Results of the source's steps."""
    list_pages: int = 0
    """Pages of its list, when it was HTML inside JSON and the JSON says how many there are."""
    error: str = ""
    """``robots``, ``blocked (<reason>)``, or what went wrong; empty when the page was fetched."""
    evidence: bytes = b""
    """WARC records of the answer, when the job asked for evidence; of one that refused us too."""
    sha256: str = ""
    """Of the body in that evidence, hex."""

    @cached_property
    def text(self) -> str:
        """The body in its own encoding, as text."""
        return encoding.decode(self.body, self.content_type)


class FetchJob(msgspec.Struct, frozen=True, kw_only=True):
    """The first line for the child; after it, one PageRequest a line."""

    source: str
    options: CrawlOptions
    evidence: bool = False
    """Whether each answer is packed as WARC records."""


class Fetcher:
    """Asks the child for one page at a time; counts them, and stops at ``most``."""

    def __init__(self, process: subprocess.Popen[bytes], log: IO[bytes], most: int) -> None:
        self._process = process
        self._log = log
        self._most = most
        self.asked = 0

    def fetch(self, wanted: PageRequest) -> FetchedPage:
        """Return the page; raise CrawlError when the child gives no answer in time."""
        self.asked += 1
        if self.asked > self._most:
            raise CrawlError(f"{wanted.url}: {self._most} pages were asked for and that is enough for a look")
        answer = ask_child(self._process, msgspec.json.encode(wanted) + b"\n", ANSWER_SECONDS)
        if answer is None and self._process.poll() is None:
            raise CrawlError(f"{wanted.url}: no answer in {ANSWER_SECONDS:.0f} s; try again later")
        if answer is None:
            raise CrawlError(f"{wanted.url}: the fetching process has ended ({self._last_words()})")
        return msgspec.json.decode(answer, type=FetchedPage)

    def _last_words(self) -> str:
        self._log.seek(0)
        return last_line(self._log.read().decode("utf-8", "replace"), "it said nothing")


@contextmanager
def fetching(
    source: Source, options: CrawlOptions, trial: Trial | None = None, *, most: int = TRIAL_REQUESTS, evidence: bool = False
) -> Iterator[Fetcher]:
    """Yield a Fetcher with the pauses of a run of ``source``; its child process ends with the block. It asks for ``most`` pages.

    Raises PassportRefused when ``source`` has no valid access passport, unless ``trial`` names the command that may go without.
    """
    require("scrapy")
    admit(source, trial)
    with tempfile.TemporaryFile() as log:
        process = open_child("-m", "crawlers.discovery.fetch_child", str(os.getpid()), log=log)
        assert process.stdin
        try:
            job = FetchJob(source=source.model_dump_json(by_alias=True), options=options, evidence=evidence)
            process.stdin.write(msgspec.json.encode(job) + b"\n")
            process.stdin.flush()
            yield Fetcher(process, log, most)
        finally:
            end_child(process)
