"""PDQ, a hash that stays nearly the same when a picture is scaled, recompressed or slightly retouched.

Written from Meta's description and reference implementation (ThreatExchange, ``pdq/``; Davis and Rosen, "The TMK+PDQF
Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019), because the package with the reference code has no
built version for the Pythons we serve and our image has no compiler (docs/decisions/0263).
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.float32]
SIDE, KEPT = 64, 16
"""The picture is reduced to 64 by 64; of its cosine transform 16 by 16 coefficients are kept, a bit each."""
LARGEST = 512
"""Longer sides are scaled to this first, as the reference tools do."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_PASSES = 2


def pdq(image: Image.Image) -> tuple[str, int]:
    """Return the hash (64 hex digits) and its quality (0-100: from about 50 on a picture has enough features to be known by).

    ``image`` is RGB.
    """
    if max(image.size) > LARGEST:
        image = image.copy()
        image.thumbnail((LARGEST, LARGEST), Image.Resampling.BICUBIC)
    return pdq_of_luma(np.asarray(image.convert("RGB"), np.float32) @ _LUMA)


def pdq_of_luma(luma: Floats) -> tuple[str, int]:
    """Return hash and quality of a matrix of brightnesses (0-255), rows by columns."""
    small = _reduce(luma)
    matrix = _cosines()
    kept = matrix @ small @ matrix.T
    middle = np.sort(kept, axis=None)[kept.size // 2 - 1]
    bits = (kept > middle).ravel()[::-1]  # the first coefficient is the last bit
    return np.packbits(bits).tobytes().hex(), _quality(small)


def _reduce(luma: Floats) -> Floats:
    rows, columns = luma.shape
    for _ in range(_PASSES):  # two box filters make a tent
        luma = _box_means(_box_means(luma, 1), 0)
    picked: Floats = luma[np.ix_(*(((np.arange(SIDE) + 0.5) * length / SIDE).astype(int) for length in (rows, columns)))]
    return picked


def _box_means(values: Floats, axis: int) -> Floats:
    """Return running means along an axis; at the ends the window is cut."""
    length = values.shape[axis]
    window = min((length + 2 * SIDE - 1) // (2 * SIDE), length)
    half = (window + 2) // 2
    places = np.arange(length)
    first, last = np.maximum(places - (window - half), 0), np.minimum(places + half, length)
    sums = np.insert(np.cumsum(values, axis=axis, dtype=np.float64), 0, 0, axis=axis)
    counts = (last - first).reshape((-1, 1) if axis == 0 else (1, -1))
    means: Floats = ((sums.take(last, axis) - sums.take(first, axis)) / counts).astype(np.float32)
    return means


@cache
def _cosines() -> Floats:
    rows, columns = np.arange(1, KEPT + 1)[:, None], 2 * np.arange(SIDE)[None, :] + 1
    matrix: Floats = (np.sqrt(2 / SIDE) * np.cos(np.pi / (2 * SIDE) * rows * columns)).astype(np.float32)
    return matrix


def _quality(small: Floats) -> int:
    steps = (np.diff(small, axis=axis) * 100 / 255 for axis in (0, 1))
    return min(100, int(sum(int(np.abs(np.trunc(step)).sum()) for step in steps) / 90))
