"""The one byte string all phrases are matched on, and the way back from it to the raw text.

The stream is a view of the text without diacritics where every run of separators is one space, every sentence end is `` .
``, letters
of unspaced scripts and Hangul stand together, and everything else (``包吃住``, ``20``, ``🍚``) stands apart by a space. A
word boundary is
then a literal space and a sentence boundary a literal dot, so that patterns need neither look-around nor Unicode classes:
they can be
matched on bytes by any engine. Phrases pass through the same function, so both sides always agree.
"""

from bisect import bisect_right
from functools import cache

import numpy as np
import numpy.typing as npt

from enrichment.characters import DIGIT, DROP, LETTER, MARK, SCRIPT, SYMBOL, UNSPACED, Tables, tables
from enrichment.text import View, Views, codes_of, text_of

_JOINED = np.zeros(256, np.bool_)
_JOINED[[*UNSPACED, SCRIPT["Hang"]]] = True
GAP, WORD, STOP, SIGN = 0, 1, 2, 3
"""What a character is in the stream: a separator, part of a word, a sentence end, or a sign that stands alone (emoji, %)."""
STOPS = "!?\n;।॥။៕។።؟۔؛！？｡；"
_SIGNS = "%$€₹₱฿₫¥￥"


@cache
def _classes() -> npt.NDArray[np.uint8]:
    kind = tables().kind
    table = np.zeros(len(kind), np.uint8)
    table[(kind == LETTER) | (kind == MARK) | (kind == DIGIT)] = WORD
    table[kind == SYMBOL] = SIGN
    table[0xD800:0xE000] = GAP
    for char in STOPS:
        table[ord(char)] = STOP
    for char in _SIGNS:
        table[ord(char)] = SIGN
    table[0x1F1E6:0x1F200] = WORD  # flags: two letters that belong together
    table[0x1F3FB:0x1F400] = GAP  # skin tones
    return table


class Stream:
    """A text made ready for matching."""

    __slots__ = ("_bytes", "_lists", "_places", "data", "view")

    def __init__(self, view: View, data: bytes, places: npt.NDArray[np.int32], ends: npt.NDArray[np.int32]) -> None:
        self.view = view
        self.data = data
        self._places = places
        self._bytes = ends
        self._lists: tuple[list[int], list[int]] | None = None

    def position(self, byte: int) -> int:
        """Return the character of the view that byte ``byte`` of the stream came from."""
        if self._lists is None:  # lists: a text has dozens of hits, and one look-up in an array costs ten in a list
            self._lists = self._bytes.tolist(), self._places.tolist()
        ends, places = self._lists
        return places[bisect_right(ends, byte)]

    def seen(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the view that ``data[start:end]`` came from, without the spaces at its ends."""
        while start < end - 1 and self.data[start] in b" .":
            start += 1
        while end > start + 1 and self.data[end - 1] in b" .":
            end -= 1
        return self.position(start), self.position(end - 1) + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the raw text that ``data[start:end]`` came from."""
        return self.view.span(*self.seen(start, end))


def stream(view: View, raw: str) -> Stream:
    """Return the stream of one view of ``raw``."""
    known = tables()
    codes = codes_of(view.text)
    if not len(codes):
        return Stream(view, b"  ", np.zeros(3, np.int32), np.array([1, 2], np.int32))
    codes = known.bare[codes]
    places = np.flatnonzero(codes != DROP).astype(np.int32)
    if len(places) < len(codes):
        codes = codes[places]
    classes = _classes()[codes]
    full_stop = codes == 0x2E
    if full_stop.any():
        classes[full_stop] = _full_stops(view, raw, codes, places, np.flatnonzero(full_stop))
    return _laid_out(view, codes, places, classes, known)


def _full_stops(
    view: View, raw: str, codes: npt.NDArray[np.uint32], places: npt.NDArray[np.int32], dots: npt.NDArray[np.intp]
) -> npt.NDArray[np.uint8]:
    after = np.append(codes, 0x20)[dots + 1]
    ends = (after == 0x20) | (after == 0x0A) | (after == 0x2E) | (dots == len(codes) - 1)
    for number in np.flatnonzero(~ends).tolist():  # an ideographic full stop folds to the same sign and needs no space behind it
        ends[number] = raw[view.offset(int(places[dots[number]]))] in "。｡"
    return np.where(ends, STOP, GAP).astype(np.uint8)


def _laid_out(view: View, codes: npt.NDArray[np.uint32], places: npt.NDArray[np.int32], classes: npt.NDArray[np.uint8],
              known: Tables) -> Stream:
    solid = np.flatnonzero(classes != GAP)
    codes, places, classes = codes[solid], places[solid], classes[solid]
    joined = _JOINED[known.script[codes]]
    codes = np.where(classes == STOP, np.uint32(0x2E), codes)
    if not len(codes):
        return Stream(view, b"  ", np.zeros(3, np.int32), np.array([1, 2], np.int32))
    # A space goes before a character that does not continue the word of the one before it.
    touching = solid[1:] == solid[:-1] + 1
    word = classes == WORD
    same = word[1:] & word[:-1] & ((joined[1:] & joined[:-1]) | (touching & ~joined[1:] & ~joined[:-1]))
    both_stops = (classes[1:] == STOP) & (classes[:-1] == STOP)
    keep = np.concatenate(([True], ~both_stops))
    spaced = np.concatenate(([True], ~same))[keep]
    codes, places = codes[keep], places[keep]
    at = np.arange(len(codes)) + np.cumsum(spaced)
    size = len(codes) + int(spaced.sum()) + 1
    out = np.full(size, 0x20, np.uint32)
    out[at] = codes
    came = np.zeros(size, np.int32)
    came[at] = places
    came[at[spaced] - 1] = places[spaced]
    came[-1] = places[-1]
    widths = 1 + (out > 0x7F).astype(np.int32) + (out > 0x7FF) + (out > 0xFFFF)
    return Stream(view, text_of(out).encode("utf-8", "replace"), came, np.cumsum(widths, dtype=np.int32))


def streamed(phrase: str) -> str:
    """Return ``phrase`` as it looks in a stream, without the spaces at its ends."""
    made = Views(phrase)
    return stream(made.folded, phrase).data.decode("utf-8", "replace").strip(" ")
