"""Nearly every text into index terms in a few passes of numpy: each character looked up in a table.

What ``index.analysis.indexed`` says of a text, for texts whose characters can each be taken alone; the others (accents written
apart, half-width kana, letters that fold into two) are left to it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

SIZE = 0x20000
"""Code points in the table: the first two planes, emoji among them."""
_STILL = (0, 7, 9)
"""Combining classes of letters, of the nukta and of the virama: a text has these alone, or nukta before virama."""
_CODE = np.uint32((1 << 21) - 1)
"""Bits that say which code point it is indexed as: none when it separates or takes no room."""
_WORD, _CLINGING, _FIRST, _SECOND, _RUN, _HIDDEN, _HARD = (1 << bit for bit in range(21, 28))
"""What a code point is. Clinging are marks of the scripts without spaces: right after a letter of another script they belong to
its word. First and second may become another character, or change places, when they stand together."""

_SPACE = np.uint32(32)
Table = NDArray[np.uint32]


def table(word: str, run: str, special: str, hidden: str, joined: Iterable[tuple[str, str]], simplified: dict[int, str],
          fold: Callable[[str], str]) -> Table:
    """Return the table of an analysis: for each code point what it is and which one it is indexed as.

    ``word``, ``run``, ``special`` and ``hidden`` are expressions for one character, ``joined`` are pairs that are one character,
    ``fold`` gives a word's term.
    """
    made, turning = np.zeros(SIZE, np.uint32), np.zeros(SIZE, np.uint32)
    every = "".join(map(chr, range(SIZE)))
    runs = set(re.findall(run, every))
    for char in re.findall(word, every):
        term = fold(char)
        alone = len(term) == 1 and term not in runs and {unicodedata.combining(char), unicodedata.combining(term)} <= {*_STILL}
        made[ord(char)] = _WORD | ord(term) if alone else _HARD
        turning[ord(char)] = {9: _FIRST, 7: _SECOND}.get(unicodedata.combining(char), 0)
    for char in runs:
        clinging = _CLINGING if made[ord(char)] else 0
        made[ord(char)] = _RUN | clinging | ord(simplified.get(ord(char), char))
    for char in re.findall(special, every):
        made[ord(char)] = _HARD
    for char in re.findall(hidden, every):
        made[ord(char)] = _HARD if made[ord(char)] else _HIDDEN
    for before, after in (*joined, *_composed(every)):
        turning[ord(before)] |= _FIRST
        turning[ord(after)] |= _SECOND
    made |= turning
    made[-1] = _HARD  # what lies beyond the table is looked up here
    return made


def _composed(every: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs that Unicode composes."""
    for pair in (unicodedata.decomposition(char).split() for char in every):
        if len(pair) == 2 and not pair[0].startswith("<"):
            yield chr(int(pair[0], 16)), chr(int(pair[1], 16))


def indexed(raw: str, given: Table, longest: int, words: set[str] | None = None) -> str | None:
    """Return the terms of a text with a space between, or ``None`` when the table cannot tell; add whole words to ``words``.

    A word of more than ``longest`` letters is for the caller, who knows what counts of it.
    """
    chars = _looked_up(raw, given, longest)
    if chars is None:
        return None
    word, run = (chars & _WORD) != 0, (chars & _RUN) != 0
    ends = word.copy()
    ends[:-1] = word[:-1] > word[1:]
    if not run.any():
        text = _closed(chars & _CODE, ends)
        if words is not None:
            words.update(text.split())
        return text[:-1]
    if words is not None:
        words.update(_closed(chars[word] & _CODE, ends[word]).split())
    out = np.zeros((len(chars), 3), np.uint32)
    out[:, 0] = chars & _CODE
    out[:-1, 1] = out[1:, 0] * (run[:-1] & run[1:])
    out[:, 2] = (run | ends) * _SPACE
    return _text(out)[:-1]


def in_place(raw: str, given: Table, longest: int) -> tuple[str, str] | None:
    """Return the words and the runs without spaces of a text, each character as indexed and where it stands, NUL between.

    ``None`` when the table cannot tell, or something hidden stands inside.
    """
    chars = _looked_up(raw, given, longest)
    if chars is None or len(chars) < len(raw):
        return None
    codes = chars & _CODE
    words, runs = (np.where((chars & kind) != 0, codes, np.uint32(0)).tobytes() for kind in (_WORD, _RUN))
    return str(words, "utf-32-le", "surrogatepass"), str(runs, "utf-32-le", "surrogatepass")


def _looked_up(raw: str, given: Table, longest: int) -> Table | None:
    """Return what each character is and is indexed as, without those that are hidden; ``None`` when the table cannot tell."""
    chars = given.take(np.frombuffer(raw.encode("utf-32-le", "surrogatepass"), "<u4"), mode="clip")
    kinds = int(np.bitwise_or.reduce(chars))
    if kinds & _HARD:
        return None
    if kinds & _HIDDEN:  # takes no room: what stands at its sides touches
        chars = chars[(chars & _HIDDEN) == 0]
    if _meet(chars, kinds, _FIRST, _SECOND) or _meet(chars, kinds, _WORD, _CLINGING):
        return None
    return None if b"\1" * (longest + 1) in ((chars & _WORD) != 0).tobytes() else chars


def _meet(chars: Table, kinds: int, before: int, after: int) -> bool:
    """Whether a character of the kind ``before`` stands right before one of the kind ``after``, its neighbour among the bits."""
    return bool(kinds & before and kinds & after and ((chars[:-1] & before) * (after // before) & chars[1:]).any())


def _closed(codes: Table, ends: NDArray[np.bool_]) -> str:
    """Return the words of a text, a space after each."""
    out = np.empty((len(codes), 2), np.uint32)
    out[:, 0], out[:, 1] = codes, ends * _SPACE
    return _text(out)


def _text(out: Table) -> str:
    """Return what is not 0, in order."""
    flat = out.ravel()
    return str(flat[flat != 0].tobytes(), "utf-32-le", "surrogatepass")
