"""Harm is read from the signals of an offer, explained by them, and orders within a band of the score."""

import msgspec
import pytest

from enrichment.assessment import Assessment, Harm, HarmLevel, Signal
from enrichment.combinations import COMBINATIONS
from enrichment.harm import BAND, LEVELS, RANKS, SHOWN_BY, gravity, harm, priority
from enrichment.scoring import LEAST_GRAVE
from lurewatch.settings import load_settings


def signal(indicator: str, weight: float = 10.0, *, start: int = 0, family: str = "x") -> Signal:
    """Return a signal whose meaning is its name."""
    return Signal(
        indicator=indicator, family=family, start=start, end=start + 4, text="text", weight=weight, gloss=f"means {indicator}"
    )


def test_people_taken_stand_above_confinement_above_traded_bodies_above_money() -> None:
    """The most grave signal decides, whatever it weighs beside the others."""
    shown = [signal("task_scam", 20.0), signal("organ", 16.0), signal("documents_held", 12.0), signal("irregular_crossing", 5.0)]
    assert [
        harm(shown[:number], "offer").level for number in range(5)
    ] == ["unstated", "money", "body_trade", "confinement", "taken"]  # fmt: skip


def test_every_signal_that_shows_a_harm_is_named_with_its_words_and_meaning_the_gravest_first() -> None:
    """So that a person can check it."""
    found = harm(
        [signal("upfront_fee"), signal("exit_fee", start=7), signal("free_travel"), signal("closed_site", 13.0)], "offer"
    )
    assert [(one.level, one.indicator, one.why) for one in found.reasons] == [
        ("confinement", "closed_site", "means closed_site"),
        ("confinement", "exit_fee", "means exit_fee"),
        ("money", "upfront_fee", "means upfront_fee"),
    ]
    assert (found.reasons[1].start, found.reasons[1].end) == (7, 11)


@pytest.mark.parametrize("voice", ["warning", "news", "testimony", "seeker"])
def test_who_warns_reports_suffered_or_looks_for_work_does_no_harm(voice: str) -> None:
    """However grave what is told of."""
    assert harm([signal("organ"), signal("closed_site")], voice) == Harm()


def test_weak_and_counter_signals_learned_wording_and_countries_show_no_harm() -> None:
    """No country is evidence, and nobody can check learned wording."""
    weak = [signal("organ", LEAST_GRAVE - 0.01), signal("documents_held", -14.0)]
    others = [
        signal("worded_organ_trade", 14.0, family="wording"), signal("wording", 24.0), signal("hotspot_country"),
        signal("hotspot_town"),
    ]  # fmt: skip
    assert harm([*weak, *others], "offer") == Harm()


def test_each_indicator_shows_one_harm_and_is_one_that_can_be_found() -> None:
    """A renamed indicator would silently show none."""
    named = [indicator for indicators in SHOWN_BY.values() for indicator in indicators]
    known = (load_settings().seeds / "lures" / "indicators.yml").read_text()
    combined = {one.slug for one in COMBINATIONS}
    assert len(named) == len({*named})
    assert [one for one in named if one not in combined and f"slug: {one}," not in known] == []


def test_within_a_band_harm_comes_first_and_never_beyond_it() -> None:
    """Queues are sorted by it."""
    assert priority(95.0, "taken") > priority(99.9, "money") > priority(99.0, "money") > priority(99.9, "unstated")
    assert priority(95.0, "unstated") > priority(94.9, "taken")
    values = [priority(band * BAND + above, level) for band in range(32) for level in LEVELS for above in (0.0, 2.5, 4.999)]
    assert values == sorted(values)


def test_by_gravity_no_score_makes_up_for_a_level() -> None:
    """A list of the gravest."""
    levels: list[HarmLevel] = list(RANKS)
    values = [gravity(score, level) for level in levels for score in (0.0, 50.0, 100.0)]
    assert values == sorted(values)


def test_an_assessment_kept_before_harm_was_is_read_without_one() -> None:
    """Old partitions and old indexes."""
    spoken = b'"language":{"code":"en","script":"Latn","confidence":1.0}'
    old = b'{"id":"a",%b,"voice":"offer","score":9.0,"flagged":false,"tag":"none"}' % spoken
    assert msgspec.json.decode(old, type=Assessment).harm == Harm()
