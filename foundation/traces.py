"""Searches bytes for words of erased adverts, before an erasure is certified.

A copy of a text anywhere has all its passages, so a few of each text are enough. They have no letter that JSON, HTML or SQL would
write in another way.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import ahocorasick_rs

LEAST, MOST = 12, 48
"""Letters of a passage: fewer say nothing, for others write the same."""
PASSAGES = 6
"""Taken of one text, spread over it."""
CHUNK = 1 << 22
_PIECES = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\\\"'<>&/=%]+")


class Traces:
    """The words that must not be found any more."""

    def __init__(self, needles: Iterable[str]) -> None:
        """Look for ``needles``, as UTF-8."""
        self.needles = tuple(sorted({needle for needle in needles if needle}))
        encoded = [needle.encode("utf-8", "surrogatepass") for needle in self.needles]
        self._longest = max(map(len, encoded), default=1)
        self._search = ahocorasick_rs.BytesAhoCorasick(encoded)

    def found_in(self, chunks: Iterable[bytes]) -> frozenset[str]:
        """Return the needles found in a stream of bytes, also across its chunks."""
        results: set[int] = set()
        rest = b""
        for chunk in chunks:
            data = rest + chunk
            results |= {number for number, _, _ in self._search.find_matches_as_indexes(data, overlapping=True)}
            rest = data[max(0, len(data) - self._longest + 1) :]
        return frozenset(self.needles[number] for number in results)

    def found_in_file(self, path: Path) -> frozenset[str]:
        """Return the needles found in a file; none when the file is gone."""
        try:
            with path.open("rb") as file:
                return self.found_in(iter(lambda: file.read(CHUNK), b""))
        except FileNotFoundError:
            return frozenset()


def passages(text: str) -> Iterator[str]:
    """Yield up to ``PASSAGES`` passages of a text, spread over it; none of a text that is too short to be told from others."""
    parts = [
        part
        for match in _PIECES.finditer(text)
        for start in range(0, len(match[0]), MOST)
        if len(part := match[0][start : start + MOST].strip()) >= LEAST
    ]
    last = len(parts) - 1
    taken = range(len(parts)) if last < PASSAGES else {round(last * number / (PASSAGES - 1)) for number in range(PASSAGES)}
    yield from (parts[number] for number in taken)
