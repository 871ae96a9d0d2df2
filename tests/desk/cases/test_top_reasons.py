"""Reasons are what a person can check; learned features are none."""

from desk.cases.top_reasons import checkable, grounds, has_ground, learned_share, telling
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


def test_learned_features_come_to_one_number_with_its_share() -> None:
    """For or against, whatever they are called; the share is of all that speaks for a lure."""
    worded = [WORDING, signal("worded_money_scam", "wording", 5.0)]
    assert checkable([PASSPORT, *worded, HONEST]) == [PASSPORT, HONEST]
    share = learned_share([PASSPORT, *worded, HONEST])
    assert share is not None
    assert share.sentence == "learned wording: +30 points, 68 % of what speaks for a lure"
    against = learned_share([PASSPORT, signal("wording", "wording", -3.0)])
    assert against is not None
    assert against.sentence == "learned wording: -3 points"
    assert learned_share([PASSPORT]) is None


def test_only_words_of_the_text_that_can_be_checked_are_a_foundation() -> None:
    """Neither learned wording, nor a call to write, nor a sum of other signals; nor is an empty list."""
    assert has_ground([WORDING, PASSPORT])
    for alone in ([], [WORDING, HONEST], [WORDING, signal("offer", "voice", 3.0)], [TOGETHER]):
        assert not has_ground(alone)
