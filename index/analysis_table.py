"""Nearly every text into index terms in a dozen passes of numpy: each character looked up in a table.

What ``index.analysis.indexed`` says of a text, for texts whose characters can each be taken alone; the others (accents written
apart, half-width kana, letters that fold into two) are left to it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIZE = 0x20000
"""Code points in the tables: the first two planes, emoji among them."""
_STILL = (0, 7, 9)
"""Combining classes of letters, of the nukta and of the virama: a text has these alone, or nukta before virama."""
_SEPARATOR, _WORD, _RUN, _HIDDEN, _HARD = range(5)


class Tables(NamedTuple):
    """What each code point is, and which one it is indexed as."""

    kinds: NDArray[np.uint8]
    folded: NDArray[np.uint32]
    clinging: NDArray[np.bool_]
    """Marks of the scripts without spaces: right after a letter of another script they belong to its word."""
    first: NDArray[np.bool_]
    second: NDArray[np.bool_]
    """What may become another character, or change places, when a second comes right after a first."""


def tables(word: str, run: str, special: str, hidden: str, joined: Iterable[tuple[str, str]], simplified: dict[int, str],
           fold: Callable[[str], str]) -> Tables:
    """Return the tables of an analysis.

    ``word``, ``run``, ``special`` and ``hidden`` are expressions for one character, ``joined`` are pairs that are one character,
    ``fold`` gives a word's term.
    """
    kinds = np.full(SIZE, _SEPARATOR, np.uint8)
    folded = np.arange(SIZE, dtype=np.uint32)
    clinging, first, second = (np.zeros(SIZE, np.bool_) for _ in range(3))
    every = "".join(map(chr, range(SIZE)))
    runs = set(re.findall(run, every))
    for char in re.findall(word, every):
        term = fold(char)
        alone = len(term) == 1 and term not in runs and {unicodedata.combining(char), unicodedata.combining(term)} <= {*_STILL}
        kinds[ord(char)] = _WORD if alone else _HARD
        clinging[ord(char)] = char in runs
        first[ord(char)] |= unicodedata.combining(char) == 9
        second[ord(char)] |= unicodedata.combining(char) == 7
        if alone:
            folded[ord(char)] = ord(term)
    for before, after in (*joined, *_composed(every)):
        first[ord(before)] = second[ord(after)] = True
    for char in runs:
        kinds[ord(char)] = _RUN
    for char in re.findall(special, every):
        kinds[ord(char)] = _HARD
    for char in re.findall(hidden, every):
        kinds[ord(char)] = _HIDDEN if kinds[ord(char)] == _SEPARATOR else _HARD
    for old, new in simplified.items():
        if old < SIZE and kinds[old] == _RUN:
            folded[old] = ord(new)
    return Tables(kinds, folded, clinging, first, second)


def _composed(every: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs that Unicode composes."""
    for pair in (unicodedata.decomposition(char).split() for char in every):
        if len(pair) == 2 and not pair[0].startswith("<"):
            yield chr(int(pair[0], 16)), chr(int(pair[1], 16))


def indexed(raw: str, given: Tables, longest: int, words: set[str] | None = None) -> str | None:
    """Return the terms of a text with a space between, or ``None`` when the tables cannot tell; add whole words to ``words``.

    A word of more than ``longest`` letters is for the caller, who knows what counts of it.
    """
    chars = np.frombuffer(raw.encode("utf-32-le", "surrogatepass"), "<u4")
    if not len(chars):
        return ""
    if chars.max() >= SIZE:
        return None
    kinds = given.kinds[chars]
    worst = kinds.max()
    if worst == _HARD:
        return None
    if worst == _HIDDEN:  # takes no room: what stands at its sides touches
        shown = kinds != _HIDDEN
        chars, kinds = chars[shown], kinds[shown]
    folded = given.folded[chars]
    word, run = kinds == _WORD, kinds == _RUN
    if given.clinging[chars[1:][word[:-1] & run[1:]]].any() or (given.first[chars[:-1]] & given.second[chars[1:]]).any():
        return None
    paired = run[:-1] & run[1:]
    takes = word.astype(np.int64) + 2 * run  # itself, and a space after what ends
    takes[:-1] += paired
    ends = word.copy()
    ends[:-1] &= ~word[1:]
    takes += ends
    at = np.cumsum(takes) - takes
    out = np.full(int(takes.sum()), 32, np.uint32)
    shown = word | run
    out[at[shown]] = folded[shown]
    first = np.flatnonzero(paired)
    out[at[first] + 1] = folded[first + 1]
    text = out.tobytes().decode("utf-32-le", "surrogatepass")
    begins = word.copy()
    begins[1:] &= ~word[:-1]
    starts, stops = at[begins], at[ends] + 1
    if len(starts) and int((stops - starts).max()) > longest:
        return None
    if words is not None:
        words.update([text[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)])
    return text[:-1]
