"""How a text is worded, against the labelled texts: words, pairs of words and word beginnings, each with learned points.

Beside the lexicon, which says what a phrase means, this says whose language it is: recruiters of compounds, honest employers,
reporters and survivors word the same facts differently. Two linear sums over the terms a text shows, so every term's share can
be read (``wording.json``: points of both and rarity of each); `lurewatch eval train` makes it. The first speaks as one argument,
bounded on both sides: alone it can neither flag a text nor clear one that the lexicon is sure of. The second helps to tell whose
words the phrases are (``enrichment.voice``). Who and where is no matter of wording: contacts and places are blanked first.
"""

import math
import re
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt

from enrichment.characters import Codes, Points
from enrichment.text import View, codes_of, text_of

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff]+")
_LETTERS = re.compile(r"[\w\u0300-\u036f\u0900-\u0dff]+")
_DIGITS = re.compile(r"\d+")
_ALL = 0x34000
"""Beyond this code point there are no letters."""
_BETWEEN = re.compile(r"[\W\d]+")
_HEADS = (4, 6)
"""How many letters of a longer word stand for its stem; inflected forms share them."""
LEAST = 6
"""Fewer known terms than this say nothing about whose words they are."""
NAMED = 4
"""How many terms an explanation names."""
_SIEVE_BITS = 17
_SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(64 - _SIEVE_BITS)
_NEXT = np.uint64(16)
"""Bits a character of an unspaced script takes in the key of a piece."""


class Term(msgspec.Struct, frozen=True, array_like=True):
    """What one term is worth for a lure, what for a report, and how rare it is (inverse document frequency)."""

    points: float
    reports: float
    rarity: float


class Told(msgspec.Struct, frozen=True):
    """What the wording says."""

    value: float
    """From -1 (as reports and honest adverts) to 1 (as lures)."""
    reports: float
    """From -1 (as who offers) to 1 (as who warns, reports, tells or asks)."""
    terms: tuple[str, ...]
    """The terms that tell most for the sign of ``value``."""


class _Index:
    """The terms by what they are made of, numbered from the one that speaks loudest against a lure to the one loudest for it."""

    def __init__(self, terms: dict[str, Term]) -> None:
        ranked = sorted(
            (term.points * term.rarity, term.reports * term.rarity, term.rarity**2, name) for name, term in terms.items()
        )
        self.names = [name for _, _, _, name in ranked]
        self._parts = np.array([parts for *parts, _ in ranked], np.float64).reshape(-1, 3)
        self.words: dict[str, int] = {}
        self.pairs: dict[tuple[str, ...], int] = {}
        self.heads: dict[int, dict[str, int]] = {size: {} for size in _HEADS}
        pieces: dict[int, int] = {}
        for number, name in enumerate(self.names):
            stem = name.removesuffix("~")
            if stem != name:
                self.heads.setdefault(len(stem), {})[stem] = number
            elif " " in name:
                self.pairs[tuple(name.split(" "))] = number
            elif _UNSPACED.fullmatch(name):
                pieces[_key(name)] = number
            else:
                self.words[name] = number
        self._firsts = frozenset(pair[0] for pair in self.pairs)
        self._keys = np.array(sorted(pieces), np.uint64)
        self._numbers = np.array([pieces[key] for key in sorted(pieces)], np.intp)
        self._sieve = np.zeros(1 << _SIEVE_BITS, np.bool_)
        self._sieve[_bits(self._keys)] = True

    def shown(self, codes: Points) -> list[int]:
        """Return the numbers of the terms a text shows, in order."""
        known = _alphabet()
        words = text_of(known.words.take(codes, mode="clip")).split()
        different = {*words}
        found: set[int | None] = {*map(self.words.get, different)}
        firsts = self._firsts
        found.update(map(self.pairs.get, [pair for pair in pairwise(words) if pair[0] in firsts]))
        for size in _HEADS:
            found.update(map(self.heads[size].get, {word[:size] for word in different if len(word) > size}))
        found.update(self._pieces(known.pieces.take(codes, mode="clip")))
        found.discard(None)
        return sorted(cast("set[int]", found))

    def sums(self, shown: list[int]) -> list[float]:
        """Return what the shares of some terms in both sums, and their squares, come to."""
        return [math.fsum(column) for column in self._parts.take(shown, axis=0).T.tolist()]

    def _pieces(self, one: npt.NDArray[np.uint64]) -> list[int]:
        """Return the numbers of the pieces of one to three characters; 0 is none: a longer key may be a shorter piece."""
        if not np.count_nonzero(one) or not len(self._keys):
            return []
        two = (one[:-1] << _NEXT) | one[1:]
        three = (two[:-1] << _NEXT) | one[2:]
        keys = np.concatenate((one, two, three))
        keys = keys[self._sieve.take(_bits(keys))]
        places = self._keys.searchsorted(keys)
        held = np.zeros(len(self.names), np.bool_)
        held[self._numbers[places[self._keys.take(places, mode="clip") == keys]]] = True
        shown: list[int] = held.nonzero()[0].tolist()
        return shown


