"""Folded views of a text, for matching only; every position leads back to the code points of the raw text.

The raw text is never changed. ``folded`` is what phrases are matched on first; the other views undo disguises and exist only where
they differ. A phrase is folded with the same functions (``fold``, ``bare``, ``dense``), so both sides always agree.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from enrichment import disguises
from enrichment.characters import DROP, EXPAND, MARK, Codes, tables

Index = npt.NDArray[np.int32]
Edit = tuple[int, int, str]
"""Replace ``[start, end)`` by a string; edits are sorted and do not overlap."""


def codes_of(text: str) -> Codes:
    """Return the code points of ``text``; lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """Return the string of ``codes``."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


class View:
    """One folded form of a text: its characters and where in the raw text each came from."""

    __slots__ = ("_ends", "_starts", "name", "text")

    def __init__(self, name: str, text: str, starts: Index | None = None, ends: Index | None = None) -> None:
        self.name = name
        self.text = text
        self._starts = starts
        self._ends = ends

    def offset(self, position: int) -> int:
        """Return the raw code point that character ``position`` of the view came from (its length gives the raw end)."""
        if self._starts is None:
            return position
        if position < len(self._starts):
            return int(self._starts[position])
        return self.span(position - 1, position)[1] if position else 0

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw span that ``text[start:end]`` came from; end is exclusive and ``start < end``."""
        if self._starts is None:
            return start, end
        ends = self._ends
        return int(self._starts[start]), int(self._starts[end - 1]) + 1 if ends is None else int(ends[end - 1])

    def edited(self, name: str, edits: Sequence[Edit]) -> "View":
        """Return a new view with ``edits`` of this one applied."""
        text, starts, ends = _apply(self.text, edits)
        return View(name, text, *self._through(starts, ends))

    def kept(self, name: str, codes: Codes, keep: npt.NDArray[np.bool_]) -> "View":
        """Return a new view of ``codes`` (one per character of this view) where ``keep`` is true."""
        if keep.all():
            return View(name, text_of(codes), self._starts, self._ends)
        return View(name, text_of(codes[keep]), *self._through(np.flatnonzero(keep).astype(np.int32), None))

    def _through(self, starts: Index, ends: Index | None) -> tuple[Index, Index | None]:
        if self._starts is None:
            return starts, ends
        inner = self._starts + 1 if self._ends is None else self._ends
        if not len(starts):
            return starts, None
        return self._starts[starts], inner[(starts if ends is None else ends - 1)].astype(np.int32)


def _apply(text: str, edits: Sequence[Edit]) -> tuple[str, Index, Index]:
    parts: list[str] = []
    starts: list[Index] = []
    ends: list[Index] = []
    at = 0
    for start, end, new in edits:
        parts += (text[at:start], new)
        same = np.arange(at, start, dtype=np.int32)
        inside = np.minimum(np.arange(len(new), dtype=np.int32) + start, end - 1)
        last = inside + 1
        last[-1:] = end
        starts += (same, inside)
        ends += (same + 1, last)
        at = end
    parts.append(text[at:])
    same = np.arange(at, len(text), dtype=np.int32)
    return "".join(parts), np.concatenate([*starts, same]), np.concatenate([*ends, same + 1])


