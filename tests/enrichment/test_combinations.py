"""Combinations name indicators that exist, and none makes a country evidence by itself."""

import re

from enrichment.combinations import COMBINATIONS, CONTROL, GRAVE, HIDDEN_ROUTE, RELATED
from lurewatch.settings import load_settings


def slugs() -> set[str]:
    """Return the indicators of the lexicon."""
    known = (load_settings().seeds / "lures" / "indicators.yml").read_text()
    return {*re.findall(r"slug: (\w+)", known)}


def test_every_part_is_made_of_indicators_of_the_lexicon() -> None:
    """A renamed one would silently never be met; what is computed from the facts is named there too."""
    named = {slug for combination in COMBINATIONS for part in combination.parts for slug in part}
    assert named - slugs() == set()
    assert {*CONTROL, *RELATED, *HIDDEN_ROUTE, *GRAVE} - slugs() == set()


def test_every_combination_has_parts_a_meaning_and_a_name_of_its_own() -> None:
    """One part alone would be the indicator itself."""
    assert len({one.slug for one in COMBINATIONS}) == len(COMBINATIONS)
    assert all(len(one.parts) > 1 and all(one.parts) and one.gloss for one in COMBINATIONS)


def test_no_combination_can_be_met_by_a_place_alone() -> None:
    """No country is evidence: each asks for work, pay, a route or control besides."""
    places = {
        "hotspot_country", "abroad", "border_gateway", "park_sez_casino", "compound_name", "hotspot_town", "third_country_route",
    }  # fmt: skip
    for one in COMBINATIONS:
        assert any(places.isdisjoint(part) for part in one.parts), one.slug


def test_what_no_honest_employer_does_holds_no_bait() -> None:
    """Board, a ticket and high pay are offered honestly too."""
    assert GRAVE.isdisjoint({"board_lodging", "free_travel", "pay_above_wage", "commission", "official_route_avoided"})
