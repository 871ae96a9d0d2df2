"""The n-gram model: compares the wording of a text with labelled texts, by character n-grams of two to five signs.

Beside the lexicon, which says what a phrase means, this says whose language it is: recruiters of compounds, honest employers,
reporters and survivors word the same facts differently. Character n-grams need no dictionary, hold through inflection and slips,
and work in scripts without spaces. Two linear sums over the n-grams of a text, so each share can be read;
`python -m evaluation train` learns them (``ngrams.npz``). The first is the log-odds of a lure, levelled for the script of the
text (one without spaces has more rare n-grams, so that its sums stay lower), bounded on both sides, and is
added to the log-odds of the lexicon (docs/decisions/0239-late-fusion.md). The second helps to tell whose words the phrases are
(``enrichment.stance_cues``). Each n-gram has its place in a table by its hash, so that the model is one array of fixed size.

Who and where is no matter of wording, nor is what somebody else said: contacts, names (``enrichment.text.masking``) and quoted
sentences are blanked first. Of a number only its length counts. Latin letters are read without their marks, which mass messages
drop.
"""

import unicodedata
from bisect import bisect_right
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import msgspec
import numpy as np
import numpy.typing as npt

from enrichment.errors import ModelError
from enrichment.text.characters import DIGIT, LETTER, MARK, OTHER, SYMBOL, Points, tables
from enrichment.text.views import View, text_of

SHORTEST, LONGEST = 2, 5
"""Signs of a piece; a word's beginning and end count as one."""
BITS = 18
SIZE = 1 << BITS
"""Places of the table. Pieces that share one share their points; a quarter of a million measures as good as half a million."""
SCRIPTS = (
    0x0, 0x400, 0x530, 0x600, 0x780, 0x900, 0x980, 0xA00, 0xB80, 0xC00, 0xD80, 0xE00, 0xF00, 0x1000, 0x10A0, 0x1200, 0x13A0,
    0x1780, 0x1800, 0x2E80, 0xAC00, 0xD7B0,
)  # fmt: skip
"""Where the letters begin that are levelled alike: Latin, Cyrillic, Arabic, … Thai with Lao, … Han with kana, Hangul."""
LEAST = 20
"""Fewer pieces than this, those of some two words, say nothing."""
LEAST_FOR_STANCE = 60
"""Fewer than this, those of some five words, say nothing about whose words they are."""
BOUND = 3.0
"""Log-odds of a lure that the wording gives or takes at most: alone it never reaches the scores the lexicon gives when sure."""
NAMED = 4
"""How many words an explanation names."""
SUMS = ("lure", "report")
"""What the points of a piece are for, in this order."""
HUNDREDTHS = 100.0
UNLEVELLED = np.tile(np.array((0, HUNDREDTHS, 0), np.int32), (len(SCRIPTS), 1))
_LOUDEST = 24
"""How many pieces are looked up for an explanation."""
_LONGEST_WORD = 24
_SPREAD, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x100000001B3)
_SHIFT = np.uint64(64 - BITS)
_GAP = 0x20
_KNOWN_CODES = 0x20000
"""Signs beyond are read as gaps."""

Spans = tuple[tuple[int, int], ...]


class NgramScore(msgspec.Struct, frozen=True):
    """The result of the n-gram model."""

    value: float
    """From -1 (as reports and honest adverts) to 1 (as lures): log-odds in units of ``BOUND``."""
    reports: float
    """From -1 (as who offers) to 1 (as who warns, reports, tells or asks)."""
    loudest: Spans
    """Where the pieces stand that tell most for the sign of ``value``, the loudest first: spans of the code points."""


class Pieces(NamedTuple):
    """All pieces of a text."""

    places: Points
    """Place of each in the table."""
    starts: Points
    """Where each stands in the code points; the sign before a word belongs to its first piece."""
    ends: Points


class NgramModel:
    """The learned points, as one array."""

    def __init__(
        self, points: npt.NDArray[np.int16], bias: tuple[int, ...] = (0,) * len(SUMS), levels: npt.NDArray[np.int32] = UNLEVELLED
    ) -> None:
        """Take for each place of the table how rare its pieces are (inverse document frequency) and their points for each sum,
        as a row, the ``bias`` of each sum, and for each of ``SCRIPTS`` what is added to the first, and how
        much it counts below which value, all in hundredths."""
        self.points = points
        self.bias = bias
        self.levels = levels
        self._shares = points.astype(np.float32) / np.float32(HUNDREDTHS)
        self._shares *= self._shares[:, :1].copy()  # of the squared length, and of each sum

    def score(self, codes: Points) -> NgramScore | None:
        """Return what the wording of folded code points says, names blanked; ``None`` where there are too few words."""
        shown = pieces(codes)
        different = np.sort(shown.places)
        different = different[np.diff(different, prepend=-1) > 0]
        if len(different) < LEAST:
            return None
        square, *sums = self._shares.take(different, axis=0).sum(axis=0, dtype=np.float64).tolist()
        length = square**0.5 or 1.0
        odds, reports = [bias / HUNDREDTHS + total / length for bias, total in zip(self.bias, sums, strict=True)]
        shift, slope, pivot = (self.levels[script_of(codes)] / HUNDREDTHS).tolist()
        odds += shift
        odds = max(odds, pivot) + slope * min(0.0, odds - pivot)
        loud = self._shares[shown.places, 1] * np.float32(-1.0 if odds > 0 else 1.0)
        some = np.argpartition(loud, _LOUDEST)[:_LOUDEST] if len(loud) > _LOUDEST else np.arange(len(loud))
        some = some[np.lexsort((some, loud[some]))]
        return NgramScore(
            _clip(odds / BOUND),
            _clip(reports / 2) if len(different) >= LEAST_FOR_STANCE else 0.0,
            tuple(zip(shown.starts[some].tolist(), shown.ends[some].tolist(), strict=True)),
        )


