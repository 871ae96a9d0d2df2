"""RSS and Atom: items as published, and an item's own page where the feed shows only the beginning of it."""

import re

import msgspec
from scrapy.http import Response

from crawlers.items import Page, Posting
from crawlers.spiders.walk import Found, Walk
from crawlers.visits import Step

SHORT = 80
"""Characters below which a feed's text is a teaser."""
CUT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:read more|continue reading|xem thêm|selengkapnya|อ่านต่อ|阅读全文|查看全文)\W*)\s*$",
    re.IGNORECASE,
)


class FeedSpider(Walk):
    """Reads feeds; visits the pages of items that were cut off, or of all when the source names a ``follow``."""

    name = "feed"

    def read(self, response: Response, step: Step) -> Found:
        """Return whole items as postings and the steps to those that are cut off; of an item's page, the whole item."""
        if step.role == "detail":
            return self._item(self.page(response, family=self.source.crawl.page), step)
        page = self.page(response, family="feed")
        whole: list[Posting] = []
        steps: list[Step] = []
        for posting in page.postings:
            wanted = self.source.crawl.follow is not None or is_teaser(posting)
            below = self.below(step, [posting.url], "detail", carried=posting) if wanted else ()
            if below and self.frontier.unseen([posting.url]):
                steps += below
            else:
                whole.append(posting)
        return Found(
            steps=(*steps, *self.turned(step, page.next_page)), postings=tuple(whole), rejected=page.rejected
        )

    def _item(self, page: Page, step: Step) -> Found:
        told = step.carried
        assert told is not None, "the page of an item is reached from its feed only"
        read = max(page.postings, key=lambda one: len(one.text), default=None)
        return Found(postings=(told if read is None else completed(told, read),))


def is_teaser(posting: Posting) -> bool:
    """Whether the text is only the beginning of an item."""
    return len(posting.text) < SHORT or bool(CUT.search(posting.text))


def completed(told: Posting, read: Posting) -> Posting:
    """Return the item as its feed told it, with the longer text and what only its page says."""
    facts = {
        field: getattr(read, field)
        for field in Posting.__struct_fields__
        if field not in {"id", "source", "url", "native_id", "text"} and getattr(told, field) in (None, ())
    }
    text = read.text if len(read.text) > len(told.text) else told.text
    return msgspec.structs.replace(told, text=text, **facts)
