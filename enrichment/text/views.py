"""Folded views of a text, for matching only; every position leads back to the code points of the raw text.

The raw text is never changed. ``folded`` is what phrases are matched on first; the other views undo disguises and exist only
where they differ. A phrase is folded with the same functions (``fold``, ``bare``, ``dense``), so both sides always agree.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from crawlers.text.zawgyi import is_zawgyi
from enrichment.text import deobfuscation
from enrichment.text.characters import (
    ACCENT,
    BURMESE,
    COMPOSES,
    DENSE,
    DROP,
    EMOJI,
    EXPAND,
    HIDDEN,
    MARK,
    SCRIPTS,
    SPECIAL,
    STYLED,
    TWIN,
    Codes,
    Points,
    tables,
)
from enrichment.text.emoji_words import EMOJI_WORDS, local_words

Index = npt.NDArray[np.int32]
Value = TypeVar("Value")
Edit = tuple[int, int, str]
"""Replace ``[start, end)`` by a string; edits are sorted and do not overlap."""


def codes_of(text: str) -> Codes:
    """Return the code points of ``text``; lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """Return the string of ``codes``."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


class lazy(Generic[Value]):
    """An attribute worked out when it is first asked for."""

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __get__(self, owner: Any, kind: type) -> Value:
        value = owner.__dict__[self._work.__name__] = self._work(owner)
        return value


class View:
    """One folded form of a text: its characters and where in the raw text each came from."""

    __slots__ = ("_codes", "_ends", "_starts", "name", "text")

    def __init__(
        self, name: str, text: str, starts: Index | None = None, ends: Index | None = None, codes: Points | None = None
    ) -> None:
        self.name = name
        self.text = text
        self._starts = starts
        self._ends = ends
        self._codes = codes

    @property
    def codes(self) -> Points:
        """The code points of the view."""
        if self._codes is None:
            self._codes = codes_of(self.text).astype(np.intp)
        return self._codes

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

    def blank_spans(self, spans: Iterable[tuple[int, int]]) -> Points:
        """Return the code points of the view with line ends in place of what came from the raw ``spans``."""
        codes = self.codes.copy()
        for start, end in spans:
            if self._starts is not None:
                start, end = self._starts.searchsorted((start, end)).tolist()
            codes[start:end] = 0x0A
        return codes

    def apply_edits(self, name: str, edits: Sequence[Edit]) -> "View":
        """Return a new view with ``edits`` of this one applied."""
        text, starts, ends = _apply(self.text, edits)
        return View(name, text, *self._through(starts, ends))

    def replace_codes(self, name: str, codes: Codes) -> "View":
        """Return a new view with ``codes`` in place of this one's characters, one for one; ``DROP`` takes a character out."""
        keep = codes != DROP
        if keep.all():
            return View(name, text_of(codes), self._starts, self._ends)
        return View(name, text_of(codes[keep]), *self._through(np.flatnonzero(keep).astype(np.int32), None))

    def _through(self, starts: Index, ends: Index | None) -> tuple[Index, Index | None]:
        if self._starts is None:
            return starts, ends
        if not len(starts):
            return starts, None
        inner = self._starts + 1 if self._ends is None else self._ends
        return self._starts[starts], inner[starts if ends is None else ends - 1].astype(np.int32)


def _apply(text: str, edits: Sequence[Edit]) -> tuple[str, Index, Index]:
    """Return the edited text, and for each character where it came from (all characters of one edit share its whole span)."""
    parts: list[str] = []
    copies = np.ones(len(text), np.int32)
    ends = np.arange(1, len(text) + 1, dtype=np.int32)
    at = 0
    for start, end, new in edits:
        parts += (text[at:start], new)
        if end - start > 1:
            copies[start + 1 : end] = 0
        copies[start] = len(new)
        ends[start] = end
        at = end
    parts.append(text[at:])
    return "".join(parts), np.repeat(np.arange(len(text), dtype=np.int32), copies), np.repeat(ends, copies)


_LONG, _MOST = 5, 4096
"""Characters that stand for more letters than this (U+FDFA for 18) are read so many times in a text, then as a gap: no text that
says anything has more, and hostile ones would grow to many times their length."""


