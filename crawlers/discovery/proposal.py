"""Writes a complete source file from the survey of a site, with bounds from the pages seen and a note about the rest."""

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery import page_signs as signs
from crawlers.discovery.discover import SiteSurvey, look
from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.fetch.scrapy_settings import is_loopback
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent, listing, pager
from crawlers.pages.listings.extent_json import JsonExtent, read_header_extent, read_json_extent
from crawlers.pages.page_families import FAMILIES
from crawlers.pages.threads.forum_software import SOFTWARE
from crawlers.sources import expectations
from crawlers.sources.setting_types import site
from crawlers.sources.source_edit import printable_line, source_text

KINDS = {"board": "job_board", "json_api": "job_board", "feed": "feed", "channel": "public_channel", "forum": "forum"}
DELAY_SECONDS = 5.0
MAX_PAGES = 10
_FIELDS = ("title", "text", "company", "location", "posted_at")
_SITE_NAME = 'meta[property="og:site_name"], meta[name="application-name"]'

SUMMARY = 200
"""Characters of a site's description in the summary."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A source file that nobody has confirmed yet."""

    name: str
    speaks: tuple[str, ...]
    """How the site publishes adverts, as a sentence."""
    values: dict[str, Any]
    """What the file says."""
    yaml: str
    """The whole file."""
    look: SiteSurvey


def propose(url: str, pages: Sequence[FetchedPage], *, name: str | None = None, today: date) -> Proposal:
    """Return a complete source for ``url`` from the ``pages`` seen; raise NoPostings when there is nothing to crawl.

    ``today`` is the day the pages were fetched. Pure: the same pages give the same file.
    """
    site_survey = look(url, pages)
    languages, countries = _languages(site_survey), _countries(site_survey)
    title = _title(site_survey)
    name = name or _name(site_survey, countries)
    delay = max(DELAY_SECONDS, math.ceil(pages[0].crawl_delay or 0)) if not _local(site_survey) else 0.0
    speaks = _speaks(site_survey, pages)
    values: dict[str, Any] = {
        "title": title,
        "summary": f"Not described yet; {_clean(speaks[0], SUMMARY)}",
        "kind": KINDS[site_survey.spider],
        "languages": languages,
        "countries": countries,
        "enabled": False,
        "note": _note(site_survey),
        "operator": _present(name=title, country=countries[0] if countries else None, url=_origin(site_survey.starts[0])),
        "access": _present(
            basis=f"Pages were read without an account on {today}",
            terms_url=terms_of(pages),
            robots="obey",
            delay_seconds=delay,
            requests_per_run=_requests(site_survey),
        ),
        "crawl": _crawl(site_survey),
        "schedule": f"{_minute(name)} 3 * * *",
        "retention_days": 180,
        "expect": _expect(site_survey),
    }
    comments: dict[str, Sequence[str]] = {
        "": (f"Proposed {today} from {len(pages)} pages: {'; '.join(speaks)}.", *(f"- {it}" for it in _cautions(site_survey))),
        "operator": (),
        "access": (),
        "access.delay_seconds": (
            "terms_checked: YYYY-MM-DD    # the day you read the terms and robots.txt; without it the source does not run",
            "review_by: YYYY-MM-DD        # until when that is good",
        ),
        "crawl": (),
        "schedule": (),
        "expect": ("from one look; set from a healthy run: min 10-20 % under it, max about twice",),
    }
    return Proposal(name=name, speaks=speaks, values=values, yaml=source_text(values, comments), look=site_survey)


def _present(**values: Any) -> dict[str, Any]:
    """Return the values there are."""
    return {name: value for name, value in values.items() if value is not None}


def _crawl(site_survey: SiteSurvey) -> dict[str, Any]:
    css = _follow(site_survey)
    cards = (css or signs.cards(LexborHTMLParser(site_survey.first.text))[0]) if site_survey.render else None
    click = {"click": site_survey.click, "times": "until gone", "on": "list"}
    return _present(
        spider=site_survey.spider,
        start=[web_address(url, given=url == site_survey.first.wanted.url) for url in site_survey.starts],
        follow=css,
        sitemap=web_address(site_survey.sitemap) if site_survey.sitemap else None,
        render=site_survey.render or None,
        wait_for=cards or None,
        scroll=(site_survey.render and site_survey.scroll) or None,
        steps=[click] if site_survey.click else None,
        max_pages=_max_pages(site_survey),
        json=dict(site_survey.json) or None,
    )


def _expect(site_survey: SiteSurvey) -> dict[str, Any]:
    """Return bounds: at least what one list page less a seventh showed, at most twice that on every page."""
    least = max(1, math.floor((site_survey.items or site_survey.sitemap_size) * 0.85))
    most = max(
        least + 1, 2 * site_survey.items * _max_pages(site_survey) * max(1, len(site_survey.starts)), 2 * site_survey.sitemap_room
    )
    if site_survey.spider == "forum":  # threads hold a post or many
        most *= 10
    rates = expectations.fill_rates(site_survey.postings, _FIELDS)
    margin = 0.9 if len(site_survey.postings) >= 10 else 0.8
    kept = {field: round(rate * margin, 2) for field, rate in rates.items() if rate >= 0.5}
    return {"min": _present(postings=least, fill_rate=kept or None), "max": {"postings": most}}


