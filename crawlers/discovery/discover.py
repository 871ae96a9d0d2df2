"""Finds out how a site publishes adverts: which page to look at next, and what source file to propose.

Both are pure functions of the pages fetched so far, so they can be tested without a network. The order of trust: a channel, a
feed, a forum or a JSON answer says what it is; a list counts when its detail pages hold postings; a feed that a page announces
comes next; a page that stays empty is rendered once before giving up.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery import page_signs as signs
from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.items import ParsedPage, Posting
from crawlers.pages import fragment, page_families, xml
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent, extent_markup, listing, pager
from foundation.crawl_errors import CrawlError

FEEDS = 3
SITEMAPS = 4
"""Files of a sitemap index that are looked into."""
_GIVE = "give the address of the page that lists the adverts, of a feed, or of the sitemap that names their pages"
TEXT = 60
"""Characters from which the text of a plain page counts as an advert."""
PageRead = tuple[FetchedPage, ParsedPage]
"""A page, and what its parser reads in it."""
PagesRead = Mapping[tuple[str, bool], PageRead]
"""By the address that was asked for, and whether a browser drew the page."""


class NoPostings(CrawlError):
    """The pages show nothing to crawl; the message says what was seen and what address to give instead."""


class SiteSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """What a first page and the pages behind it are."""

    spider: str
    first: FetchedPage
    page: ParsedPage
    """The list, the channel, the feed or the index, as its parser reads it."""
    details: tuple[PageRead, ...] = ()
    starts: tuple[str, ...] = ()
    render: bool = False
    scroll: bool = False
    click: str | None = None
    """Selector of the button that brings more of the list, clicked until it is gone."""
    sitemap: str | None = None
    sitemap_size: int = 0
    """Addresses in the files of the sitemap that were looked into."""
    sitemap_files: int = 1
    sitemap_looked: int = 1
    """Files of the sitemap that were looked into."""
    json: dict[str, str] = {}
    items: int = 0
    """Adverts the list page showed."""

    @property
    def sitemap_room(self) -> int:
        """How many addresses the whole sitemap has, when its other files are as long as those looked into."""
        return -(-self.sitemap_size * self.sitemap_files // self.sitemap_looked)

    @property
    def postings(self) -> list[Posting]:
        """Every posting seen."""
        postings = list(self.page.postings) if self.spider != "board" or not self.details else []
        return postings + [posting for _, page in self.details for posting in page.postings]


def next_page(url: str, pages: Sequence[FetchedPage]) -> PageRequest | None:
    """Return the page to fetch next; None when the pages fetched so far are enough. ``pages``: all answers so far, in order."""
    start = signs.channel_preview(url)
    if not pages:
        return PageRequest(url=start)
    names = {_request_key(page.wanted) for page in pages}
    if (address := _endpoint(pages[0])) and all(page.wanted.url != address for page in pages):
        return PageRequest(url=address)
    for want in _wishes(_open_fragments(pages)):
        if _request_key(want) not in names:
            return want
    return None


def _request_key(want: PageRequest) -> tuple[str, bool, bool, str | None]:
    """Return what makes two requests the same."""
    return want.url, want.render, want.scroll, want.click


def _wishes(pages: Sequence[FetchedPage]) -> list[PageRequest]:
    """Return the pages worth fetching next, the most useful first."""
    first = pages[0]
    if first.error or _is_json(first):
        return []
    page = _read(first)
    if page.family == "forum":
        return [PageRequest(url=url) for url in page.links[:1]]
    if page.family == "sitemap":
        return _below_sitemap(pages, page)
    is_whole = page.family in ("channel", "feed", "xml_jobs") or _is_advert(page)
    return [] if is_whole or _is_xml(first) else _wishes_of_list(pages, page)  # a browser shows XML with a viewer of its own


def _wishes_of_list(pages: Sequence[FetchedPage], page: ParsedPage) -> list[PageRequest]:
    """Return the pages worth fetching next after a first ``page`` that may be a list."""
    first, rendered = pages[0], _rendered_page(pages)
    list_page = page if _links(first, page) else _read(rendered) if rendered else page
    details = _spread(_links(rendered if rendered and list_page is not page else first, list_page))
    wishes = [PageRequest(url=url) for url in details]
    if details and _any_tells(pages, details, sure_list=list_page.family != "plain"):
        index = next((page for page in pages if page.wanted.url in first.sitemaps and _is_index(page)), None)
        below = _jobs_first(_read(index).links)[:SITEMAPS] if index else []
        more = _more_wished(first, rendered, list_page)
        return [*wishes, *(PageRequest(url=url) for url in (*first.sitemaps[:1], *below)), *more]
    if feeds := _feeds(first):
        return [*wishes, *(PageRequest(url=url) for url in feeds)]
    drawn = [PageRequest(url=first.wanted.url, render=True), PageRequest(url=first.wanted.url, render=True, scroll=True)]
    return [*wishes, *drawn, *_more_wished(first, rendered, list_page)]


def _more_wished(first: FetchedPage, rendered: FetchedPage | None, list_page: ParsedPage) -> list[PageRequest]:
    """Return the page with all of a list that a button or scrolling brings, when no address leads on."""
    came = rendered or first
    document = PageDocument(came.text, came.url)
    if came.wanted.click or list_page.next_page or pager.find_further_pages(document):
        return []
    url = first.wanted.url
    button = extent.more_button(document, _links(came, list_page))
    css = signs.selector_of_element(document.tree, button) if button is not None else None
    if css:
        return [PageRequest(url=url, render=True, click=css)]
    if not extent_markup.endless(PageDocument(first.text, first.url)):
        return []
    return [PageRequest(url=url, render=True), PageRequest(url=url, render=True, scroll=True)]


def _any_tells(pages: Sequence[FetchedPage], details: Sequence[str], *, sure_list: bool) -> bool:
    """Whether one of the detail pages holds an advert; a page not fetched yet counts as one."""
    came = {page.wanted.url: page for page in pages if not page.wanted.render}
    if any(url not in came for url in details):
        return True
    there = [came[url] for url in details if not came[url].error and not _is_json(came[url])]
    return any(_tells(_read(fetched_page), sure_list=sure_list) for fetched_page in there)


def look(url: str, pages: Sequence[FetchedPage]) -> SiteSurvey:
    """Return the survey of the pages; raise NoPostings when they show nothing to crawl."""
    first = _first(url, pages := _open_fragments(pages))
    if _is_json(first):
        return _json(first)
    page = _read(first)
    by_url = {
        (page.wanted.url, page.wanted.render): (page, _read(page)) for page in pages[1:] if not page.error and not _is_json(page)
    }
    if survey := _survey_own_kind(first, page, by_url):
        return survey
    rendered = _rendered_page(pages)
    for fetched_page in filter(None, (_longer(pages), first, rendered)):
        if survey := _survey_list(pages, fetched_page, by_url):
            return survey
    feeds = [by_url[key] for url in _feeds(first) if (key := (url, False)) in by_url and by_url[key][1].postings]
    if feeds:
        items = len(feeds[0][1].postings)
        announced = tuple(item.wanted.url for item, _ in feeds)
        return SiteSurvey(spider="feed", first=first, page=page, details=tuple(feeds), starts=announced, items=items)
    if rendered:
        return _survey_drawn_list(pages, rendered)
    raise NoPostings(f"{first.url}: no adverts, no list of them, no feed; {_GIVE}")


def _survey_own_kind(first: FetchedPage, page: ParsedPage, by_url: PagesRead) -> SiteSurvey | None:
    """Return the survey of a page whose format says what it is; None for a page that may be a list; raise NoPostings for one
    advert."""
    if page.family == "forum" and page.postings and not page.links:
        raise NoPostings(f"{first.url}: this is one topic; give the address of the section that lists the topics")
    if page_families.FAMILIES[page.family].spider != "board":
        return _survey_family(first, page, list(by_url.values()))
    if _is_advert(page):
        raise NoPostings(f"{first.url}: this is one advert; give the address of the page that lists the adverts")
    if page.family == "sitemap":
        return _survey_sitemap(first, page, by_url)
    if _is_xml(first):
        kind = xml.first_element(first.text)
        raise NoPostings(f"{first.url}: XML (<{kind}>) that is no feed, sitemap or list of jobs; {_GIVE}")
    return None


def _endpoint(first: FetchedPage) -> str | None:
    """Return where the script of a first page fetches its list."""
    return None if first.error or _is_json(first) else fragment.endpoint(PageDocument(first.text, first.url))


def _open_fragments(pages: Sequence[FetchedPage]) -> list[FetchedPage]:
    """Return the pages with the HTML inside JSON as pages of their own; the part of a list that a script fetches stands first
    when it holds links."""
    results = []
    for page in pages:
        part = None if page.error or page.wanted.render else fragment.open_fragment(page.text, page.url)
        if part:
            count = part.extent.pages or 0
            page = msgspec.structs.replace(
                page, body=part.html.encode(), content_type="text/html; charset=utf-8", list_pages=count
            )
        results.append(page)
    address = _endpoint(pages[0]) if pages else None
    lists = [page for page in results if page.wanted.url == address and not page.error and _read(page).links]
    return [*lists, *(page for page in results if page not in lists)]


def _first(url: str, pages: Sequence[FetchedPage]) -> FetchedPage:
    """Return the requested page; raise NoPostings when it could not be fetched."""
    if not pages:
        raise NoPostings(f"{url}: no page was fetched")
    if pages[0].error:
        raise NoPostings(f"{pages[0].url}: {_refusal(pages[0])}")
    return pages[0]


def _survey_family(first: FetchedPage, page: ParsedPage, others: list[PageRead]) -> SiteSurvey:
    """Return the survey of a page whose family has a spider of its own."""
    details = tuple(pair for pair in others if pair[1].postings)
    items = len(page.links) if page.family == "forum" else len(page.postings)
    spider, starts = page_families.FAMILIES[page.family].spider, (first.wanted.url,)
    return SiteSurvey(spider=spider, first=first, page=page, details=details, starts=starts, items=items)


def _below_sitemap(pages: Sequence[FetchedPage], page: ParsedPage) -> list[PageRequest]:
    """Return the pages that show whether a sitemap leads to adverts: the files of an index, then three of the listed pages."""
    inner = _jobs_first(page.links)[:SITEMAPS] if "index" in page.facts else []
    files = [_read(item) for item in pages[1:] if item.wanted.url in inner and not item.error] if inner else [page]
    listed = [url for read in files if read.family == "sitemap" for url in read.links]
    return [PageRequest(url=url) for url in (*inner, *_are_alike(listed))]


def _survey_sitemap(first: FetchedPage, page: ParsedPage, by_url: PagesRead) -> SiteSurvey:
    """Return the survey of a site whose sitemap was given: it is read as one; raise NoPostings when it leads to no advert."""
    is_index = "index" in page.facts
    inner = [read for _, read in by_url.values() if read.family == "sitemap"] if is_index else [page]
    links = [url for read in inner for url in read.links]
    details = tuple((item, read) for item, read in by_url.values() if read.family != "sitemap" and _tells(read, sure_list=True))
    if not details:
        looked = sum(read.family != "sitemap" for _, read in by_url.values())
        raise NoPostings(
            f"{first.url}: a sitemap of {len(links)} addresses, of which {looked} were looked at and none is an advert; {_GIVE}"
        )
    return SiteSurvey(
        spider="board",
        first=first,
        page=page,
        details=details,
        starts=(urljoin(first.url, "/"),),
        sitemap=first.url,
        sitemap_size=len(links),
        sitemap_files=len(page.links) if is_index else 1,
        sitemap_looked=len(inner),
    )


def _survey_list(pages: Sequence[FetchedPage], fetched_page: FetchedPage, by_url: PagesRead) -> SiteSurvey | None:
    """Return the survey of a list whose links lead to adverts; None when ``shown`` is none."""
    list_page = _read(fetched_page)
    links = _links(fetched_page, list_page)
    behind = [by_url[key] for url in links if (key := (url, False)) in by_url]
    details = tuple((item, page) for item, page in behind if _tells(page, sure_list=list_page.family != "plain"))
    return _board(pages, fetched_page, links, details) if details else None


def _board(
    pages: Sequence[FetchedPage], fetched_page: FetchedPage, links: list[str], details: tuple[PageRead, ...]
) -> SiteSurvey:
    page = _read(fetched_page)
    if all(parsed_page.family == "channel" for _, parsed_page in details):
        starts = tuple(url for url in links if "/s/" in url)
        return SiteSurvey(
            spider="channel", first=fetched_page, page=page, details=details, starts=starts, items=len(details[0][1].postings)
        )
    sitemap, size, files, looked = _sitemap(pages, links)
    return SiteSurvey(
        spider="board",
        first=fetched_page,
        page=page,
        details=details,
        starts=(pages[0].wanted.url,),
        render=fetched_page.wanted.render,
        scroll=fetched_page.wanted.scroll and _grows(pages),
        click=fetched_page.wanted.click,
        sitemap=sitemap,
        sitemap_size=size,
        sitemap_files=files,
        sitemap_looked=looked,
        items=len(links),
    )


def _survey_drawn_list(pages: Sequence[FetchedPage], rendered: FetchedPage) -> SiteSurvey:
    """Return the survey of a list that a script draws and that has no detail pages."""
    _, count = signs.cards(LexborHTMLParser(rendered.text))
    if not count:
        raise NoPostings(f"{rendered.url}: nothing that repeats like adverts, rendered or not; give the page that lists them")
    page = _read(rendered)
    return SiteSurvey(
        spider="board",
        first=rendered,
        page=page,
        starts=(pages[0].wanted.url,),
        render=True,
        scroll=_grows(pages),
        click=_click_that_helps(pages, rendered),
        items=count,
    )


def _json(first: FetchedPage) -> SiteSurvey:
    try:
        paths, items = signs.json_paths(msgspec.json.decode(first.body))
    except msgspec.DecodeError as exc:
        raise NoPostings(f"{first.url}: begins like JSON and is none ({exc}); give another address") from exc
    if not items:
        raise NoPostings(
            f"{first.url}: JSON without a list of items that have a title, under keys without dots and control "
            "characters; give the address the site's list reads"
        )
    return SiteSurvey(
        spider="json_api", first=first, page=ParsedPage(family="json"), starts=(first.wanted.url,), json=paths, items=items
    )


def _sitemap(pages: Sequence[FetchedPage], links: Sequence[str]) -> tuple[str | None, int, int, int]:
    """Return the sitemap that lists detail pages, the addresses, the files in it and those looked into; most addresses must
    look like the links. It is the index where several of its files do."""
    folders = {urlsplit(url).path.rpartition("/")[0] for url in links}
    came = {page.url: _read(page) for page in pages[1:] if not page.error and not _is_json(page)}
    sitemaps = {url: page for url, page in came.items() if page.family == "sitemap" and page.links}
    index = next((url for url, page in sitemaps.items() if "index" in page.facts), None)
    found = {
        url: len(page.links)
        for url, page in sitemaps.items()
        if "index" not in page.facts
        and sum(urlsplit(link).path.rpartition("/")[0] in folders for link in page.links) >= 0.6 * len(page.links)
    }
    if index and len(found) > 1:
        return index, sum(found.values()), len(sitemaps[index].links), len(sitemaps) - 1
    return next(((url, size, 1, 1) for url, size in found.items()), (None, 0, 1, 1))


def _links(fetched_page: FetchedPage, page: ParsedPage) -> list[str]:
    """Return the detail links of a list page, also of one that the listing family does not take for a list."""
    if page.family == "listing" or page.links:
        return list(page.links)
    if page.family != "plain" or _facts(page) >= 3:
        return []
    return listing.find_repeated_links(PageDocument(fetched_page.text, fetched_page.url))


def _is_advert(page: ParsedPage) -> bool:
    if len(page.postings) != 1 or page.links:
        return False
    return page_families.FAMILIES[page.family].machine_readable or (page.family == "plain" and _facts(page) >= 3)


def _tells(page: ParsedPage, *, sure_list: bool) -> bool:
    """Whether a detail page holds an advert: machine-readable ones and posts always, a plain one when it says enough.

    When the first page may be no list, a plain page must also name a company, a place, a day or the pay.
    """
    if page.family != "plain" or not page.postings:
        return bool(page.postings)
    return _facts(page) >= 1 or (sure_list and any(len(posting.text) >= TEXT for posting in page.postings))


def _facts(page: ParsedPage) -> int:
    """Return how many of the facts of an advert the first posting of a page has."""
    posting = next(iter(page.postings), None)
    facts = (posting.company, posting.location, posting.posted_at, posting.pay_raw) if posting else ()
    return sum(fact is not None for fact in facts)


def _grows(pages: Sequence[FetchedPage]) -> bool:
    """Whether scrolling brought more of what repeats."""
    drawn = {page.wanted.scroll: page for page in pages if page.wanted.render and not page.error and not page.wanted.click}
    return len(drawn) == 2 and _shows_more(drawn[True], drawn[False])


def _click_that_helps(pages: Sequence[FetchedPage], rendered: FetchedPage) -> str | None:
    """Return the selector of the button that was clicked, when that brought more of what repeats."""
    before = next((page for page in pages if page.wanted.render and not page.error and not page.wanted.click), None)
    return rendered.wanted.click if before is not None and rendered is not before and _shows_more(rendered, before) else None


def _shows_more(after: FetchedPage, before: FetchedPage) -> bool:
    if len(_links(after, _read(after))) > len(_links(before, _read(before))):
        return True
    css, count = signs.cards(LexborHTMLParser(after.text))
    return count > (len(LexborHTMLParser(before.text).css(css)) if css else 0)


def _rendered_page(pages: Sequence[FetchedPage]) -> FetchedPage | None:
    """Return the rendered first page, the scrolled one where there is one."""
    return next((page for page in reversed(pages) if page.wanted.render and not page.error), None)


def _longer(pages: Sequence[FetchedPage]) -> FetchedPage | None:
    """Return the page after its button was clicked until it was gone, or after scrolling, when that brought more of the list."""
    asked = (page for page in reversed(pages) if (page.wanted.click or page.wanted.scroll) and not page.error)
    last = next(asked, None)
    if last is None:
        return None
    before = next((page for page in reversed(pages) if page is not last and page.wanted.render), pages[0])
    return last if len(_links(last, _read(last))) > len(_links(before, _read(before))) else None


def _feeds(first: FetchedPage) -> list[str]:
    return signs.feeds(LexborHTMLParser(first.text), first.url)[:FEEDS]


def _spread(links: Sequence[str]) -> list[str]:
    """Return the first, middle and last link: neighbours are often the same advertiser's."""
    return list(dict.fromkeys([links[0], links[len(links) // 2], links[-1]])) if links else []


def _are_alike(links: Sequence[str]) -> list[str]:
    """Return the first, middle and last address of the folder that most of them lie in: a sitemap lists other pages too."""
    folders: dict[str, list[str]] = {}
    for url in links:
        folders.setdefault(urlsplit(url).path.rpartition("/")[0], []).append(url)
    return _spread(max(folders.values(), key=len, default=[]))


def _jobs_first(links: Sequence[str]) -> list[str]:
    words = ("job", "viec", "vacanc", "lowongan", "posting", "vaga", "ad")
    return sorted(links, key=lambda url: next((at for at, word in enumerate(words) if word in urlsplit(url).path.lower()), 9))


def _is_index(fetched_page: FetchedPage) -> bool:
    page = _read(fetched_page)
    return not fetched_page.error and page.family == "sitemap" and "index" in page.facts and bool(page.links)


def _is_xml(fetched_page: FetchedPage) -> bool:
    """Tell whether a page is XML other than XHTML."""
    text = fetched_page.text.lstrip("\ufeff \r\n\t")
    declared = "xml" in fetched_page.content_type.partition(";")[0] or text.startswith("<?xml")
    return declared and text.startswith("<") and xml.first_element(fetched_page.text) not in ("html", "")


def _is_json(fetched_page: FetchedPage) -> bool:
    return "json" in fetched_page.content_type.partition(";")[0] or fetched_page.body.lstrip()[:1] in (b"{", b"[")


def _read(fetched_page: FetchedPage) -> ParsedPage:
    return page_families.parse(fetched_page.text, fetched_page.url)


def _refusal(fetched_page: FetchedPage) -> str:
    if fetched_page.error == "robots":
        return f"robots.txt forbids this page ({fetched_page.robots}); it is not crawled"
    if fetched_page.error.startswith("blocked"):
        return f"the site refuses robots, {fetched_page.error}; ask its operator for access, blocks are never bypassed"
    return f"could not be read ({fetched_page.error})"
