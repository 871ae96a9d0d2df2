"""Forums: an index leads to threads, a thread shows posts page by page; each post is a posting of its own.

The author is kept for the post that opens a thread, which is where an advert stands. People who reply are not recorded.
"""

import msgspec
from scrapy.http import Response

from crawlers.items import Posting
from crawlers.spiders.links import NEXT, selected
from crawlers.spiders.walk import Found, Walk
from crawlers.visits import Step


class ForumSpider(Walk):
    """Walks indexes and threads, both page by page."""

    name = "forum"

    def read(self, response: Response, step: Step) -> Found:
        """Return the threads of an index or the posts of a thread."""
        crawl, text = self.source.crawl, self.text(response)
        page = self.page(response, family=crawl.page)
        by_css = crawl.next if step.role == "index" and crawl.next else None
        url = None if by_css else page.next_page
        following = self.turned(step, url or next(iter(selected(text, by_css or NEXT, response.url)), None))
        if step.role == "thread":
            return Found(steps=following, postings=_without_repliers(page.postings, step), rejected=page.rejected)
        threads = selected(text, crawl.follow, response.url) if crawl.follow else list(page.links)
        if threads and not self.frontier.unseen(threads):
            following = ()
        return Found(steps=self.below(step, threads, "thread") + following)


def _without_repliers(postings: tuple[Posting, ...], step: Step) -> tuple[Posting, ...]:
    """Return the posts with no author but that of the first post on a thread's first page."""
    return tuple(
        one if step.turn == 1 and position == 0 else msgspec.structs.replace(one, author=None)
        for position, one in enumerate(postings)
    )
