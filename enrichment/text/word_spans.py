"""Spans that cut no word, number or handle in two, in every script."""

import unicodedata

from enrichment.text.unspaced import word_across, writing

LONGEST = 40
"""Characters a span is widened by at most on each side: no word people write is longer."""


def whole_words(raw: str, start: int, end: int) -> tuple[int, int]:
    """Return ``raw[start:end]`` widened to the words, numbers and handles it begins and ends in; marks stay with their letter."""
    first, last = max(0, start - LONGEST), min(len(raw), end + LONGEST)
    while start > first and (word := word_across(raw, start)):
        start = word[0]
    while end < last and (word := word_across(raw, end)):
        end = word[1]
    while start > first and _together(raw, start):
        start -= 1
    while end < last and _together(raw, end):
        end += 1
    return start, end


def _together(raw: str, place: int) -> bool:
    before, after = raw[place - 1 : place], raw[place : place + 1]
    if unicodedata.category(after).startswith("M") if after else False:
        return True
    return _is_spaced(before) and _is_spaced(after)


def _is_spaced(char: str) -> bool:
    if char == "_":
        return True
    if not char or not (char.isalnum() or unicodedata.category(char).startswith("M")):
        return False
    return char.isascii() or writing(char) is None
