"""Repairs letters: Zawgyi becomes Unicode, mojibake is undone, letters that are lost are reported."""

import re

import msgspec

from crawlers.items import ParsedPage, Posting
from crawlers.text import zawgyi

_WORDS = ("title", "text", "company", "location")
_BURMESE = re.compile("[\u1000-\u109f]")
_MISREAD = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
"""A lead byte of UTF-8 and its follower as windows-1252 shows them; rare side by side in real text."""


def is_misread(read: ParsedPage) -> bool:
    """Tell whether the postings show UTF-8 read as windows-1252; a check of the whole page would take longer."""
    texts = [read.title, *(text for posting in read.postings for text in (posting.title, posting.text[:5000]))]
    return sum(len(_MISREAD.findall(text)) for text in texts if text and not text.isascii()) >= 3


def undone(text: str) -> str:
    """Return the page with lines of mojibake turned back."""
    return "".join(mend_text(line) if _MISREAD.search(line) else line for line in text.splitlines(keepends=True))


def readable(read: ParsedPage) -> ParsedPage:
    """Return the page with Zawgyi turned into Unicode; ``facts["mojibake"]`` tells that letters are lost for good."""
    facts = dict(read.facts)
    postings: list[Posting] = []
    for posting in read.postings:
        if is_broken(posting.text):
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


_INSIDE = re.compile(r"(?<=[^\W\d_])[?\ufffd]([^\W\d_])")
"""A question mark where a letter stood. One before a capital is more often a sentence that wants a space."""
_LETTERS = "\x80-\u017f\u0192\u02c6-\u02dd\u0370-\u052f\u2013-\u25ff\uf8ff\ufb01\ufb02\ufffd"
"""What ftfy's sequences are made of. Letters of Thai, Chinese, Burmese and most of Vietnamese are not among them."""
_SUSPICIOUS = re.compile(f"[\x80-\x9fÂÃŒœ]|[{_LETTERS}]{{2}}")
"""Occurs in each sequence that ftfy counts, and is found ten times as fast."""
_SAFE = re.compile(r"https?://\S+|\S+@\S+|\S+\?\S*=\S*")


def mend_text(text: str) -> str:
    """Return ``text`` with UTF-8 that was read as windows-1252 and the like turned back (ftfy); other text unchanged."""
    if len(_SUSPICIOUS.findall(text)) < 2:
        return text
    import ftfy  # the tables of widths it loads take a tenth of a second, and few pages are broken
    from ftfy.badness import badness

    return ftfy.fix_encoding(text) if badness(text) > 1 else text


def _is_dense(sequences: int, text: str) -> bool:
    """Tell whether so many unlikely sequences of letters make a text one of broken letters."""
    return sequences > 3 and sequences * 40 > len(text)


def is_broken(text: str) -> bool:
    """Tell whether letters of ``text`` are lost for good: replaced by question marks or U+FFFD, or mojibake that cannot be
    undone."""
    if text.count("?") < 3 and "\ufffd" not in text and text.isascii():
        return False
    if _is_dense(len(_SUSPICIOUS.findall(text)), text):
        from ftfy.badness import badness

        if _is_dense(badness(text), text):
            return True
    if text.count("?") < 3 and "\ufffd" not in text:  # counting words costs more than all the rest
        return False
    bare = _SAFE.sub(" ", text)
    words = len(re.findall(r"[^\W\d_]{2,}", bare)) or 1
    lost = sum(not match[1].isupper() for match in _INSIDE.finditer(bare))
    return bare.count("\ufffd") * 100 > words or (lost >= 3 and lost * 40 >= words)
