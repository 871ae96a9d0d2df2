"""Contacts of a page's advert that stand beside its description: a line below it, a button, a badge, a row of a table, the box
of the advertiser.

The contacts of the board itself (header, footer, sidebar, floating buttons) are not those of the advertiser
(``page_regions.advert_nodes``).
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import html
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import ahocorasick_rs
import msgspec
import orjson
from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage, Posting
from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.node_path import class_and_id, climb
from crawlers.pages.page_regions import advert_nodes
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose
from crawlers.pages.postings import job_posting_ld

_NAMED = re.compile(
    r"(?:^|[-_\s])(?:contacts?|apply|how-?to-?apply|hotline|phones?|tel|telephone|mobile|e?mail|lien-?he|whatsapp|telegram|zalo)"
    r"(?:[-_]*(?:info|line|box|details?|person|us|number|button|btn|link|area|block|row))*(?:[-_\s]|$)",
    re.I,
)
_REACHES = re.compile(r"\d(?:[ ().\-]{0,2}\d){5,}|@\w|https?://|\b[\w-]+\.\w{2,}/\w|[:：]\s*\S")
"""A contact line needs more than its word: digits, a handle, an address, or something after a colon."""
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
        addresses.update(dict.fromkeys(links(node, document.base)))
        if said := shown_text(node):
            if labels.opens_contact(said):
                lines[said] = None
            else:
                addresses.update(dict.fromkeys(find_written(said)))
        if _is_named(f"{class_and_id(node)} {attributes.get('itemprop') or ''}"):
            for line in _block(node):
                if labels.opens_contact(line) or _HANDLE.search(line):
                    lines[line] = None
                else:
                    addresses.update(dict.fromkeys(find_written(line)))
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
    if len(read.postings) != 1 or not stand_elsewhere(document.text, read.postings[0]):
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
    best = ""
    for current in climb(node):
        said = prose.text_of(current, most=_MOST_PARTS)
        if len(said) > _LONGEST:
            break
        best = said
        if current.tag in _ROWS:
            break
    return best.split("\n") if _REACHES.search(best) else []


_WORDS = (
    "whats app",
    *"tel: -tel sms: mail t.me tg: wa.me whatsapp zalo viber telegram wechat weixin 微信 line.me lin.ee phone mobile".split(),
    *"hotline contact call sdt @ [at] &# &commat".split(),
)
"""What stands near a contact, in small letters: schemes, services, words of labels, parts of attributes' names, and character
references, which may spell any of them."""
_NUMBERS = ("000000", "000 000", "000.000", "000-000", "00 00 00", "00.00.00")
"""What is left of a telephone number when its digits are all written as 0."""
_OTHER_DIGITS = tuple(chr(code) for code in range(0x80, 0x10000) if chr(code).isdecimal())
"""Digits of other scripts, each a sign by itself."""
_FOLDED = bytes(ord("0") if 48 <= byte <= 57 else byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_MOST_SIGNS = 20
"""Signs that are looked at one by one; a page with more is searched in any case."""
_SHORTEST_RUN = 8
"""Characters of a run of text below which it may stand in a description by chance."""


def stand_elsewhere(page: str, posting: Posting) -> bool:
    """Tell whether a page shows a sign of a contact elsewhere than in its posting's title, its text and its JSON-LD.

    A sign in a tag, in an unclosed run of text and in a short one counts; so does one in JSON that is damaged, as more than a
    script may stand there.
    """
    for block in job_posting_ld.blocks(page):
        if _is_json(block):
            page = page.replace(block, "", 1)
    written = page.encode()
    known = _without_space(f"{posting.title or ''} {posting.text}")
    for count, (_, start, end) in enumerate(_automaton().find_matches_as_indexes(written.translate(_FOLDED))):
        start, end = written.rfind(b">", 0, start) + 1, written.find(b"<", end)
        run = written[start:end].decode("utf-8", "replace")
        if count == _MOST_SIGNS or end < 0 or "<" in run:
            return True
        run = _without_space(html.unescape(run))
        if len(run) < _SHORTEST_RUN or run not in known:
            return True
    return False


@cache
def _automaton() -> ahocorasick_rs.BytesAhoCorasick:
    return ahocorasick_rs.BytesAhoCorasick([sign.encode() for sign in (*_WORDS, *_NUMBERS, *_OTHER_DIGITS)])


def _is_json(block: str) -> bool:
    """Tell whether a block is whole JSON, which no page around it can be."""
    try:
        orjson.loads(block)
    except orjson.JSONDecodeError:
        return False
    return True


def _without_space(text: str) -> str:
    return "".join(text.split())


_TARGETS = ("href", "data-href", "data-url", "data-link", "data-clipboard-text", "action", "formaction")
_QUOTED = re.compile(r"[\"'`]([^\"'`\s]{5,300})[\"'`]")
_NAMED_IN_ATTRIBUTE = re.compile(
    r"data-(?:[a-z]+-){0,3}?(phone|tel|telephone|mobile|cell|sdt|hotline|contact|whatsapp|wa|zalo|viber|telegram|tg|e?mail)"
    r"(?:-?(?:number|num|no|value|address|user(?:name)?))?"
)
_SCHEMES = {
    "whatsapp": "whatsapp://send?phone=",
    "wa": "whatsapp://send?phone=",
    "zalo": "zalo://chat?phone=",
    "viber": "viber://chat?number=",
}
_ACCOUNT = re.compile(r"@?([A-Za-z]\w{4,31})")
MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
NUMBER = re.compile(r"(?<![\w.#/-])\+?\d(?:[ ().\-]{0,2}\d){7,13}(?![\w*•-])")
"""A telephone number as written; not the end of a file name, and not masked by stars."""
_ATTRIBUTE_WORDS = {
    "img": ("alt", "title"),
    "input": ("alt", "value", "title", "aria-label"),
    "meta": ("content",),
}
_ANY_WORDS = ("aria-label", "title")
_BUTTONS = frozenset({"button", "submit", "image"})
_LONGEST_ATTRIBUTE = 200


def links(node: LexborNode, base: str) -> Iterator[str]:
    """Yield the contact addresses an element leads to, as published."""
    for name, value in node.attributes.items():
        if not value or len(value) > 2000:
            continue
        if name in _TARGETS:
            yield from _target(value.strip(), base)
        elif name == "data-cfemail":
            yield from _protected_mail(value)
        elif name.startswith("on"):
            for quoted in _QUOTED.finditer(value):
                yield from _target(quoted[1], base)
        elif name.startswith("data-") and (match := _NAMED_IN_ATTRIBUTE.fullmatch(name)):
            yield from _contacts_of_kind(match[1], value.strip())


def shown_text(node: LexborNode) -> str | None:
    """Return a text of the element, also for screen readers, when it holds a contact; None otherwise."""
    said = node.attributes
    if node.tag == "input" and (said.get("type") or "").lower() not in _BUTTONS:
        return None
    if node.tag == "meta" and (said.get("itemprop") or "").lower() not in ("telephone", "email"):
        return None
    texts = [prose.one_line(said.get(name)) for name in _ATTRIBUTE_WORDS.get(node.tag or "", _ANY_WORDS)]
    if node.tag == "button":
        texts.append(prose.one_line(node.text(deep=True)))
    for text in texts:
        if text and len(text) <= _LONGEST_ATTRIBUTE and (labels.opens_contact(text) or any(find_written(text))):
            return text
    return None


def find_written(text: str) -> tuple[str, ...]:
    """Return mail addresses and telephone numbers of a text that names no messenger, as contact addresses."""
    mails = [f"mailto:{mail}" for mail in MAIL.findall(text)] if "@" in text else []  # the pattern is slow on text without one
    return (*mails, *(f"tel:{number}" for number in NUMBER.findall(text)))


def _target(value: str, base: str) -> Iterator[str]:
    """Yield the contact behind an address; of a board's own redirect the one it carries."""
    contacts, others = page_urls.sorted_out([value], base)
    yield from contacts
    for other in others:
        for values in parse_qs(urlsplit(other).query).values():
            yield from (carried for carried in values if page_urls.is_contact(carried))


def _protected_mail(value: str) -> Iterator[str]:
    """Yield the mail address that Cloudflare's script shows to every visitor: hexadecimal bytes, the first of them the key."""
    try:
        key, *letters = bytes.fromhex(value)
    except ValueError:
        return
    text = "".join(chr(letter ^ key) for letter in letters)
    yield from (f"mailto:{mail}" for mail in MAIL.findall(text)[:1])


def _contacts_of_kind(kind: str, value: str) -> Iterator[str]:
    """Yield the contact in an attribute whose name says what it holds."""
    if page_urls.is_contact(value):
        yield value
    elif kind in ("mail", "email"):
        yield from (f"mailto:{mail}" for mail in MAIL.findall(value)[:1])
    elif kind in ("telegram", "tg"):
        yield from (f"https://t.me/{match[1]}" for match in [_ACCOUNT.fullmatch(value)] if match)
    elif number := NUMBER.fullmatch(value):
        yield f"{_SCHEMES.get(kind, 'tel:')}{number[0]}"
