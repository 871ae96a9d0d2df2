"""Reasons are what a person can check; learned features are none."""

from desk.cases.top_reasons import checkable, grounds, learned, learned_alone, learned_points, learned_reason, telling
from enrichment.assessment import Signal


def signal(indicator: str, family: str, weight: float, gloss: str = "meaning", start: int = 0) -> Signal:
    """Return a signal."""
    return Signal(indicator=indicator, family=family, start=start, end=start + 1, text="x", weight=weight, gloss=gloss)


WORDING = signal("wording", "wording", 25.0)
PASSPORT = signal("documents_held", "control", 14.0, "passport kept by the company")
TOGETHER = signal("control_abroad", "combination", 20.0, "held abroad")
HONEST = signal("licence", "honest", -6.0)


def test_what_is_about_the_text_itself_comes_first_and_the_heaviest_first() -> None:
    """Whatever sums up other signals comes later, whatever it weighs."""
    travel = signal("free_travel", "logistics", 4.0, "ticket paid")
    assert grounds([TOGETHER, travel, WORDING, HONEST, PASSPORT]) == [PASSPORT, travel, TOGETHER]
    assert telling([travel, PASSPORT, PASSPORT]) == ["passport kept by the company", "ticket paid"]


def test_learned_features_and_counters_are_no_reason() -> None:
    """No person can check them."""
    assert grounds([WORDING, signal("few_words", "combination", 8.0), signal("many_families", "combination", 8.0)]) == []
    assert learned([WORDING])
    assert not learned([PASSPORT, signal("wording", "wording", -25.0)])


def test_learned_features_come_to_one_sum_and_one_sentence() -> None:
    """For or against, whatever they are called."""
    worded = [WORDING, signal("worded_money_scam", "wording", 5.0)]
    assert learned_points([PASSPORT, *worded]) == 30.0
    assert checkable([PASSPORT, *worded, HONEST]) == [PASSPORT, HONEST]
    assert (learned_reason(30.0), learned_reason(-3.0)) == ("worded like known lures", "worded unlike known lures")


def test_a_text_that_learned_features_alone_speak_for_is_told_apart() -> None:
    """Honest terms beside them change nothing; one reason does."""
    assert learned_alone([WORDING, HONEST])
    assert not learned_alone([WORDING, PASSPORT])
    assert not learned_alone([])
