"""Writing without spaces between words: its letters, and where its words end.

ICU's dictionaries (``icu4py``) tell words of Chinese, Japanese, Thai, Lao, Khmer and Burmese apart.
"""

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate

WRITINGS = (
    "\u0e01-\u0e4e",
    "\u0e81-\u0ecd\u0edc-\u0edf",
    "\u1780-\u17d3",
    "\u1000-\u103f\u104c-\u109f",
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af",
)
"""Letters of Thai, Lao, Khmer, Burmese, and Chinese with Japanese; digits and the marks between phrases are none."""
EAST = 4
"""Number of Chinese with Japanese."""
LONGEST = 96
"""Letters of a run without spaces that are read at once; of a longer one as many around a place."""
_LETTER = re.compile("|".join(f"([{letters}])" for letters in WRITINGS))
_LEADING = frozenset("เแโใไເແໂໃໄ")
_TRAILING = frozenset("ะาำๅະາຳຽーァィゥェォャュョぁぃぅぇぉゃゅょ")
_STACKING = frozenset("\u17d2\u1039")
SILENT = frozenset("\u0e4c\u0ecc")
"""Signs over letters that are not spoken, which people leave out."""
_INSIDE = 2


@lru_cache(maxsize=10_000)
def writing(char: str) -> int | None:
    """Return the number of the writing a letter belongs to; None for everything that stands in words parted by spaces."""
    match = _LETTER.match(char)
    return match.lastindex - 1 if match and match.lastindex else None


def joins_letters(text: str, place: int) -> bool:
    """Tell whether letters of one such writing stand on both sides of ``place``."""
    return 0 < place < len(text) and _joining_kind(text[place - 1], text[place]) > 0


def inside_letter(text: str, place: int) -> bool:
    """Tell whether ``place`` parts a letter from its vowel, its tone or the letter under it (a silent one may be left out)."""
    return 0 < place < len(text) and _joining_kind(text[place - 1], text[place]) == _INSIDE


def word_across(text: str, place: int) -> tuple[int, int] | None:
    """Return the span of the word that ``place`` stands inside of; None where a word ends, or no such letters meet."""
    if not joins_letters(text, place):
        return None
    first, last = _run(text, place)
    bounds = _bounds(text[first:last])
    number = bisect_left(bounds, place - first)
    if bounds[number] == place - first:
        return None
    if not inside_letter(text, place) and not (_kana(text[place - 1]) and _kana(text[place])):
        # Letters of a word ICU does not know are joined with their neighbours: then no more words come of cutting there.
        low, high = max(0, number - 3), min(len(bounds) - 1, number + 2)
        before, behind = text[first + bounds[low] : place], text[place : first + bounds[high]]
        if len(_bounds(before)) + len(_bounds(behind)) <= high - low + 2:
            return None
    return first + bounds[number - 1], first + bounds[number]


def _kana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30ff"


def _run(text: str, place: int) -> tuple[int, int]:
    """Return the span of the letters of one writing around ``place``, ``LONGEST`` at most."""
    number = writing(text[place])
    first = last = place
    while first > max(0, place - LONGEST // 2) and writing(text[first - 1]) == number:
        first -= 1
    while last < min(len(text), place + LONGEST // 2) and writing(text[last]) == number:
        last += 1
    return first, last


@lru_cache(maxsize=4096)  # many phrases stand at the same words of a text
def _bounds(words: str) -> list[int]:
    from icu4py.breakers import WordBreaker  # texts in other writing need not pay for its data

    return list(accumulate(map(len, WordBreaker(words, "en")), initial=0))


@lru_cache(maxsize=20_000)
def _joining_kind(before: str, after: str) -> int:
    """Tell how two characters stand together: not, as letters of one such writing, or as parts of one letter (``_INSIDE``)."""
    number = writing(after)
    if number is None or writing(before) != number:
        return 0
    marked = after in _TRAILING or (after not in SILENT and unicodedata.category(after).startswith("M"))
    return _INSIDE if marked or before in _LEADING or before in _STACKING else 1
