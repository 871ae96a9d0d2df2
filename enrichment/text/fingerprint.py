"""Fingerprints for near-duplicate texts: MinHash bands over five-letter pieces, without contacts and numbers.

One permutation instead of 128 (Li, Owen, Zhang: One Permutation Hashing, 2012; empty bins filled by rotation, Shrivastava
and Li, 2014): measured as good as datasketch at finding planted copies and about a hundred times quicker
. Campaigns copy an advert and change the contact, the pay and the date, so those are cut out first.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from enrichment.assessment import Fingerprint
from enrichment.text.characters import DROP, EXPAND, LETTER, MARK, tables
from enrichment.text.views import codes_of

PIECE = 5
"""Letters a shingle."""
BINS, BANDS, ROWS = 128, 24, 5
"""Two texts that share a part J of their shingles share a band with probability ``1 - (1 - J**ROWS)**BANDS``:
0.53 at J = 0.5, 0.99 at 0.7, 1.00 at 0.83."""
LEAST = 40
"""A text of fewer shingles has no bands: so little text is alike by chance."""

Hashes = npt.NDArray[np.uint64]
_VARYING = np.zeros(129, bool)
_VARYING[[ord(char) for char in "@_/0123456789"]] = True
"""Signs of what a copy changes: addresses, handles, pay, dates. The whole unspaced ASCII word goes."""
_POWERS = [np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in range(PIECE)]
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_FIRST_SHIFT, _SECOND_SHIFT, _HALF = np.uint64(31), np.uint64(29), np.uint64(32)
_LOW_SHIFT, _LOW = np.uint64(20), np.uint64(0xFFFFFFFF)
_PARTS = [slice(at, at + 16) for at in range(0, BANDS * 16, 16)]
"""The place of each band in the hexadecimal digits of all."""
_PLACES = np.arange(BINS)
_EDGES = _PLACES.astype(np.uint64) << np.uint64(57)
_FILLS = np.array([pow(2654435761, distance, 1 << 64) for distance in range(BINS)], np.uint64)
_BAND_MIX = np.array(
    [
        [pow(0xD6E8FEB86659FD93, row + 1, 1 << 64) ^ (band * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) for row in range(ROWS)]
        for band in range(BANDS)
    ],
    np.uint64,
) | np.uint64(1)


@cache
def _letters() -> Hashes:
    """Return for each code point the letter it is compared as; 0 where it is none."""
    table = tables()
    folded = table.folded.copy()
    long = folded >= EXPAND
    folded[long] = np.flatnonzero(long)
    bare = table.bare[folded]
    kind = table.kind[folded]
    bare[((kind != LETTER) & ((kind != MARK) | long)) | (bare == DROP)] = 0
    return bare.astype(np.uint64)


def _constant(raw: str) -> Hashes:
    """Return the letters of a text that stay when it is posted again: no contacts, digits, accents, case or spaces."""
    codes = codes_of(raw).astype(np.intp)
    letters = _letters().take(codes)
    keep = letters > 0
    varying = _VARYING.take(codes, mode="clip")
    if np.count_nonzero(varying):
        ascii_sign = (codes > 0x20) & (codes < 0x7F)
        word = (~ascii_sign).cumsum()
        dropped = np.zeros(int(word[-1]) + 1, bool)
        dropped[word[varying]] = True
        keep &= ~(ascii_sign & dropped[word])
    constant: Hashes = letters[keep]
    return constant


def shingles(raw: str) -> Hashes:
    """Return the sorted, distinct 64-bit hashes of all five-letter pieces of the constant text."""
    codes = _constant(raw)
    count = len(codes) - PIECE + 1
    if count < 1:
        return np.empty(0, np.uint64)
    hashes = codes[:count].copy()  # times the zeroth power
    step = np.empty(count, np.uint64)
    for place in range(1, PIECE):
        np.multiply(codes[place : count + place], _POWERS[place], out=step)
        hashes += step
    np.right_shift(hashes, _FIRST_SHIFT, out=step)
    hashes ^= step
    hashes *= _MIX
    np.right_shift(hashes, _SECOND_SHIFT, out=step)
    hashes ^= step
    hashes.sort()
    fresh = np.empty(count, np.bool_)
    fresh[0] = True
    np.not_equal(hashes[1:], hashes[:-1], out=fresh[1:])
    return hashes[fresh]


def fingerprint(raw: str) -> Fingerprint:
    """Return the bands of a text, hex; none for a text too short to tell. ``minhash`` is left out: bands are what is stored."""
    return _band_hashes(shingles(raw))


def _band_hashes(hashes: Hashes) -> Fingerprint:
    if len(hashes) < LEAST:
        return Fingerprint(shingles=len(hashes))
    rows = _signature(hashes)[: BANDS * ROWS].reshape(BANDS, ROWS)
    bands = (rows * _BAND_MIX).sum(axis=1, dtype=np.uint64)
    bands ^= bands >> _HALF
    bands *= _MIX
    text = bands.astype(">u8").tobytes().hex()
    return Fingerprint(bands=tuple([text[part] for part in _PARTS]), shingles=len(hashes))


def _signature(hashes: Hashes) -> npt.NDArray[np.uint64]:
    """Return 128 minima: the least hash in each 128th of the hash range, an empty one made from the next full one before it."""
    starts = hashes.searchsorted(_EDGES)
    full = np.empty(BINS, np.bool_)
    np.less(starts[:-1], starts[1:], out=full[:-1])
    full[-1] = starts[-1] < len(hashes)
    if np.count_nonzero(full) == BINS:
        return (hashes[starts] >> _LOW_SHIFT) & _LOW  # each bin its own, times one
    last = np.maximum.accumulate(np.where(full, _PLACES, -1))
    if last[0] < 0:
        last[last < 0] = last[-1] - BINS  # before the first full bin comes the last one, round the end
    return ((hashes[starts[last]] >> _LOW_SHIFT) & _LOW) * _FILLS[_PLACES - last]


def likeness(item: Hashes, two: Hashes) -> tuple[float, float]:
    """Return (Jaccard index, share of the shorter text found in the longer one) of two texts' shingles."""
    if not len(item) or not len(two):
        return 0.0, 0.0
    both = np.concatenate((item, two))
    both.sort(kind="stable")
    common = int(np.count_nonzero(both[1:] == both[:-1]))
    return common / (len(both) - common), common / min(len(item), len(two))
