"""From what a site turned out to be to a complete source file, with bounds from what was seen and a note of what was not."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery import page_signs as signs
from crawlers.discovery.discover import NAMES, SiteSurvey, look
from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.pages.forum_software import SOFTWARE
from crawlers.sources import expectations
from crawlers.sources.fields import site

KINDS = {"board": "job_board", "json_api": "job_board", "feed": "feed", "channel": "public_channel", "forum": "forum"}
DELAY_SECONDS = 5.0
MAX_PAGES = 10
_FIELDS = ("title", "text", "company", "location", "posted_at")
_SITE_NAME = 'meta[property="og:site_name"], meta[name="application-name"]'

_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off)$)(?:[A-Za-z][\w/.-]*|https?://[\w.-]+(?::\d+)?[\w./%&=?~+-]*)", re.I)
"""Values that YAML reads as the text they are without quotes."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A source file that nobody has confirmed yet."""

    name: str
    speaks: tuple[str, ...]
    """What the site speaks, in words, with what was seen of it."""
    yaml: str
    """The whole file."""
    look: SiteSurvey


def propose(url: str, pages: Sequence[FetchedPage], *, name: str | None = None, today: date) -> Proposal:
    """Return a complete source for ``url`` from the ``pages`` seen; raise NoPostings when there is nothing to crawl.

    ``today`` is the day the pages were fetched. Pure: the same pages give the same file.
    """
    found = look(url, pages)
    languages, countries = _languages(found), _countries(found)
    title = _title(found)
    name = name or _name(found, countries)
    delay = max(DELAY_SECONDS, math.ceil(pages[0].crawl_delay or 0)) if not _local(found) else 0.0
    speaks = _speaks(found, pages)
    lines = [
        f"# Proposed {today} from {len(pages)} pages: {'; '.join(speaks)}.",
        *(f"# - {caution}" for caution in _cautions(found)),
        *_pairs(title=title, summary=f"Not described yet; {speaks[0]}", kind=KINDS[found.spider]),
        f"languages: [{', '.join(languages)}]",
        f"countries: [{', '.join(countries)}]",
        "enabled: false",
        *_pairs(note=_note(found)),
        "",
        "operator:",
        *_pairs(1, name=title, country=countries[0] if countries else None, url=_origin(found.starts[0])),
        "",
        "access:",
        *_pairs(1, basis=f"Pages were read without an account on {today}", terms_url=_terms(pages), robots="obey"),
        "  # terms_checked: YYYY-MM-DD    # the day you read the terms and robots.txt; without it the source does not run",
        "  # review_by: YYYY-MM-DD        # until when that is good",
        *_pairs(1, delay_seconds=delay, requests_per_run=_requests(found)),
        "",
        "crawl:",
        *_crawl(found),
        "",
        f'schedule: "{_minute(name)} 3 * * *"',
        "retention_days: 180",
        "",
        "expect:                          # from one look; set from a healthy run: min 10-20 % under it, max about twice",
        *_expect(found),
    ]
    return Proposal(name=name, speaks=speaks, yaml="\n".join(lines) + "\n", look=found)


def _crawl(found: SiteSurvey) -> list[str]:
    lines = _pairs(1, spider=found.spider)
    lines += [f"  start: {json.dumps(list(found.starts), ensure_ascii=False)}"]
    css = _follow(found)
    lines += _pairs(1, follow=css, sitemap=found.sitemap)
    if found.render:
        cards = css or signs.cards(LexborHTMLParser(found.first.text))[0]
        lines += _pairs(1, render=True, wait_for=cards or None, scroll=found.scroll or None)
    lines += _pairs(1, max_pages=_max_pages(found))
    if found.json:
        lines += ["  json:", *_pairs(2, **found.json)]
    return lines


