"""Job boards and classifieds: a list leads to detail pages and to the next list; a sitemap leads to both at once."""

from collections.abc import Sequence
from urllib.parse import urldefrag

from scrapy.http import Response

from crawlers.errors import PageChanged
from crawlers.items import Page
from crawlers.spiders.links import NEXT, next_number, selected
from crawlers.spiders.walk import Found, Walk
from crawlers.visits import Step


class BoardSpider(Walk):
    """Walks lists, their pages, and what they list."""

    name = "board"

    def read(self, response: Response, step: Step) -> Found:
        """Return the postings of a detail page, or where a list or a sitemap leads."""
        if step.role == "sitemap":
            return self._sitemap(response, step)
        if step.role == "list":
            return self._list(response, step)
        follow = self.source.crawl.follow
        if step.role == "page" and follow and selected(self.text(response), follow, response.url):
            return self._list(response, step)
        page = self.page(response, family=self.source.crawl.page)
        if step.role == "page" and not page.postings and page.links:
            return self._list(response, step)
        return Found(postings=page.postings, rejected=page.rejected)

    def _list(self, response: Response, step: Step) -> Found:
        crawl, text, here = self.source.crawl, self.text(response), urldefrag(response.url)[0]
        if crawl.follow:
            page, links = Page(family="list"), selected(text, crawl.follow, response.url)
            if not links and step.turn == 1:
                raise PageChanged(response.url, f"link matching {crawl.follow}")
        else:
            page = self.page(response)
            links = [link for link in page.links if link != here]
        below = self.below(step, links, "detail")
        following = self._following(text, response.url, step, page, links)
        if not links and not following:
            return Found(postings=page.postings, rejected=page.rejected)
        elsewhere = {one.url for one in below} | {here}
        return Found(
            steps=below + following,
            postings=tuple(one for one in page.postings if one.url not in elsewhere),
            rejected=tuple(one for one in page.rejected if one.url not in elsewhere),
            dropped={"max_depth": len(links)} if links and step.depth >= crawl.max_depth else {},
        )

    def _following(self, text: str, base: str, step: Step, page: Page, links: Sequence[str]) -> tuple[Step, ...]:
        """Return the next page of a list; a list that shows nothing new has no next page worth asking for."""
        if step.counted:
            url = next_number(self.source.crawl.start, step)
        elif self.source.crawl.next:
            url = next(iter(selected(text, self.source.crawl.next, base)), None)
        else:
            url = page.next_page or next(iter(selected(text, NEXT, base)), None)
        if url and not self.frontier.unseen(links or [posting.url for posting in page.postings]):
            return ()
        return self.turned(step, url)

    def _sitemap(self, response: Response, step: Step) -> Found:
        """Return the steps to what a sitemap lists; a page unchanged since its last full fetch is taken over unfetched."""
        page = self.page(response, family="sitemap")
        if not page.facts.get("sitemap"):
            raise PageChanged(response.url, "urlset or sitemapindex")
        dropped = {"sitemap_entries": int(page.facts.get("items_left_out", 0))}
        if page.facts.get("index"):
            return Found(steps=self.below(step, page.links, "sitemap"), dropped=dropped)
        listed: list[Step] = []
        for url in page.links:
            listed += self.below(step, [url], "page", lastmod=page.facts.get(f"lastmod {url}"))
        steps, taken = self.spared(listed)
        return Found(steps=steps, postings=taken, dropped=dropped)
