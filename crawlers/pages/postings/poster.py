"""Adverts drawn as posters: SVG pictures whose words are still text, or a few lines of big type (headline, who, lines, where).

A poster has no labels. A name in the second line is the advertiser; a name in the last line is the place; a line with figures,
lists or contacts is neither.
"""

import re

from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage, Reject
from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose

FAMILY = "poster"
_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?(?:<!DOCTYPE svg[^>]{0,400}>\s*)?<svg\b", re.I | re.S
)
_LANGUAGE = re.compile(r"<svg\b[^>]{0,1000}?\b(?:xml:)?lang\s*=\s*[\"']([A-Za-z-]{2,12})", re.I)
_PROSE_MARKUP = re.compile(r"<(?:a|p|table|ul|ol|dl|form|article|br)\b", re.I)
_LINES = range(4, 13)
_LONGEST_LINE = 60
_NO_NAME = re.compile(r"[\d@·•|/:：+=%“”\"!?]|https?|[\u3400-\u9fff]\s+[\u3400-\u9fff]")
"""Figures, contacts, quotations and lists; Han words set apart by spaces are a list too."""


def speaks(document: PageDocument) -> bool:
    """Whether the file is an SVG picture, or a page of a few short lines under one heading and nothing else."""
    if _ROOT.match(document.text):
        return True
    if len(document.text) > 8000 or document.text.lower().count("<h1") != 1 or _PROSE_MARKUP.search(document.text):
        return False
    lines = _type_lines(document)
    return len(lines) in _LINES and all(len(line) <= _LONGEST_LINE and not labels.read_label(line) for line in lines)


def parse(document: PageDocument) -> ParsedPage:
    """Return the poster as one posting: its top line is the title; a picture without words is a Reject ``no_text``."""
    picture = _ROOT.match(document.text) is not None
    lines = _picture_lines(document) if picture else _type_lines(document)
    if not lines:
        return ParsedPage(family=FAMILY, rejected=(Reject(url=document.url, reason="no_text", detail="a picture without words"),))
    language = _LANGUAGE.search(document.text[:4000]) if picture else None
    posting = document.posting(
        document.address,
        title=lines[0],
        text="\n".join(lines),
        company=_name(lines[1]) if len(lines) > 3 else None,
        location=_name(lines[-1]) if len(lines) > 4 else None,
        language_hint=language.group(1) if language else document.language,
    )
    return ParsedPage(family=FAMILY, title=lines[0], postings=(posting,))


def _name(line: str) -> str | None:
    """Return the line when it may be the name of a firm or a place."""
    return line if len(line.split()) <= 6 and not _NO_NAME.search(line) else None


def _type_lines(document: PageDocument) -> list[str]:
    return [said for line in prose.text_of(document.body).split("\n") if (said := prose.one_line(line))]


def _picture_lines(document: PageDocument) -> list[str]:
    """Return the words of each text element, from top to bottom."""
    results = [(_height(node), said) for node in document.tree.css("text") if (said := prose.one_line(node.text(separator=" ")))]
    return [said for _, said in sorted(results, key=lambda line: line[0])]


def _height(node: LexborNode) -> float:
    try:
        return float((node.attributes.get("y") or "0").split()[0].rstrip("px%"))
    except ValueError:
        return 0.0
