"""Fuses what the lexicon and the n-gram model say, each learned by itself, into one calibrated score.

Learned together, the n-grams explain the authored texts so well that phrases get too few points for texts worded otherwise
(measured: docs/decisions/0239-late-fusion.md). So the log-odds of both are weighed against each other afterwards, by logistic
regression on texts the n-gram model has not learned from (Platt 1999, "Probabilistic outputs for support vector machines").
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from enrichment.ngram_model import BOUND
from evaluation.training import POINTS

PRIOR = 0.08
"""Share of lures among the public posts of the channels and boards that are read; that of the real texts judged with
(`python -m evaluation real`). Who reads other sources calibrates anew."""
Floats = npt.NDArray[np.float64]


class Fusion(NamedTuple):
    """How both are added up."""

    wording: float
    """Points of the wording at value 1."""
    middle: float
    """Points that bring a text to score 50."""
    spread: float
    """Points from score 50 to score 73."""


def fused(lexicon: Sequence[float], wording: Sequence[float], labels: Sequence[int], real: Sequence[bool]) -> Fusion:
    """Return how points of the ``lexicon`` and values of the ``wording`` (-1 to 1) add up.

    The balance of both is learned from all texts. The middle is learned from the ``real`` ones, or from all where none is a real
    lure, with lures and others weighed so that lures are ``PRIOR`` of them.
    """
    from sklearn.linear_model import LogisticRegression

    values = np.column_stack([np.array(lexicon) / POINTS, np.array(wording) * BOUND])
    wanted = np.array(labels)
    balance = LogisticRegression(C=1e3).fit(values, wanted).coef_[0]
    sums = values @ balance
    judged = np.array(real, dtype=bool)
    if len({*wanted[judged].tolist()}) < 2:
        judged = np.ones(len(wanted), dtype=bool)
    scale = LogisticRegression(C=1e3).fit(sums[judged, None], wanted[judged], sample_weight=_weights(wanted[judged]))
    slope, bias = float(scale.coef_[0, 0]), float(scale.intercept_[0])
    per_point = slope * float(balance[0]) / POINTS
    return Fusion(
        wording=round(slope * float(balance[1]) * BOUND / per_point, 2),
        middle=round(-bias / per_point, 2),
        spread=round(1 / per_point, 3),
    )


def _weights(wanted: npt.NDArray[np.int_]) -> Floats:
    lures = wanted.sum()
    weights: Floats = np.where(wanted, PRIOR / lures, (1 - PRIOR) / (len(wanted) - lures)) * len(wanted)
    return weights
