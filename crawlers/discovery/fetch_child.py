"""The process that fetches pages for a look at a site: ``python -m crawlers.discovery.fetch_child PARENT``.

Standard input: a FetchJob, then one PageRequest a line. Standard output: one FetchedPage a line, in the same order.
It ends with its input.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.child import SPIDER_MIDDLEWARES, die_with_parent
from crawlers.discovery.guided_fetch import FetchedPage, FetchJob, PageRequest
from crawlers.evidence.visit_pipelines import EvidencePipeline
from crawlers.fetch.middlewares.robots import RobotsDenied, robots_of
from crawlers.fetch.scrapy_settings import scrapy_settings
from crawlers.frontier.visits import Step, Visit
from crawlers.sources.page_steps import UNTIL_GONE, PageStep, steps_on
from crawlers.sources.source import Source
from foundation.crawl_errors import Blocked

LONGEST_HEADER = 8192


class LookSpider(Spider):
    """Fetches the requested pages, one after another."""

    name = "look"

    def __init__(self, asked: BinaryIO, answers: BinaryIO, steps: tuple[PageStep, ...], evidence: bool) -> None:
        super().__init__()
        self._evidence = evidence
        self._steps = steps
        self._asked = asked
        self._answers = answers
        self._answered = asyncio.Event()

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for each line, the next only when the last is answered."""
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, self._asked.readline):
            wanted = msgspec.json.decode(line, type=PageRequest)
            meta = {"wanted": wanted, "handle_httpstatus_all": not wanted.follow}
            if wanted.render:
                steps = steps_on(self._steps, wanted.role) if wanted.role else ()
                steps += ((len(steps) + 1, PageStep(click=wanted.click, times=UNTIL_GONE)),) if wanted.click else ()
                meta |= {"render": True, "wait_for": wanted.wait_for, "scroll": wanted.scroll, "steps": steps}
            self._answered.clear()
            yield Request(wanted.url, meta=meta, callback=self.report_page, errback=self.report_failure, dont_filter=True)
            await self._answered.wait()

    def report_page(self, response: Response) -> None:
        """Write a fetched page."""
        status = response.status
        fetched = FetchedPage(
            wanted=response.meta["wanted"],
            url=response.url,
            status=status,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            headers=_list_headers(response),
            body=response.body,
            steps=tuple(response.meta.get("step_results", ())),
            robots=response.meta.get("robots", ""),
            error="" if 200 <= status < 300 else f"HTTP {status}",
        )
        self._tell(self._add_evidence(fetched, response, "ok"))

    def report_failure(self, failure: Failure) -> None:
        """Write why a page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        cause = failure.value
        if isinstance(cause, Blocked):
            error = f"blocked ({cause.reason})"
        elif isinstance(cause, RobotsDenied):
            error = "robots"
        else:
            error = f"{type(cause).__name__}: {cause}"
        lost = FetchedPage(wanted=request.meta["wanted"], url=request.url, error=error, robots=request.meta.get("robots", ""))
        if isinstance(cause, Blocked) and (refusing := cause.response) is not None:
            refusing.request = refusing.request or request
            lost = msgspec.structs.replace(lost, url=refusing.url, status=refusing.status, body=refusing.body)
            lost = self._add_evidence(lost, refusing, f"block/{cause.reason}")
        self._tell(lost)

    def _add_evidence(self, fetched: FetchedPage, response: Response, outcome: str) -> FetchedPage:
        """Return a page with its WARC records, as a run writes them, when the job asked for them."""
        if not self._evidence:
            return fetched
        step = Step(url=fetched.wanted.url, role="detail")
        visit = Visit(row=0, step=step, outcome=outcome, at=datetime.now(UTC), response=response)
        packed = EvidencePipeline.from_crawler(self.crawler).process_item(visit)
        return msgspec.structs.replace(fetched, evidence=packed.evidence, sha256=packed.sha256 or "")

    def _tell(self, fetched: FetchedPage) -> None:
        if known := robots_of(self.crawler).find(fetched.url):
            fetched = msgspec.structs.replace(fetched, sitemaps=known.sitemaps, crawl_delay=known.crawl_delay)
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more; the input ends next
            self._answers.write(msgspec.json.encode(fetched) + b"\n")
            self._answers.flush()
        self._answered.set()


def _list_headers(response: Response) -> dict[str, str]:
    """Return the headers that may say how long a list is and where it goes on."""
    names = {name: name.decode("latin-1").lower() for name in response.headers}
    telling = ("link", "content-range", "x-", "pagination-", "total-")
    values = {
        name: (response.headers.get(raw) or b"").decode("latin-1") for raw, name in names.items() if name.startswith(telling)
    }
    return {name: value for name, value in values.items() if len(value) <= LONGEST_HEADER}


def main() -> None:
    """Fetch until the input ends."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    job = msgspec.json.decode(asked.readline(), type=FetchJob)
    source = Source.model_validate_json(job.source, by_alias=True)
    settings = scrapy_settings(source, job.options)
    settings["DOWNLOADER_MIDDLEWARES"] |= {"scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None}
    settings["SPIDER_MIDDLEWARES"] = {f"scrapy.spidermiddlewares.{name}": None for name in SPIDER_MIDDLEWARES}
    settings |= {"CLOSESPIDER_PAGECOUNT": 0, "CLOSESPIDER_TIMEOUT": 0}
    process = AsyncCrawlerProcess(settings, install_root_handler=False)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    process.crawl(LookSpider, asked=asked, answers=answers, steps=source.crawl.steps, evidence=job.evidence)
    process.start()


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    main()
