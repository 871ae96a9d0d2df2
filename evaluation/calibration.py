"""Measures how far scores are probabilities: reliability table, Brier score and expected calibration error."""

from collections.abc import Sequence
from typing import NamedTuple

BINS = 10
"""Bins of equal width (Guo et al. 2017, "On Calibration of Modern Neural Networks", section 2)."""


class Bin(NamedTuple):
    """Texts whose score lies in one tenth of the scale."""

    low: float
    texts: float
    score: float
    """Their mean score, 0 to 1."""
    lures: float
    """The share of lures among them, 0 to 1."""


class Calibration(NamedTuple):
    """How far scores differ from shares of lures."""

    bins: list[Bin]
    brier: float
    error: float
    """Expected calibration error: the mean distance of score and share, weighted by texts."""


def calibration(labels: Sequence[int], scores: Sequence[float], weights: Sequence[float] | None = None) -> Calibration:
    """Return the calibration of ``scores`` from 0 to 100; ``weights`` say how many texts each counts as."""
    share = [1.0] * len(labels) if weights is None else weights
    chances = [score / 100 for score in scores]
    total = sum(share)
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [
            (label, chance, weight)
            for label, chance, weight in zip(labels, chances, share, strict=True)
            if low <= chance < high or (chance == high == 1.0)
        ]
        if weight := sum(value for _, _, value in inside):
            bins.append(
                Bin(
                    low,
                    weight,
                    sum(chance * value for _, chance, value in inside) / weight,
                    sum(label * value for label, _, value in inside) / weight,
                )
            )
    brier = sum(value * (chance - label) ** 2 for label, chance, value in zip(labels, chances, share, strict=True)) / total
    return Calibration(bins, brier, sum(item.texts * abs(item.score - item.lures) for item in bins) / total)
