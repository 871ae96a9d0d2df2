"""Signs that a page may publish a contact beside its advert's description; found without building a tree."""

import html
from functools import cache

import ahocorasick_rs
import orjson

from crawlers.items import Posting
from crawlers.pages.postings import job_posting_ld

_WORDS = (
    *("tel:", "-tel", "sms:", "mail", "t.me", "tg:", "wa.me", "whatsapp", "whats app", "zalo", "viber", "telegram", "wechat"),
    *(
        "weixin",
        "微信",
        "line.me",
        "lin.ee",
        "phone",
        "mobile",
        "hotline",
        "contact",
        "call",
        "sdt",
        "@",
        "[at]",
        "&#",
        "&commat",
    ),
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
