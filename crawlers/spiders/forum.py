"""Forums: an index leads to threads, a thread shows posts page by page; each post is a posting of its own.

The author is kept for the post that opens a thread, which is where an advert stands. People who reply are not recorded.
"""

import msgspec
from scrapy.http import Response

from crawlers.frontier.visits import Step
from crawlers.items import Posting
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent
from crawlers.spiders.base_spider import BaseSpider, PageOutcome
from crawlers.spiders.links import find_leads, select_links


class ForumSpider(BaseSpider):
    """Walks indexes and threads, both page by page."""

    name = "forum"

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return the threads of an index or the posts of a thread."""
        crawl, text = self.source.crawl, self.text(response)
        page = self.page(response, family=crawl.page)
        document = PageDocument(text, response.url, identity=self.source.identity)
        if step.role == "thread":
            leads = find_leads(document, None)
            entries = [*(posting.id for posting in page.postings), *(reject.url for reject in page.rejected)]
            said = extent.read_extent(document, entries, thread=True)
            listed = self.describe_list(step, entries, leads, total=said.total, pages=said.pages)
            following = () if listed.ends else self.make_turn_steps(step, leads)
            return PageOutcome(
                steps=following, postings=_without_repliers(page.postings, step), rejected=page.rejected, listed=listed
            )
        threads = select_links(text, crawl.follow, response.url) if crawl.follow else list(page.links)
        shown = extent.read_extent(document, threads)
        leads = find_leads(document, crawl.next, shown.following)
        below = self.make_child_steps(step, threads, "thread") + self.make_letter_steps(document, step)
        listed = self.describe_list(
            step,
            threads,
            leads,
            total=shown.total,
            pages=shown.pages,
            more=self.sign_of_more(shown, leads, step, response),
            deeper=self.find_too_deep(step, threads),
        )
        return PageOutcome(steps=below + (() if listed.ends else self.make_turn_steps(step, leads)), listed=listed)


def _without_repliers(postings: tuple[Posting, ...], step: Step) -> tuple[Posting, ...]:
    """Return the posts with no author but that of the first post on a thread's first page."""
    return tuple(
        posting if step.turn == 1 and position == 0 else msgspec.structs.replace(posting, author=None)
        for position, posting in enumerate(postings)
    )
