"""The peers of `benchmarks/crawl.py`: Scrapy spiders that keep the evidence too, a gzipped WARC record for each response.

    python -m benchmarks.crawl_peers idiomatic|tuned START FOLDER

``idiomatic``: parsel, a LinkExtractor and Scrapy's defaults, as its documentation writes them. ``tuned``: Lexbor and orjson,
and all of Scrapy that has no work here switched off.
"""

import io
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

import orjson
import scrapy
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor
from selectolax.lexbor import LexborHTMLParser
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FIELDS = {
    "title": "h1.job-title",
    "company": "div.company a",
    "location": "dd.location",
    "pay": "dd.salary",
    "posted": "dd.posted",
    "text": "div.description",
}
TUNED = {
    "TELNETCONSOLE_ENABLED": False,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "REFERER_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "DOWNLOADER_STATS": False,
    "CONCURRENT_ITEMS": 1,
    "CONCURRENT_REQUESTS": 8,
    "SPIDER_MIDDLEWARES_BASE": {},
    "EXTENSIONS_BASE": {},
}


class WarcMiddleware:
    """Writes each response as a record of its own."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "captures.warc.gz").open("wb")
        self._writer = WARCWriter(self._file, gzip=True)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawl."""
        return cls(Path(crawler.settings["WARC_FOLDER"]))

    def process_response(self, request: scrapy.Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's signature
        """Keep the response and hand it on."""
        lines = [(key.decode(), value.decode()) for key, values in response.headers.items() for value in values]
        head = StatusAndHeaders(f"{response.status} OK", lines, protocol="HTTP/1.1")
        record = self._writer.create_warc_record(response.url, "response", payload=io.BytesIO(response.body), http_headers=head)
        self._writer.write_record(record)
        return response


class IdiomaticSpider(scrapy.Spider):
    """CSS selectors and a LinkExtractor, one dict for a page."""

    name = "idiomatic"
    start_address = ""
    links = LinkExtractor(restrict_css="a.list, a.job")

    async def start(self) -> AsyncIterator[Any]:
        """Begin at the first list."""
        yield scrapy.Request(self.start_address)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:  # noqa: ARG002 - the signature is Scrapy's
        """Yield the advert, or the requests a list leads to."""
        assert isinstance(response, TextResponse)
        if "/job/" not in response.url:
            yield from (scrapy.Request(link.url) for link in self.links.extract_links(response))
            return
        shown = {
            name: " ".join(response.css(f"{css} ::text").getall()) or response.css(f"{css}::text").get()
            for name, css in FIELDS.items()
        }
        linked = response.css('script[type="application/ld+json"]::text').get()
        yield {"url": response.url, "linked": orjson.loads(linked) if linked else None, **shown}


class TunedSpider(IdiomaticSpider):
    """The same by Lexbor, and requests without what a LinkExtractor does for sites that need it."""

    name = "tuned"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:  # noqa: ARG002 - the signature is Scrapy's
        """Yield the advert, or the requests a list leads to."""
        tree = LexborHTMLParser(response.body)
        if "/job/" not in response.url:
            for link in tree.css("a.list, a.job"):
                yield scrapy.Request(response.urljoin(link.attributes["href"] or ""), dont_filter=True)
            return
        linked = tree.css_first('script[type="application/ld+json"]')
        if linked is not None:
            yield {"url": response.url, "linked": orjson.loads(linked.text())}
            return
        yield {"url": response.url} | {name: node.text() for name, css in FIELDS.items() if (node := tree.css_first(css))}


def main() -> None:
    """Crawl the board from START, the WARC into FOLDER."""
    spider, settings = {"idiomatic": (IdiomaticSpider, {}), "tuned": (TunedSpider, TUNED)}[sys.argv[1]]
    warc = {"WARC_FOLDER": sys.argv[3], "DOWNLOADER_MIDDLEWARES": {WarcMiddleware: 900}}
    process = AsyncCrawlerProcess(settings={"LOG_LEVEL": "ERROR", **warc, **settings})
    process.crawl(spider, start_address=sys.argv[2])
    process.start()


if __name__ == "__main__":
    main()