def _expansions(codes: Points, places: Iterable[int]) -> Iterator[Edit]:
    expansions = tables().expansions
    long = 0
    for place in places:
        full = expansions[int(codes[place])]
        long += len(full) > _LONG
        yield place, place + 1, full if long <= _MOST or len(full) <= _LONG else " "


_ZAWGYI_READ = 240
"""Code points that the encoding of Burmese is told from."""


class Views:
    """The views of one text, each made when first asked for."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.codes: Points = codes_of(raw).astype(np.intp)
        self._raw_traits = int(np.bitwise_or.reduce(tables().traits.take(self.codes))) if raw else 0
        self._removed: dict[str, int] = {}

    @lazy
    def scripts(self) -> dict[str, int]:
        """How many characters each script has in the raw text, in the order of ``SCRIPTS``; only scripts that occur."""
        counts = np.bincount(tables().script.take(self.codes)).tolist()
        return {SCRIPTS[number][0]: count for number, count in enumerate(counts) if count}

    @lazy
    def zawgyi(self) -> bool:
        """Whether the Burmese in the text is in the Zawgyi encoding."""
        if not self._raw_traits & BURMESE:
            return False
        first = int(np.flatnonzero(tables().traits[self.codes] & BURMESE)[0])
        return is_zawgyi(self.raw[max(0, first - 2) : first + _ZAWGYI_READ]) >= 0.5

    @lazy
    def composed_view(self) -> View:
        """The raw text under NFC, Burmese in Unicode: the raw text itself for nearly all texts."""
        view = View("composed", self.raw)
        if self.zawgyi:
            edits = deobfuscation.zawgyi_clusters(self.raw)
            self._removed["zawgyi"] = len(edits)
            view = view.apply_edits("composed", edits)
        text = view.text
        if not self._raw_traits & COMPOSES or (unicodedata.is_normalized("NFC", text) and not deobfuscation.has_split_am(text)):
            return view
        codes = codes_of(text)
        marks = ((tables().traits[codes] & COMPOSES) > 0) | (tables().kind[codes] == MARK)
        edits = deobfuscation.compositions(text, marks)
        return view.apply_edits("composed", edits) if edits else view

    @lazy
    def folded_view(self) -> View:
        """NFKC, casefold, invisible characters out, digits to ASCII, look-alike letters undone, Han simplified, ar/ur/ru/th
        folds."""
        composed = self.composed_view
        all_tables = tables()
        codes = self.codes if composed.text is self.raw else composed.codes
        folded = all_tables.folded.take(codes)
        plain = folded
        points = folded.astype(np.intp)
        traits = all_tables.traits.take(points)
        present = int(np.bitwise_or.reduce(traits)) if len(traits) else 0
        if present & TWIN:
            folded, twins = deobfuscation.without_twins(folded, all_tables)
            if twins:
                self._removed["confusables"] = twins
        if present & BURMESE:
            folded = deobfuscation.reorder_signs(folded)
        if not present & SPECIAL:
            view = View("folded", text_of(folded), composed._starts, composed._ends, points if folded is plain else None)
            self._traits = traits
        else:
            view = self._expand_view(composed, codes, folded)
            self._traits = all_tables.traits.take(view.codes)
        self._present = present
        return view

    @staticmethod
    def _expand_view(composed: View, codes: Points, folded: Codes) -> View:
        expand = np.flatnonzero(folded == EXPAND)
        if not len(expand):
            return composed.replace_codes("folded", folded)
        drop = np.flatnonzero(folded == DROP)
        shown = folded.copy()
        shown[drop] = shown[expand] = 0x20
        edits = [*_expansions(codes, expand.tolist())]
        edits = sorted(edits + [(place, place + 1, "") for place in drop.tolist()])
        return View("shown", text_of(shown), composed._starts, composed._ends).apply_edits("folded", edits)

    @lazy
    def bare(self) -> View:
        """``folded`` without diacritics (đ becomes d); the same object when there are none."""
        folded = self.folded_view
        return _bare_view(folded, "bare") if self._present & (ACCENT | SPECIAL) or self._raw_traits & COMPOSES else folded

    @lazy
    def dense(self) -> View:
        """``folded`` with the spaces and dots between letters of unspaced scripts and Hangul taken out."""
        folded = self.folded_view
        if not self._present & DENSE:
            return folded
        drop = deobfuscation.dense_gaps(self._traits)
        if drop is None:
            return folded
        codes = codes_of(folded.text).copy()
        codes[drop] = DROP
        return folded.replace_codes("dense", codes)

    @lazy
    def joined_view(self) -> View:
        """``folded`` with spaced or dotted letters of one word joined again (``v.i.ệ.c``, ``t e l e``)."""
        edits = deobfuscation.split_words(self.folded_view.text, self._traits, self._removed)
        return self.folded_view.apply_edits("joined", edits) if edits else self.folded_view

    @lazy
    def compact(self) -> View:
        """``joined`` with the gaps between letters of unspaced scripts taken out: what contacts are read on."""
        joined = self.joined_view
        if joined is self.folded_view or not self._present & DENSE:
            return joined
        codes = codes_of(joined.text).copy()
        drop = deobfuscation.dense_gaps(tables().traits[codes])
        if drop is None:
            return joined
        codes[drop] = DROP
        return joined.replace_codes("compact", codes)

    @lazy
    def unleet(self) -> View:
        """``joined`` with digits and signs that stand for letters read as letters (``v!ệc``, ``l0wong``, ``1ương``)."""
        joined = self.joined_view
        traits = self._traits if joined is self.folded_view else tables().traits[codes_of(joined.text)]
        edits = deobfuscation.leet(joined.text, traits, self._removed)
        return joined.apply_edits("unleet", edits) if edits else joined

    @lazy
    def emoji_view(self) -> View:
        """``folded`` with emoji read as English words (``free ✈️`` is ``free flight``)."""
        return self.worded_in("en")

    def worded_in(self, language: str) -> View:
        """Return ``folded`` with emoji read as words of ``language``, English ones where none are listed."""
        folded = self.folded_view
        if not self._present & EMOJI:
            return folded
        edits = deobfuscation.emoji_words(folded.text, self._traits, self._removed, _emoji_words(language))
        return folded.apply_edits("worded", edits) if edits else folded

    @lazy
    def disguise_counts(self) -> dict[str, int]:
        """How many characters each kind of disguise needed undoing, by name; only kinds that occur."""
        _ = self.unleet, self.emoji_view
        if self._raw_traits & (HIDDEN | STYLED):
            self._removed.update(deobfuscation.invisible(self.codes, tables()))
        return self._removed

    def make(self) -> None:
        """Make the views that every text is read on."""
        _ = self.disguise_counts, self.compact

    def distinct(self) -> Iterator[View]:
        """Yield ``folded`` and then every view that differs from those before it, the accented ones before their bare forms."""
        accented: list[View] = []
        for view in (self.folded_view, self.joined_view, self.unleet):
            if all(view is not other for other in accented):
                accented.append(view)
        yield from accented
        for view in (self.emoji_view, self.dense):
            if view is not self.folded_view:
                yield view
        for view in accented:
            if self.bare is self.folded_view:
                break
            without = self.bare if view is self.folded_view else _bare_view(view, f"{view.name}_bare")
            if without is not view:
                yield without


def _bare_view(view: View, name: str) -> View:
    if view.text.isascii():
        return view
    codes = codes_of(view.text)
    bare = tables().bare[codes]
    return view if np.array_equal(bare, codes) else view.replace_codes(name, bare)


@lru_cache(maxsize=2)
def views(raw: str) -> Views:
    """Return the folded views of ``raw``; any string is valid, broken surrogates too.

    The stages ask for the views of the same text one after another: the last ones are kept.
    """
    return Views(raw)


def fold(phrase: str) -> str:
    """Return ``phrase`` as it looks in the ``folded`` view."""
    return Views(phrase).folded_view.text


def bare(phrase: str) -> str:
    """Return ``phrase`` as it looks in the ``bare`` view."""
    return Views(phrase).bare.text


@cache
def _emoji_words(language: str) -> dict[str, str]:
    """Return the word each emoji stands for, folded."""
    local = local_words(language)
    return {sign: fold(local[word]) if word in local else word for sign, word in EMOJI_WORDS.items()}


def dense(phrase: str) -> str:
    """Return ``phrase`` as it looks in the ``dense`` view."""
    return Views(phrase).dense.text
