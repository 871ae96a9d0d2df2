"""Makes the terms of most texts in a few passes of numpy: each character is looked up in a table.

What ``analysis.index_terms`` says of a text, for texts whose characters can each be taken alone; the others (accents written
apart, half-width kana, letters that fold into two) are left to it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

SIZE = 0x20000
"""Code points in the table: the first two planes, emoji among them."""
_STILL = (0, 7, 9)
"""Combining classes of letters, of the nukta and of the virama: a text has these alone, or nukta before virama."""
_CODE = np.uint32((1 << 21) - 1)
"""Bits for the code point it is indexed as; zero for separators and invisible characters."""
_WORD, _CLINGING, _FIRST, _SECOND, _RUN, _HIDDEN, _HARD = (1 << bit for bit in range(21, 28))
"""What a code point is. Clinging are marks of the scripts without spaces: right after a letter of another script they belong to
its word. First and second may become another character, or change places, when they stand together."""

_SPACE = np.uint32(32)
_END = np.uint32(10)
"""After each of several texts: no character is looked up as this."""
Table = NDArray[np.uint32]


def table(
    word: str,
    run: str,
    special: str,
    hidden: str,
    joined: Iterable[tuple[str, str]],
    simplified: dict[int, str],
    fold: Callable[[str], str],
) -> Table:
    """Return the table of an analysis: for each code point what it is and which one it is indexed as.

    ``word``, ``run``, ``special`` and ``hidden`` are expressions for one character, ``joined`` are pairs that are one character,
    ``fold`` gives a word's term.
    """
    result, turning = np.zeros(SIZE, np.uint32), np.zeros(SIZE, np.uint32)
    every = "".join(map(chr, range(SIZE)))
    runs = set(re.findall(run, every))
    for char in re.findall(word, every):
        term = fold(char)
        alone = len(term) == 1 and term not in runs and {unicodedata.combining(char), unicodedata.combining(term)} <= {*_STILL}
        result[ord(char)] = _WORD | ord(term) if alone else _HARD
        turning[ord(char)] = {9: _FIRST, 7: _SECOND}.get(unicodedata.combining(char), 0)
    for char in runs:
        clinging = _CLINGING if result[ord(char)] else 0
        result[ord(char)] = _RUN | clinging | ord(simplified.get(ord(char), char))
    for char in re.findall(special, every):
        result[ord(char)] = _HARD
    for char in re.findall(hidden, every):
        result[ord(char)] = _HARD if result[ord(char)] else _HIDDEN
    for before, after in (*joined, *_composing_pairs(every)):
        turning[ord(before)] |= _FIRST
        turning[ord(after)] |= _SECOND
    result |= turning
    result[-1] = _HARD  # what lies beyond the table is looked up here
    return result


def _composing_pairs(every: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs that Unicode composes."""
    for pair in (unicodedata.decomposition(char).split() for char in every):
        if len(pair) == 2 and not pair[0].startswith("<"):
            yield chr(int(pair[0], 16)), chr(int(pair[1], 16))


def index_texts(raws: Sequence[str], given: Table, longest: int, words: set[str] | None = None) -> list[str | None]:
    """Return the terms of each text with a space between, ``None`` for one the table cannot tell; add whole words to ``words``.

    Many at once cost half as much each. A word of more than ``longest`` letters is for the caller, who knows what counts of it.
    """
    chars, untold = _looked_up(raws, given, longest)
    word, run = (chars & _WORD) != 0, (chars & _RUN) != 0
    ends = word.copy()
    ends[:-1] = word[:-1] > word[1:]
    if run.any():
        if words is not None:
            words.update(_close_words(chars[word] & _CODE, ends[word]).split())
        out = np.zeros((len(chars), 3), np.uint32)
        out[:, 0] = chars & _CODE
        out[:-1, 1] = out[1:, 0] * (run[:-1] & run[1:])
        out[:, 2] = (run | ends) * _SPACE
        text = _text(out)
    else:
        text = _close_words(chars & _CODE, ends)
        if words is not None:
            words.update(text.split())
    return [None if number in untold else terms[:-1] for number, terms in enumerate(text.split(chr(_END))[:-1])]


def locate_terms(raw: str, given: Table, longest: int) -> tuple[str, str] | None:
    """Return the words and the runs without spaces of a text, each character as indexed and where it stands, NUL between.

    ``None`` when the table cannot tell, or something hidden stands inside.
    """
    chars, untold = _looked_up((raw,), given, longest)
    if untold or len(chars) <= len(raw):
        return None
    chars = chars[:-1]
    codes = chars & _CODE
    words, runs = (np.where((chars & kind) != 0, codes, np.uint32(0)).tobytes() for kind in (_WORD, _RUN))
    return str(words, "utf-32-le", "surrogatepass"), str(runs, "utf-32-le", "surrogatepass")


def _looked_up(raws: Sequence[str], given: Table, longest: int) -> tuple[Table, frozenset[int]]:
    """Return what each character is and is indexed as, without those that are hidden, ``_END`` after each text; and the numbers
    of the texts that the table cannot tell, whose characters are 0."""
    joined = "\n".join((*raws, ""))
    chars = given.take(np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4"), mode="clip")
    ends = np.cumsum([len(raw) + 1 for raw in raws], dtype=np.int64) - 1
    chars[ends] = _END
    kinds = int(np.bitwise_or.reduce(chars))
    if kinds & _HIDDEN:  # takes no room: what stands at its sides touches
        chars = chars[(chars & _HIDDEN) == 0]
        ends = np.flatnonzero(chars == _END)
    untold = {int(np.searchsorted(ends, at)) for at in _untold(chars, kinds, longest)}
    for number in untold:
        chars[ends[number - 1] + 1 if number else 0 : ends[number]] = 0
    return chars, frozenset(untold)


def _untold(chars: Table, kinds: int, longest: int) -> Iterator[int]:
    """Yield the places of what the table cannot tell."""
    if kinds & _HARD:
        yield from np.flatnonzero(chars & _HARD).tolist()
    for before, after in ((_FIRST, _SECOND), (_WORD, _CLINGING)):  # of each pair the second is the neighbour among the bits
        if kinds & before and kinds & after:
            yield from np.flatnonzero((chars[:-1] & before) * (after // before) & chars[1:]).tolist()
    letters = ((chars & _WORD) != 0).tobytes()
    at = letters.find(b"\1" * (longest + 1))
    while at >= 0:
        yield at
        at = letters.find(b"\1" * (longest + 1), letters.find(b"\0", at))


def _close_words(codes: Table, ends: NDArray[np.bool_]) -> str:
    """Return the words of a text, a space after each."""
    out = np.empty((len(codes), 2), np.uint32)
    out[:, 0], out[:, 1] = codes, ends * _SPACE
    return _text(out)


def _text(out: Table) -> str:
    """Return what is not 0, in order."""
    flat = out.ravel()
    return str(flat.compress(flat != 0).tobytes(), "utf-32-le", "surrogatepass")
