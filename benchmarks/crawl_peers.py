"""The peers of `benchmarks/crawl.py`: spiders as their documentation and tutorials write them, Scrapy's defaults untouched.

python -m benchmarks.crawl_peers idiomatic|tutorial START
"""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import extruct
import scrapy
from bs4 import BeautifulSoup
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor


class Idiomatic(scrapy.Spider):
    """CSS selectors and a LinkExtractor, one dict for a page; no evidence, no checks."""

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
        yield {
            "url": response.url,
            "title": response.css("h1.job-title::text").get(),
            "company": response.css("div.company a::text").get(),
            "text": " ".join(response.css("div.description ::text").getall()),
            "linked": json.loads(response.css('script[type="application/ld+json"]::text').get() or "{}"),
        }


class Tutorial(Idiomatic):
    """BeautifulSoup for the page and extruct for its structured data, each with its defaults."""

    name = "tutorial"

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:  # noqa: ARG002 - the signature is Scrapy's
        """Yield the advert, or the requests a list leads to."""
        assert isinstance(response, TextResponse)
        soup = BeautifulSoup(response.text, "html.parser")
        if "/job/" not in response.url:
            yield from (response.follow(str(link["href"])) for link in soup.select("a.list, a.job"))
            return
        title, text = soup.select_one("h1.job-title"), soup.select_one("div.description")
        yield {
            "url": response.url,
            "title": title.get_text() if title else None,
            "text": text.get_text(" ") if text else None,
            "linked": extruct.extract(response.text, base_url=response.url)["json-ld"],
        }


if __name__ == "__main__":
    spider = {"idiomatic": Idiomatic, "tutorial": Tutorial}[sys.argv[1]]
    process = AsyncCrawlerProcess(settings={"LOG_LEVEL": "ERROR"})
    process.crawl(spider, start_address=sys.argv[2])
    process.start()
