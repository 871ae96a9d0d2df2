"""The one byte string all phrases are matched on, and the way back from it to the raw text.

The stream is a view of the text without diacritics where every run of separators is one space, every sentence end is `` . ``,
letters of unspaced scripts and Hangul stand together, and everything else (``包吃住``, ``20``, ``🍚``) stands apart by a space. A
word boundary is then a literal space and a sentence boundary a literal dot, so that patterns need neither look-around nor
Unicode classes: they can be matched on bytes by any engine. Phrases pass through the same function, so both sides always agree.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import re2

from enrichment.text.characters import DIGIT, DROP, LETTER, MARK, SCRIPT, SENTENCE_ENDS, SYMBOL, UNSPACED, tables
from enrichment.text.views import View, Views

GAP, WORD, STOP, SIGN = 0, 1, 2, 3
"""What a character is in the stream: a separator, part of a word, a sentence end, or a sign that stands alone (emoji, %)."""
STOPS = SENTENCE_ENDS + "\n;؛；"
_SIGNS = "%$€₹₱฿₫¥￥"
_NO_SPACE = "。｡"
"""Full stops that end a sentence whatever follows."""
_CODE, _CLASS, _JOINED, _DROPPED, _DOT = (1 << 21) - 1, 3 << 21, 1 << 23, 1 << 24, 1 << 25
"""Parts of the number that stands for a character: its code point in the stream, its class, and marks of its place."""
_STOPS = STOP << 21
_ALONE, _TOGETHER = WORD, WORD | 4
"""Classes of letters that stand together when they touch, and of letters that do so across gaps (unspaced scripts)."""
_EMPTY = np.zeros(1, np.intp)
_TONE_FIRST = re.compile(r"[òóỏõọùúủũụ][aey](?!\w)")
"""A Vietnamese tone set on the first of two vowels that end a word, as in *hòa*; others set it on the second."""

_PERCENT = re.compile(rb"\d[\d ]{0,6} %")
_NUMBER = re.compile(rb"\d+")
_FEW = re.compile(rb"[1-3](?<!\d[1-3])(?<!\d [1-3])(?:( [1-4])(?![\d:]))?(?!\d)(?! \d)")


@cache
def _pack_table() -> npt.NDArray[np.int32]:
    known = tables()
    classes = np.zeros(len(known.kind), np.int32)
    classes[(known.kind == LETTER) | (known.kind == MARK) | (known.kind == DIGIT)] = WORD
    classes[known.kind == SYMBOL] = SIGN
    classes[0xD800:0xE000] = GAP
    for char in STOPS:
        classes[ord(char)] = STOP
    for char in _SIGNS:
        classes[ord(char)] = SIGN
    classes[0x1F1E6:0x1F200] = WORD  # flags: two letters that belong together
    classes[0x1F3FB:0x1F400] = GAP  # skin tones
    classes[ord(".")] = STOP  # until what follows it is known
    codes = np.arange(len(classes), dtype=np.int32)
    codes[classes == STOP] = ord(".")
    joined = np.isin(known.script, (*UNSPACED, SCRIPT["Hang"]))
    plain = codes | classes << 21 | np.where(joined & (classes == WORD), _JOINED, 0)
    plain[ord(".")] |= _DOT
    plain[int(DROP)] = _DROPPED
    result: npt.NDArray[np.int32] = plain[known.bare].astype(np.int32)
    return result


class Stream:
    """A text made ready for matching."""

    __slots__ = ("_chars", "_numbers", "_origins", "_places", "_said", "data", "view")

    def __init__(self, view: View, data: bytes, chars: npt.NDArray[np.intp], places: npt.NDArray[np.intp]) -> None:
        self.view = view
        self.data = data
        self._chars = chars
        self._places = places
        self._origins: npt.NDArray[np.intp] | None = None
        """For each byte the character of the view it came from, once it was asked for."""
        self._numbers: npt.NDArray[np.intp] | None = None
        self._said: str | None = None

    @property
    def marked_text(self) -> str:
        """The stream with the marks of the view: as many characters, each with the marks its letter has in the text."""
        if self._said is None:
            self._said = self.data.decode()
            if not self.view.text.isascii():
                codes = np.frombuffer(self._said.encode("utf-32-le"), np.uint32).copy()
                letters = self.view.codes[self._places]
                marked = tables().bare[letters] == codes[self._chars]
                codes[self._chars[marked]] = letters[marked]
                self._said = unify_marks(codes.tobytes().decode("utf-32-le"))
        return self._said

    def said_at(self, start: int, end: int) -> tuple[int, int]:
        """Return where in ``said`` the characters of ``data[start:end]`` stand."""
        if self.data.isascii():
            return start, end
        numbers = self._count_characters()
        return int(numbers[start]), int(numbers[end - 1]) + 1

    def _count_characters(self) -> npt.NDArray[np.intp]:
        """Return the number of the character each byte belongs to."""
        if self._numbers is None:
            self._numbers = ((np.frombuffer(self.data, np.uint8) & 0xC0) != 0x80).cumsum() - 1
        return self._numbers

    def view_spans(self, results: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the stretches of the view that ``data[start:end]`` came from, without the spaces at their ends."""
        data = self.data
        bounds: list[int] = []
        for start, end in results:
            while start < end - 1 and data[start] in b" .":
                start += 1
            while end > start + 1 and data[end - 1] in b" .":
                end -= 1
            bounds += (start, end - 1)
        places = self._positions(bounds) if bounds else []
        return [(places[number], places[number + 1] + 1) for number in range(0, len(places), 2)]

    def _positions(self, at: list[int]) -> list[int]:
        """Return the characters of the view that some bytes of the stream came from; a space came from the one behind it."""
        if self._origins is None:
            chars = self._chars.searchsorted(self._count_characters())
            self._origins = self._places[np.minimum(chars, len(self._places) - 1)]
        return list(map(self._origins.item, at))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the raw text that ``data[start:end]`` came from."""
        return self.view.span(*self.view_spans([(start, end)])[0])


def stream(view: View, raw: str) -> Stream:
    """Return the stream of one view of ``raw``."""
    packed = _pack_table().take(view.codes)
    traits = int(np.bitwise_or.reduce(packed)) if len(packed) else 0
    places = None
    if traits & _DROPPED:
        places = (packed != _DROPPED).nonzero()[0]
        packed = packed[places]
    if traits & _DOT:
        dots = ((packed & _DOT) > 0).nonzero()[0]
        packed[dots[~_ends(view, raw, packed, places, dots)]] = 0
    solid = ((packed & _CLASS) > 0).nonzero()[0]
    if not len(solid):
        return Stream(view, b"  ", _EMPTY, _EMPTY)
    packed = packed[solid]
    came = solid if places is None else places[solid]
    # A space goes before a character that does not continue the word of the one before it.
    kind = (packed >> 21) & 7
    following = kind[1:]
    alike = following == kind[:-1]
    touching = solid[1:] == solid[:-1] + 1
    touching &= following == _ALONE
    if traits & _JOINED:
        touching |= following == _TOGETHER
    touching &= alike
    spaced = np.empty(len(solid), np.bool_)
    spaced[0] = True
    np.logical_not(touching, out=spaced[1:])
    if traits & _STOPS == _STOPS and np.count_nonzero(doubled := alike & (following == STOP)):
        keep = np.concatenate(([True], ~doubled))
        packed, spaced, came = packed[keep], spaced[keep], came[keep]
    chars = spaced.cumsum(dtype=np.intp)
    chars += np.arange(len(chars))
    out = np.empty(int(chars[-1]) + 2, np.uint32)
    out.fill(0x20)
    out[chars] = packed & _CODE
    narrow = traits & _CODE < 0x80
    data = out.astype(np.uint8).tobytes() if narrow else out.tobytes().decode("utf-32-le").encode()
    return Stream(view, data, chars, came)


def _ends(
    view: View, raw: str, packed: npt.NDArray[np.int32], places: npt.NDArray[np.intp] | None, dots: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Tell which full stops end a sentence: those before a space, a line end or another one, and ideographic ones."""
    codes = view.codes if places is None else view.codes[places]
    after = tables().bare.take(codes.take(dots + 1, mode="clip"))
    ends: npt.NDArray[np.bool_] = (after == 0x20) | (after == 0x0A) | (after == 0x2E) | (dots == len(packed) - 1)
    if not any(map(raw.__contains__, _NO_SPACE)):
        return ends
    for number in np.flatnonzero(~ends).tolist():  # an ideographic full stop folds to the same sign and needs no space behind it
        place = int(dots[number])
        ends[number] = raw[view.offset(place if places is None else int(places[place]))] in _NO_SPACE
    return ends


