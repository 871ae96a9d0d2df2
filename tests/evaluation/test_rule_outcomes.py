"""Rules are judged by decisions of several people on opened texts; one account alone proposes nothing."""

from types import SimpleNamespace

import pytest

from enrichment.lexicon.lexicon import Indicator
from evaluation.rule_outcomes import tallies

GOOD, BAD, HONEST = (
    Indicator(slug=slug, family=family, title="", why="")
    for slug, family in (("documents_held", "control"), ("pickup", "logistics"), ("licence", "honest"))
)


def evidence(raw: str) -> list[SimpleNamespace]:
    """Return evidence of one rule for each of three words."""
    rules = {"passport": GOOD, "pickup": BAD, "licence": HONEST}
    return [
        SimpleNamespace(
            entry=SimpleNamespace(
                id=f"en:{word}", indicator=indicator, phrase=word, status="active" if word == "pickup" else "shadow"
            )
        )
        for word, indicator in rules.items()
        if word in raw
    ]


@pytest.fixture
def decided(label):
    """Return forty confirmed texts that keep passports and forty dismissed ones that pick people up with a licence."""

    def make(*analysts: str):
        people = analysts * 40
        return [label(f"a{n}", True, people[n], text="passport") for n in range(40)] + [
            label(f"b{n}", False, people[n], text="pickup licence") for n in range(40)
        ]

    return make


def test_precision_is_of_what_the_rule_says(decided):
    found = {one.name: one for one in tallies(decided("minh", "lan", "thu"), evidence).rules}
    assert (found["en:passport"].confirmed, found["en:passport"].precision) == (40, 1.0)
    assert (found["en:pickup"].dismissed, found["en:pickup"].precision) == (40, 0.0)
    assert found["en:licence"].precision == 1.0
    assert found["en:passport"].low > 0.9


def test_good_rules_are_proposed_to_promote_and_bad_ones_to_retire(decided):
    found = tallies(decided("minh", "lan", "thu"), evidence)
    proposals = {one.name: one.proposal for one in (*found.rules, *found.indicators)}
    assert proposals == {
        "en:passport": "promote", "documents_held": "promote", "en:pickup": "retire", "pickup": "retire", "en:licence": "promote",
        "licence": "promote",
    }  # fmt: skip
    assert (found.confirmed, found.texts) == (40, 80)


def test_one_account_proposes_nothing(decided):
    assert {one.proposal for one in tallies(decided("mallory"), evidence).rules} == {""}


def test_one_account_among_others_turns_no_proposal(label, decided):
    honest = decided("minh", "lan", "thu")
    flood = [label(f"m{n}", True, "mallory", text="pickup") for n in range(400)]
    found = {one.name: one.proposal for one in tallies([*honest, *flood], evidence).rules}
    assert found["en:pickup"] == ""


def test_unopened_texts_and_few_decisions_say_nothing(label):
    unread = [label(f"a{n}", True, "minh", "lan", text="passport", strength="unread") for n in range(40)]
    assert tallies(unread, evidence).rules == ()
    few = [label(f"a{n}", True, "minh", "lan", text="passport") for n in range(9)]
    assert {one.proposal for one in tallies(few, evidence).rules} == {""}
