"""Intervals of shares and chance-corrected agreement, against published values."""

from collections import Counter

import pytest

from desk.agreement_measures import kappa, wilson


def test_an_interval_is_wilsons():
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_kappa_takes_chance_away():
    agreed = {("a", "a"): 20, ("b", "b"): 15}
    assert kappa(Counter({**agreed, ("a", "b"): 5, ("b", "a"): 10})) == pytest.approx(0.4)
    assert kappa(Counter({("a", "a"): 9})) is None
    assert kappa(Counter()) is None