class Views:
    """The views of one text, each made when first asked for."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._codes = codes_of(raw)
        self._removed: dict[str, int] = {}

    @cached_property
    def composed(self) -> View:
        """The raw text under NFC (the raw text itself for nearly all texts)."""
        if not tables().composes[self._codes].any():
            return View("composed", self.raw)
        marks = tables().composes[self._codes] | (tables().kind[self._codes] == MARK)
        edits = disguises.compositions(self.raw, marks)
        return View("raw", self.raw).edited("composed", edits) if edits else View("composed", self.raw)

    @cached_property
    def folded(self) -> View:
        """NFKC, casefold, invisible characters out, digits to ASCII, look-alike letters undone, Han simplified, ar/ur/ru/th folds."""
        composed = self.composed
        all_tables = tables()
        codes = self._codes if composed.text is self.raw else codes_of(composed.text)
        folded = all_tables.folded[codes]
        folded, twins = disguises.without_twins(folded, all_tables)
        if twins:
            self._removed["confusables"] = twins
        if (folded == 0x1031).any() or (folded == 0x103A).any():
            folded = disguises.reordered(folded)
        special = folded >= EXPAND
        if not special.any():
            return View("folded", text_of(folded), composed._starts, composed._ends)
        keep = folded != DROP
        expand = np.flatnonzero(folded == EXPAND)
        if not len(expand):
            return composed.kept("folded", folded, keep)
        shown = folded.copy()
        shown[~keep] = 0
        shown[expand] = 0x20
        edits = sorted(
            [(int(i), int(i) + 1, all_tables.expansions[int(codes[i])]) for i in expand]
            + [(int(i), int(i) + 1, "") for i in np.flatnonzero(~keep)]
        )
        return View("shown", text_of(shown), composed._starts, composed._ends).edited("folded", edits)

    @cached_property
    def bare(self) -> View:
        """``folded`` without diacritics (đ becomes d); the same object when there are none."""
        if self.folded.text.isascii():
            return self.folded
        codes = codes_of(self.folded.text)
        bare = tables().bare[codes]
        if np.array_equal(bare, codes):
            return self.folded
        return self.folded.kept("bare", bare, bare != DROP)

    @cached_property
    def dense(self) -> View:
        """``folded`` with the spaces and dots between letters of unspaced scripts and Hangul taken out."""
        text = self.folded.text
        if text.isascii():
            return self.folded
        keep = disguises.dense(codes_of(text), tables())
        return self.folded if keep is None else self.folded.kept("dense", codes_of(text), keep)

    @cached_property
    def joined(self) -> View:
        """``folded`` with spaced or dotted letters of one word joined again (``v.i.ệ.c``, ``t e l e``)."""
        edits = disguises.spaced(self.folded.text, codes_of(self.folded.text), tables(), self._removed)
        return self.folded.edited("joined", edits) if edits else self.folded

    @cached_property
    def unleet(self) -> View:
        """``joined`` with digits and signs that stand for letters read as letters (``v!ệc``, ``l0wong``, ``1ương``)."""
        edits = disguises.leet(self.joined.text, codes_of(self.joined.text), tables(), self._removed)
        return self.joined.edited("unleet", edits) if edits else self.joined

    @cached_property
    def worded(self) -> View:
        """``folded`` with emoji read as English words (``free ✈️`` is ``free flight``)."""
        edits = disguises.worded(self.folded.text, self._removed)
        return self.folded.edited("worded", edits) if edits else self.folded

    @cached_property
    def removed(self) -> dict[str, int]:
        """How many characters each kind of disguise needed undoing, by name; only kinds that occur."""
        _ = self.unleet, self.worded, self.dense
        self._removed.update(disguises.invisible(self._codes, tables()))
        return self._removed

    def distinct(self) -> Iterator[View]:
        """Yield ``folded`` and then every view that differs from those before it."""
        seen: list[View] = []
        for view in (self.folded, self.joined, self.unleet, self.worded, self.dense):
            if all(view is not other for other in seen):
                seen.append(view)
                yield view
        bare = self.bare
        if bare is not self.folded:
            yield bare
        for name, view in (("joined_bare", self.joined), ("unleet_bare", self.unleet)):
            if view is not self.folded and not (name == "unleet_bare" and view is self.joined):
                without = _bared(view, name)
                if without is not None:
                    yield without


def _bared(view: View, name: str) -> View | None:
    codes = codes_of(view.text)
    bare = tables().bare[codes]
    return None if np.array_equal(bare, codes) else view.kept(name, bare, bare != DROP)


def views(raw: str) -> Views:
    """Return the folded views of ``raw``; any string is valid, broken surrogates too."""
    return Views(raw)


def fold(phrase: str) -> str:
    """Return ``phrase`` as it looks in the ``folded`` view."""
    return Views(phrase).folded.text


def bare(phrase: str) -> str:
    """Return ``phrase`` as it looks in the ``bare`` view."""
    return Views(phrase).bare.text


def dense(phrase: str) -> str:
    """Return ``phrase`` as it looks in the ``dense`` view."""
    return Views(phrase).dense.text
