"""Finds where a text may be cut: between graphemes, words and handles.

Thai, Lao, Khmer, Burmese, Chinese and Japanese mark phrases by spaces and punctuation, not words. A cut there falls at such a
mark where one is near, else where ICU's dictionaries part words.
"""

import regex

from enrichment.text.unspaced import word_across, writing

MOST = 300
"""Characters of a quote at most: a longer run without any mark is no phrase a person wrote."""
_REACH = 64
"""How far back a grapheme is looked for; none that people write is longer."""
_GRAPHEME = regex.compile(r"\X")
_MARK = regex.compile(r"[\p{P}<>|~^`=+]")
_IN_WORD = regex.compile(r"[@#_$€£¥₫฿%&*+~./:'’\-–·・‧‐]")
"""Marks that belong to words, handles, addresses, amounts: no edge, unless nothing but marks and space follows."""
_NUMBER_MARK = regex.compile(r"[,?=;!()\[\]{}\"<>|^`]")
"""Marks that are an edge except inside a number or an address (``1,500``, ``?start=1``)."""
_ASCII = regex.compile(r"[A-Za-z0-9_]")


def grapheme_end(raw: str, place: int) -> int:
    """Return ``place``, or the end of the grapheme (a letter with its marks, an emoji, a flag) that it would cut in two."""
    if not 0 < place < len(raw):
        return place
    start = max(0, place - _REACH)
    for value in _GRAPHEME.finditer(raw, start):
        if value.end() >= place:
            return int(value.end())
    return place


def whole_words(raw: str, start: int, end: int) -> str:
    """Return ``raw[start:end]`` widened to whole words, in writing without spaces to the whole phrase.

    At most ``MOST`` characters: what is longer is shortened as ``shortened`` does.
    """
    while start > 0 and not _edge(raw, start):
        start -= 1
    limit = min(len(raw), end + MOST)
    while end < limit and not _edge(raw, end):
        end += 1
    return shorten(_strip_marks(raw[start : grapheme_end(raw, end)]), MOST)


def shorten(text: str, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters: cut after a whole word, with an ellipsis where something was left out."""
    if len(text) <= limit:
        return text
    return f"{text[: edge_before(text, limit - 1, limit - 1 - limit // 4)].rstrip()}…"


def edge_before(raw: str, place: int, reach: int) -> int:
    """Return ``place`` or the nearest one before it, at most ``reach`` characters back, that cuts no word or handle in two: where
    a phrase ends, else between words of writing without spaces, else between graphemes."""
    least = max(0, place - reach)
    for at in range(place, max(least, 1) - 1, -1):
        if _edge(raw, at):
            return at
    for at in range(place, least, -1):
        if _runs_on(raw, at) and word_across(raw, at) is None and grapheme_end(raw, at) == at:
            return at
    if least == 0:
        return 0
    while place > 0 and grapheme_end(raw, place) != place:  # a run without any mark: no word of it can be told
        place -= 1
    return place


def _runs_on(raw: str, place: int) -> bool:
    """Tell whether a letter of writing without spaces stands before or behind ``place``: handles and numbers hold none."""
    return writing(raw[place - 1]) is not None or writing(raw[place]) is not None


def _edge(raw: str, place: int) -> bool:
    """Tell whether a word or a phrase ends or begins at ``place``."""
    if place <= 0 or place >= len(raw):
        return True
    return _parts(raw, place - 1) or _parts(raw, place)


def _parts(raw: str, place: int) -> bool:
    """Tell whether the character at ``place`` stands between words and in none."""
    char, before, after = raw[place], raw[place - 1 : place], raw[place + 1 : place + 2]
    if char.isspace():
        return True
    if char == "\u200b":
        return bool(before and after) and writing(before) is not None and writing(after) is not None
    if not _MARK.match(char) or _IN_WORD.match(char):
        return False
    return not (_NUMBER_MARK.match(char) and _ASCII.match(before) and _ASCII.match(after))


def _strip_marks(words: str) -> str:
    """Return words without the marks between phrases at either end; those that open a handle or an amount stay."""
    start, end = 0, len(words)
    while start < end and _parts(words, start):
        start += 1
    while end > start and (_parts(words, end - 1) or words[end - 1] in ".:"):
        end -= 1
    return words[start:end] or words.strip()
