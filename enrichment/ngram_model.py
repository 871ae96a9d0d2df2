"""The n-gram model: compares the wording of a text with labelled texts, by character n-grams of one to four letters.

Beside the lexicon, which says what a phrase means, this says whose language it is: recruiters of compounds, honest employers,
reporters and survivors word the same facts differently. Character n-grams need no dictionary, hold through inflection and slips,
and work in scripts without spaces. A few linear sums
over the n-grams of a text, so each share can be read; `python -m evaluation train` learns them (``ngrams.npz``). The first is the
log-odds of a lure, bounded on both sides, and is added to the log-odds of the lexicon (docs/decisions/0239-late-fusion.md). The
second helps to tell whose words the phrases are (``enrichment.stance_cues``). The others hear trades that need none of a
compound's words. Who and where is no matter of wording, nor is what somebody else said: contacts, names
(``enrichment.text.masking``) and quoted sentences are blanked first, and numbers are no words. Latin letters are read without
their marks, which mass messages drop.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import msgspec
import numpy as np
import numpy.typing as npt

from enrichment.assessment import Tag
from enrichment.errors import ModelError
from enrichment.text.characters import LETTER, MARK, Points, tables
from enrichment.text.views import View, text_of

Keys = npt.NDArray[np.uint64]
"""Pieces as numbers: 16 bits a letter, the first highest."""
LONGEST = 4
"""Letters of the longest piece; a word's beginning and end count as one."""
LEAST = 20
"""Fewer known n-grams than this, those of some two words, say nothing."""
LEAST_FOR_STANCE = 60
"""Fewer than this, those of some five words, say nothing about whose words they are."""
BOUND = 3.5
"""Log-odds of a lure that the wording gives or takes at most: alone it never reaches the scores the lexicon gives when sure."""
NAMED = 4
"""How many words an explanation names."""
_LOUDEST = 12
"""How many pieces are looked up for them."""
_LONGEST_WORD = 24
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BITS = np.uint64(16)
_GAP = 0x20


KINDS: tuple[Tag, ...] = ("organ_trade", "surrogacy_or_egg", "marriage_broker", "money_scam")
"""Lures worded unlike those of the compounds: each kind has a sum of its own, told against everything else."""
SUMS = ("lure", "report", *KINDS)
"""What the points of a piece are for, in this order."""
HUNDREDTHS = 100.0
EARLY = 0.9
"""What a kind's sum is lifted by: few texts teach a kind, so that lures of it not learned from stay this far behind, and other
texts stay further."""


class KindScore(NamedTuple):
    """That a text is worded like one kind of lure."""

    kind: Tag
    value: float
    """From 0 to 1."""
    terms: tuple[str, ...]
    """The pieces that tell most."""


class NgramScore(msgspec.Struct, frozen=True):
    """The result of the n-gram model."""

    value: float
    """From -1 (as reports and honest adverts) to 1 (as lures): log-odds in units of ``BOUND``."""
    reports: float
    """From -1 (as who offers) to 1 (as who warns, reports, tells or asks)."""
    terms: tuple[str, ...]
    """The pieces that tell most for the sign of ``value``, the loudest first."""
    kinds: tuple[KindScore, ...] = ()
    """The kinds whose wording it has."""


class NgramModel:
    """The learned n-grams, as arrays alone: written out as objects they would take four times the memory."""

    def __init__(self, keys: Keys, points: npt.NDArray[np.int32], bias: tuple[int, ...] = (0,) * len(SUMS)) -> None:
        """Take the n-grams as keys, for each how rare it is (inverse document frequency) and its points for each sum, as a row,
        and the ``bias`` of each sum, all in hundredths."""
        self.bias = bias
        self.keys = keys
        self.points = points.reshape(-1, 1 + len(SUMS))
        self._numbers = _Numbers(self.keys)
        self._shares = self.points / HUNDREDTHS
        self._shares *= self._shares[:, :1].copy()  # of the squared length, and of each sum

    @classmethod
    def of(cls, terms: Mapping[str, tuple[int, ...]], bias: tuple[int, ...] = (0,) * len(SUMS)) -> "NgramModel":
        """Return the model of n-grams written as text."""
        return cls(np.fromiter(map(key_of, terms), np.uint64, len(terms)), np.array([*terms.values()], np.int32), bias)

    @property
    def terms(self) -> dict[str, tuple[int, ...]]:
        """The n-grams as text."""
        return dict(zip(map(piece_of, self.keys.tolist()), map(tuple, self.points.tolist()), strict=True))

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return len(self.keys)

    def score(self, codes: Points) -> NgramScore | None:
        """Return what the wording of folded code points says, names blanked; ``None`` when too little of it is known."""
        shown = self._numbers.of(grams(codes))
        if len(shown) < LEAST:
            return None
        shares = self._shares.take(shown, axis=0)
        square, *sums = shares.sum(axis=0).tolist()
        length = square**0.5
        odds, *others = [bias / HUNDREDTHS + total / length for bias, total in zip(self.bias, sums, strict=True)]
        value = odds / BOUND
        reports, *kinds = [share / 2 for share in others]
        if len(shown) < LEAST_FOR_STANCE:
            reports = 0.0

        def loudest(number: int, sign: float) -> tuple[str, ...]:
            places = np.argsort(-sign * shares[:, 1 + number], kind="stable")[:_LOUDEST]
            return tuple([piece_of(key) for key in self.keys[shown[places]].tolist()])

        return NgramScore(
            _clip(value),
            _clip(reports),
            loudest(0, -1.0 if value < 0 else 1.0),
            tuple(
                [
                    KindScore(kind, _clip(share + EARLY), loudest(number, 1.0))
                    for number, (kind, share) in enumerate(zip(KINDS, kinds, strict=True), 2)
                    if share > -EARLY
                ]
            ),
        )


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))


