"""One fetched page as every parser sees it: its text, its address, and values computed once (tree, base, language)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.items import Posting, posting_id
from crawlers.pages import page_urls
from crawlers.pages.posting_fields import prose
from crawlers.text import dates, money
from crawlers.text.stated_pay import Pay
from foundation.url_identity import DEFAULT, UrlIdentity, is_same_page

_LANG = re.compile(r"<html\b[^>]{0,2000}?\b(?:xml:)?lang\s*=\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)", re.I)
_CANONICAL = re.compile(r"<link\b[^>]*\brel\s*=\s*[\"']?canonical\b", re.I)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.I)
SHARED, DISOWNED = "shared_address", "disowned_address"
"""Facts of a page: how many of its postings shared an address; the address of another page that it declares as its own."""
_HEAD = 60_000
"""The head of a page is searched in this many characters, without a tree."""


class PageDocument:
    """A fetched page, before its family is known. ``now`` is when it was fetched: relative dates count from it. ``identity``
    says which parts of its addresses name a page."""

    def __init__(
        self, text: str, url: str, *, source: str = "", now: datetime | None = None, identity: UrlIdentity = DEFAULT
    ) -> None:
        self.text = text
        try:
            text.encode()
        except UnicodeEncodeError:  # lone surrogates would stop every parser
            self.text = text.encode("utf-8", "replace").decode()
        self.url = url
        self.source = source
        self.now = now or datetime.now(UTC)
        self.identity = identity

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The HTML tree; parsed when first asked for, since JSON-LD pages rarely need it."""
        return prose.html_tree(self.text)

    @cached_property
    def body(self) -> LexborNode:
        """The body element, or the root of a fragment."""
        node = self.tree.body or self.tree.root
        assert node is not None  # Lexbor makes html and body for any input
        return node

    @cached_property
    def base(self) -> str:
        """The address that relative links count from (``<base href>`` obeyed)."""
        if self.text.find("<base", 0, _HEAD) >= 0 or self.text.find("<BASE", 0, _HEAD) >= 0:
            node = self.tree.css_first("base[href]")
            if node is not None and (base := page_urls.absolute(self.url, node.attributes.get("href"))):
                return base
        return self.url

    @cached_property
    def language(self) -> str | None:
        """What ``<html lang>`` declares, as written; None when it declares nothing."""
        at = self.text.find("lang", 0, _HEAD)
        match = _LANG.search(self.text, 0, _HEAD) if at >= 0 or "LANG" in self.text[:_HEAD] else None
        return match.group(1) if match else None

    @cached_property
    def country(self) -> str | None:
        """The country (ISO 3166) of the site's top-level domain, which tells what ``$`` or ``Rs`` mean on it; None for
        general domains."""
        last = (urlsplit(self.url).hostname or "").rpartition(".")[2]
        return (
            {"uk": "GB"}.get(last, last.upper())
            if len(last) == 2 and last.isalpha() and last not in ("io", "co", "me", "tv", "ai")
            else None
        )

    @cached_property
    def address(self) -> str:
        """The page's own address: its canonical link when that is on the same host and can be this page's, else the fetched
        address."""
        claimed = self._canonical
        return claimed if claimed and not self.disowned_address else self.identity.page(self.url) if self.url else ""

    @cached_property
    def disowned_address(self) -> str:
        """The address of another page that this one declares as its own; "" when there is none."""
        claimed, own = self._canonical, self.identity.page(self.url)
        return claimed if claimed and claimed != own and not is_same_page(own, claimed) else ""

    @cached_property
    def _canonical(self) -> str:
        """The canonical link as far as it stays on the host the page came from; "" for none."""
        at = self.text.find("canonical", 0, _HEAD) if self.url else -1
        for _ in range(10):
            if at < 0:
                break
            start, end = self.text.rfind("<", 0, at), self.text.find(">", at)
            tag = self.text[start : end + 1] if end - start < 2000 else ""
            if _CANONICAL.match(tag) and (href := _HREF.search(tag)):
                written = href[1].replace("&amp;", "&")
                if written.startswith("/".join(self.url.split("/", 3)[:3]) + "/"):
                    return self.identity.page(written)
                text = self.absolute(written)
                if text and urlsplit(text).netloc == urlsplit(self.url).netloc:
                    return self.identity.page(text)
            at = self.text.find("canonical", at + 9, _HEAD)
        return ""

    @cached_property
    def heading(self) -> str | None:
        """The page's own heading, else its title."""
        for css in ("main h1", "h1", "h2.forum-title", "title"):
            for node in self.tree.css(css):
                if text := prose.one_line(node.text() if css == "title" else prose.text_of(node)):
                    return text
        return None

    def line(self, node: LexborNode) -> str | None:
        """Return what a reader sees of ``node``, as one line."""
        return prose.one_line(prose.text_of(node))

    def absolute(self, href: str | None) -> str | None:
        """Return ``href`` as an absolute http(s) address seen from this page; None when it is none."""
        return page_urls.absolute(self.base, href)

    def is_own_host(self, address: str) -> bool:
        """Tell whether an address is on the host of this page, with or without ``www.``; of a page without one all are."""
        host = urlsplit(self.url).netloc.removeprefix("www.")
        return not host or urlsplit(address).netloc.removeprefix("www.") == host

    def moment(self, raw: str | None, language: str | None = None) -> datetime | None:
        """Return the UTC time that ``raw`` names, read in the page's language and seen from the time of the fetch."""
        return dates.moment(raw, now=self.now, language=language or self.language) if raw else None

    def pay(self, text: str) -> Pay | None:
        """Return the figures of a pay field as shown; zero-width characters, which boards put around dashes, are skipped."""
        read = money.pay(re.sub("[\u200b-\u200f\u2060\ufeff]", "", text), country=self.country)
        return msgspec.structs.replace(read, raw=text) if read is not None else None

    def posting(
        self, address: str, *, text: str, native_id: str | None = None, by_native_id: bool = False, **facts: Any
    ) -> Posting:
        """Return a Posting at ``address``; its id follows ``native_id`` where the site's own numbers are unique
        (``by_native_id``)."""
        address = self.identity.item(address)
        key = native_id if by_native_id and native_id else address
        facts.setdefault("language_hint", self.language)
        if facts.get("pay") is None and (value := facts.get("pay_raw")):
            facts["pay"] = self.pay(value)
        return Posting(id=posting_id(self.source, key), source=self.source, url=address, native_id=native_id, text=text, **facts)


