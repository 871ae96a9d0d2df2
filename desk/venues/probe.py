"""Finds out what a suggested venue is with one page request, under the rules of a run.

Groups and social networks are never asked, because readers must join or log in.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.discovery.source_trials import look_at
from crawlers.fetch.robots_rules import UNREACHABLE
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.items import ParsedPage, Posting
from crawlers.sources.source import Trial
from index.terms.venue_pointers import Venue

ProbeOutcome = Literal["readable", "closed", "account", "refused", "gone", "unclear"]
PREVIEW = "https://t.me/s/"
"""Where Telegram shows the public preview of a channel."""
_MEMBERS = re.compile(r"subscriber|member", re.I)
_GONE = re.compile(r"HTTP (404|410)$")
"""Only an answer says that nothing is there: a name that could not be looked up may be a failure of our own."""
_REFUSED = re.compile(r"robots$|blocked|HTTP (401|403|429|451)")


class VenueProbe(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a probe."""

    outcome: ProbeOutcome
    """``readable``: public pages. ``closed``: readers must join or log in. ``account``: a person or bot. ``refused``: the site
    wants no robots. ``gone``: nothing there. ``unclear``: it could not be told."""
    words: str
    """The outcome for an operator, with what to do where something can be done."""
    requests: int
    """Pages asked for; robots.txt comes besides, and what the site redirects to."""
    postings: tuple[Posting, ...] = ()
    """What the page shows."""
    yaml: str = ""
    """The source file its one page leads to; empty where more pages would have to be seen."""


def address_of(venue: Venue) -> str:
    """Return the address a venue is looked at: the preview of a Telegram name, the first page of a site; "" for the others."""
    if venue.kind == "telegram":
        return f"{PREVIEW}{venue.value}"
    scheme = venue.address.partition("://")[0] if "://" in venue.address else "https"
    return f"{scheme}://{venue.value}/" if venue.kind == "site" else ""


def probe(options: CrawlOptions, venue: Venue, today: date) -> VenueProbe:
    """Return what a venue is, after one page request at most; raise CrawlError when the fetching process fails."""
    url = address_of(venue)
    if not url:
        return VenueProbe(outcome="closed", words=closed_words(venue), requests=0)
    return read(venue, look_at(options, url, most=1, trial=Trial.SOURCES_SUGGEST), today)


def closed_words(venue: Venue) -> str:
    """Return why a group or a page of a social network is no source."""
    if venue.kind == "group":
        return f"{venue.value} is a group: readers have to join, so it cannot be read publicly; report it to the platform"
    return f"{venue.value} cannot be read publicly: the network shows it to people who log in; report it to the platform"


def read(venue: Venue, pages: Sequence[FetchedPage], today: date) -> VenueProbe:
    """Return what the first of the pages fetched says of a venue; pure."""

    from crawlers.pages import page_families

    first = pages[0]
    if first.error:
        return VenueProbe(outcome=_failure(first), words=_failure_words(first), requests=len(pages))
    page = page_families.parse(first.text, first.url)
    outcome, words = _channel(first, page) if venue.kind == "telegram" else _site(first, page)
    if outcome != "readable":
        return VenueProbe(outcome=outcome, words=words, requests=len(pages))
    postings = () if page.family == "plain" else page.postings
    yaml = _propose_source(venue, pages, today)
    return VenueProbe(outcome=outcome, words=words, requests=len(pages), postings=postings, yaml=yaml)


def _failure(first: FetchedPage) -> ProbeOutcome:
    if _REFUSED.search(first.error) and UNREACHABLE not in first.robots:
        return "refused"
    return "gone" if _GONE.search(first.error) else "unclear"


def _failure_words(first: FetchedPage) -> str:
    outcome, error = _failure(first), first.error
    if outcome == "refused":
        return f"the site wants no robots there ({error}); it stays unread, or ask its operator"
    why = f"{error}, {first.robots}" if first.robots and outcome == "unclear" else error
    return f"nothing is there ({error})" if outcome == "gone" else f"could not be read ({why[:200]}); try again later"


def _channel(first: FetchedPage, page: ParsedPage) -> tuple[ProbeOutcome, str]:
    if page.family == "channel" and page.postings:
        size = f", {page.facts['subscribers']} subscribers" if "subscribers" in page.facts else ""
        return "readable", f"a public channel with a preview ({len(page.postings)} posts on its newest page{size})"
    tree = LexborHTMLParser(first.text)
    extra = tree.css_first(".tgme_page_extra")
    if tree.css_first(".tgme_page_title, .tgme_channel_info_header_title") is None:
        return "gone", "nobody has this name on Telegram now"
    if tree.css_first(".tgme_channel_info") is not None:
        return "closed", "a public channel that shows no post"
    if extra is not None and _MEMBERS.search(extra.text()):
        return "closed", "a channel or group without a public preview: readers have to join, so it cannot be read publicly"
    return "account", "the account of a person or a bot, not a channel: it is a contact, not a source"


def _site(first: FetchedPage, page: ParsedPage) -> tuple[ProbeOutcome, str]:
    from crawlers.pages.document import PageDocument
    from crawlers.pages.listings.listing import find_repeated_links

    tree = LexborHTMLParser(first.text) if "html" in first.content_type else None
    links = page.links or (find_repeated_links(PageDocument(first.text, first.url)) if tree and page.family == "plain" else ())
    if links:
        return "readable", f"a public page with links to {len(links)} adverts or topics"
    if page.postings and page.family != "plain":
        return "readable", f"a public page with {len(page.postings)} adverts ({page.family})"
    if tree is not None and tree.css_first("input[type=password]") is not None:
        return "closed", "its first page asks for a log-in"
    return (
        "unclear",
        "a public page without a list of adverts; `lurewatch sources new` takes the address of the list, if it has one",
    )


def _propose_source(venue: Venue, pages: Sequence[FetchedPage], today: date) -> str:
    from crawlers.discovery.discover import NoPostings
    from crawlers.discovery.proposal import propose

    try:
        return propose(address_of(venue), pages, today=today).yaml
    except (NoPostings, ValueError):
        return ""


class ProbeReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one probe."""

    venue: str
    outcome: ProbeOutcome
    words: str
    requests: int
    """Pages asked for; robots.txt comes besides, and what the site redirects to."""
    posts: int = 0
    """Postings on the page that was seen."""
    flagged: int = 0
    """Those of them that are flagged: few of many speak against the venue."""
    yaml: str = ""
    """The source file it leads to."""
