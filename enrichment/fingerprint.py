"""What near-duplicate texts have in common: MinHash bands over five-letter pieces, contacts and numbers left out.

One permutation instead of 128 (Li, Owen, Zhang: One Permutation Hashing, 2012; empty bins filled by rotation, Shrivastava
and Li, 2014): measured as good as datasketch at finding planted copies and about a hundred times quicker
(docs/decisions/0300). Campaigns copy an advert and change the contact, the pay and the date, so those are cut out first.
"""

import numpy as np
import numpy.typing as npt

from enrichment.assessment import Fingerprint
from enrichment.characters import DROP, EXPAND, LETTER, MARK, Codes, tables
from enrichment.text import codes_of

PIECE = 5
"""Letters a shingle."""
BINS, BANDS, ROWS = 128, 24, 5
"""Two texts that share a part J of their shingles share a band with probability ``1 - (1 - J**ROWS)**BANDS``:
0.53 at J = 0.5, 0.99 at 0.7, 1.00 at 0.83."""
LEAST = 40
"""A text of fewer shingles has no bands: so little text is alike by chance."""

Hashes = npt.NDArray[np.uint64]
_VARYING = np.zeros(128, bool)
_VARYING[[ord(char) for char in "@_/0123456789"]] = True
"""Signs of what a copy changes: addresses, handles, pay, dates. The whole unspaced ASCII word goes."""
_POWERS = [np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in range(PIECE)]
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_LOW = np.uint64(0xFFFFFFFF)
_PLACES = np.arange(BINS)
_EDGES = _PLACES.astype(np.uint64) << np.uint64(57)
_FILLS = np.array([pow(2654435761, distance, 1 << 64) for distance in range(BINS)], np.uint64)
_BAND_MIX = np.array([[pow(0xD6E8FEB86659FD93, row + 1, 1 << 64) ^ (band * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
                       for row in range(ROWS)] for band in range(BANDS)], np.uint64) | np.uint64(1)


def _constant(raw: str) -> Codes:
    """Return the letters of a text that stay when it is posted again: no contacts, digits, accents, case or spaces."""
    table = tables()
    codes = codes_of(raw)
    folded = table.folded[codes]
    long = folded >= EXPAND
    folded[long] = codes[long]
    bare = table.bare[folded]
    kind = table.kind[folded]
    keep = ((kind == LETTER) | (kind == MARK)) & (bare != DROP) & ~(long & (kind != LETTER))
    ascii_sign = (codes > 0x20) & (codes < 0x7F)
    varying = ascii_sign & _VARYING[np.where(ascii_sign, codes, 0)]
    if varying.any():
        word = np.cumsum(~ascii_sign)
        dropped = np.zeros(int(word[-1]) + 1, bool)
        dropped[word[varying]] = True
        keep &= ~(ascii_sign & dropped[word])
    constant: Codes = bare[keep]
    return constant


def shingles(raw: str) -> Hashes:
    """Return the sorted, distinct 64-bit hashes of all five-letter pieces of the constant text."""
    codes = _constant(raw).astype(np.uint64)
    count = len(codes) - PIECE + 1
    if count < 1:
        return np.empty(0, np.uint64)
    hashes = codes[:count] * _POWERS[0]
    for place in range(1, PIECE):
        hashes += codes[place : count + place] * _POWERS[place]
    hashes ^= hashes >> np.uint64(31)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    hashes.sort()
    return hashes[np.concatenate(([True], hashes[1:] != hashes[:-1]))]


def fingerprint(raw: str) -> Fingerprint:
    """Return the bands of a text, hex; none for a text too short to tell. ``minhash`` is left out: bands are what is stored."""
    return _banded(shingles(raw))


def _banded(hashes: Hashes) -> Fingerprint:
    if len(hashes) < LEAST:
        return Fingerprint(shingles=len(hashes))
    rows = _signature(hashes)[: BANDS * ROWS].reshape(BANDS, ROWS)
    bands = (rows * _BAND_MIX).sum(axis=1, dtype=np.uint64)
    bands ^= bands >> np.uint64(32)
    bands *= _MIX
    text = bands.astype(">u8").tobytes().hex()
    return Fingerprint(bands=tuple(text[at : at + 16] for at in range(0, BANDS * 16, 16)), shingles=len(hashes))


def _signature(hashes: Hashes) -> npt.NDArray[np.uint64]:
    """Return 128 minima: the least hash in each 128th of the hash range, an empty one made from the next full one before it."""
    starts = np.searchsorted(hashes, _EDGES)
    full = starts < np.append(starts[1:], len(hashes))
    last = np.maximum.accumulate(np.where(full, _PLACES, -1))
    if last[0] < 0:
        last[last < 0] = last[-1] - BINS  # before the first full bin comes the last one, round the end
    return ((hashes[starts[last]] >> np.uint64(20)) & _LOW) * _FILLS[_PLACES - last]


def likeness(one: Hashes, two: Hashes) -> tuple[float, float]:
    """Return (Jaccard index, share of the shorter text found in the longer one) of two texts' shingles."""
    if not len(one) or not len(two):
        return 0.0, 0.0
    both = np.concatenate((one, two))
    both.sort(kind="stable")
    common = int(np.count_nonzero(both[1:] == both[:-1]))
    return common / (len(both) - common), common / min(len(one), len(two))
