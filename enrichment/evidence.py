"""Which lexicon entries a text shows, where in the raw text, and how openly."""

import re

import msgspec

from enrichment.assessment import Language
from enrichment.lexicon import STEP_DOWN, Entry, Lexicon
from enrichment.matcher import Matcher
from enrichment.stream import Stream, stream
from enrichment.text import View, Views, bare, fold

SHARED = {"id": ("ms",), "ms": ("id",), "pt": ("es",), "es": ("pt",)}
"""Languages whose phrases are read on each other's texts; English is read on every text."""
LATIN = frozenset({"vi", "en", "id", "ms", "tl", "fr", "pt", "es", "sw"})
"""Files written in Latin letters: their phrases count only where the language fits; other scripts speak for themselves."""
_WORD = re.compile(r"[^\W\d_]+")


class Evidence(msgspec.Struct, frozen=True):
    """One entry found in the text."""

    entry: Entry
    start: int
    end: int
    value: float
    """Strength of the entry, a step less when only a folded view shows it."""
    disguise: str
    """What had to be undone to see it; empty when nothing had to."""


class Reader:
    """A lexicon made ready for reading texts."""

    def __init__(self, lexicon: Lexicon, *, portable: bool = False) -> None:
        self.entries = lexicon.entries
        self._matcher = Matcher([entry.form for entry in lexicon.entries], portable=portable)
        self._spellings = {number: _spellings(entry) for number, entry in enumerate(lexicon.entries) if entry.marked}

    def evidence(self, views: Views, language: Language) -> list[Evidence]:
        """Return what the lexicon finds in the text, one item per entry, in the order of the raw text.

        A single word typed without its marks is too little to tell which word it is, and is left out (Vietnamese).
        """
        allowed = _languages(language)
        found: dict[int, Evidence] = {}
        for view in _views(views):
            made = stream(view, views.raw)
            disguise = "" if view is views.folded else view.name
            for number, start, end in self._matcher.hits(made.data):
                if number in found:
                    continue
                entry = self.entries[number]
                if allowed is not None and entry.language in LATIN and entry.language not in allowed:
                    continue
                item = self._judged(number, entry, made, start, end, disguise)
                if item is not None:
                    found[number] = item
        return sorted(found.values(), key=lambda item: (item.start, item.end))

    def _judged(self, number: int, entry: Entry, made: Stream, start: int, end: int, disguise: str) -> Evidence | None:
        spellings = self._spellings.get(number)
        if spellings is None:
            first, last = made.span(start, end)
            return Evidence(entry, first, last, STEP_DOWN[entry.strength] if disguise else entry.strength, disguise)
        for place in ((start, end), *self._later(number, made, end)):
            first, last = made.seen(*place)
            marks = _marks(made.view.text[first:last], spellings)
            if marks or (marks is False and " " in made.data[place[0] : place[1]].strip(b" .").decode()):
                hidden = disguise or ("bare" if not marks else "")
                value = STEP_DOWN[entry.strength] if hidden else entry.strength
                return Evidence(entry, *made.view.span(first, last), value, disguise)
        return None

    def _later(self, number: int, made: Stream, end: int) -> list[tuple[int, int]]:
        return [place for place in self._matcher.every(number, made.data) if place[1] > end]


def _views(views: Views) -> list[View]:
    return [views.folded] if views.unleet is views.folded else [views.folded, views.unleet]


def _languages(language: Language) -> frozenset[str] | None:
    """Return the languages whose Latin-letter phrases are read, or None for all: when in doubt, read everything."""
    codes = {language.code, *(segment.code for segment in language.segments)}
    if "und" in codes or not codes & LATIN:
        return None
    return frozenset(codes | {"en"} | {other for code in codes for other in SHARED.get(code, ())})


def _spellings(entry: Entry) -> dict[str, frozenset[str]]:
    """Return for each word of a phrase without its marks the ways the phrase writes it."""
    made: dict[str, set[str]] = {}
    for words in entry.form.words:
        for word in _WORD.findall(fold(words)):
            made.setdefault(bare(word), set()).add(word)
    return {plain: frozenset(written) for plain, written in made.items()}


def _marks(text: str, spellings: dict[str, frozenset[str]]) -> bool | None:
    """Tell whether the words stand with the marks of the phrase (True), without any (False), or with others: another word (None)."""
    marked = True
    for word in _WORD.findall(text):
        plain = bare(word)
        written = spellings.get(plain)
        if written is None or word in written:
            continue
        if word != plain:
            return None
        marked = False
    return marked
