"""Finds copies of a poster: near PDQ hashes, found by shared bands.

Two hashes match when at most 31 of their 256 bits differ (ThreatExchange, ``pdq/``). They are looked up by 16 bands of 16 bits,
kept by stores as keys: two hashes that differ in d random bits share a band with a probability of 1.00 at d = 8, 0.999 at 16 and
0.9 at 31; copies of a poster over messengers differ in fewer than 20 (``tests/enrichment/campaigns/test_posters.py``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from crawlers.items import Posting

MATCH = 31
"""Bits of 256 in which two copies may differ: the published threshold."""
BANDS, DIGITS = 16, 4
"""Bands of a hash, and the hexadecimal digits of each."""
LEAST_WORDS = 40
"""Characters read from a picture from which on it is a poster: a photograph or a logo without words is anybody's."""


def poster_hashes(posting: Posting) -> tuple[str, ...]:
    """Return the hashes of a posting's pictures that carry words or a code with a contact."""
    read = ((media, media.reading) for media in posting.media if media.reading and media.reading.pdq)
    results = (
        reading.pdq
        for media, reading in read
        if media.end - media.start >= LEAST_WORDS or any(code.links for code in reading.codes)
    )
    return tuple(dict.fromkeys(results))


def poster_tokens(hashes: Iterable[str]) -> Iterator[str]:
    """Yield what stores find a poster by, as ``kind:value``: its bands, each with its number."""
    for value in hashes:
        for number in range(BANDS):
            yield f"image:{number:x}{value[number * DIGITS : (number + 1) * DIGITS]}"


def bits_apart(one: str, two: str) -> int:
    """Return in how many bits two hashes differ."""
    return (int(one, 16) ^ int(two, 16)).bit_count()


def are_near(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any of ``some`` is the poster of any of ``others``."""
    known = tuple(others)
    return any(bits_apart(one, two) <= MATCH for one in some for two in known)


def near_pairs(hashes: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield each pair of different hashes that match and share a band, in a fixed order, and the bits between them."""
    buckets: dict[str, list[str]] = defaultdict(list)
    compared: set[tuple[str, str]] = set()
    for value in sorted(set(hashes)):
        for token in poster_tokens((value,)):
            for other in buckets[token]:
                if (other, value) not in compared:
                    compared.add((other, value))
                    if (apart := bits_apart(other, value)) <= MATCH:
                        yield other, value, apart
            buckets[token].append(value)
