"""Logistic regression that starts from what is known: coefficients move only as far as new labels push them.

The offset of each text is the log-odds the champion gives it; what is learned is added to its coefficients and held at zero by a
ridge. So what the champion learned from texts that are not here stays.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.measures import DataError

Numbers = npt.NDArray[np.float64]


def shift(table: Any, offsets: Sequence[float], labels: Sequence[bool], weights: Sequence[float], *, softness: float) -> Numbers:
    """Return what to add to the coefficient of each column of ``table`` (texts by features, a scipy sparse matrix).

    Minimises the weighted logistic loss around ``offsets`` (log-odds) plus half the squared length over ``softness``. Both labels
    count as much together as each other, as in training from scratch. Raise DataError without scipy.
    """
    try:
        from scipy.optimize import minimize
    except ImportError as exc:
        raise DataError("training needs scikit-learn; install the extra: pip install 'lurewatch[train]'") from exc
    signs = np.where(labels, 1.0, -1.0)
    share = np.array(weights, dtype=np.float64)
    half = share.sum() / 2
    for side in (signs > 0, signs < 0):
        share[side] *= half / (share[side].sum() or 1.0)
    given = np.array(offsets, dtype=np.float64)
    used = np.unique(table.indices)  # a feature that no text shows stays
    result = table[:, used]

    def loss(moved: Numbers) -> tuple[float, Numbers]:
        margins = signs * (given + result @ moved)
        chances = 1.0 / (1.0 + np.exp(np.clip(margins, -50.0, 50.0)))
        value = float(share @ np.logaddexp(0.0, -margins) + moved @ moved / (2 * softness))
        return value, -(result.T @ (share * signs * chances)) + moved / softness

    def curvature(moved: Numbers, step: Numbers) -> Numbers:
        chances = 1.0 / (1.0 + np.exp(np.clip(signs * (given + result @ moved), -50.0, 50.0)))
        bent: Numbers = result.T @ (share * chances * (1.0 - chances) * (result @ step)) + step / softness
        return bent

    # In so many dimensions the corrections of L-BFGS cost more than the texts do; this comes to the same optimum sooner.
    outcome = minimize(loss, np.zeros(len(used)), jac=True, hessp=curvature, method="trust-ncg", options={"maxiter": 100})
    moves = np.zeros(table.shape[1])
    moves[used] = outcome.x
    return moves
