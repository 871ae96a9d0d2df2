"""Words of pagers: whole phrases, hints at the ends of longer ones, and none of them in a sentence."""

import pytest

from crawlers.pages.listings.pager_words import AMBIGUOUS, NEXT, PREVIOUS, hint, says_next


@pytest.mark.parametrize("said", ["Next", "Go to next page", "›", "Trang sau", "下一页", "ถัดไป", "Berikutnya", "次の20件"])
def test_words_that_lead_forward(said):
    assert says_next(said)


@pytest.mark.parametrize(
    "said", ["Previous", "‹", "Trang trước", "上一页", "next to the market in Hue, ask for the night cook", ""]
)
def test_words_that_do_not(said):
    assert not says_next(said)


def test_no_phrase_leads_both_ways():
    assert NEXT.isdisjoint(PREVIOUS)


def test_what_is_ambiguous_is_a_phrase_of_a_pager():
    assert [word for word in AMBIGUOUS if word not in NEXT | PREVIOUS | {"vor"}] == []


@pytest.mark.parametrize(
    ("said", "forward"),
    [("next 100 postings", True), ("နောက်သို့", True), ("« trang trước", False), ("Night cook wanted", None), ("", None)],
)
def test_a_hint_is_read_at_the_ends_of_a_phrase(said, forward):
    assert hint(said) is forward
