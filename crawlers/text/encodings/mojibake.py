"""Text whose letters were broken before it reached the page: mended where the damage can be undone, told where it cannot."""

import re

import ftfy
from ftfy.badness import badness

_INSIDE = re.compile(r"(?<=[^\W\d_])[?\ufffd]([^\W\d_])")
"""A question mark where a letter stood. One before a capital is more often a sentence that wants a space."""
_LETTERS = "\x80-\u017f\u0192\u02c6-\u02dd\u0370-\u052f\u2013-\u25ff\uf8ff\ufb01\ufb02\ufffd"
"""What ftfy's sequences are made of. Letters of Thai, Chinese, Burmese and most of Vietnamese are not among them."""
_SUSPICIOUS = re.compile(f"[\x80-\x9fÂÃŒœ]|[{_LETTERS}]{{2}}")
"""Occurs in each sequence that ftfy counts, and is found ten times as fast."""
_SAFE = re.compile(r"https?://\S+|\S+@\S+|\S+\?\S*=\S*")


def mend_text(text: str) -> str:
    """Return ``text`` with UTF-8 that was read as windows-1252 and the like turned back (ftfy); other text unchanged."""
    return ftfy.fix_encoding(text) if not text.isascii() and badness(text) > 1 else text


def _is_dense(sequences: int, text: str) -> bool:
    """Tell whether so many unlikely sequences of letters make a text one of broken letters."""
    return sequences > 3 and sequences * 40 > len(text)


def is_broken(text: str) -> bool:
    """Tell whether letters of ``text`` are lost for good: replaced by question marks or U+FFFD, or mojibake that cannot be
    undone."""
    if text.count("?") < 3 and "\ufffd" not in text and text.isascii():
        return False
    if _is_dense(len(_SUSPICIOUS.findall(text)), text) and _is_dense(badness(text), text):
        return True
    if text.count("?") < 3 and "\ufffd" not in text:  # counting words costs more than all the rest
        return False
    bare = _SAFE.sub(" ", text)
    words = len(re.findall(r"[^\W\d_]{2,}", bare)) or 1
    lost = sum(not match[1].isupper() for match in _INSIDE.finditer(bare))
    return bare.count("\ufffd") * 100 > words or (lost >= 3 and lost * 40 >= words)
