"""Contacts of a page's advert that stand beside its description: a line below it, a button, a badge, a row of a table, the box
of the advertiser.

The contacts of the board itself (header, footer, sidebar, floating buttons) are not those of the advertiser
(``page_regions.advert_nodes``).
"""

import re
from functools import lru_cache
from typing import NamedTuple

import msgspec
from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage, Posting
from crawlers.pages.document import PageDocument
from crawlers.pages.page_regions import advert_nodes, names
from crawlers.pages.posting_fields import contact_attributes, contact_signs, prose
from crawlers.pages.posting_fields import field_labels as labels

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:contacts?|apply|how-?to-?apply|hotline|phones?|tel|telephone|mobile|e?mail|lien-?he|whatsapp|telegram|zalo)"
    r"(?:[-_]*(?:info|line|box|details?|person|us|number|button|btn|link|area|block|row))*(?:[-_\s]|$)",
    re.I,
)
_REACHES = re.compile(r"\d(?:[ ().\-]{0,2}\d){5,}|@\w|https?://|\b[\w-]+\.\w{2,}/\w|[:：]\s*\S")
"""What a contact line needs besides its word: digits, a handle, an address, or something after a colon."""
_HANDLE = re.compile(r"(?<![\w.+-])@\w{3,}")
_LONGEST = 400
"""Characters of a contact block; what is longer is another text."""
_LABEL = 60
"""Characters of a label at most."""
_MOST_PARTS = 60
_ROWS = frozenset(prose.BLOCKS - {"td", "th", "dt", "dd"})
"""Elements that hold a label together with its value."""


class PageContacts(NamedTuple):
    """What a page publishes beside its advert's description."""

    addresses: tuple[str, ...]
    """Contact addresses, each once, in page order."""
    lines: tuple[str, ...]
    """Lines of text that name a contact, each once, in page order."""


def find_published(document: PageDocument, title: str | None, text: str) -> PageContacts:
    """Return the contacts that stand with the advert of this title and text, those within its description included."""
    addresses: dict[str, None] = {}
    lines: dict[str, None] = {}
    for node in advert_nodes(document.body, title, text):
        if node.tag == "-text":
            said = prose.one_line(node.text_content)
            if said and node.parent is not None and _may_open(said) and labels.opens_contact(said):
                lines.update(dict.fromkeys(_block(node.parent)))
            continue
        attributes = node.attributes
        if not attributes and node.tag != "button":
            continue
        addresses.update(dict.fromkeys(contact_attributes.links(node, document.base)))
        if said := contact_attributes.shown_text(node):
            if labels.opens_contact(said):
                lines[said] = None
            else:
                addresses.update(dict.fromkeys(contact_attributes.find_written(said)))
        if _is_named(f"{names(node)} {attributes.get('itemprop') or ''}"):
            for line in _block(node):
                if labels.opens_contact(line) or _HANDLE.search(line):
                    lines[line] = None
                else:
                    addresses.update(dict.fromkeys(contact_attributes.find_written(line)))
    return PageContacts(tuple(addresses), tuple(lines))


def _may_open(said: str) -> bool:
    """Tell whether a text may open a contact line: a label is short, anything longer says how to reach somebody."""
    return len(said) <= _LABEL or (len(said) <= _LONGEST and bool(_REACHES.search(said)))


@lru_cache(maxsize=4096)  # the pages of a board call their elements alike
def _is_named(called: str) -> bool:
    """Tell whether an element's names say that it holds a contact."""
    return bool(_NAMED.search(called))


def complete_page(read: ParsedPage, document: PageDocument) -> ParsedPage:
    """Return a page of one advert with the contacts beside its description."""
    if len(read.postings) != 1 or not contact_signs.stand_elsewhere(document.text, read.postings[0]):
        return read
    posting = read.postings[0]
    beside = find_published(document, posting.title, posting.text)
    if not any(beside):
        return read
    contacts = dict.fromkeys(posting.contacts) | dict.fromkeys(beside.addresses)
    posting = msgspec.structs.replace(posting, text=_add_lines(posting, beside.lines), contacts=tuple(contacts))
    return msgspec.structs.replace(read, postings=(posting,))


def _add_lines(posting: Posting, lines: tuple[str, ...]) -> str:
    """Return the text with the lines that are not yet part of it."""
    seen = "".join(posting.text.split())
    return "\n".join([posting.text, *(line for line in lines if "".join(line.split()) not in seen)])


def _block(node: LexborNode) -> list[str]:
    """Return the lines of the line, row or box a sign stands in; none when it is longer than a contact line or reaches nobody."""
    current: LexborNode | None = node
    best = ""
    while current is not None and current.tag not in ("body", "html"):
        said = prose.text_of(current, most=_MOST_PARTS)
        if len(said) > _LONGEST:
            break
        best = said
        if current.tag in _ROWS:
            break
        current = current.parent
    return best.split("\n") if _REACHES.search(best) else []
