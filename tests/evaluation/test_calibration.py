"""How far scores can be read as chances."""

import pytest

from evaluation.calibration import calibration


def test_scores_that_are_the_shares_have_no_error() -> None:
    """Four texts at 25, one of them a lure."""
    found = calibration([1, 0, 0, 0], [25.0] * 4)
    assert found.error == pytest.approx(0.0)
    assert found.brier == pytest.approx((0.75**2 + 3 * 0.25**2) / 4)
    assert [(one.low, one.texts, one.lures) for one in found.bins] == [(0.2, 4, 0.25)]


def test_a_sure_mistake_costs_all_and_weights_count() -> None:
    """Score 100 belongs to the last bin; a text that counts three times pulls three times."""
    found = calibration([0, 1], [100.0, 100.0], [3.0, 1.0])
    assert found.bins[0].low == 0.9
    assert found.error == pytest.approx(0.75)
    assert found.brier == pytest.approx(0.75)
