"""Letters as their readers know them: Zawgyi turned into Unicode, undone mojibake, a word about letters lost for good."""

import re

import msgspec

from crawlers.items import ParsedPage, Posting
from crawlers.text.encodings import mojibake, zawgyi

_WORDS = ("title", "text", "company", "location")
_BURMESE = re.compile("[\u1000-\u109f]")
_MISREAD = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""A lead byte of UTF-8 and its follower as windows-1252 shows them; rare side by side in real text."""


def is_misread(read: ParsedPage) -> bool:
    """Tell whether what was read shows UTF-8 taken for windows-1252; asked of the postings, since a whole page takes longer."""
    texts = [read.title, *(text for posting in read.postings for text in (posting.title, posting.text[:5000]))]
    return sum(len(_MISREAD.findall(text)) for text in texts if text and not text.isascii()) >= 3


def undone(text: str) -> str:
    """Return the page with lines of mojibake turned back."""
    return "".join(mojibake.mend_text(line) if _MISREAD.search(line) else line for line in text.splitlines(keepends=True))


def readable(read: ParsedPage) -> ParsedPage:
    """Return the page with Zawgyi turned into Unicode; ``facts["mojibake"]`` tells that letters are lost for good."""
    facts = dict(read.facts)
    postings: list[Posting] = []
    for posting in read.postings:
        if mojibake.is_broken(posting.text):
            facts["mojibake"] = "true"
        words = {name: text for name in _WORDS if (text := getattr(posting, name)) and _BURMESE.search(text)}
        changed = {name: unicode for name, text in words.items() if (unicode := zawgyi.to_unicode(text)) != text}
        if changed:
            facts["zawgyi_converted"] = "true"
            posting = msgspec.structs.replace(posting, **changed)
        postings.append(posting)
    if facts == read.facts:
        return read
    title = zawgyi.to_unicode(read.title) if read.title else None
    return msgspec.structs.replace(read, title=title, postings=tuple(postings), facts=facts)
