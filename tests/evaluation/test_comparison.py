"""A challenger is held against the shipped model, figure by figure; what was not measured is said."""

import pytest

from evaluation.comparison import LEAST_HELD_OUT, Comparison, Section
from evaluation.influence import Influence
from evaluation.labelled_listings import Listing
from evaluation.sections import figure, section
from tests.evaluation.decided_records import NOW

ITEMS = [Listing(id=str(n), lang="en", label=n % 2, kind="x", text="x") for n in range(100)]


def scores(wrong: int):
    """Return a judge that misses that many lures."""
    missed = {f"{n}" for n in range(1, 2 * wrong, 2)}
    return lambda items: [90.0 if item.label and item.id not in missed else 5.0 for item in items]


def compared(*sections: Section, influences=()) -> Comparison:
    return Comparison(
        at=NOW, shipped="bb22", challenger="aa11", lexicon="l", trained_on="x", sections=sections, influences=influences
    )


def test_a_challenger_that_misses_more_is_worse_in_words():
    found = compared(section("authored", ITEMS, [scores(0), scores(10)], "held out"))
    assert "authored: recall 0.800, shipped 1.000" in found.worse()


def test_one_text_more_or_less_is_no_difference():
    assert compared(section("authored", ITEMS, [scores(0), scores(1)], "held out")).worse() == ()


def test_texts_of_one_label_give_no_figures():
    assert section("decisions", ITEMS[1::2], [scores(0)] * 2, "held out").figures == ()


@pytest.mark.parametrize(("held_out", "said"), [(LEAST_HELD_OUT - 1, True), (LEAST_HELD_OUT, False)])
def test_without_real_texts_or_enough_decisions_it_says_so(held_out, said):
    one = figure("recall", 50, (1.0, 1.0))
    authored, decisions = (Section(name=name, texts=held_out, figures=(one,)) for name in ("authored", "decisions"))
    findings = compared(authored, decisions).findings()
    assert bool(findings) == said


def test_a_leaning_analyst_is_a_finding():
    leaning = Influence(
        analyst="mallory", texts=90, confirmed=90, alone=90, weak=0, disputed=0, uncapped=0.4, share=0.1, leaning="confirms"
    )
    found = compared(section("authored", ITEMS, [scores(0)] * 2, ""), influences=(leaning,)).findings()
    assert [one for one in found if "--without mallory" in one]