class _Numbers:
    """The numbers of known keys: tables a key is looked up in by its hash, the next one for keys whose place is taken."""

    def __init__(self, keys: Keys) -> None:
        self._count = len(keys)
        self._levels: list[tuple[np.uint64, Keys, npt.NDArray[np.intp]]] = []
        left, numbers = keys, np.arange(len(keys))
        while len(left):
            bits = max(8, len(left).bit_length() + 2)
            shift = np.uint64(64 - bits)
            places, first = np.unique(_hash_keys(left, shift), return_index=True)
            held, at = np.zeros(1 << bits, np.uint64), np.zeros(1 << bits, np.intp)
            held[places], at[places] = left[first], numbers[first]
            self._levels.append((shift, held, at))
            rest = np.ones(len(left), np.bool_)
            rest[first] = False
            left, numbers = left[rest], numbers[rest]

    def of(self, keys: Keys) -> npt.NDArray[np.intp]:
        """Return the numbers of those ``keys`` that are known, each once, in order."""
        shown = np.zeros(self._count, np.bool_)
        for shift, held, at in self._levels:
            places = _hash_keys(keys, shift)
            known = held.take(places) == keys
            shown[at.take(places[known])] = True
            keys = keys[~known]
        return np.flatnonzero(shown)


def _hash_keys(keys: Keys, shift: np.uint64) -> Points:
    return ((keys * _SPREAD) >> shift).view(np.intp)


def load(path: Path) -> NgramModel:
    """Read ``ngrams.npz``; raise ModelError when it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return NgramModel(arrays["keys"], arrays["points"].astype(np.int32), tuple(arrays["bias"].tolist()))
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as exc:
        raise ModelError(f"{path}: no n-gram model ({exc}); restore or learn one: python -m evaluation train --write") from exc


def encode_model(model: NgramModel) -> bytes:
    """Return the bytes of ``ngrams.npz``: the same for the same n-grams."""
    order = np.argsort(model.keys)
    buffer = BytesIO()
    points = model.points[order]
    if np.abs(points).max(initial=0) > np.iinfo(np.int16).max:
        raise ValueError("points of an n-gram do not fit 16 bits; the training diverged")
    np.savez_compressed(buffer, keys=model.keys[order], points=points.astype(np.int16), bias=np.array(model.bias, np.int32))
    return buffer.getvalue()


@cache
def _letters() -> npt.NDArray[np.uint64]:
    """For each code point itself where it is a letter or a mark, Latin ones without marks, else a gap; the last stands for all
    beyond."""
    kind = tables().kind[:0x10000]
    letters = np.where((kind == LETTER) | (kind == MARK), np.arange(0x10000), _GAP).astype(np.uint64)
    for code in np.flatnonzero(letters != _GAP).tolist():
        if unicodedata.name(chr(code), "").startswith("LATIN"):
            letters[code] = ord(unicodedata.normalize("NFD", chr(code))[0])
    letters[ord("đ")], letters[ord("ё")] = ord("d"), ord("е")  # neither has a canonical decomposition that people write
    letters[-1] = _GAP
    return letters


def grams(codes: Points) -> Keys:
    """Return the keys of all pieces of one to four letters of a folded text; a gap stands only at the ends of a piece."""
    chars = np.full(len(codes) + 2, _GAP, np.uint64)
    chars[1:-1] = _letters().take(codes, mode="clip")
    gap = chars == _GAP
    keep = np.ones(len(chars), np.bool_)
    np.logical_not(gap[1:] & gap[:-1], out=keep[1:])
    chars, gap = chars[keep], gap[keep]
    two = (chars[:-1] << _BITS) | chars[1:]
    three = (two[:-1] << _BITS) | chars[2:]
    four = (three[:-1] << _BITS) | chars[3:]
    inside = ~gap
    return np.concatenate((chars[inside], two, three[inside[1:-1]], four[inside[1:-2] & inside[2:-1]]))


def key_of(piece: str) -> int:
    """Return the key of a piece."""
    key = 0
    for char in piece:
        key = key << int(_BITS) | ord(char)
    return key


def piece_of(key: int) -> str:
    """Return the piece of a key."""
    letters = [key >> shift & 0xFFFF for shift in range(16 * (LONGEST - 1), -1, -16)]
    return "".join(map(chr, filter(None, letters)))


def heaviest_words(view: View, codes: Points, terms: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Return the words that ``terms`` stand in first, each once with its raw span; in scripts without spaces the pieces."""
    text = " " + text_of(_letters().take(codes, mode="clip").astype(np.uint32)) + " "
    results: dict[str, tuple[str, int, int]] = {}
    for term in terms:
        place = text.find(term)
        if place < 0:
            continue
        start, end = text.rfind(" ", 0, place + 1) + 1, text.find(" ", place + len(term) - 1)
        if end - start > _LONGEST_WORD:
            start, end = place + term.startswith(" "), place + len(term) - term.endswith(" ")
        results.setdefault(text[start:end], (text[start:end], *view.span(start - 1, end - 1)))
        if len(results) == NAMED:
            break
    return list(results.values())
