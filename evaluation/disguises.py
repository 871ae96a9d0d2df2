"""Disguises the words of an advert: each function changes the look of a text and not its meaning to a reader.

A disguise that does not touch a script (capitals in Thai, digits for letters in Bengali) returns the text as it was.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from evaluation.attacks import REWRITES, Lure

Disguise = Callable[[str], str]
_WORD = re.compile(r"\S+")
_NUMBERS = re.compile(r"(?<=\d)[.,](?=\d)")
_LEET = str.maketrans("oOeEiIaAsSоОзЗ", "00331144550033")
_UNMARKED = str.maketrans("đĐıƙƘɗƊɓƁ", "dDikKdDbB")
_BOLD = {ord(letter): 0x1D5D4 + place for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_VIRAMA = 9
"""Combining class of signs that join the letters around them."""


def _clusters(word: str) -> list[str]:
    """Part a word into its letters with their marks."""
    parts: list[str] = []
    for char in word:
        if parts and (unicodedata.category(char)[0] == "M" or unicodedata.combining(parts[-1][-1]) == _VIRAMA):
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def _each_second_word(change: Disguise) -> Disguise:
    def disguise(text: str) -> str:
        words = text.split(" ")
        return " ".join(word if number % 2 else change(word) for number, word in enumerate(words))

    return disguise


def _rewrite(name: str) -> Disguise:
    return lambda text: REWRITES[name](Lure(text, (), {}, "", "“”"))[0]


def _space_letters(word: str) -> str:
    return " ".join(_clusters(word)) if len(word) > 3 else word


def _hide_zero_width(word: str) -> str:
    return "\u200b".join(_clusters(word))


def _strip_diacritics(text: str) -> str:
    """Leave out the marks of Latin and Cyrillic letters, as on a keyboard that has none."""
    parts = (char for char in unicodedata.normalize("NFD", text) if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", "".join(parts)).translate(_UNMARKED)


def _drop_punctuation(text: str) -> str:
    kept = _NUMBERS.sub("", text)
    return " ".join("".join(" " if unicodedata.category(char)[0] == "P" else char for char in kept).split())


def _break_lines(text: str) -> str:
    words = text.split(" ")
    return "\n".join(" ".join(words[place : place + 3]) for place in range(0, len(words), 3))


DISGUISES: Mapping[str, Disguise] = {
    "look-alike letters": _rewrite("homoglyphs"),
    "emoji between words": _rewrite("emoji"),
    "marks between words": _rewrite("punctuation"),
    "bare quotation marks": _rewrite("quoted"),
    "spaced letters": _each_second_word(_space_letters),
    "zero-width spaces": _each_second_word(_hide_zero_width),
    "digits for letters": _each_second_word(lambda word: word.translate(_LEET)),
    "styled letters": lambda text: text.translate(_BOLD),
    "full-width letters": lambda text: text.translate(_WIDE),
    "capitals": str.upper,
    "diacritics left out": _strip_diacritics,
    "punctuation left out": _drop_punctuation,
    "line breaks": _break_lines,
    "words as hashtags": lambda text: _WORD.sub(lambda match: f"#{match[0]}", text),
}
