"""Finds the family of a page by itself and reads the page with it: the one door to ``crawlers/pages``."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec

from crawlers.items import Page, Posting
from crawlers.pages import (
    cards,
    channel,
    feed,
    forum,
    job_posting_ld,
    labels,
    listing,
    microdata,
    mojibake,
    pager,
    plain,
    poster,
    prose,
    rdfa,
    sitemap,
    xml_jobs,
    zawgyi,
)
from crawlers.pages.document import Document

Parser = Callable[[Document], Page]

FAMILIES: dict[str, Parser] = {
    channel.FAMILY: channel.parse,
    feed.FAMILY: feed.parse,
    job_posting_ld.FAMILY: job_posting_ld.parse,
    microdata.FAMILY: microdata.parse,
    rdfa.FAMILY: rdfa.parse,
    sitemap.FAMILY: sitemap.parse,
    xml_jobs.FAMILY: xml_jobs.parse,
    forum.FAMILY: forum.parse,
    cards.FAMILY: cards.parse,
    poster.FAMILY: poster.parse,
    listing.FAMILY: listing.parse,
    plain.FAMILY: plain.parse,
}
"""Family name -> its parser. Names are what a source's ``crawl.page`` and ``lurewatch extract --page`` take."""


_SPEAKS: dict[str, Callable[[Document], bool]] = {
    poster.FAMILY: poster.speaks,
    channel.FAMILY: channel.speaks,
    feed.FAMILY: feed.speaks,
    sitemap.FAMILY: sitemap.speaks,
    job_posting_ld.FAMILY: job_posting_ld.speaks,
    microdata.FAMILY: microdata.speaks,
    rdfa.FAMILY: rdfa.speaks,
    xml_jobs.FAMILY: xml_jobs.speaks,
    forum.FAMILY: forum.speaks,
    cards.FAMILY: cards.speaks,
}
"""Asked in this order: what is said to machines is surer than what layout suggests."""
_MACHINE_READABLE = frozenset({job_posting_ld.FAMILY, microdata.FAMILY, rdfa.FAMILY})
_FILLED = (
    "title",
    "company",
    "location",
    "pay_raw",
    "posted_at",
    "posted_at_raw",
    "valid_through",
    "employment_type",
    "openings",
    "is_open",
    "contacts",
)
_WORDS = ("title", "text", "company", "location")
_BURMESE = re.compile("[\u1000-\u109f]")
_MISREAD = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""A lead byte of UTF-8 and its follower as windows-1252 shows them; rare side by side in real text."""
_SHORT_TEXT = 60
"""Characters below which a machine-readable description is a teaser, and the page's own text is looked at."""


def parse(text: str, url: str, *, page: str | None = None, source: str = "", now: datetime | None = None) -> Page:
    """Return what the page says, read by the family named ``page`` or by the one found.

    ``now`` is when the page was fetched (relative dates count from it). Raises KeyError, naming the families, for an unknown
    ``page``.
    """
    if page is not None and page not in FAMILIES:
        raise KeyError(f"no page family {page!r}; there are: {', '.join(sorted(FAMILIES))}")
    read = _read(Document(text, url, source=source, now=now), page)
    if _is_misread(read) and (mended := _undone(text)) != text:
        read = _read(Document(mended, url, source=source, now=now), page)
        return msgspec.structs.replace(read, facts={**read.facts, "mojibake_mended": "true"})
    return read


def _read(document: Document, page: str | None) -> Page:
    name = page or _family(document)
    read = FAMILIES[name](document)
    return _readable(_completed(read, document) if name in _MACHINE_READABLE else read)


def _is_misread(read: Page) -> bool:
    """Tell whether what was read shows UTF-8 taken for windows-1252; asked of the postings, since a whole page takes longer."""
    texts = [read.title, *(text for posting in read.postings for text in (posting.title, posting.text[:5000]))]
    return sum(len(_MISREAD.findall(text)) for text in texts if text and not text.isascii()) >= 3


