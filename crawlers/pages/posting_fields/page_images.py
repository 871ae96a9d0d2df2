"""The pictures on the page of one advert: those among its words, large enough to carry text, and what the page shows of itself
to others (``og:image``) when there is none. Logos, buttons, faces of people and what stands beside the advert are left out.
"""

import re

from selectolax.lexbor import LexborNode

from crawlers.items import Media
from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument

MOST = 6
LEAST_SIDE = 200
"""Pixels that a picture with text has on each side, where the page says its size."""
_ORNAMENT = re.compile(
    r"logo|icon|avatar|sprite|emoji|banner|badge|button|flag|favicon|placeholder|pixel|spacer|captcha|profile|author|payment",
    re.I,
)
_BESIDE = frozenset({"header", "nav", "footer", "aside", "noscript"})
_BESIDE_NAMES = re.compile(
    r"\b(?:related|similar|sidebar|recommend\w*|advertis\w*|comments?|author|avatar|footer|header|menu)\b", re.I
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_NUMBER = re.compile(r"\s*(\d{1,5})")


def page_images(document: PageDocument) -> tuple[Media, ...]:
    """Return the pictures of the page's advert in their order."""
    written = document.text.encode().lower()  # bytes: letters of other scripts take ten times as long to make small
    if b"<img" not in written and b"og:image" not in written:  # most pages with JSON-LD are read without their tree
        return ()
    urls = dict.fromkeys(filter(None, (_address(document, node) for node in document.body.css("img"))))
    if not urls and (meta := document.tree.css_first('meta[property="og:image"]')):
        url = page_urls.absolute(document.base, meta.attributes.get("content"))
        urls = dict.fromkeys([url] if url and not _ORNAMENT.search(url) else [])
    return tuple(Media(url=url, kind="image", from_page=True) for url in list(urls)[:MOST])


def _address(document: PageDocument, node: LexborNode) -> str | None:
    said = node.attributes
    if any(_ORNAMENT.search(said.get(name) or "") for name in ("src", "class", "id", "alt")):
        return None
    if any((match := _NUMBER.match(said.get(name) or "")) and int(match[1]) < LEAST_SIDE for name in ("width", "height")):
        return None
    if _is_beside(node):
        return None
    for name in _SOURCES:
        if (url := page_urls.absolute(document.base, said.get(name))) and not re.search(r"\.svg(?:$|\?)", url, re.I):
            return url
    return None


def _is_beside(node: LexborNode) -> bool:
    """Whether a picture stands in a part of the page that is not its advert."""
    parent = node.parent
    while parent is not None and parent.tag not in ("body", "html", None):
        if parent.tag in _BESIDE:
            return True
        if _BESIDE_NAMES.search(f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}"):
            return True
        parent = parent.parent
    return False