def separate_postings(postings: Iterable[Posting]) -> tuple[list[Posting], int]:
    """Return the postings of a page once each, and how many different ones shared an address: each of these gets a mark.

    A template may give the home page as the address of every item; the item's number, else its words, identify it.
    """
    by_id: dict[str, list[Posting]] = {}
    for posting in postings:
        alike = by_id.setdefault(posting.id, [])
        if not any(_is_same(posting, known) for known in alike):
            alike.append(posting)
    results: list[Posting] = []
    for alike in by_id.values():
        natives = {posting.native_id for posting in alike if posting.native_id}
        for posting in alike:
            words = sha256(f"{posting.title}\n{posting.text}".encode("utf-8", "replace")).hexdigest()[:12]
            mark = posting.native_id if len(natives) == len(alike) and posting.native_id else words
            url = posting.url if len(alike) == 1 else f"{posting.url}#{quote(mark, safe='')}"
            key = posting.id if len(alike) == 1 else posting_id(posting.source, url)
            results.append(msgspec.structs.replace(posting, id=key, url=url))
    return results, sum(len(alike) for alike in by_id.values() if len(alike) > 1)


def _is_same(posting: Posting, known: Posting) -> bool:
    """Tell whether two postings at one address are the same advert; one may be cut."""
    return posting.title == known.title and (posting.text in known.text or known.text in posting.text)
