"""Lures raise a venue and ordinary adverts lower it; copies count once, and who warns counts on neither side."""

from datetime import UTC, datetime

import pytest

from index.terms.venue_pointers import venue_of
from lurewatch.app.venues.mentions import SourceLead, VenueMention
from lurewatch.app.venues.ranking import rank


def _lead(*standings, text=None, contacts=(), weight=0.5):
    mentions = tuple(
        VenueMention(
            item=f"{at:02}", title="", url="", source=f"s{at % 2}", manner="mentioned", address="", sure_channel=False,
            standing=standing, weight=1.0 if standing == "dismissed" else weight, text=text or f"t{at}",
            contacts=frozenset(contacts), first_seen=datetime(2026, 3, 1, tzinfo=UTC),
        )
        for at, standing in enumerate(standings)
    )  # fmt: skip
    return SourceLead(venue=venue_of("@sample_crew"), mentions=mentions)


@pytest.mark.parametrize(
    ("standings", "suggested"),
    [
        (["confirmed"], True),
        (["flagged"], False),
        (["flagged", "flagged"], True),
        (["ordinary"] * 3, False),
        (["flagged", "flagged", "ordinary", "ordinary"], False),
        (["confirmed", "confirmed", "ordinary", "ordinary"], True),
        (["confirmed", "dismissed", "dismissed"], False),
        (["flagged"] * 10 + ["ordinary"] * 20, False),
        (["confirmed"] + ["quoting"] * 50, True),
        (["quoting"] * 50, False),
    ],
)
def test_what_leads_there_decides(standings, suggested):
    assert rank(_lead(*standings)).is_suggested is suggested


def test_copies_of_one_text_count_once_and_a_decision_speaks_for_all():
    assert not rank(_lead(*["flagged"] * 9, text="same")).is_suggested
    result = rank(_lead("flagged", "confirmed", "ordinary", text="same"))
    assert (result.counts.confirmed, result.counts.flagged, result.counts.ordinary) == (1, 0, 0)
    assert not rank(_lead("flagged", "dismissed", text="same")).is_suggested


def test_terse_adverts_weigh_little():
    assert rank(_lead("flagged", "flagged", *["ordinary"] * 3, weight=0.1)).is_suggested


def test_shared_contacts_and_the_most_telling_lures_are_shown():
    result = rank(_lead("flagged", "confirmed", "ordinary", contacts=("telegram:sample_hr",)))
    assert result.contacts == (("telegram:sample_hr", 2),)
    assert [mention.standing for mention in result.reasons] == ["confirmed", "flagged"]
    assert result.counts.sources == 2