def _expect(found: SiteSurvey) -> list[str]:
    """Return bounds: at least what one list page less a seventh showed, at most twice that on every page."""
    least = max(1, math.floor((found.items or found.sitemap_size) * 0.85))
    most = max(least + 1, 2 * found.items * _max_pages(found) * max(1, len(found.starts)), 2 * found.sitemap_size)
    if found.spider == "forum":  # threads hold a post or many
        most *= 10
    rates = expectations.fill_rates(found.postings, _FIELDS)
    margin = 0.9 if len(found.postings) >= 10 else 0.8
    kept = {field: round(rate * margin, 2) for field, rate in rates.items() if rate >= 0.5}
    fill = f", fill_rate: {{{', '.join(f'{field}: {rate}' for field, rate in kept.items())}}}" if kept else ""
    return [f"  min: {{postings: {least}{fill}}}", f"  max: {{postings: {most}}}"]


def _follow(found: SiteSurvey) -> str | None:
    """Return a selector of the links to follow, None when there are none or the page's parser finds them better."""
    if found.spider not in ("board", "forum") or not (found.details or found.page.links):
        return None
    tree, base = LexborHTMLParser(found.first.text), found.first.url
    links = list(found.page.links) or signs.repeated_links(tree, base)
    if software := next((one for one in SOFTWARE if one.name == found.page.facts.get("software")), None):
        for css in software.topics.split(", "):
            if {signs.target(node, base) for node in tree.css(css)} == set(links):
                return css
    return signs.selector_of(tree, base, links)


def _speaks(found: SiteSurvey, pages: Sequence[FetchedPage]) -> tuple[str, ...]:
    told = []
    if found.spider == "json_api":
        told.append(f"a JSON API with {found.items} items at {found.json['items']}")
    elif found.spider == "forum":
        software = found.page.facts.get("software", "unknown software")
        told.append(f"a forum ({software}) with {found.items} threads on the first page")
    elif found.spider == "channel":
        told.append(f"public channel previews, {len(found.starts)} of them" if found.details else "a public channel preview")
    elif found.spider == "feed":
        feeds = f"{len(found.starts)} feeds (RSS, Atom)" if len(found.starts) > 1 else "a feed (RSS, Atom or XML)"
        told.append(f"{feeds} with {found.items} items" + (" in the first" if len(found.starts) > 1 else ""))
    else:
        families = sorted({NAMES.get(page.family, page.family) for _, page in found.details})
        count = f"a list of {found.items} adverts" if found.items else f"a sitemap of {found.sitemap_size} addresses"
        told.append(count + (f" with detail pages in {' and '.join(families)}" if families else ""))
    if found.render:
        told.append("drawn by script" + (", more on scrolling" if found.scroll else ""))
    if found.sitemap and found.items:
        told.append(f"a sitemap of {found.sitemap_size} addresses")
    refused = sum(page.error == "robots" for page in pages)
    return (*told, f"{refused} of the pages looked at forbidden by robots.txt") if refused else tuple(told)


def _cautions(found: SiteSurvey) -> list[str]:
    """Return what a person should look at, as comments of the file."""
    told = []
    if found.page.family == "sitemap":
        told.append("Given was a sitemap: start is only the home page; put the address of the newest adverts there.")
    if found.spider == "board" and not found.page.next_page and "{page}" not in found.starts[0] and not found.sitemap:
        told.append("No link to a second list page was found: set next, or put {page} into start, if there is one.")
    if found.spider == "json_api" and not found.json.get("next"):
        told.append("How the answer pages was not found: put {page} into start, or name next under json.")
    if found.spider == "json_api" and not found.json.get("text"):
        told.append("Items carry no text: their pages are fetched, if they have an address.")
    if found.spider == "channel":
        told.append("A channel belongs to whoever runs it: never add one that a private person keeps for friends.")
    if found.spider == "forum":
        told.append("Threads hold people who ask and reply; only what opens a thread carries its author.")
    return told


def _note(found: SiteSurvey) -> str:
    told = "Confirm before enabling: the terms of use allow reading by a named robot, or the operator has agreed"
    return f"{told}. robots.txt on the first page: {found.first.robots or 'not told'}."