def _key(piece: str) -> int:
    key = 0
    for char in piece:
        key = key << int(_NEXT) | ord(char)
    return key


def _bits(keys: npt.NDArray[np.uint64]) -> Points:
    return ((keys * _SPREAD) >> _SHIFT).view(np.intp)


class Wording(msgspec.Struct, frozen=True, dict=True):
    """The learned terms."""

    bias: float = 0.0
    reports: float = 0.0
    """The bias of the second sum."""
    terms: dict[str, Term] = {}
    trained_on: str = ""

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.terms)

    def told(self, codes: Points) -> Told | None:
        """Return what the wording of folded code points says, names blanked; ``None`` when too little of it is known."""
        index = self._index
        shown = index.shown(codes)
        if len(shown) < LEAST:
            return None
        lures, others, squares = index.sums(shown)
        length = math.sqrt(squares)
        value = (self.bias + lures / length) / 2
        reports = (self.reports + others / length) / 2
        loudest = shown[: -NAMED - 1 : -1] if value > 0 else shown[:NAMED]
        return Told(_bounded(value), _bounded(reports), tuple([index.names[number] for number in loudest]))


def _bounded(value: float) -> float:
    return max(-1.0, min(1.0, value))


def wording(path: Path) -> Wording:
    """Read the learned terms."""
    return msgspec.json.decode(path.read_bytes(), type=Wording)


class _Alphabet(NamedTuple):
    """For each code point itself where it is a letter, else a space (words) or 0 (pieces); the last stands for all beyond."""

    words: Codes
    pieces: npt.NDArray[np.uint64]


@cache
def _alphabet() -> _Alphabet:
    everything = "".join(map(chr, range(_ALL)))
    codes = np.arange(_ALL, dtype=np.uint32)

    def of(kind: re.Pattern[str]) -> npt.NDArray[np.bool_]:
        held = np.zeros(_ALL, np.bool_)
        for match in kind.finditer(everything):
            held[match.start() : match.end()] = True
        return held

    digit, unspaced = of(_DIGITS), of(_UNSPACED)
    words = np.where(of(_LETTERS) & ~digit & ~unspaced, codes, np.uint32(0x20))
    return _Alphabet(words, np.where(unspaced & ~digit, codes, 0).astype(np.uint64))


def terms(text: str) -> set[str]:
    """Return the terms of a folded text: words, neighbouring words and word beginnings; in scripts without spaces the
    pieces of one to three characters. Numbers are left out: pay speaks for itself, and the rest are telephones and dates."""
    codes = codes_of(text).astype(np.intp)
    known = _alphabet()
    words = text_of(known.words.take(codes, mode="clip")).split()
    made = {*words, *map(" ".join, pairwise(words))}
    for size in _HEADS:
        made.update([word[:size] + "~" for word in {*words} if len(word) > size])
    for run in text_of(known.pieces.take(codes, mode="clip").astype(np.uint32)).split("\0"):
        made.update(run, map("".join, pairwise(run)), map("".join, zip(run, run[1:], run[2:], strict=False)))
    return made


def place(view: View, term: str) -> tuple[int, int] | None:
    """Return where in the raw text a term stands first, or ``None`` when it does not stand there whole."""
    text = view.text
    first, _, second = term.rstrip("~").partition(" ")
    start = text.find(first)
    while start >= 0 and second:
        gap = _BETWEEN.match(text, start + len(first))
        found = text.rfind(second, start + len(first) + 1, gap.end() + len(second)) if gap is not None else -1
        if found >= 0:
            return view.span(start, found + len(second))
        start = text.find(first, start + 1)
    return None if start < 0 else view.span(start, start + len(first))
