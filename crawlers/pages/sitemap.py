"""Sitemaps (sitemaps.org): ``urlset``, ``sitemapindex``, and plain text with an address a line; RSS and Atom ones are read
as feeds."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawlers.items import ParsedPage
from crawlers.pages import xml
from crawlers.pages.document import PageDocument

FAMILY = "sitemap"
_ROOTS = frozenset({"urlset", "sitemapindex"})
_MOST = 50_000
"""Addresses one sitemap may hold (sitemaps.org); the rest is counted in ``facts``, not read."""


def speaks(document: PageDocument) -> bool:
    """Tell whether the text is a sitemap."""
    return xml.first_element(document.text) in _ROOTS or _is_text(document.text)


def parse(document: PageDocument) -> ParsedPage:
    """Return the addresses as links, with lastmod where given in ``facts`` (``lastmod <address>``); ``facts["index"]`` marks
    an index."""
    if _is_text(document.text):
        results = [(line.strip(), "") for line in document.text.lstrip("\ufeff").splitlines() if line.strip()]
        kind = "text"
    else:
        root = xml.root(document.text)
        kind = name if root is not None and (name := xml.name(root)) in _ROOTS else ""
        results = list(_entries(root)) if root is not None else []
    links: dict[str, str] = {}
    for address, lastmod in results[:_MOST]:
        if address := document.absolute(address) or "":
            links.setdefault(address, lastmod)
    facts = {"sitemap": kind, **({"index": "true"} if kind == "sitemapindex" else {})}
    if len(results) > _MOST:
        facts["items_left_out"] = str(len(results) - _MOST)
    facts.update((f"lastmod {address}", lastmod) for address, lastmod in links.items() if lastmod)
    return ParsedPage(family=FAMILY, links=tuple(links), facts=facts)


def _entries(root: xml.Element) -> Iterator[tuple[str, str]]:
    """Yield (address, lastmod) of each ``url`` or ``sitemap`` element, whatever its namespace."""
    for entry in root.iter():
        if xml.name(entry) not in ("url", "sitemap"):
            continue
        parts = {xml.name(child): xml.element_text(child) for child in entry}
        if address := parts.get("loc"):
            yield re.sub(r"\s+", "", address), parts.get("lastmod", "")


def _is_text(text: str) -> bool:
    """Tell whether every line is one http address: the text form of a sitemap."""
    if not text[:200].lstrip("\ufeff \r\n\t").startswith("http"):
        return False
    lines = [line.strip() for line in text[:5000].lstrip("\ufeff").splitlines() if line.strip()]
    whole = lines[:-1] if len(text) > 5000 else lines
    return bool(whole) and all(urlsplit(line).scheme in ("http", "https") and " " not in line for line in whole)
