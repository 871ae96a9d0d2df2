"""Lexicon and n-grams are weighed against each other, and the sum is calibrated to the stated share of lures."""

import numpy as np
import pytest

from evaluation.fusion import PRIOR, Fusion, fused

RANDOM = np.random.default_rng(7)


def texts(count: int, share: float) -> tuple[list[float], list[float], list[int]]:
    """Return points of a lexicon, values of a wording and labels: each knows a part, and the wording more."""
    labels = (RANDOM.random(count) < share).astype(int)
    lexicon = 10 * labels + RANDOM.normal(0, 8, count)
    wording = np.clip((labels - 0.5) * 0.9 + RANDOM.normal(0, 0.4, count), -1, 1)
    return lexicon.tolist(), wording.tolist(), labels.tolist()


def share(fusion: Fusion, lexicon: list[float], wording: list[float]) -> np.ndarray:
    """Return the chance of a lure each text is given."""
    points = np.array(lexicon) + fusion.wording * np.array(wording)
    return 1 / (1 + np.exp((fusion.middle - points) / fusion.spread))


def test_the_sum_is_calibrated_at_the_stated_share() -> None:
    """Of new texts with that share of lures the mean score is the share, and the halves by score hold what they say."""
    lexicon, wording, labels = texts(20_000, 0.4)
    fusion = fused(lexicon, wording, labels, [True] * 20_000)
    lexicon, wording, new = texts(60_000, PRIOR)
    chances = share(fusion, lexicon, wording)
    assert chances.mean() == pytest.approx(np.mean(new), abs=0.01)
    likely = chances > 0.5
    assert np.mean(np.array(new)[likely]) == pytest.approx(chances[likely].mean(), abs=0.04)


def test_both_count() -> None:
    """Neither part is ignored where each knows something the other does not."""
    lexicon, wording, labels = texts(20_000, 0.4)
    fusion = fused(lexicon, wording, labels, [True] * 20_000)
    assert 0 < fusion.wording < 100
    assert fusion.spread > 0


def test_the_middle_is_that_of_the_real_texts() -> None:
    """Authored lures say more than real ones: what is flagged is decided on real texts."""
    lexicon, wording, labels = texts(10_000, 0.4)
    real_lexicon, real_wording, real_labels = texts(10_000, 0.1)
    real_lexicon = [points - 5 for points in real_lexicon]
    both = [*labels, *real_labels]
    real = [False] * 10_000 + [True] * 10_000
    mixed = fused([*lexicon, *real_lexicon], [*wording, *real_wording], both, real)
    alone = fused([*lexicon, *real_lexicon], [*wording, *real_wording], both, [False] * 20_000)
    assert mixed.middle < alone.middle
