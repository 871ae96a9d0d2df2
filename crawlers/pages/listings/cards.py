"""Boards that print whole adverts one under the other, without a page for each: every ``<article id=…>`` is a posting.

Script-drawn boards look like this once a browser has drawn them. A card that links to a page of its own belongs to the
``listing`` family instead.
"""

import re

import msgspec

from crawlers.items import ParsedPage, Posting, Reject, posting_id
from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import prose
from crawlers.pages.postings import plain

FAMILY = "cards"
_CARD = re.compile(r"<article\b[^>]{0,400}?\bid\s*=", re.I)
_FEWEST = 2
_SHORTEST = 40
"""Characters of text a card needs to be an advert and not a teaser."""


def speaks(document: PageDocument) -> bool:
    """Whether the page holds two or more identified articles with text and no page of their own."""
    return len(_CARD.findall(document.text)) >= _FEWEST and len(_cards(document)) >= _FEWEST


def parse(document: PageDocument) -> ParsedPage:
    """Return one posting per card, addressed by the card's id as the fragment."""
    postings: list[Posting] = []
    rejected: list[Reject] = []
    for identity, language, html in _cards(document):
        address = f"{document.address}#{identity}"
        declared = f' lang="{language}"' if language else ""
        alone = PageDocument(
            f"<html{declared}><body>{html}</body></html>",
            document.url,
            source=document.source,
            now=document.now,
            identity=document.identity,
        )
        read = plain.parse(alone)
        postings += [
            msgspec.structs.replace(posting, id=posting_id(document.source, address), url=address, native_id=identity)
            for posting in read.postings
        ]
        rejected += [Reject(url=address, reason=reject.reason, detail=reject.detail) for reject in read.rejected]
    return ParsedPage(family=FAMILY, title=document.heading, postings=tuple(postings), rejected=tuple(rejected))


def _cards(document: PageDocument) -> list[tuple[str, str | None, str]]:
    """Return (id, declared language, HTML) of each card."""
    results = []
    for node in document.tree.css("article[id]"):
        heading = node.css_first("h1, h2, h3, h4")
        if heading is None or heading.css_first("a[href]") is not None or len(prose.text_of(node)) < _SHORTEST:
            continue
        results.append((node.attributes["id"] or "", node.attributes.get("lang") or document.language, node.html or ""))
    return results
