"""All phrases of a language in one pass over a stream: Hyperscan where it is installed, Aho-Corasick everywhere else,
with the same hits.

An engine only says which entries may occur and where to look; whether and where each does is settled for both by the same
rule: of all
matches the one that ends first, and of those the longest of up to 160 bytes, else of any length
(``docs/decisions/0221-matching.md`` has the speed of both). Compiled
databases are kept in the user's cache folder by content; a cache that cannot be used costs a second and nothing else.
"""

import contextlib
import hashlib
import re
from collections.abc import Callable, Sequence
from importlib.metadata import version

import ahocorasick_rs

from enrichment import cache
from enrichment.pattern import Compiled

try:
    import hyperscan
except ImportError:  # pragma: no cover - no wheel for this platform; tests run the portable engine by name
    hyperscan = None  # type: ignore[assignment]

Hit = tuple[int, int, int]
"""Number of the entry, start and end byte in the stream."""
Ends = Callable[[bytes], dict[int, int]]
"""For each entry that may occur, the byte before which no match of it ends."""
REACH = 1024
"""No match is longer than this many bytes: gaps and endings are bounded."""
NEAR = 160
"""Where a match is looked for first: nearly all are shorter."""
_BOUND = re.compile(rb"\{0,\d+\}")


class Matcher:
    """The patterns of one language, compiled once."""

    def __init__(self, forms: Sequence[Compiled], *, portable: bool = False) -> None:
        self._forms = forms
        self._lengths = [len(form.plain) if form.plain else 0 for form in forms]
        self._regexes: list[tuple[re.Pattern[bytes], re.Pattern[bytes]] | None] = [None] * len(forms)
        self.engine = "portable" if portable or hyperscan is None else "hyperscan"
        self._ends: Ends = _hyperscan(forms) if self.engine == "hyperscan" else _portable(forms)

    def hits(self, data: bytes) -> list[Hit]:
        """Return for each entry that occurs in ``data`` its place that ends first, in the order of the entries."""
        return [hit for number, end in sorted(self._ends(data).items()) if (hit := self._place(number, data, end)) is not None]

    def every(self, number: int, data: bytes) -> list[tuple[int, int]]:
        """Return all places of one entry, from left to right without overlap."""
        return [match.span() for match in self._regex(number)[0].finditer(data)]

    def _regex(self, number: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
        made = self._regexes[number]
        if made is None:
            expression = self._forms[number].expression
            made = self._regexes[number] = re.compile(expression), re.compile(b"(?:" + expression + rb")\Z")
        return made

    def _place(self, number: int, data: bytes, end: int) -> Hit | None:
        if length := self._lengths[number]:
            return number, end - length, end
        anywhere, anchored = self._regex(number)
        match = anchored.search(data, max(0, end - NEAR), end) or anchored.search(data, max(0, end - REACH), end)
        if match is not None:
            return number, match.start(), end
        last = len(data) + 1
        while (found := anywhere.search(data, max(0, end - REACH), last - 1)) is not None:
            last = found.end()
        if last > len(data):
            return None
        match = anchored.search(data, max(0, last - NEAR), last) or anchored.search(data, max(0, last - REACH), last)
        return None if match is None else (number, match.start(), last)


def _hyperscan(forms: Sequence[Compiled]) -> Ends:
    # Gaps without a bound compile and run several times faster; the place is verified with the bound anyway.
    expressions = [_BOUND.sub(b"*", form.expression) for form in forms]
    database = _database(expressions)
    found: dict[int, int] = {}

    def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        found[number] = end

    def ends(data: bytes) -> dict[int, int]:
        found.clear()
        database.scan(data, match_event_handler=note)
        return found

    return ends


def _database(expressions: list[bytes]) -> "hyperscan.Database":
    """Return the compiled patterns, kept between runs (``enrichment.cache``): compiling takes seconds, loading none."""
    name = "hyperscan-" + hashlib.sha256(b"\0".join((version("hyperscan").encode(), *expressions))).hexdigest()[:32]
    if (data := cache.kept(name)) is not None:
        with contextlib.suppress(hyperscan.error):  # damaged, or of another machine: compiled anew below
            loaded = hyperscan.loadb(data, mode=hyperscan.HS_MODE_BLOCK)
            loaded.scratch = hyperscan.Scratch(loaded)
            return loaded
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=expressions, ids=list(range(len(expressions))), elements=len(expressions),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(expressions),
    )
    cache.keep(name, hyperscan.dumpb(database))
    return database


def _portable(forms: Sequence[Compiled]) -> Ends:
    owners: dict[bytes, list[int]] = {}
    for number, form in enumerate(forms):
        for literal in form.literals:
            owners.setdefault(literal, []).append(number)
    pieces = list(owners)
    automaton = ahocorasick_rs.BytesAhoCorasick(pieces, implementation=ahocorasick_rs.Implementation.ContiguousNFA)
    lengths = [len(form.plain) if form.plain else 0 for form in forms]

    def ends(data: bytes) -> dict[int, int]:
        found: dict[int, int] = {}
        for piece, _, end in automaton.find_matches_as_indexes(data, overlapping=True):
            for number in owners[pieces[piece]]:
                if number not in found:
                    if not lengths[number]:
                        found[number] = 0
                    elif (start := data.find(forms[number].plain, max(0, end - lengths[number]))) >= 0:
                        found[number] = start + lengths[number]
        return found

    return ends
