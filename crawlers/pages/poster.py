"""Adverts drawn as SVG pictures whose words are still text: lines in the order they stand from top to bottom."""

import re

from selectolax.lexbor import LexborNode

from crawlers.items import Page, Reject
from crawlers.pages import prose
from crawlers.pages.document import Document

FAMILY = "poster"
_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?(?:<!DOCTYPE svg[^>]{0,400}>\s*)?<svg\b", re.I | re.S
)
_LANGUAGE = re.compile(r"<svg\b[^>]{0,1000}?\b(?:xml:)?lang\s*=\s*[\"']([A-Za-z-]{2,12})", re.I)


def speaks(document: Document) -> bool:
    """Whether the file is an SVG picture."""
    return _ROOT.match(document.text) is not None


def parse(document: Document) -> Page:
    """Return the poster as one posting: its top line is the title; a picture without words is a Reject ``no_text``."""
    lines = [line for _, line in sorted(_lines(document), key=lambda line: line[0])]
    if not lines:
        return Page(family=FAMILY, rejected=(Reject(url=document.url, reason="no_text", detail="a picture without words"),))
    language = _LANGUAGE.search(document.text[:4000])
    posting = document.posting(
        document.address, title=lines[0], text="\n".join(lines), language_hint=language.group(1) if language else None
    )
    return Page(family=FAMILY, title=lines[0], postings=(posting,))


def _lines(document: Document) -> list[tuple[float, str]]:
    """Return (vertical position, words) of each text element."""
    return [(_height(node), said) for node in document.tree.css("text") if (said := prose.one_line(node.text(separator=" ")))]


def _height(node: LexborNode) -> float:
    try:
        return float((node.attributes.get("y") or "0").split()[0].rstrip("px%"))
    except ValueError:
        return 0.0
