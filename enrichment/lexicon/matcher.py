"""Matches all phrases of some languages in one pass of Aho-Corasick.

It only says which fixed pieces (``enrichment.lexicon.required_literals``) stand in the stream. An entry is looked at when
one piece of each of its stretches does; whether and where it stands is then settled by one rule: of all its matches the one that
ends first, and of those the longest of up to 160 bytes, else of any length (``docs/decisions/0221-matching.md``).
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain

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
TRIES, PLACES = 16, 64
"""Different surroundings of its pieces an entry is looked for in, and places of them, before all that is left of the text is
searched at once, by RE2: one of 10,000 entries of honest texts comes so far. Two tries had RE2 compile 500 us for 2 us of search.
"""
COMPILED = 16_384
"""Patterns kept compiled; the least used give way. A text fires some twenty; compiling one takes 0.1 ms."""
SEARCHED, SEARCH_MEMORY = 128, 1 << 20
"""Patterns kept for RE2, and the bytes the automaton of each may grow to with the texts it reads: 8 MB each and no bound took
1.2 GB over 450,000 hostile texts."""
KEPT, SHORT = 1024, 500
"""Sentences whose hits are kept, for each set of files, and the bytes below which they are: texts are made of the same ones."""
STRETCH = 5040
"""Bytes of a long stream that are read at a time, the same stretch only once: the automaton tells of each place of a piece.
Whatever short unit a hostile text repeats, its stretches are then alike (5,040 is a multiple of one to ten)."""


class Matcher:
    """Some patterns, compiled once."""

    @pause_garbage_collection()
    def __init__(self, forms: Sequence[CompiledPattern]) -> None:
        self._forms = forms
        self._wordings = [(entry, wording) for entry, form in enumerate(forms) for wording in form.wordings]
        led: dict[bytes, tuple[int, ...]] = {}
        for number, (_, wording) in enumerate(self._wordings):
            for lead in wording.choices[wording.rarest]:
                led[lead] = (*led.get(lead, ()), number)
        self._led = list(led.values())
        """For each piece the wordings whose rarest stretch it may be; most pieces lead to one, so these are few."""
        self._present = _build_search([*led])
        self._crossing = {number for number, (_, wording) in enumerate(self._wordings) if wording.crossing}
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
        for entry, *place in self._find(self._crossing, data):
            places[entry] = _prefer(places.get(entry), (place[0], place[1]))
        return sorted([(entry, *place) for entry, place in places.items() if entry not in known])

    def _read(self, sentence: bytes) -> list[Hit]:
        """Return the hits of a sentence."""
        return self._find(
            {*chain.from_iterable([self._led[lead] for lead in self._present(sentence)])} - self._crossing, sentence
        )

    def _find(self, candidates: Iterable[int], data: bytes) -> list[Hit]:
        """Return where the entries of some wordings stand; searched for is what has a piece of each of its stretches there."""
        places: dict[int, tuple[int, int]] = {}
        for entry, wording in [self._wordings[number] for number in candidates]:
            entries: list[list[bytes]] = []
            for choice in wording.choices:
                there = [piece for piece in choice if piece in data]
                if not there:
                    break
                entries.append(there)
            else:
                if (place := _place(wording, data, entries)) is not None:
                    places[entry] = _prefer(places.get(entry), place)
        return [(entry, *place) for entry, place in places.items()]

    def every(self, number: int, data: bytes) -> list[tuple[int, int]]:
        """Return all places of one entry, from left to right without overlap."""
        return [match.span() for match in _pattern(self._forms[number].expression).finditer(data)]


def _prefer(known: tuple[int, int] | None, place: tuple[int, int]) -> tuple[int, int]:
    """Return of two places of an entry the one that ends first, and of those that end alike the longest of up to ``NEAR``."""
    if known is None or known[1] != place[1]:
        return place if known is None else min(known, place, key=lambda one: one[1])
    starts = sorted((known[0], place[0]))
    return starts[starts[0] < place[1] - NEAR <= starts[1]], place[1]


def _place(form: RequiredLiterals, data: bytes, entries: list[list[bytes]]) -> tuple[int, int] | None:
    """Return where the pattern matches; ``held`` are the pieces of each of its stretches that stand in the text."""
    if form.whole:
        rarest = entries[0]
        end = min([data.find(piece) + len(piece) for piece in rarest])
        return end - max([len(piece) for piece in rarest if data.endswith(piece, 0, end)]), end
    pattern = _pattern(form.expression)
    first = pattern.search(data) if len(data) < SHORT else _first(pattern, form, data, entries)
    if first is None:
        return None
    start, end = first.span()
    while (earlier := pattern.search(data, start, end - 1)) is not None:
        start, end = earlier.span()
    if end - start > NEAR and (shorter := _ending(form.expression).search(data, end - NEAR, end)) is not None:
        start = shorter.start()
    return start, end


def _first(
    pattern: re.Pattern[bytes], form: RequiredLiterals, data: bytes, entries: list[list[bytes]]
) -> "re.Match[bytes] | re2._Match | None":
    """Return the leftmost match around the first of the rarest pieces that has one; every match stands around one."""
    _, _, rarest, _, before, after, crossing = form
    look = pattern.search if before else pattern.match
    at = turns = 0
    tried: set[bytes] = set()
    while places := [place for piece in entries[rarest] if (place := data.find(piece, at)) >= 0]:
        at = min(places)
        low = max(0, at - before)
        if len(tried) == TRIES or turns == PLACES:
            return _everywhere(form.expression).search(data, low)
        high = at + after
        if not crossing:
            low = max(low, data.rfind(b".", low, at) + 1)
            high = end if (end := data.find(b".", at, high)) >= 0 else high
        if len(entries) == 1 or _stands_in_order(data, entries, rarest, low, at, high):
            around = data[low:high]
            if around not in tried and (match := look(data, low, high)) is not None:
                return match
            tried.add(around)
        at += 1
        turns += 1
    return None


def _stands_in_order(data: bytes, entries: list[list[bytes]], rarest: int, low: int, at: int, high: int) -> bool:
    """Tell whether a piece of each stretch before the rarest stands in ``[low, at)``, and of each behind it in ``[at, high)``."""
    for place, choice in enumerate(entries):
        if place != rarest:
            start, end = (low, at) if place < rarest else (at, high)
            for piece in choice:
                if data.find(piece, start, end) >= 0:
                    break
            else:
                return False
    return True


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


def _build_search(pieces: Sequence[bytes]) -> Callable[[bytes], set[int]]:
    """Return what gives the numbers of the pieces found in a stream."""
    automaton = ahocorasick_rs.BytesAhoCorasick(pieces, implementation=ahocorasick_rs.Implementation.ContiguousNFA)
    reach = STRETCH + max(map(len, pieces), default=1) - 1

    def present(data: bytes) -> set[int]:
        stretches = {data[at : at + reach] for at in range(0, len(data), STRETCH)}
        return {number for stretch in stretches for number, _, _ in automaton.find_matches_as_indexes(stretch, overlapping=True)}

    return present
