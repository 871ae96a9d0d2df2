"""Contacts that one element of a page publishes beside its words: in a link, in what a click does, in an attribute made for a
script, in the text of a picture or of an icon.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.pages import page_urls
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose

_TARGETS = ("href", "data-href", "data-url", "data-link", "data-clipboard-text", "action", "formaction")
_QUOTED = re.compile(r"[\"'`]([^\"'`\s]{5,300})[\"'`]")
_NAMED = re.compile(
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
"""A telephone number as written, which is not the end of a name of a file and not cut off by stars."""
_WORDS = {
    "img": ("alt", "title"),
    "input": ("alt", "value", "title", "aria-label"),
    "meta": ("content",),
}
_ANY_WORDS = ("aria-label", "title")
_BUTTONS = frozenset({"button", "submit", "image"})
_LONGEST = 200


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
        elif name.startswith("data-") and (match := _NAMED.fullmatch(name)):
            yield from _contacts_of_kind(match[1], value.strip())


def shown_text(node: LexborNode) -> str | None:
    """Return a text the element shows to readers or to their screen readers, when it reaches somebody; None otherwise."""
    said = node.attributes
    if node.tag == "input" and (said.get("type") or "").lower() not in _BUTTONS:
        return None
    if node.tag == "meta" and (said.get("itemprop") or "").lower() not in ("telephone", "email"):
        return None
    texts = [prose.one_line(said.get(name)) for name in _WORDS.get(node.tag or "", _ANY_WORDS)]
    if node.tag == "button":
        texts.append(prose.one_line(node.text(deep=True)))
    for text in texts:
        if text and len(text) <= _LONGEST and (labels.opens_contact(text) or any(find_written(text))):
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
