"""What a record shares, and who counts as an advertiser."""

from datetime import UTC, datetime

import pytest

from crawlers.items import Posting
from enrichment.assessment import Assessment, Contact, Fingerprint, Language, Signal
from enrichment.campaigns.network_ties import node, own_tokens, ties

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def judged(*contacts, stance="offer", signals=(), bands=()):
    found = tuple(Contact(type=one.split(":")[0], value=one.split(":", 1)[1], start=0, end=0) for one in contacts)
    return Assessment(
        id="a", language=Language(code="en", script="Latn", confidence=1.0), stance=stance, score=0, flagged=False, tag="none",
        contacts=found, signals=tuple(signals), fingerprint=Fingerprint(bands=bands),
    )  # fmt: skip


def posting(**more):
    return Posting(**{"id": "a", "source": "board", "url": "https://board.example.org/a", "text": "x", **more})


def signal(family, weight):
    return Signal(indicator="x", family=family, start=0, end=1, text="x", weight=weight, gloss="")


def test_each_thing_that_can_be_shared_is_a_tie():
    given = posting(author="Moon House", forwarded_from="moon_house_jobs")
    found = {tie.kind: tie for tie in ties(given, judged("telegram:moon_house_hr2", bands=("00ff",)))}
    assert set(found) == {"contact", "renamed", "poster", "channel", "words"}
    assert found["contact"].tokens == (":moon_house_hr2", "channel:moon_house_hr2")
    assert found["renamed"].tokens == ("stem:moon_house_hr",)
    assert found["poster"].tokens == ("poster:board/moon house",)


def test_a_shown_name_is_no_channel_and_a_number_or_a_short_stem_renames_nothing():
    given = posting(author="Moon House", forwarded_from="Moon House | official")
    assert list(own_tokens(given, judged("phone:+447700900123", "telegram:admin_77"))) == ["poster:board/moon house"]


def test_a_platform_s_own_address_ties_nobody():
    assert list(ties(posting(author="admin"), judged("url:https://t.me", "telegram:support"))) == []


@pytest.mark.parametrize(
    ("voice", "signals", "offer", "calls"),
    [
        ("offer", (), True, True), ("other", (), True, False), ("warning", (), False, False), ("seeker", (), False, False),
        ("offer", (signal("voice", -3.0),), False, True),
    ],
)  # fmt: skip
def test_only_who_may_be_an_advertiser_takes_part(voice, signals, offer, calls):
    found = node(posting(), judged(stance=voice, signals=signals), first_seen=DAY)
    assert (found.offer, found.calls) == (offer, calls)


def test_honest_terms_make_an_ordinary_advert():
    assert node(posting(), judged(signals=(signal("honest", -3.9),)), first_seen=DAY).honest
    assert not node(posting(), judged(signals=(signal("honest", -0.9),)), first_seen=DAY).honest