def _follow(site_survey: SiteSurvey) -> str | None:
    """Return a selector of the links to follow, None when there are none or the page's parser finds them better."""
    if site_survey.spider not in ("board", "forum") or not (site_survey.details or site_survey.page.links):
        return None
    tree, base = LexborHTMLParser(site_survey.first.text), site_survey.first.url
    links = site_survey.page.links or listing.find_repeated_links(PageDocument(site_survey.first.text, base))
    if software := next((software for software in SOFTWARE if software.name == site_survey.page.facts.get("software")), None):
        for css in software.topics.split(", "):
            if {signs.target(node, base) for node in tree.css(css)} == set(links):
                return css
    return signs.selector_of(tree, base, links)


def _speaks(site_survey: SiteSurvey, pages: Sequence[FetchedPage]) -> tuple[str, ...]:
    entries = []
    if site_survey.spider == "json_api":
        entries.append(f"a JSON API with {site_survey.items} items at {site_survey.json['items']}")
    elif site_survey.spider == "forum":
        software = site_survey.page.facts.get("software", "unknown software")
        entries.append(f"a forum ({software}) with {site_survey.items} threads on the first page")
    elif site_survey.spider == "channel":
        entries.append(
            f"public channel previews, {len(site_survey.starts)} of them" if site_survey.details else "a public channel preview"
        )
    elif site_survey.spider == "feed":
        feeds = f"{len(site_survey.starts)} feeds (RSS, Atom)" if len(site_survey.starts) > 1 else "a feed (RSS, Atom or XML)"
        entries.append(f"{feeds} with {site_survey.items} items" + (" in the first" if len(site_survey.starts) > 1 else ""))
    else:
        families = sorted({FAMILIES[page.family].title for _, page in site_survey.details})
        count = f"a list of {site_survey.items} adverts" if site_survey.items else _describe_sitemap(site_survey)
        entries.append(count + (f" with detail pages in {' and '.join(families)}" if families else ""))
    if site_survey.render:
        entries.append("drawn by script" + (", more on scrolling" if site_survey.scroll else ""))
    if site_survey.click:
        entries.append(f"more behind the button {site_survey.click}")
    if site_survey.sitemap and site_survey.items:
        entries.append(_describe_sitemap(site_survey))
    refused = sum(page.error == "robots" for page in pages)
    return (*entries, f"{refused} of the pages looked at forbidden by robots.txt") if refused else tuple(entries)


def _describe_sitemap(site_survey: SiteSurvey) -> str:
    files, looked = site_survey.sitemap_files, site_survey.sitemap_looked
    said = "a sitemap of {} addresses".format(f"about {site_survey.sitemap_room}" if looked < files else site_survey.sitemap_size)
    return said + (f" in {files} files" if files > 1 else "")


def _cautions(site_survey: SiteSurvey) -> list[str]:
    """Return what a person should look at, as comments of the file."""
    entries = []
    if site_survey.page.family == "sitemap":
        entries.append("Given was a sitemap: start is only the home page; put the address of the newest adverts there.")
    if (
        site_survey.spider == "board"
        and not _leads_on(site_survey)
        and not site_survey.click
        and not site_survey.scroll
        and "{page}" not in site_survey.starts[0]
        and not site_survey.sitemap
    ):
        entries.append("No link to a second list page was found: set next, or put {page} into start, if there is one.")
    if site_survey.spider == "json_api" and not _leads_on(site_survey) and not _is_whole(site_survey):
        entries.append("How the answer pages was not found: put {page} into start, or name next under json.")
    if site_survey.spider == "json_api" and not site_survey.json.get("text"):
        entries.append("Items carry no text: their pages are fetched, if they have an address.")
    if site_survey.spider == "channel":
        entries.append("A channel belongs to whoever runs it: never add one that a private person keeps for friends.")
    if site_survey.spider == "forum":
        entries.append("Threads hold people who ask and reply; only what opens a thread carries its author.")
    return entries


def _note(site_survey: SiteSurvey) -> str:
    message = "Confirm before enabling: the terms of use allow reading by a named robot, or the operator has agreed"
    return f"{message}. robots.txt on the first page: {_clean(site_survey.first.robots) or 'not told'}."


def _languages(site_survey: SiteSurvey) -> list[str]:
    """Return the languages the pages declare, the most frequent first; else the one of the site's country."""
    tags = [posting.language_hint for posting in site_survey.postings]
    if not site_survey.json and (html := LexborHTMLParser(site_survey.first.text).css_first("html")) is not None:
        tags.append(html.attributes.get("lang"))
    declared = [code for tag in tags if (code := signs.language_of(tag))]
    country = signs.country_of(site_survey.starts[0])
    home = [signs.COUNTRY_LANGUAGES[country]] if country else []
    return list(dict.fromkeys([*sorted(declared, key=lambda code: -declared.count(code)), *home]))