def script_of(codes: Points) -> int:
    """Return which of ``SCRIPTS`` most letters are of: that of the letter in the midst, by code."""
    letters = codes[codes >= ord("A")]
    return bisect_right(SCRIPTS, int(np.median(letters))) - 1 if len(letters) else 0


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))


def load(path: Path) -> NgramModel:
    """Read ``ngrams.npz``; raise ModelError when it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            points, bias = arrays["points"], tuple(arrays["bias"].tolist())
            levels = arrays.get("levels", UNLEVELLED)
        if points.shape != (SIZE, 1 + len(SUMS)) or len(bias) != len(SUMS) or levels.shape != UNLEVELLED.shape:
            raise ValueError(f"a table of {points.shape}")
        return NgramModel(points, bias, levels)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as exc:
        raise ModelError(f"{path}: no n-gram model ({exc}); restore or learn one: python -m evaluation train --write") from exc


def encode_model(model: NgramModel) -> bytes:
    """Return the bytes of ``ngrams.npz``: the same for the same points."""
    buffer = BytesIO()
    np.savez_compressed(buffer, points=model.points, bias=np.array(model.bias, np.int32), levels=model.levels)
    return buffer.getvalue()


@cache
def _signs() -> npt.NDArray[np.uint64]:
    """Return for each code point what it is read as: letters as themselves, Latin ones without marks, every digit as one, signs
    as themselves, all else as a gap."""
    kind = tables().kind[:_KNOWN_CODES]
    signs = np.where(np.isin(kind, (LETTER, MARK, SYMBOL, OTHER)), np.arange(_KNOWN_CODES), _GAP).astype(np.uint64)
    signs[kind == DIGIT] = ord("0")
    for code in np.flatnonzero(kind[:0x10000] == LETTER).tolist():
        if unicodedata.name(chr(code), "").startswith("LATIN"):
            signs[code] = ord(unicodedata.normalize("NFD", chr(code))[0])
    signs[ord("đ")], signs[ord("ё")] = ord("d"), ord("е")  # neither has a canonical decomposition that people write
    signs[-1] = _GAP
    return signs


def pieces(codes: Points) -> Pieces:
    """Return all pieces of a folded text; a gap stands only at the ends of a piece."""
    signs = np.full(len(codes) + 2, _GAP, np.uint64)
    signs[1:-1] = _signs().take(codes, mode="clip")
    gap = signs == _GAP
    keep = np.ones(len(signs), np.bool_)
    np.logical_not(gap[1:] & gap[:-1], out=keep[1:])
    at = np.flatnonzero(keep) - 1  # where each sign stands in the code points
    signs, gap = signs[keep], gap[keep]
    whole = np.ones(len(signs), np.bool_)  # no gap between the first sign and the last
    key = signs
    found: list[tuple[Points, Points, Points]] = []
    for size in range(2, LONGEST + 1):
        key = key[:-1] * _MIX + signs[size - 1 :]
        whole = whole[:-1] & ~gap[size - 2 : -1] if size > 2 else whole[:-1]
        first = np.flatnonzero(whole)
        found.append((((key[first] * _SPREAD) >> _SHIFT).view(np.intp), at[first], at[first + size - 1] + 1))
    places, starts, ends = map(np.concatenate, zip(*found, strict=True))
    return Pieces(places, starts, ends)


def place_of(piece: str) -> int:
    """Return the place of a piece in the table, as ``pieces`` finds it."""
    key = np.uint64(ord(piece[0]))
    with np.errstate(over="ignore"):
        for sign in piece[1:]:
            key = key * _MIX + np.uint64(ord(sign))
        return int((key * _SPREAD) >> _SHIFT)


def heaviest_words(view: View, codes: Points, loudest: Spans) -> list[tuple[str, int, int]]:
    """Return the words that the ``loudest`` pieces stand in first, each once with its raw span; in scripts without spaces the
    pieces."""
    text = text_of(_signs().take(codes, mode="clip").astype(np.uint32))
    results: dict[str, tuple[str, int, int]] = {}
    for first, last in loudest:
        first, last = max(first, 0), min(last, len(text))
        inner = text[first:last]
        first, last = first + len(inner) - len(inner.lstrip()), last - len(inner) + len(inner.rstrip())
        start, end = text.rfind(" ", 0, first) + 1, text.find(" ", last)
        end = len(text) if end < 0 else end
        if end - start > _LONGEST_WORD:
            start, end = first, last
        results.setdefault(text[start:end], (text[start:end], *view.span(start, end)))
        if len(results) == NAMED:
            break
    return list(results.values())
