"""RSS and Atom: items as published, completed from an item's own page where the feed says less than an advert should."""

import re
from hashlib import sha256

import msgspec
from scrapy.http import Response

from crawlers.frontier.frontier_store import content_digest
from crawlers.frontier.visits import Step
from crawlers.items import REPLY, Lead, ParsedPage, Posting
from crawlers.pages import xml
from crawlers.pages.document import SHARED, PageDocument
from crawlers.pages.postings import xml_jobs
from crawlers.spiders.base_spider import BaseSpider, PageOutcome
from foundation.crawl_errors import PageChanged

SHORT = 80
"""Characters below which a feed's text is a teaser."""
CUT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:read more|continue reading|xem thêm|selengkapnya|อ่านต่อ|阅读全文|查看全文)\W*)\s*$",
    re.IGNORECASE,
)


class FeedSpider(BaseSpider):
    """Reads feeds; visits the page of an item that is cut off or names no place, once for each version of the item."""

    name = "feed"

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return whole items as postings and the steps to those with more on their page; of an item's page, the whole item."""
        if step.role == "detail":
            return self._item(response, step)
        own_make = xml_jobs.speaks(PageDocument(self.text(response), response.url))
        page = self.page(response, family=xml_jobs.FAMILY if own_make else "feed")
        whole: list[Posting] = []
        steps: list[Step] = []
        for posting in page.postings:
            version = sha256(content_digest(posting)).hexdigest()
            own_page = wants_page(posting) and not (SHARED in page.facts and "#" in posting.url)
            below = self.make_child_steps(step, [posting.url], "detail", carried=posting, lastmod=version) if own_page else ()
            if not below or not self.frontier.unseen([posting.url]):
                whole.append(posting)
            else:
                steps += below
        wanted, taken = self.skip_unchanged(steps)
        leads = [Lead(page.next_page)] if page.next_page else []
        total = page.facts.get("total", "")
        listed = self.describe_list(
            step,
            (posting.id for posting in page.postings),
            leads,
            total=int(total) if total.isdecimal() else None,
            cut=xml.is_cut(self.text(response)),
        )
        return PageOutcome(
            steps=wanted + (() if listed.ends else self.make_turn_steps(step, leads)),
            postings=(*whole, *taken),
            rejected=page.rejected,
            dropped={"feed_items": int(page.facts.get("items_left_out", 0))},
            listed=listed,
        )

    def _item(self, response: Response, step: Step) -> PageOutcome:
        posting = step.carried
        assert posting is not None, "the page of an item is reached from its feed only"
        try:
            page = self.page(response, family=self.source.crawl.page, advert=True)
        except PageChanged:
            return PageOutcome(postings=(posting,))
        return PageOutcome(postings=(complete_posting(posting, page),))


def wants_page(posting: Posting) -> bool:
    """Whether the feed shows only the beginning of an item, or no place, which an advert has."""
    return posting.location is None or len(posting.text) < SHORT or bool(CUT.search(posting.text))


def complete_posting(posting: Posting, page: ParsedPage) -> Posting:
    """Return the item of the feed with the longer text and the facts that only its page has."""
    read = next((item for item in page.postings if item.id == posting.id), None)
    if read is None and len(page.postings) == 1:
        read = page.postings[0]
    if read is None:
        return posting
    own = {"id", "source", "url", "native_id", "text", *(("title",) if posting.form == REPLY else ())}
    facts = {
        field: getattr(read, field)
        for field in Posting.__struct_fields__
        if field not in own and getattr(posting, field) in (None, ())
    }
    text = read.text if len(read.text) > len(posting.text) else posting.text
    return msgspec.structs.replace(posting, text=text, **facts)
