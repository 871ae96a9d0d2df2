"""From arguments to points and back: nothing is added outside the signals."""

import pytest

from enrichment import scoring
from enrichment.assessment import Signal
from enrichment.features import SILENT, Feature
from enrichment.model import load
from enrichment.scoring import Weights

WEIGHED = Weights(points={})


def signal(indicator: str, weight: float, family: str = "control") -> Signal:
    """Return a signal of some weight."""
    return Signal(indicator=indicator, family=family, start=0, end=1, text="x", weight=weight, gloss="x")


def test_the_score_is_the_logistic_of_the_sum_in_any_order() -> None:
    """Half at the middle, more with more, between nothing and a hundred."""
    assert scoring.score([signal("a", WEIGHED.middle)], WEIGHED) == scoring.FLAGGED == 50.0
    made = [signal("a", 12.34), signal("b", -3.21), signal("c", 20.1)]
    assert scoring.score(made, WEIGHED) == scoring.score(made[::-1], WEIGHED)
    assert scoring.score([signal("a", -1e9)], WEIGHED) == 0.0
    assert scoring.score([signal("a", 1e9)], WEIGHED) == 100.0
    assert scoring.score([], WEIGHED) < 10


def test_a_sure_text_still_ranks_below_a_surer_one() -> None:
    """No certainty is claimed that no labelled text supports, and what says more stands higher."""
    points = [WEIGHED.middle + step for step in range(0, 200, 5)]
    scores = [scoring.score([signal("a", each)], WEIGHED) for each in points]
    assert scores == sorted({*scores})
    assert 99 < scores[-1] < 99.9


def test_what_weighs_nothing_is_no_signal() -> None:
    """An argument without points is left out; one with half the value has half the points."""
    arguments = [
        Feature("known", "control", 0.5, 2, 5, "gloss", against="quoted"),
        Feature("unknown", "control", 1.0, 0, 1, "gloss"),
    ]
    (made,) = scoring.signals(arguments, Weights(points={"known": 9.0}), "a bcd ef")
    assert (made.indicator, made.weight, made.text, made.against) == ("known", 4.5, "bcd", "quoted")


@pytest.mark.parametrize(
    ("made", "tag"),
    [
        ([("organ", 15.0), ("free_travel", 5.0)], "organ_trade"),
        ([("surrogacy_egg", 15.0)], "surrogacy_or_egg"),
        ([("marriage", 15.0), ("bride_price", 10.0)], "marriage_broker"),
        ([("task_scam", 15.0)], "money_scam"),
        ([("closed_site", 15.0)], "scam_compound"),
        ([], "scam_compound"),
    ],
)
def test_the_tag_is_that_of_the_trade_with_most_points(made: list[tuple[str, float]], tag: str) -> None:
    """Without any of another trade it is a compound lure."""
    assert scoring.tag([signal(name, weight, "related") for name, weight in made]) == tag


@pytest.mark.parametrize("trade", ["organ_trade", "surrogacy_or_egg", "marriage_broker"])
def test_wording_alone_names_no_trade(trade: str) -> None:
    """A grave accusation stands on a phrase that can be quoted."""
    worded = signal(f"worded_{trade}", 14.0, "wording")
    assert scoring.tag([worded, signal("crypto_marketing", 3.0, "job")]) == "scam_compound"
    phrase = {"organ_trade": "organ", "surrogacy_or_egg": "surrogacy_egg", "marriage_broker": "marriage"}[trade]
    assert scoring.tag([worded, signal(phrase, 4.0)]) == trade


def test_countries_have_no_points_and_signs_are_as_they_must_be() -> None:
    """Whatever the training data said."""
    points = load().weights.points
    assert not points.keys() & set(SILENT)
    assert points["documents_held"] > 0
    assert points["warning"] < 0
    assert points["licence"] < 0
