"""All phrases in one pass over a stream: Hyperscan where it is installed, Aho-Corasick and `re` elsewhere, with the same hits.

An engine only says which entries occur and where each first ends; where it starts is settled for both by the same rule, the
longest match that ends there (``docs/decisions/0221-matching.md`` has the speed of both).
"""

import hashlib
import re
from collections.abc import Callable, Sequence

import ahocorasick_rs

from enrichment import cache
from enrichment.pattern import Compiled

try:
    import hyperscan
except ImportError:  # pragma: no cover - no wheel for this platform; tests run the portable engine by name
    hyperscan = None

Hit = tuple[int, int, int]
"""Number of the entry, start and end byte in the stream."""
Ends = Callable[[bytes], dict[int, int]]
REACH = 1024
"""No match is longer than this many bytes (gaps and endings are bounded; the lexicon check says so)."""


class Matcher:
    """The patterns of a lexicon, compiled once."""

    def __init__(self, forms: Sequence[Compiled], *, portable: bool = False) -> None:
        self._expressions = [form.expression for form in forms]
        self._anchored: list[re.Pattern[bytes] | None] = [None] * len(forms)
        self.engine = "portable" if portable or hyperscan is None else "hyperscan"
        self._ends: Ends = _hyperscan(self._expressions) if self.engine == "hyperscan" else _portable(forms)

    def hits(self, data: bytes) -> list[Hit]:
        """Return for each entry that occurs in ``data`` its place that ends first, in the order of the entries."""
        return [self._place(number, data, end) for number, end in sorted(self._ends(data).items())]

    def every(self, number: int, data: bytes) -> list[tuple[int, int]]:
        """Return all places of one entry, from left to right without overlap."""
        return [match.span() for match in re.finditer(self._expressions[number], data)]

    def _place(self, number: int, data: bytes, end: int) -> Hit:
        regex = self._anchored[number]
        if regex is None:
            regex = self._anchored[number] = re.compile(b"(?:" + self._expressions[number] + rb")\Z")
        match = regex.search(data, max(0, end - REACH), end)
        assert match is not None, "the engine reported an end where no match ends"
        return number, match.start(), end


def _database(expressions: list[bytes]) -> "hyperscan.Database":
    """Return the compiled patterns, kept between runs: compiling thousands of gaps takes tens of seconds, loading them none."""
    made_of = hashlib.sha256(b"\0".join([hyperscan.__version__.encode(), *expressions])).hexdigest()[:32]
    name = f"hyperscan-{made_of}"
    if (data := cache.kept(name)) is not None:
        try:
            loaded = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
            loaded.scratch = hyperscan.Scratch(loaded)
            return loaded
        except hyperscan.error:
            pass  # damaged, or compiled for another processor: compiled again below
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=expressions, ids=list(range(len(expressions))), elements=len(expressions),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(expressions),
    )
    cache.keep(name, hyperscan.dumpb(database))
    return database


def _hyperscan(expressions: list[bytes]) -> Ends:
    database = _database(expressions)
    found: dict[int, int] = {}

    def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        found[number] = end

    def ends(data: bytes) -> dict[int, int]:
        found.clear()
        database.scan(data, match_event_handler=note)
        return found

    return ends


def _portable(forms: Sequence[Compiled]) -> Ends:
    owners: dict[bytes, list[int]] = {}
    for number, form in enumerate(forms):
        for literal in form.literals:
            owners.setdefault(literal, []).append(number)
    pieces = list(owners)
    automaton = ahocorasick_rs.BytesAhoCorasick(pieces, implementation=ahocorasick_rs.Implementation.ContiguousNFA)
    regexes: list[re.Pattern[bytes] | None] = [None] * len(forms)

    def ends(data: bytes) -> dict[int, int]:
        found: dict[int, int] = {}
        likely = {number for piece in {match[0] for match in automaton.find_matches_as_indexes(data, overlapping=True)}
                  for number in owners[pieces[piece]]}
        for number in likely:
            regex = regexes[number]
            if regex is None:
                regex = regexes[number] = re.compile(forms[number].expression)
            end = len(data) + 1
            while (match := regex.search(data, 0, end - 1)) is not None:
                end = match.end()
            if end <= len(data):
                found[number] = end
        return found

    return ends
