"""Makes index terms of a text, with their places: the one analysis of both stores, for documents and queries.

Neither SQLite's nor Elasticsearch's own tokenizer is used: FTS5 ``unicode61`` finds 0.00-0.70 of phrases cut out of running
Thai, Khmer, Burmese, Lao and Chinese text and ES ``standard`` none outside Chinese. Here scripts written without spaces
become overlapping pairs of code points; words of other scripts lose case, width and accents. Both stores then only ever
split at spaces, so the same query finds the same documents (``benchmarks/recall.py`` prints the recall of each language).
"""

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple

from crawlers.text.chinese import simplified_pairs

# Scripts written without spaces between words, and Hangul, whose particles cling to the word. Digits and punctuation of
# these blocks are left out: digits are words of their own, punctuation separates.
_RUNNING = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ecf\u0edc-\u0edf"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109f\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"  # Burmese, Shan, Mon
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Kana
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
    "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"  # Hangul
)
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Characters that take no room: typed inside words to hide them, or (U+200B) as Khmer word breaks."""
_MARKS = "".join(
    chr(c)
    for c in (*range(0x300, 0x2000), *range(0x20D0, 0x2100), *range(0xA66F, 0xAC00), *range(0xFE20, 0xFE30))
    if unicodedata.category(chr(c)) in ("Mn", "Mc", "Me")
)
_LETTER = rf"(?:[^\W_{_RUNNING}]|[{_MARKS}])"
_RUN = re.compile(rf"([{_RUNNING}](?:[{INVISIBLE}]*[{_RUNNING}])*+)|({_LETTER}(?:[{INVISIBLE}]*{_LETTER})*+)")
_HIDDEN = re.compile(f"[{INVISIBLE}]+")
_HIDDEN_SET = frozenset(c for c in map(chr, (*range(0xAD, 0x2070), *range(0xFE00, 0xFF00))) if _HIDDEN.match(c))
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670\u0640\u06d6-\u06ed]+")
_LETTERS = str.maketrans("đðłøıħŧ", "ddloiht") | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})
_LETTERS |= str.maketrans("یىےکہھۃةأإآٱ", "يييكههههاااا")
"""Letters that have no accent to lose, and those that Persian and Urdu write otherwise than Arabic."""
_AM = {"\u0e32": ("\u0e4d", "\u0e33"), "\u0eb2": ("\u0ecd", "\u0eb3")}
"""Thai and Lao AM typed as two characters (mark, vowel) is indexed as the one that keyboards send today."""
_COMPATIBLE = re.compile("[\u3131-\u318e\uf900-\ufaff\uff66-\uff9f]")


LONGEST = 100
"""Letters of a word that count; longer ones are no words."""


_HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")
_SPECIAL = re.compile(f"[{INVISIBLE}\u3099\u309a\u3131-\u318e\uf900-\ufaff\uff66-\uff9f]|\u0e4d\u0e32|\u0ecd\u0eb2")
"""Characters that ``_running`` must change first."""


class Term(NamedTuple):
    """One index term and the code points ``raw[start:end]`` it was made from."""

    term: str
    start: int
    end: int


@cache
def _simplify_table() -> dict[int, str]:
    """Return traditional -> simplified characters (one for one, so that spans hold)."""
    return {old: chr(new) for old, new in simplified_pairs().items()}


class _Fold(dict[str, str]):
    """Word as written -> index term; forgotten when full, so hostile text cannot grow it."""

    limit = 200_000

    def __missing__(self, word: str) -> str:
        if len(self) >= self.limit:
            self.clear()
        term = fold(word)
        self[sys.intern(word)] = term
        return term


def fold(word: str) -> str:
    """Return a word as it is indexed: NFKC, case, accents and invisible characters gone, digits of any script as 0-9."""
    word = word[:LONGEST]
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKC", _HIDDEN.sub("", word)).casefold()
    word = _ACCENTS.sub("", unicodedata.normalize("NFD", word)).translate(_LETTERS)
    word = "".join(str(unicodedata.decimal(c)) if c.isdecimal() and c > "9" else c for c in word)
    # NFKC can bring characters that separate (U+2100 to a/c): they must not split a term in the store's tokenizer.
    return "".join(c for c in unicodedata.normalize("NFC", word) if c.isalnum() or c in _MARK_SET)


_MARK_SET = frozenset(_MARKS)
_FOLDED = _Fold()


def _running(raw: str, start: int) -> tuple[Sequence[str], Sequence[int]]:
    """Return the characters of a run without spaces as indexed, and the place of each in the raw text."""
    simplified = _simplify_table()
    if not _SPECIAL.search(raw):
        # Nearly every run: character for character, which only Han changes.
        return raw.translate(simplified) if _HAN.search(raw) else raw, range(start, start + len(raw))
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(raw, start):
        if char in _HIDDEN_SET:
            continue
        if char in _AM and chars and chars[-1] == _AM[char][0]:
            chars[-1] = _AM[char][1]
            continue
        if _COMPATIBLE.match(char):
            char = unicodedata.normalize("NFKC", char)[0]
        if char in "\u3099\u309a" and chars and len(voiced := unicodedata.normalize("NFC", chars[-1] + char)) == 1:
            chars[-1] = voiced
            continue
        chars.append(simplified.get(ord(char), char))
        places.append(place)
    return chars, places


def terms(raw: str) -> Iterator[Term]:
    """Yield the index terms of a text in order.

    A run without spaces of n characters gives its n-1 pairs and then its last character alone, so that one character
    can be found by prefix and a phrase that ends a run is still a phrase.
    """
    folded = _FOLDED
    for match in _RUN.finditer(raw):
        start, end = match.span()
        if match.lastindex == 2:
            if term := folded[match[0]]:
                yield Term(term, start, end)
            continue
        chars, places = _running(match[0], start)
        for at in range(len(chars) - 1):
            yield Term(chars[at] + chars[at + 1], places[at], places[at + 1] + 1)
        yield Term(chars[-1], places[-1], end)


def index_terms(raw: str, words: set[str] | None = None) -> str:
    """Return the terms of a text with a space between, as both stores keep them; add those that are whole words to ``words``."""
    folded = _FOLDED
    out: list[str] = []
    for run, word in _RUN.findall(raw):
        if word:
            if term := folded[word]:
                out.append(term)
                if words is not None:
                    words.add(term)
            continue
        chars, _ = _running(run, 0)
        out.extend(map(add, chars, chars[1:]))
        out.append(chars[-1])
    return " ".join(out)


class SearchTerm(NamedTuple):
    """A word or phrase of a query: these terms must stand one after another; the last may be only a beginning."""

    terms: tuple[str, ...]
    prefix: bool = False


def read_search_term(typed: str, *, prefix: bool = False) -> SearchTerm | None:
    """Return what to look for when ``typed`` is a word or phrase; ``None`` when it holds no letter or digit.

    The end of a run without spaces may lie anywhere in running text, so its last lone character is not asked for; a run
    of one character is asked for as the beginning of a pair.
    """
    results = list(terms(typed))
    if not results:
        return None
    if running(results[-1].term):
        if len(results) > 1 and results[-2].end == results[-1].end:
            return SearchTerm(tuple(term.term for term in results[:-1]), prefix)
        return SearchTerm(tuple(term.term for term in results), True)
    return SearchTerm(tuple(term.term for term in results), prefix)


def whole_words(raw: str) -> Iterator[Term]:
    """Yield the terms of a text that are whole words: those of scripts with spaces."""
    folded = _FOLDED
    return (Term(folded[match[0]], *match.span()) for match in _RUN.finditer(raw) if match.lastindex == 2)


@lru_cache(maxsize=50_000)
def running(term: str) -> bool:
    """Whether a term is of a script written without spaces."""
    match = _RUN.match(term)
    return match is not None and match.lastindex == 1


def beginnings(text: str) -> set[str]:
    """Return the characters of scripts without spaces that terms begin with, given the terms as ``indexed`` makes them."""
    inside = _inside()
    return {char for char in set(text) if running(char) and (char not in inside or f" {char}" in f" {text}")}


@cache
def _inside() -> frozenset[str]:
    """Return the characters of scripts without spaces that may stand inside a word of another script: marks, and what a letter is
    folded into."""
    folding = {char for char in map(chr, range(sys.maxunicode)) if unicodedata.decomposition(char) and _RUN.fullmatch(char)}
    names = {value for char in folding if not running(char) for value in fold(char) if running(value)}
    return frozenset(filter(running, _MARKS)) | names
