"""The active queue: near the threshold, spread over languages, the same all week."""

from datetime import timedelta

from msgspec.structs import replace

from enrichment.assessment import Language
from lurewatch.models.uncertain import week_queue
from tests.lurewatch.models.conftest import NOW


def near(made, score, code="vi", **fields):
    """Return an undecided record of last week."""
    spoken = Language(code=code, script="Latn", confidence=1.0)
    judged = replace(made.assessment, score=score, language=spoken)
    return replace(made, assessment=judged, first_seen=NOW - timedelta(days=7), **fields)


def ids(records, most=50, now=NOW):
    return [one.id for one in week_queue(records, now=now, most=most)]


def test_the_nearest_to_the_threshold_come_first_and_languages_take_turns(record):
    some = [near(record(f"vi{n}"), 50 + n) for n in range(1, 5)] + [near(record("th"), 57.0, "th")]
    assert ids(some) == ["th", "vi1", "vi2", "vi3", "vi4"]
    assert ids(some, most=2) == ["th", "vi1"]


def test_a_campaign_stands_in_it_once(record):
    some = [near(record(f"copy{n}"), 51.0, campaign="crew") for n in range(30)] + [near(record("alone"), 49.5)]
    assert ids(some) == ["alone", "copy0"]


def test_what_is_decided_or_came_this_week_is_not_in_it(record):
    old, decided, new = near(record("old"), 50.0), near(record("decided"), 50.0, case="confirmed"), near(record("new"), 50.0)
    assert ids([old, decided, replace(new, first_seen=NOW - timedelta(hours=1))]) == ["old"]
    assert ids([replace(new, first_seen=NOW - timedelta(hours=1))], now=NOW + timedelta(days=7)) == ["new"]