def _languages(found: SiteSurvey) -> list[str]:
    """Return the languages the pages declare, the most frequent first; else the one of the site's country."""
    tags = [posting.language_hint for posting in found.postings]
    if not found.json and (html := LexborHTMLParser(found.first.text).css_first("html")) is not None:
        tags.append(html.attributes.get("lang"))
    declared = [code for tag in tags if (code := signs.language_of(tag))]
    country = signs.country_of(found.starts[0])
    home = [signs.COUNTRY_LANGUAGES[country]] if country else []
    return list(dict.fromkeys([*sorted(declared, key=lambda code: -declared.count(code)), *home]))


def _countries(found: SiteSurvey) -> list[str]:
    country = signs.country_of(found.starts[0])
    return [country] if country else []


def _title(found: SiteSurvey) -> str:
    """Return how the site calls itself."""
    if found.spider == "channel" and len(found.starts) == 1:
        return _clean(found.page.title or found.page.facts.get("channel", "")) or "Channel"
    if found.page.family == "feed" and found.page.title:
        return _clean(found.page.title)
    if not found.json:
        tree = LexborHTMLParser(found.first.text)
        if (node := tree.css_first(_SITE_NAME)) is not None and (told := _clean(node.attributes.get("content") or "")):
            return told
        if (node := tree.css_first("title")) is not None and (told := _clean(re.split(r"\s[|–—-]\s", node.text())[-1])):
            return told
    return urlsplit(found.starts[0]).hostname or "site"


def _name(found: SiteSurvey, countries: list[str]) -> str:
    prefix = countries[0].lower() if countries else "local" if _local(found) else "int"
    parts = urlsplit(found.starts[0])
    host = f"port_{parts.port}" if _local(found) else site(found.starts[0]).split(".")[0]
    if found.spider == "channel" and len(found.starts) == 1:
        return _stem(f"{prefix}_{parts.path.strip('/').removeprefix('s/')}_channel")
    return _stem(f"{prefix}_{host}" + ("_forum" if found.spider == "forum" else ""))


def _stem(text: str) -> str:
    return re.sub(r"_+", "_", re.sub(r"[^a-z0-9_]", "_", text.lower()))[:60].strip("_")


def _terms(pages: Sequence[FetchedPage]) -> str | None:
    for page in pages:
        if not page.error and "html" in page.content_type and (url := signs.terms(LexborHTMLParser(page.text), page.url)):
            return url
    return None


def _max_pages(found: SiteSurvey) -> int:
    if found.spider == "feed" or (found.render and not found.page.next_page):
        return 1
    if found.spider == "channel":
        return MAX_PAGES
    more = found.page.next_page or found.page.previous_page or found.json.get("next") or "{page}" in found.starts[0]
    return MAX_PAGES if more else 1


def _requests(found: SiteSurvey) -> int:
    """Return room for every list page and every detail page, and half as many again."""
    details = max(found.items * _max_pages(found), found.sitemap_size) if found.spider in ("board", "forum", "feed") else 0
    return min(5000, max(20, math.ceil(1.5 * (details + _max_pages(found) * len(found.starts)))))


def _minute(name: str) -> int:
    """Return a minute that spreads sources over the hour and stays the same for a name."""
    return sum(name.encode()) % 60


def _local(found: SiteSurvey) -> bool:
    return (urlsplit(found.starts[0]).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _clean(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:80]


def _pairs(level: int = 0, /, **values: Any) -> list[str]:
    """Return a line for each value that is not None, as YAML that reads back as that value."""
    return list(_lines("  " * level, values.items()))


def _lines(indent: str, values: Iterable[tuple[str, Any]]) -> Iterable[str]:
    for key, value in values:
        if value is None:
            continue
        plain = isinstance(value, str) and _PLAIN.fullmatch(value)
        yield f"{indent}{key}: {value if plain else json.dumps(value, ensure_ascii=False)}"
