"""Reasons are what a person can check; learned features are none."""

from desk.cases.top_reasons import checkable, grounds, has_ground, learned_share, telling
from enrichment.assessment import Signal


def signal(indicator: str, family: str, weight: float, gloss: str = "meaning", text: str = "x") -> Signal:
    """Return a signal."""
    return Signal(indicator=indicator, family=family, start=0, end=1, text=text, weight=weight, gloss=gloss)


WORDING = signal("wording", "wording", 25.0)
PASSPORT = signal("documents_held", "control", 14.0, "passport kept by the company")
TOGETHER = signal("control_abroad", "combination", 20.0, "held abroad")
HONEST = signal("licence", "honest", -6.0)


def test_the_heaviest_words_of_the_text_come_first() -> None:
    """Learned wording, sums of other signals and who speaks are none: no words that a reader can hold against them."""
    travel = signal("free_travel", "logistics", 4.0, "ticket paid")
    assert grounds([TOGETHER, travel, WORDING, HONEST, PASSPORT, signal("offer", "voice", 9.0)]) == [PASSPORT, travel]
    assert telling([travel, PASSPORT, PASSPORT]) == ["passport kept by the company", "ticket paid"]


def test_a_single_word_of_little_weight_is_no_reason() -> None:
    """Several words are, and so is a word that weighs."""
    light = [signal("board_lodging", "logistics", 2.0, text=text) for text in ("room", "包住", "room and meals", "包吃包住机票")]
    assert [ground.text for ground in grounds(light)] == ["room and meals", "包吃包住机票"]
    assert has_ground([signal("organ", "trade", 3.0, text="kidney")])


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
