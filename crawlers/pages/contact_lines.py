"""Contact lines of a hand-made page that stand beside the description: a line below it, a button, a row of a table.

Only what follows the headline and stands in the same part of the page counts: the contacts of the board itself (header, footer,
sidebar, all removed before) are not those of the advertiser.
"""

import re
from collections.abc import Iterator

from bs4 import NavigableString, Tag
from bs4.element import Comment

from crawlers.pages import addresses, labels, named, prose

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:contacts?|apply|how-?to-?apply|hotline|phones?|tel|telephone|lien-?he|whatsapp|telegram|zalo)"
    r"(?:[-_]*(?:info|line|box|details?|person|us|number|button|btn|link|area|block|row))*(?:[-_\s]|$)",
    re.I,
)
_REACHES = re.compile(r"\d(?:[ ().\-]{0,2}\d){5,}|@\w|https?://|\b[\w-]+\.\w{2,}/\w|[:：]\s*\S")
"""What a contact line needs besides its word: digits, a handle, an address, or something after a colon."""
_LONGEST = 400
"""Characters of a contact block; what is longer is another text, of which only the part with the link is taken."""
_MOST_PARTS = 60
_ROWS = frozenset(prose.BLOCKS - {"td", "th", "dt"})
"""Elements that hold a label together with its value."""


def beside(root: Tag, headline: Tag | None, description: Tag | None) -> list[Tag]:
    """Return elements with contacts that follow the headline beside the ``description``, in page order, none within another."""
    scope = _scope(root, headline, description)
    inside = _all_of(description) | {id(outer) for outer in description.parents} if description is not None else set()
    above = {id(node) for node in headline.find_all_previous()} | {id(headline)} if headline is not None else set()
    tags: dict[int, Tag] = {}
    for node in _signs(scope):
        block = _block(node, scope)
        if block is None or id(block) in inside or id(node) in above or id(block) in tags:
            continue
        if any(id(outer) in tags for outer in block.parents):
            continue
        tags[id(block)] = block
    return [block for block in tags.values() if not any(id(outer) in tags for outer in block.parents)]


def _all_of(node: Tag) -> set[int]:
    return {id(node)} | {id(inner) for inner in node.find_all(True)}


def _scope(root: Tag, headline: Tag | None, description: Tag | None) -> Tag:
    """Return the smallest element around the description that holds the headline too."""
    if description is None or headline is None:
        return root
    around = {id(outer) for outer in headline.parents}
    return next((outer for outer in description.parents if id(outer) in around), root)


def _signs(scope: Tag) -> Iterator[Tag]:
    """Yield elements that announce a contact: by where they link to, by their name, or by the word that opens their text."""
    for node in scope.descendants:
        if isinstance(node, Tag):
            if (node.name in ("a", "area") and addresses.is_contact(str(node.get("href") or ""))) or (
                _NAMED.search(named.names(node)) and _REACHES.search(_short(node) or "")
            ):
                yield node
        elif isinstance(node, NavigableString) and not isinstance(node, Comment) and node.parent is not None:
            said = prose.one_line(str(node))
            if said and len(said) <= _LONGEST and labels.opens_contact(said):
                yield node.parent


def _block(node: Tag, scope: Tag) -> Tag | None:
    """Return the line, row or box a sign stands in, no longer than a contact line may be; None when it reaches nobody."""
    current: Tag | None = node
    best, said = None, ""
    while current is not None and current is not scope and (words := _short(current)) is not None:
        best, said = current, words
        if current.name in _ROWS:
            break
        current = current.parent
    if best is None:
        return None
    links = [best, *best.find_all("a")]
    return best if _REACHES.search(said) or any(addresses.is_contact(str(link.get("href") or "")) for link in links) else None


def _short(node: Tag) -> str | None:
    """Return the text of an element; None when it is longer than a contact line or made of more parts."""
    said: list[str] = []
    length = 0
    for parts, inner in enumerate(node.descendants):
        if parts > _MOST_PARTS:
            return None
        if isinstance(inner, NavigableString) and not isinstance(inner, Comment):
            length += len(inner.strip())
            if length > _LONGEST:
                return None
            said.append(str(inner))
    return " ".join(said)
