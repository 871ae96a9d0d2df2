"""First pipeline: rejects invalid postings with a reason, and fills in what a run knows about every posting."""

import msgspec
from scrapy.crawler import Crawler

from crawlers.frontier.visits import Visit
from crawlers.items import Posting, Reject
from crawlers.pages.page_urls import is_web

FOREIGN = "other_source"


def fault(posting: Posting, source: str) -> str | None:
    """Return why a posting cannot stand in a partition of ``source``, None when it can."""
    if posting.source != source:
        return FOREIGN
    if not is_web(posting.url):
        return "no_address"
    if not (posting.text.strip() or (posting.title or "").strip() or posting.media):
        return "no_text"
    return None


class ValidatePipeline:
    """Splits a visit's postings into valid ones and rejects."""

    def __init__(self, source: str) -> None:
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ValidatePipeline":
        """Make one for the crawler's source."""
        assert crawler.spider
        return cls(crawler.spider.name)

    def process_item(self, visit: Visit) -> Visit:
        """Return the visit with valid postings only, dated by the visit."""
        stand: list[Posting] = []
        rejected = list(visit.rejected)
        for posting in visit.postings:
            if why := fault(posting, self._source):
                rejected.append(Reject(url=posting.url, reason=why))
            elif posting.fetched_at is None:
                stand.append(msgspec.structs.replace(posting, fetched_at=visit.at))
            else:
                stand.append(posting)
        return msgspec.structs.replace(visit, postings=tuple(stand), rejected=tuple(rejected))
