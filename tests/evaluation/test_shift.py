"""What is known stays where nothing speaks against it, and moves where labels do."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from evaluation.shift import shift

TABLE = csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))


def test_labels_that_agree_with_the_champion_hardly_move_it():
    moved = shift(TABLE, [8.0, 8.0, -8.0, -8.0], [True, True, False, False], [1.0] * 4, softness=1.0)
    assert np.abs(moved).max() < 0.01


def test_labels_that_disagree_move_the_feature_they_share():
    moved = shift(TABLE, [-2.0, -2.0, -2.0, -2.0], [True, True, False, False], [1.0] * 4, softness=1.0)
    assert moved[0] > 0.5
    assert moved[1] < 0


@pytest.mark.parametrize(("softness", "least", "most"), [(0.01, 0.0, 0.05), (100.0, 2.0, 9.0)])
def test_the_ridge_bounds_the_move(softness, least, most):
    moved = shift(TABLE, [-2.0, -2.0, -2.0, -2.0], [True, True, False, False], [1.0] * 4, softness=softness)
    assert least <= moved[0] <= most


def test_weights_count_as_that_many_texts():
    light, heavy = (
        shift(TABLE, [0.0] * 4, [True, False, False, True], [1.0, weight, 1.0, 1.0], softness=1.0)[0] for weight in (1.0, 9.0)
    )
    assert heavy < light
