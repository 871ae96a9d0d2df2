"""Job boards and classifieds: a list leads to detail pages and to the next list; a sitemap leads to both."""

from collections.abc import Container, Sequence
from functools import partial
from urllib.parse import urldefrag

import msgspec
from scrapy.http import Response

from crawlers.frontier.visits import Role, Step
from crawlers.items import Lead, ParsedPage
from crawlers.pages import fragment, page_families, xml
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent as extents
from crawlers.pages.listings import listing
from crawlers.pages.listings.extent_json import read_header_extent
from crawlers.pages.postings import plain
from crawlers.spiders.base_spider import BaseSpider, PageOutcome
from crawlers.spiders.images import page_images
from crawlers.spiders.links import find_leads, next_number, select_links
from foundation.crawl_errors import PageChanged


class BoardSpider(BaseSpider):
    """Walks lists, their further pages, and their detail pages."""

    name = "board"

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return the postings of a detail page, or where a list or a sitemap leads."""
        if step.role == "sitemap":
            return self._sitemap(response, step)
        if step.role == "list":
            return self._list(response, step)
        follow = self.source.crawl.follow
        if step.role == "page" and follow and select_links(self.text(response), follow, response.url):
            return self._list(response, step)
        first_look = step.role == "detail" and not step.revisit
        if first_look and self._is_led_to_list(response, step):
            raise PageChanged(response.url, "advert at the address of one, which leads to the list,")
        page = self.page(response, family=self.source.crawl.page, advert=True)
        if (step.role == "page" and not page.postings and page.links) or (first_look and self._is_branch(page, step)):
            return self._list(response, msgspec.structs.replace(step, role="list"))
        outcome = self._add_images(page, response, step)
        if first_look and not outcome.postings and _says_nothing(outcome):
            raise PageChanged(response.url, "text of an advert")
        return outcome

    def _is_branch(self, page: ParsedPage, step: Step) -> bool:
        """Tell whether a page that a list leads to is a list itself, as its reader says; where most of the pages beside it are,
        one whose reader sees only a heading and words is none of an advert either."""
        is_list = page.family == listing.FAMILY and bool(page.links)
        facts = [fact for item in page.postings for fact in (item.company, item.posted_at, item.pay_raw) if fact]
        return self._lists.note_kind(step.via, is_list=is_list, bare=page.family == plain.FAMILY and not facts)

    def _is_led_to_list(self, response: Response, step: Step) -> bool:
        """Tell whether the address of an advert was answered with the front page or the list: that page is no advert."""
        lists = {self.frontier.key(url) for url in (self.source.operator.url, *self.source.crawl.start)}
        return self.frontier.key(response.url) in lists - {self.frontier.key(step.url)}

    def _add_images(self, page: ParsedPage, response: Response, step: Step) -> PageOutcome:
        """Return the advert of a detail page with the pictures on it; a page of a picture and no words is an advert too."""
        without = PageOutcome(postings=page.postings, rejected=page.rejected)
        wordless = step.role == "detail" and _says_nothing(without)
        alone = len(page.postings) == 1 and not page.postings[0].media
        if not self.source.crawl.images.per_posting or not (alone or (wordless and not page.postings)):
            return without
        text, identity = self.text(response), self.source.identity
        document = PageDocument(text, response.url, source=self.name, now=self.now(), identity=identity)
        images = page_images(document)
        if not images:
            return without
        if page.postings:
            return PageOutcome(postings=(msgspec.structs.replace(page.postings[0], media=images),), rejected=page.rejected)
        title = page.rejected[0].detail or page.title
        return PageOutcome(postings=(document.posting(document.address, title=title, text="", media=images),))

    def _list(self, response: Response, step: Step) -> PageOutcome:
        crawl = self.source.crawl
        part = fragment.open_fragment(self.text(response), response.url)
        text = part.html if part else self.text(response)
        document = PageDocument(text, response.url, source=self.name, now=self.now(), identity=self.source.identity)
        page, links = self._read_links(document)
        items = links or [posting.url for posting in page.postings]
        extent = extents.read_extent(document, items)
        letters = self.make_letter_steps(document, step)
        blank = not (items or letters) and extent.total != 0 and not listing.says_empty(document)
        branches = listing.find_repeated_links(document) if blank and step.turn == 1 and not crawl.follow else []
        role: Role = "list" if branches else "detail"
        blank, links = blank and not branches, branches or links
        if blank and step.turn == 1 and not page.rejected:
            raise PageChanged(response.url, f"link matching {crawl.follow}" if crawl.follow else "advert, or words that say none")
        head = part.extent if part else read_header_extent(self.headers_of(response), response.url, len(items), turn=step.turn)
        leads = self._leads(document, step, [*extent.following, *filter(None, [head.following])])
        listed = self.describe_list(
            step,
            links or [posting.id for posting in page.postings],  # adverts without a page of their own share its address
            leads,
            total=_first_told(extent.total, head.total),
            pages=_first_told(extent.pages, head.pages),
            more=self.sign_of_more(extent, leads, step, response),
            blank=blank and not step.counted,
            deeper=self.find_too_deep(step, links),
        )
        below, following = self.make_child_steps(step, links, role), () if listed.ends else self._following(step, leads)
        outcome = PageOutcome(postings=page.postings, rejected=page.rejected, listed=listed)
        if not links and not following and not letters:
            return outcome
        dropped = {"max_depth": len(links)} if links and step.depth >= crawl.max_depth else {}
        elsewhere = {step.url for step in below} | {urldefrag(response.url)[0]}
        return msgspec.structs.replace(_leave_out(outcome, elsewhere), steps=below + following + letters, dropped=dropped)

    def _read_links(self, document: PageDocument) -> tuple[ParsedPage, list[str]]:
        """Return the list as its parser reads it, and the adverts it leads to: those ``crawl.follow`` selects, else its own.
        A page of a list is no advert, though it may show only one."""
        if self.source.crawl.follow:
            return ParsedPage(family="list"), select_links(document.text, self.source.crawl.follow, document.url)
        read = partial(page_families.parse, document.text, document.url, source=self.name, now=document.now)
        page = read(identity=self.source.identity)
        if page.family == plain.FAMILY:
            page = read(identity=self.source.identity, page=listing.FAMILY)
        return page, [link for link in page.links if link != urldefrag(document.url)[0]]

    def _leads(self, document: PageDocument, step: Step, announced: list[str]) -> list[Lead]:
        """Return the further pages a list links. Of a counted list only whether there are any is asked: its pages have the
        addresses that are counted."""
        leads = find_leads(document, self.source.crawl.next, announced)
        leads = [lead for lead in dict.fromkeys(leads) if self.frontier.key(lead.url) != self.frontier.key(step.url)]
        if step.counted:
            url = next_number(self.source.crawl, step)
            return [Lead(url)] if leads and url else []
        return leads

    def _following(self, step: Step, leads: Sequence[Lead]) -> tuple[Step, ...]:
        url = next_number(self.source.crawl, step) if step.counted else None
        return self.make_turn_steps(step, [Lead(url)] if url else leads)

    def _sitemap(self, response: Response, step: Step) -> PageOutcome:
        """Return the steps to what a sitemap lists; a page unchanged since its last full fetch is taken over unfetched."""
        page = self.page(response, family="sitemap")
        if not page.facts.get("sitemap"):
            raise PageChanged(response.url, "urlset or sitemapindex")
        if page.facts.get("index"):
            below = self.make_child_steps(step, page.links, "sitemap")
        else:
            below = tuple(
                item
                for url in page.links
                for item in self.make_child_steps(step, [url], "page", lastmod=page.facts.get(f"lastmod {url}"))
            )
        listed = self.describe_list(
            step, page.links, cut=xml.is_cut(self.text(response)), deeper=self.find_too_deep(step, page.links)
        )
        steps, taken = (below, ()) if page.facts.get("index") else self.skip_unchanged(below)
        dropped = {"sitemap_entries": int(page.facts.get("items_left_out", 0))}
        return PageOutcome(steps=steps, postings=taken, dropped=dropped, listed=listed)


def _says_nothing(outcome: PageOutcome) -> bool:
    """Tell whether a page holds no words, or a heading alone, as what a script would have to fill does."""
    return [reject.reason for reject in outcome.rejected] in (["only_heading"], ["no_text"])


def _leave_out(outcome: PageOutcome, urls: Container[str]) -> PageOutcome:
    """Return what a page shows without what is read at ``urls``."""
    postings = tuple(posting for posting in outcome.postings if posting.url not in urls)
    rejected = tuple(reject for reject in outcome.rejected if reject.url not in urls)
    return msgspec.structs.replace(outcome, postings=postings, rejected=rejected)


def _first_told(shown: int | None, announced: int | None) -> int | None:
    """Return the number that the page shows, else the one that its headers announce."""
    return announced if shown is None else shown