def _undone(text: str) -> str:
    """Return the page with lines of mojibake turned back."""
    return "".join(mojibake.mended(line) if _MISREAD.search(line) else line for line in text.splitlines(keepends=True))


def _readable(read: Page) -> Page:
    """Return the page with Zawgyi turned into Unicode; ``facts["mojibake"]`` tells that letters are lost for good."""
    facts = dict(read.facts)
    postings: list[Posting] = []
    for posting in read.postings:
        if mojibake.is_broken(posting.text):
            facts["mojibake"] = "true"
        words = {name: text for name in _WORDS if (text := getattr(posting, name)) and _BURMESE.search(text)}
        changed = {name: unicode for name, text in words.items() if (unicode := zawgyi.to_unicode(text)) != text}
        if changed:
            facts["zawgyi_converted"] = "true"
            posting = msgspec.structs.replace(posting, **changed)
        postings.append(posting)
    if facts == read.facts:
        return read
    title = zawgyi.to_unicode(read.title) if read.title else None
    return msgspec.structs.replace(read, title=title, postings=tuple(postings), facts=facts)


def _completed(read: Page, document: Document) -> Page:
    """Return the page with what its machine-readable facts lack filled in from the HTML, which shows the same advert to
    people."""
    if len(read.postings) > 1:
        return read
    told = read.postings[0] if read.postings else None
    if (
        told
        and told.title
        and told.company
        and told.posted_at
        and (told.location or told.remote)
        and len(told.text) >= _SHORT_TEXT
    ):
        return read
    shown = plain.parse(document)
    if told is None:  # JSON beyond repair
        broken = "; ".join(f"{reject.reason}: {reject.detail}" for reject in read.rejected)
        facts = {**shown.facts, **({"machine_readable": broken} if broken else {})}
        return msgspec.structs.replace(shown, rejected=() if shown.postings else (*read.rejected, *shown.rejected), facts=facts)
    if not shown.postings:
        return read
    seen = shown.postings[0]
    missing = {name: getattr(seen, name) for name in _FILLED if getattr(told, name) in (None, ())}
    if told.remote and not told.location:
        missing.pop("location", None)
    text = seen.text if len(told.text) < _SHORT_TEXT and len(seen.text) > len(told.text) else told.text
    return msgspec.structs.replace(read, postings=(msgspec.structs.replace(told, text=text, **missing),))


def family(text: str, url: str) -> str:
    """Return the name of the family that reads this page."""
    return _family(Document(text, url))


def _family(document: Document) -> str:
    for name, speaks in _SPEAKS.items():
        if speaks(document):
            return name
    return listing.FAMILY if _is_list(document) else plain.FAMILY


def _is_list(document: Document) -> bool:
    """Tell whether the page lists adverts: links of one kind with pages before or after, or many links beside little prose."""
    if _is_advert(document):
        return False
    links = len(listing.detail_links(document))
    if links >= 2 and any(pager.pages(document)):
        return True
    longest = listing.longest_paragraph(document)
    return (links >= 4 and longest < 600) or (links >= 2 and longest < 120) or listing.says_empty(document)


def _is_advert(document: Document) -> bool:
    """Tell whether the page describes one advert: three facts are labelled, or two and a description, and none as often as
    rows of a list."""
    lines = prose.text_of(document.body).split("\n")
    # labels one after another are the head of a table of many adverts, not facts of one
    said = (_announced(line, following) for line, following in zip(lines, [*lines[1:], ""], strict=True))
    counts = Counter(found for found in said if found)
    facts = [
        name
        for name in ("company", "location", "posted_at", "valid_through", "pay_raw", "openings", "employment_type")
        if counts[name]
    ]
    return len(facts) + bool(counts["text"]) >= 3 and max(counts[name] for name in facts) <= 3


def _announced(line: str, following: str) -> str | None:
    """Return the field that a line announces with its value, or with its value on the following line."""
    pair = labels.labelled(line)
    if pair:
        return pair[0]
    return None if labels.field(following) else labels.field(line)
