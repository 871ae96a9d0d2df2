"""How a text is worded, against the labelled texts: words, pairs of words and word beginnings, each with learned points.

Beside the lexicon, which says what a phrase means, this says whose language it is: recruiters of compounds, honest employers,
reporters and survivors word the same facts differently. One linear sum over the terms a text shows, so every term's share can be
read (``wording.json``: points and rarity of each); `lurewatch eval train` makes it. It speaks as one argument, bounded on both
sides: alone it can neither flag a text nor clear one that the lexicon is sure of.
"""

import math
import re
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import msgspec

from enrichment.text import View

_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff"
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(r"[\w\u0300-\u036f\u0900-\u0dff]+")
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_HEADS = (4, 6)
"""How many letters of a longer word stand for its stem; inflected forms share them."""
LEAST = 6
"""Fewer known terms than this say nothing about whose words they are."""
NAMED = 4
"""How many terms an explanation names."""


class Term(msgspec.Struct, frozen=True, array_like=True):
    """What one term is worth, and how rare it is (inverse document frequency)."""

    points: float
    rarity: float


class Told(msgspec.Struct, frozen=True):
    """What the wording says: from -1 (as reports and honest adverts) to 1 (as lures), and the terms that say so."""

    value: float
    terms: tuple[str, ...]


class Wording(msgspec.Struct, frozen=True, dict=True):
    """The learned terms."""

    bias: float = 0.0
    terms: dict[str, Term] = {}
    trained_on: str = ""

    @cached_property
    def _shares(self) -> dict[str, tuple[float, float]]:
        """Each term's part of the sum and of the squared length."""
        return {name: (term.points * term.rarity, term.rarity**2) for name, term in self.terms.items()}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.terms)

    def told(self, view: View) -> Told | None:
        """Return what the wording of a folded view says; ``None`` when too little of it is known."""
        shown = self._known & terms(view.text)
        if len(shown) < LEAST:
            return None
        shares = self._shares
        found = sorted((*shares[name], name) for name in shown)
        length = math.sqrt(math.fsum(one[1] for one in found))
        value = (self.bias + math.fsum(one[0] for one in found) / length) / 2
        loudest = found[: -NAMED - 1 : -1] if value > 0 else found[:NAMED]
        return Told(max(-1.0, min(1.0, value)), tuple(name for _, _, name in loudest))


def wording(path: Path) -> Wording:
    """Read the learned terms."""
    return msgspec.json.decode(path.read_bytes(), type=Wording)


def terms(text: str) -> set[str]:
    """Return the terms of a folded text: words, neighbouring words and word beginnings; in scripts without spaces the
    pieces of one to three characters. Numbers are left out: pay speaks for itself, and the rest are telephones and dates."""
    text = _NUMBER.sub(" ", text)
    made: set[str] = set()
    for run in _RUN.findall(text):
        made.update(run, map("".join, pairwise(run)), map("".join, zip(run, run[1:], run[2:], strict=False)))
    if made:
        text = _RUN.sub(" ", text)
    words = _WORD.findall(text)
    made.update(words, map(" ".join, pairwise(words)))
    for size in _HEADS:
        made.update([word[:size] + "~" for word in {*words} if len(word) > size])
    return made


def place(view: View, term: str) -> tuple[int, int] | None:
    """Return where in the raw text a term stands first, or ``None`` when it does not stand there whole."""
    looked = re.escape(term.rstrip("~")).replace(r"\ ", r"[\W\d]+")
    match = re.search(looked, view.text)
    return None if match is None else view.span(*match.span())
