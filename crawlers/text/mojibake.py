"""Text whose letters were broken before it reached the page: mended where the damage can be undone, told where it cannot."""

import re

import ftfy
from ftfy.badness import badness

_INSIDE = re.compile(r"(?<=[^\W\d_])[?\ufffd]([^\W\d_])")
"""A question mark where a letter stood. One before a capital is more often a sentence that wants a space."""
_SAFE = re.compile(r"https?://\S+|\S+@\S+|\S+\?\S*=\S*")


def mended(text: str) -> str:
    """Return ``text`` with UTF-8 that was read as windows-1252 and the like turned back (ftfy); other text unchanged."""
    return ftfy.fix_encoding(text) if not text.isascii() and badness(text) > 1 else text


def is_broken(text: str) -> bool:
    """Tell whether letters of ``text`` are lost for good: replaced by question marks or U+FFFD, or mojibake that cannot be
    undone."""
    if text.count("?") < 3 and "\ufffd" not in text and text.isascii():
        return False
    bad = badness(text)
    if bad > 3 and bad * 40 > len(text):
        return True
    if text.count("?") < 3 and "\ufffd" not in text:  # counting words costs more than all the rest
        return False
    bare = _SAFE.sub(" ", text)
    words = len(re.findall(r"[^\W\d_]{2,}", bare)) or 1
    lost = sum(not match[1].isupper() for match in _INSIDE.finditer(bare))
    return bare.count("\ufffd") * 100 > words or (lost >= 3 and lost * 40 >= words)
