"""Finds the part of a page that belongs to its advert: from the headline on, without the board's own parts and other adverts."""

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawlers.pages.listings.layout import OTHERS, OTHERS_HEADING
from crawlers.pages.node_path import class_and_id, climb
from crawlers.pages.posting_fields import prose

_BOARD = frozenset("nav footer script style template noscript select svg iframe head title".split())  # noqa: SIM905
_ADVERTISER = re.compile(
    r"(?:^|[-_\s])(?:seller|advertiser|employer|recruiter|poster|owner|agent|contact)[-_]?"
    r"(?:info\w*|box|card|details?|profile|contacts?|panel|block|area|phone|section|col|column|person|data|name|wrap\w*)?(?:[-_\s]|$)",
    re.I,
)
"""What a column or box with the advertiser's facts is called."""
_OPENING = 30
"""Characters of the description by which its place on the page is known."""
_SHORTEST = 8
"""Characters of it that the first run of text must have, where a description begins with a link or with bold words."""
_LEVELS = 5
"""Boxes around a heading that may hold it alone."""
_HEADINGS = frozenset("h2 h3 h4 h5 h6 strong li div p b".split())  # noqa: SIM905
_LONGEST_HEADING = 60


def advert_nodes(root: LexborNode, title: str | None, text: str) -> Iterator[LexborNode]:
    """Yield elements and text nodes of the advert with this title and text, in page order, the headline left out.

    The advert is the smallest element around its headline and its description; outside of it only a box named as the
    advertiser's counts. Without a headline the whole page counts.
    """
    headline = _headline(root, title)
    scope = _scope(root, headline, text)
    after = headline is None
    stack: list[tuple[LexborNode | None, bool, int]] = [(root.first_child, scope is None, 0)]
    while stack:
        node, inside, boxes = stack.pop()
        if node is None:
            continue
        stack.append((node.next, inside, boxes))
        if headline is not None and node.mem_id == headline.mem_id:
            after = True
            continue
        if node.tag == "-text":
            if after and (inside or boxes):
                yield node
            continue
        if not _is_walked(node, after):
            if _ends_advert(node):
                _drop_siblings(stack, node)
            continue
        box = boxes + (after and _is_advertisers(class_and_id(node)))
        within = inside or (scope is not None and node.mem_id == scope)
        if after and (within or box):
            yield node
        stack.append((node.first_child, within, box))


def _is_walked(node: LexborNode, after: bool) -> bool:
    """Tell whether an element may hold a part of the advert."""
    tag = node.tag
    if tag is None or tag[0] in "-_!" or tag in _BOARD or prose.is_hidden(node):
        return False
    called = class_and_id(node)
    if tag == "header":
        return node.css_first("h1, h2") is not None
    if tag == "aside":
        return _is_advertisers(called)
    if called and _is_others(called):
        return False
    return not (after and _ends_advert(node))


@lru_cache(maxsize=4096)  # the pages of a board call their elements alike
def _is_others(called: str) -> bool:
    """Tell whether an element's names say that it is not part of the advert."""
    return bool(OTHERS.search(called)) and not _is_advertisers(called)


@lru_cache(maxsize=4096)
def _is_advertisers(called: str) -> bool:
    """Tell whether an element's names say that it shows who advertises."""
    return bool(_ADVERTISER.search(called))


def _ends_advert(node: LexborNode) -> bool:
    """Tell whether an element is a heading above other adverts."""
    if node.tag not in _HEADINGS or (child := node.first_child) is None or child.tag != "-text":
        return False
    if len((child.text_content or "").strip()) > _LONGEST_HEADING:
        return False
    said = prose.one_line(prose.text_of(node, most=12)) or ""
    return 0 < len(said) <= _LONGEST_HEADING and bool(OTHERS_HEADING.search(said))


def _drop_siblings(stack: list[tuple[LexborNode | None, bool, int]], node: LexborNode) -> None:
    """Remove what follows a heading of other adverts; for a heading alone in its box, what follows the box."""
    stack.pop()
    outer = node.parent
    said = prose.one_line(node.text())
    for _ in range(_LEVELS):
        if not stack or outer is None or prose.one_line(outer.text()) != said:
            return
        stack.pop()
        outer = outer.parent


def _headline(root: LexborNode, title: str | None) -> LexborNode | None:
    """Return the first ``h1``, or the element whose words are the title."""
    if (node := root.css_first("h1")) is not None:
        return node
    if not title:
        return None
    return next((node.parent for node in _texts(root) if prose.one_line(node.text_content) == title), None)


def _scope(root: LexborNode, headline: LexborNode | None, text: str) -> int | None:
    """Return the ``mem_id`` of the smallest element around headline and description; None for the whole page."""
    opening = " ".join(text.split())[:_OPENING]
    if headline is None or not opening:
        return None
    around = {outer.mem_id for outer in climb(headline.parent, until=())}
    for node in _texts(root):
        said = " ".join((node.text_content or "").split())[:_OPENING]
        if len(said) >= min(_SHORTEST, len(opening)) and opening.startswith(said):
            outer = next((outer for outer in climb(node.parent, until=()) if outer.mem_id in around), None)
            return None if outer is None or outer.tag in ("body", "html") else outer.mem_id
    return None


def _texts(root: LexborNode) -> Iterator[LexborNode]:
    """Yield the text nodes of the body that are no scripts."""
    for node in root.traverse(include_text=True):
        if node.tag == "-text" and (node.parent is None or node.parent.tag not in _BOARD):
            yield node
