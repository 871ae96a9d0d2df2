"""No account moves what is learned by more than the bound, and one that confirms everything is named."""

import pytest

from evaluation.influence import MOST, weigh_labels


def test_one_account_has_at_most_the_bound_however_much_it_decides(label):
    labels = [label(f"a{n}", True, "mallory") for n in range(5000)] + [label(f"b{n}", n % 2 == 0, "minh") for n in range(30)]
    listings, influences = weigh_labels(labels, 1000.0, {})
    shares = {one.analyst: one for one in influences}
    assert shares["mallory"].uncapped > 0.9
    assert shares["mallory"].share <= MOST
    total = 1000.0 + sum(listing.weight for listing in listings)
    assert sum(listing.weight for listing in listings[:5000]) / total == pytest.approx(shares["mallory"].share)
    assert [listing.weight for listing in listings[5000:]] == [3.0] * 30


def test_the_bound_holds_for_the_only_analyst(label):
    _, (only,) = weigh_labels([label(f"a{n}", True, "minh") for n in range(900)], 100.0, {})
    assert only.share == pytest.approx(MOST)


def test_a_label_of_two_people_is_shared_by_them(label):
    listings, (lan, minh) = weigh_labels([label("a", True, "lan", "minh"), label("b", False, "minh")], 1000.0, {"minh": 2})
    assert [listing.weight for listing in listings] == [3.0, 3.0]
    assert (lan.texts, lan.alone, minh.texts, minh.alone, minh.disputed) == (1, 0, 2, 1, 2)
    assert lan.share < minh.share


def test_who_confirms_far_more_than_the_others_is_named(label):
    labels = [label(f"a{n}", True, "mallory") for n in range(60)] + [label(f"b{n}", n % 3 == 0, "minh") for n in range(60)]
    leanings = {one.analyst: one.leaning for one in weigh_labels(labels, 4000.0, {})[1]}
    assert leanings == {"mallory": "confirms", "minh": "dismisses"}


def test_few_decisions_name_nobody(label):
    labels = [label(f"a{n}", True, "minh") for n in range(5)] + [label(f"b{n}", False, "lan") for n in range(60)]
    assert {one.leaning for one in weigh_labels(labels, 4000.0, {})[1]} == {""}
