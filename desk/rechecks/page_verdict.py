"""Judges what stands at the address of a reported advert: pure, from one answer and the advert as it was reported.

The page is compared with the words that the notice was about, not with its status alone: sites answer 200 for adverts that are
gone, and lead from an advert that has ended to their list.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.evidence.kept_pages import KeptPage, candidates, without_pictures
from crawlers.fetch.middlewares.block_signs import BROKEN
from crawlers.items import Posting
from crawlers.pages import page_families
from crawlers.pages.postings.plain import CLOSED
from crawlers.sources.setting_types import same_site
from crawlers.sources.source import Source
from desk.rechecks.shown_words import ShownWords, read_end
from desk.rechecks.sighting import Sighting, State

_SAID_WITHIN = 4_000
"""Characters within which a page says that something is gone."""
_BROKEN = re.compile(rf".{{0,80}}?(?:{BROKEN})", re.IGNORECASE)
_THIN = 700
"""A page that asks for consent and has fewer characters is that question alone."""
_CONSENT = re.compile(
    r"cookies?\b|\bconsent|privacy|vie privée|quyền riêng tư|datenschutz|privaci?da[de]|"
    r"隐私|隱私|конфиденциальн|ความเป็นส่วนตัว|개인정보|プライバシー",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:accept|agree|reject|refuser|akzeptieren|ablehnen|aceptar|rechazar|aceitar|rejeitar)|đồng ý|chấp nhận|同意|接受|ยอมรับ|"
    r"принять|동의",
    re.IGNORECASE,
)
_WORKING = 3
"""Links to its own pages that the front page of a site has, at least, while the site works."""


def address_to_ask(url: str) -> str:
    """Return the address that shows one posting alone: of a public Telegram channel, the embed, which says when it is gone."""
    parts = urlsplit(url)
    if parts.hostname == "t.me" and re.fullmatch(r"/(?!s/|c/)\w+/\d+", parts.path):
        return urlunsplit(parts._replace(query="embed=1&mode=tme", fragment=""))
    return url


def judge(page: FetchedPage, reported: Posting, source: Source) -> Sighting:
    """Return what an answer says of an advert that was reported."""
    state, detail = _state(page, reported, source)
    return Sighting(
        state=state, status=page.status, url=page.url, detail=detail, evidence=page.evidence, sha256=page.sha256
    )  # fmt: skip


def front_page(url: str) -> str:
    """Return the address of the front page of an advert's site, which is asked for before its advert counts as gone."""
    return urlunsplit(urlsplit(url)._replace(path="/", query="", fragment=""))


def confirm(sighting: Sighting, page: FetchedPage, front: FetchedPage) -> Sighting:
    """Return a sighting that stands: an advert is not gone where the whole site is away, parked, or a page of its host.

    ``front`` answered at ``front_page``; one that robots.txt or a wall keeps from us tells nothing against the site.
    """
    failed = bool(front.error) and front.error != "robots" and not _wall(front)
    alone = _words_without_numbers(front) == _words_without_numbers(page) and _links_home(front) < _WORKING
    return msgspec.structs.replace(sighting, state="unknown", detail="site_down") if failed or alone else sighting


def _words_without_numbers(page: FetchedPage) -> str:
    """Return what a page says without numbers, which differ from one look to the next: a moment, a count, a trace."""
    return re.sub(r"\w*\d\w*", "", _visible_text(page.text))


def _links_home(page: FetchedPage) -> int:
    links = (urljoin(page.url, link.attributes.get("href") or "") for link in LexborHTMLParser(page.text).css("a[href]"))
    return len({link for link in links if same_site(link, page.url)} - {page.url})


def _state(page: FetchedPage, reported: Posting, source: Source) -> tuple[State, str]:
    if wall := _wall(page):
        return "walled", wall
    if page.error and page.status not in (404, 410):
        return "unknown", page.error.removeprefix("blocked (").removesuffix(")")
    shown = ShownWords(f"{reported.title or ''}\n{without_pictures(reported).text}", page.text)
    state = "up" if _is_read_alike(page, reported, source) else shown.state
    said = _visible_text(page.text)[:_SAID_WITHIN]
    elsewhere = _name_of(page.url, source) != _name_of(page.wanted.url, source)
    if state is not None:
        return ("moved" if elsewhere else state), "closed" if CLOSED.search(said) else ""
    if page.status in (404, 410):
        return "gone", ""
    if len(said) < _THIN and _CONSENT.search(said) and _CHOICE.search(said):
        return "walled", "consent"
    return _without_its_words(page, reported, source, said, has_contact=shown.has_contact, elsewhere=elsewhere)


def _without_its_words(
    page: FetchedPage, reported: Posting, source: Source, said: str, *, has_contact: bool, elsewhere: bool
) -> tuple[State, str]:
    """Return what a page says of an advert whose words it does not show."""
    end = read_end(said)
    if end == "kept":
        return "walled", "kept_from_us"
    if end or CLOSED.search(said):
        return "tombstone", "says_so"
    if not same_site(page.url, page.wanted.url):
        return "unknown", "other_site"
    if has_contact:  # the page may be the advert in another language
        return "unknown", "contact_stands"
    if elsewhere:
        return "tombstone", "redirect"
    if _is_rewritten(page, reported, source):
        return "edited", "rewritten"
    return "unknown", "another_page"


def _wall(page: FetchedPage) -> str:
    """Return why a source refused us; empty where it did not, as where its server is broken or says nothing."""
    reason = page.error.removeprefix("blocked (").removesuffix(")") if page.error.startswith("blocked") else ""
    broken = reason == "empty_body" or (reason == "error_body" and _BROKEN.match(_visible_text(page.text)))
    return "" if broken else reason


def _name_of(url: str, source: Source) -> str:
    """Return what two addresses of one page have in common: neither scheme nor ``www`` nor a slash at the end makes another."""
    return re.sub(r"^https?://(?:www\.)?", "", source.identity.page(url)).rstrip("/")


def _is_read_alike(page: FetchedPage, reported: Posting, source: Source) -> bool:
    """Tell whether the parsers read the same title and words from a page as were reported."""
    own = without_pictures(reported)
    kept = KeptPage(
        kind="response", record_id="", beside="", url=page.url, at=datetime.now(UTC), sha256="", content_type=page.content_type,
        body=page.body,
    )  # fmt: skip
    return any((read.title, read.text) == (own.title, own.text) for read in candidates([kept], own.source, source))


def _is_rewritten(page: FetchedPage, reported: Posting, source: Source) -> bool:
    """Tell whether a page is the advert in other words: by facts written for machines, as any page may be read as plain text."""
    try:
        read = page_families.parse(page.text, page.url, source=reported.source, now=datetime.now(UTC), identity=source.identity)
    except Exception:  # noqa: BLE001 - a parser may raise anything, as it may in a crawl
        return False
    family = page_families.FAMILIES[read.family]
    return (family.machine_readable or family.spider == "channel") and any(each.id == reported.id for each in read.postings)


def _visible_text(markup: str) -> str:
    """Return title and body of a page as a reader sees them, without its menus."""
    tree = LexborHTMLParser(markup)
    tree.strip_tags(["script", "style", "svg", "template", "noscript", "nav", "footer"])
    return " ".join(tree.root.text(separator=" ").split()) if tree.root else ""
