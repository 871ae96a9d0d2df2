"""Matches all phrases of some languages in one pass of Aho-Corasick.

It only says which fixed pieces (``enrichment.lexicon.required_literals``) stand in a sentence. A wording of an entry is looked at
when one piece of each of its stretches does; whether and where the entry stands is then settled by one rule: of all its matches
the one that ends first, and of those the longest of up to 160 bytes, else of any length (``docs/decisions/0221-matching.md``).
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache, partial

import ahocorasick_rs
import re2

from enrichment.garbage_collection import pause_garbage_collection
from enrichment.lexicon.pattern import CompiledPattern
from enrichment.lexicon.required_literals import RequiredLiterals

Hit = tuple[int, int, int]
"""Number of the entry, start and end byte in the stream."""
NEAR = 160
"""Bytes up to which the longest of several matches that end at the same place is taken."""
REACH = 1024
"""No match is longer than this many bytes: gaps and endings are bounded (``lures check`` holds patterns to it)."""
COMPILED = 16_384
"""Patterns kept compiled; the least used give way. A text fires some twenty; compiling one takes 0.1 ms."""
SEARCHED, SEARCH_MEMORY = 512, 1 << 18
"""Patterns kept for RE2, which searches long sentences, and the bytes the automaton of each may grow to with the texts it reads:
8 MB each and no bound took 1.2 GB over 450,000 hostile texts."""
KEPT, SHORT = 1024, 500
"""Sentences whose hits are kept, for each set of files, and the bytes below which they are: texts are made of the same ones."""
TRIES = 16
"""Surroundings of its pieces a wording is looked for in before all that is left of its sentence is searched at once."""
STRETCH = 5040
"""Bytes of a long stream that are read at a time, the same stretch only once: the automaton tells of each place of a piece.
Whatever short unit a hostile text repeats, its stretches are then alike (5,040 is a multiple of one to ten)."""


class Matcher:
    """Some patterns, compiled once."""

    @pause_garbage_collection()
    def __init__(self, forms: Sequence[CompiledPattern]) -> None:
        self._forms = forms
        self._wordings = [(entry, wording) for entry, form in enumerate(forms) for wording in form.wordings]
        self._crossing = [(entry, wording) for entry, wording in self._wordings if wording.crossing]
        led: dict[bytes, tuple[int, ...]] = {}
        for number, (_, wording) in enumerate(self._wordings):
            for lead in () if wording.crossing else wording.choices[wording.rarest]:
                led[lead] = (*led.get(lead, ()), number)
        self._led = list(led.values())
        """For each piece the wordings whose rarest stretch it may be; most pieces lead to one, so these are few."""
        automaton = ahocorasick_rs.BytesAhoCorasick([*led], implementation=ahocorasick_rs.Implementation.ContiguousNFA)
        self._search = partial(automaton.find_matches_as_indexes, overlapping=True)
        self._stretch = STRETCH + max(map(len, led), default=1) - 1
        self._read_again = lru_cache(maxsize=KEPT)(self._read)

    def hits(self, data: bytes, known: Collection[int] = ()) -> list[Hit]:
        """Return for each entry that occurs in ``data`` its place that ends first, in the order of the entries.

        Those already ``known`` are not looked for. Few wordings cross the end of a sentence: for all others each sentence is read
        by itself, and those that texts share are read once.
        """
        places: dict[int, tuple[int, int]] = {}
        at = 0
        for sentence in data.split(b"."):
            for entry, start, end in (self._read_again if len(sentence) < SHORT else self._read)(sentence):
                places.setdefault(entry, (at + start, at + end))
            at += len(sentence) + 1
        for entry, wording in self._crossing:
            if (place := _find(wording, data)) is not None:
                places[entry] = _prefer(places.get(entry), place)
        return sorted([(entry, *place) for entry, place in places.items() if entry not in known])

    def _read(self, sentence: bytes) -> list[Hit]:
        """Return the hits of a sentence; in one of some length a wording is looked for around the places of its rarest piece."""
        places: dict[int, tuple[int, int]] = {}
        tried: dict[int, set[bytes]] = {}
        done: set[int] = set()
        apart = SHORT <= len(sentence) <= STRETCH
        for at, number in self._find_leads(sentence, apart):
            entry, wording = self._wordings[number]
            seen = tried.setdefault(number, set())
            last = not apart or len(seen) == TRIES
            low = max(0, at - wording.before)
            around = sentence[low:] if last else sentence[low : at + wording.after]
            if number in done or around in seen:
                continue
            seen.add(around)
            if (place := _find(wording, around)) is not None:
                places[entry] = _prefer(places.get(entry), (low + place[0], low + place[1]))
            if place is not None or last:
                done.add(number)
        return [(entry, *place) for entry, place in places.items()]

    def _find_leads(self, sentence: bytes, apart: bool) -> list[tuple[int, int]]:
        """Return the wordings that may stand in a sentence, where each is looked for: with ``apart`` at each of its rarest
        pieces, otherwise from the beginning."""
        if apart:
            leads = {(start, number) for piece, start, _ in self._search(sentence) for number in self._led[piece]}
        else:  # one piece tells of each place it has: of what a hostile text repeats, a stretch is read once
            stretches = {sentence[at : at + self._stretch] for at in range(0, len(sentence), STRETCH)}
            pieces = {piece for stretch in stretches for piece, _, _ in self._search(stretch)}
            leads = {(0, number) for piece in pieces for number in self._led[piece]}
        return sorted(leads)

    def every(self, number: int, data: bytes) -> list[tuple[int, int]]:
        """Return all places of one entry, from left to right without overlap."""
        return [match.span() for match in _pattern(self._forms[number].expression).finditer(data)]


def _prefer(known: tuple[int, int] | None, place: tuple[int, int]) -> tuple[int, int]:
    """Return of two places of an entry the one that ends first, and of those that end alike the longest of up to ``NEAR``."""
    if known is None or known[1] != place[1]:
        return place if known is None else min(known, place, key=lambda one: one[1])
    starts = sorted((known[0], place[0]))
    return starts[starts[0] < place[1] - NEAR <= starts[1]], place[1]


def _find(wording: RequiredLiterals, data: bytes) -> tuple[int, int] | None:
    """Return where a wording stands; it is searched for where a piece of each of its stretches is there."""
    for choice in wording.choices:
        for piece in choice:
            if piece in data:
                break
        else:
            return None
    if wording.whole:
        (pieces,) = wording.choices
        end = min([at + len(piece) for piece in pieces if (at := data.find(piece)) >= 0])
        return end - max([len(piece) for piece in pieces if data.endswith(piece, 0, end)]), end
    pattern = _pattern(wording.expression)
    first = (pattern if len(data) <= REACH else _everywhere(wording.expression)).search(data)
    if first is None:
        return None
    start, end = first.span()
    while (earlier := pattern.search(data, start, end - 1)) is not None:
        start, end = earlier.span()
    if end - start > NEAR and (shorter := _ending(wording.expression).search(data, end - NEAR, end)) is not None:
        start = shorter.start()
    return start, end


_pattern = lru_cache(maxsize=COMPILED)(re.compile)


@lru_cache(maxsize=SEARCHED)
def _everywhere(expression: bytes) -> "re2._Regexp[bytes]":
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # gaps are counted in bytes
    options.max_mem = SEARCH_MEMORY
    options.log_errors = False  # where its automaton outgrows its memory it goes on without, and says so on every hostile text
    return re2.compile(expression, options)


@lru_cache(maxsize=SEARCHED)
def _ending(expression: bytes) -> re.Pattern[bytes]:
    return re.compile(b"(?:" + expression + rb")\Z")
