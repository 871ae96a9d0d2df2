"""Spans that cut no word, number or handle in two, in every script that parts its words."""

import unicodedata

RUNNING = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
"""Thai, Lao, Burmese, Khmer, kana and ideographs: written without spaces, so that a letter beside another parts nothing."""
LONGEST = 40
"""Characters a span is widened by at most on each side: no word people write is longer."""


def whole_words(raw: str, start: int, end: int) -> tuple[int, int]:
    """Return ``raw[start:end]`` widened to the words, numbers and handles it begins and ends in; marks stay with their letter."""
    first, last = max(0, start - LONGEST), min(len(raw), end + LONGEST)
    while start > first and _joined(raw, start):
        start -= 1
    while end < last and _joined(raw, end):
        end += 1
    return start, end


def _joined(raw: str, place: int) -> bool:
    """Tell whether the characters on both sides of ``place`` belong to one word."""
    before, after = raw[place - 1 : place], raw[place : place + 1]
    if unicodedata.category(after).startswith("M") if after else False:
        return True
    return _spaced(before) and _spaced(after)


def _spaced(char: str) -> bool:
    if char == "_":
        return True
    if not char or not (char.isalnum() or unicodedata.category(char).startswith("M")):
        return False
    return char.isascii() or not any(low <= ord(char) <= high for low, high in RUNNING)