def _countries(site_survey: SiteSurvey) -> list[str]:
    country = signs.country_of(site_survey.starts[0])
    return [country] if country else []


def _title(site_survey: SiteSurvey) -> str:
    """Return how the site calls itself."""
    if site_survey.spider == "channel" and len(site_survey.starts) == 1:
        return _clean(site_survey.page.title or site_survey.page.facts.get("channel", "")) or "Channel"
    if site_survey.page.family == "feed" and site_survey.page.title:
        return _clean(site_survey.page.title)
    if not site_survey.json:
        tree = LexborHTMLParser(site_survey.first.text)
        if (node := tree.css_first(_SITE_NAME)) is not None and (message := _clean(node.attributes.get("content") or "")):
            return message
        if (node := tree.css_first("title")) is not None and (message := _clean(re.split(r"\s[|–—-]\s", node.text())[-1])):
            return message
    return urlsplit(site_survey.starts[0]).hostname or "site"


def _name(site_survey: SiteSurvey, countries: list[str]) -> str:
    prefix = countries[0].lower() if countries else "local" if _local(site_survey) else "int"
    parts = urlsplit(site_survey.starts[0])
    host = f"port_{parts.port}" if _local(site_survey) else site(site_survey.starts[0]).split(".")[0]
    if site_survey.spider == "channel" and len(site_survey.starts) == 1:
        return _stem(f"{prefix}_{parts.path.strip('/').removeprefix('s/')}_channel")
    return _stem(f"{prefix}_{host}" + ("_forum" if site_survey.spider == "forum" else ""))


def _stem(text: str) -> str:
    return re.sub(r"_+", "_", re.sub(r"[^a-z0-9_]", "_", text.lower()))[:60].strip("_")


def terms_of(pages: Sequence[FetchedPage]) -> str | None:
    """Return the address of the terms of use that the first of the pages links to; None where none does."""
    for page in pages:
        if not page.error and "html" in page.content_type and (url := signs.terms(LexborHTMLParser(page.text), page.url)):
            return web_address(url)
    return None


def _max_pages(site_survey: SiteSurvey) -> int:
    if site_survey.spider == "feed" or (site_survey.render and not site_survey.page.next_page):
        return 1
    if site_survey.spider == "channel":
        return MAX_PAGES
    more = site_survey.page.previous_page or "{page}" in site_survey.starts[0]
    return MAX_PAGES if more or _leads_on(site_survey) else 1


def _leads_on(site_survey: SiteSurvey) -> bool:
    """Return whether the first page of the list says where the next one is."""
    if site_survey.page.next_page or site_survey.json.get("next") or site_survey.first.list_pages > 1:
        return True
    if site_survey.spider == "json_api":
        announced = _announced_extent(site_survey)
        return bool(announced.following or announced.guesses)
    first = site_survey.first
    document = PageDocument(first.text, first.url)
    if pager.find_further_pages(document) or extent.read_extent(document, list(site_survey.page.links)).following:
        return True
    return read_header_extent(first.headers, first.url, site_survey.items).following is not None


def _is_whole(site_survey: SiteSurvey) -> bool:
    """Return whether an answer says itself that it holds all there is."""
    return _announced_extent(site_survey).total == site_survey.items


def _announced_extent(site_survey: SiteSurvey) -> JsonExtent:
    answer, first = msgspec.json.decode(site_survey.first.body), site_survey.first
    return read_json_extent(answer, site_survey.json["items"], first.url, site_survey.items, headers=first.headers)


def _requests(site_survey: SiteSurvey) -> int:
    """Return room for every list page and every detail page, and half as many again."""
    details = (
        max(site_survey.items * _max_pages(site_survey), site_survey.sitemap_room) + site_survey.sitemap_files
        if site_survey.spider in ("board", "forum", "feed") or (site_survey.json.get("url") and not site_survey.json.get("text"))
        else 0
    )
    return min(5000, max(20, math.ceil(1.5 * (details + _max_pages(site_survey) * len(site_survey.starts)))))


def _minute(name: str) -> int:
    """Return a minute that spreads sources over the hour and stays the same for a name."""
    return sum(name.encode()) % 60


def _local(site_survey: SiteSurvey) -> bool:
    return is_loopback(urlsplit(site_survey.starts[0]).hostname or "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _clean(text: str, most: int = 80) -> str:
    return printable_line(text)[:most]


def web_address(url: str, *, given: bool = False) -> str:
    """Return an address with what is no printable letter written as its bytes, as browsers send it; braces too, which stand for
    a place to fill in, unless it was ``given`` by the operator."""
    special = " " if given else " {}"
    return "".join(
        letter if letter.isprintable() and letter not in special else quote(letter, errors="replace") for letter in url
    )