def unify_marks(text: str) -> str:
    """Return a text with its marks where all writers can agree on: ``hòa`` is ``hoà``, and a Turkish i has its dot or none."""
    return _TONE_FIRST.sub(_move_tone, text).replace("ı", "i")


def _move_tone(match: re.Match[str]) -> str:
    first, tone, second = list(unicodedata.normalize("NFD", match[0]))
    return unicodedata.normalize("NFC", first + second + tone)


def stream_phrase(phrase: str, *, marks: bool = False) -> str:
    """Return ``phrase`` as it looks in a stream, without the spaces at its ends; with its ``marks`` as in ``marked_text``."""
    views = Views(phrase)
    result = stream(views.folded_view, phrase)
    return (result.marked_text if marks else result.data.decode("utf-8", "replace")).strip(" ")


def amount_pattern(currencies: Sequence[bytes]) -> "re2._Regexp[bytes]":
    """Return what finds a figure beside a currency, at the start of a word: by RE2, as some hundred signs are tried at each."""
    signs = b"|".join(re.escape(needle.strip()) for needle in sorted(currencies, key=len, reverse=True)) or rb"[^\x00-\xff]"
    figure = rb"\d[\d ]{0,14}(?:k|m|tr|rb|jt|w)?"
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(rb"[ .]((?:" + signs + rb") ?" + figure + rb"|" + figure + rb" ?(?:" + signs + rb"))", options)


def read_figures(data: bytes, amount: "re2._Regexp[bytes]") -> list[list[tuple[int, int]]]:
    """Return the spans of figures in a stream: those beside a currency, shares in percent, all numbers, and one to three."""
    if not _NUMBER.search(data):
        return [[]] * 4
    amounts = []
    end = 0
    while match := amount.search(data, max(end - 1, 0)):  # the space before one may end the one before it
        amounts.append(match.span(1))
        end = match.end()
    percents = [match.span() for match in _PERCENT.finditer(data)] if b"%" in data else []
    return [amounts, percents, *([match.span() for match in pattern.finditer(data)] for pattern in (_NUMBER, _FEW))]
