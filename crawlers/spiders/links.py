"""Links of a list: those a selector names, the number after this one, and what the list's pages have shown so far."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urldefrag

from parsel import Selector

from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.visits import Step
from crawlers.items import Lead
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import pager
from crawlers.pages.page_urls import absolute
from crawlers.sources.source import Crawl
from foundation.url_template import continue_at, is_counted, page_number

NEXT = 'link[rel~="next"], a[rel~="next"]'


def select_links(text: str, css: str, base: str) -> list[str]:
    """Return the absolute web addresses ``css`` selects, once each, without fragments; what is no address is left out.

    ``css`` is a parsel selector: ``a::attr(href)`` gives the values, without ``::attr`` the element's ``href`` or that of the
    links within it. The page's ``<base href>`` is obeyed.
    """
    page = Selector(text or " ", type="html", huge_tree=False)
    base = absolute(base, page.css("base::attr(href)").get()) or base
    hrefs: list[str] = []
    for node in page.css(css):
        if not isinstance(node.root, str):
            hrefs += [node.attrib["href"]] if "href" in node.attrib else node.css("a::attr(href)").getall()
        else:
            hrefs.append(node.root)
    result = (absolute(base, href) for href in hrefs)
    return list(dict.fromkeys(urldefrag(address)[0] for address in result if address))


def find_leads(document: PageDocument, css: str | None, announced: Sequence[str] = ()) -> list[Lead]:
    """Return the further pages that a list links: those ``css`` selects, else those its pager shows, else the ``announced``
    ones, which stand elsewhere."""
    chosen = number_leads(select_links(document.text, css, document.url), document.url) if css else []
    leads = chosen or pager.find_further_pages(document) + [Lead(url) for url in select_links(document.text, NEXT, document.url)]
    return leads or number_leads(announced, document.url)


def number_leads(urls: Sequence[str], here: str) -> list[Lead]:
    """Return ``urls`` that a selector found on the page ``here`` as further pages of its list: as far ahead as their numbers
    say, else in their order."""
    first = page_number(here)
    leads = []
    for at, url in enumerate((url for url in urls if url != here), 1):
        number = page_number(url)
        ahead = at if number is None else number - (1 if first is None else first)
        leads.append(Lead(url, ahead or at))
    return leads


def next_number(crawl: Crawl, step: Step) -> str | None:
    """Return the address with the next number in place of the one that ``step`` was counted from."""
    for start in crawl.start:
        if is_counted(start) and crawl.start_at(start, step.turn) == step.url:
            return crawl.start_at(start, step.turn + 1)
    return None


def after_cursor(crawl: Crawl, step: Step, cursor: str) -> str | None:
    """Return the address of the items after ``cursor`` in the list that ``step`` belongs to; None when it has no cursor."""
    first = step.list_url or step.url
    for start in crawl.start:
        if "{cursor}" in start and crawl.start_at(start, 1) == first:
            return continue_at(start, cursor, size=crawl.page_size)
    return None


class ListMemory:
    """Memory of one process; results of earlier processes are read from the frontier."""

    def __init__(self, frontier: Frontier) -> None:
        self._items: dict[tuple[str, int], set[int]] = {}
        self._pages: dict[tuple[str, int], set[int]] = {}
        self._kinds: Counter[str | None] = Counter()
        for _, step, page in frontier.list_pages():
            self.note_page(step, page.items)

    def count_items(self, step: Step) -> int:
        """Return how many items the pages of a step's list have shown so far."""
        return len(self._items.get((step.list_url or step.url, step.again), ()))

    def note_kind(self, via: str | None, *, is_list: bool, bare: bool) -> bool:
        """Note whether a page that ``via`` leads to reads as a list, and return whether it is taken for one: a ``bare`` one also
        where most of the pages beside it are lists."""
        taken = is_list or (bare and self._kinds[via] > 0)
        self._kinds[via] += 1 if taken else -1
        return taken

    def note_page(self, step: Step, marks: tuple[int, ...]) -> tuple[bool, bool]:
        """Note the items of a page; return (whether any is new in its list, whether another page showed exactly these)."""
        name = step.list_url or step.url, step.again
        items, pages = self._items.setdefault(name, set()), self._pages.setdefault(name, set())
        new, page = not items.issuperset(marks), hash(frozenset(marks))
        again = bool(marks) and page in pages
        items.update(marks)
        pages.add(page)
        return new, again
