"""A source that shows nothing new is judged by its own past: few false alarms, and no silence that stays unnoticed."""

import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from crawlers.sources.causes import RunOutcome, last_new
from crawlers.sources.silence import SILENT, judge_silence
from tests.crawlers.sources.planted_histories import KINDS, planted

MONDAY = datetime(2026, 3, 2, 3, 17, tzinfo=UTC)
ALARMS = (*SILENT, "blocked")


def runs(news, *, state="ok", postings=30, per_day=1, **more):
    """Return runs newest first, ``per_day`` each day from a Monday on, that brought so many new postings."""
    values = {"cause": "", "gaps": 0, "fill_rate": {"title": 1.0}} | more
    outcomes = [
        RunOutcome(
            started_at=MONDAY + timedelta(days=number // per_day, hours=number % per_day), state=state, new_postings=new,
            postings=postings, **values,
        )
        for number, new in enumerate(news)
    ]  # fmt: skip
    return outcomes[::-1]


def later(outcomes, *after):
    """Return the runs with further ones after them, one a day."""
    for run in after:
        (moved,) = runs([run.pop("new", 0)], **run)
        at = outcomes[0].started_at + timedelta(days=1)
        outcomes = [
            RunOutcome(**{name: getattr(moved, name) for name in moved.__struct_fields__} | {"started_at": at}),
            *outcomes,
        ]
    return outcomes


BUSY, SLOW = [9] * 42, [1, 0, 0, 0, 0, 0, 0, 1, 0, 0] * 4
WEEKDAYS_ONLY = [9, 9, 9, 9, 9, 0, 0] * 6


@pytest.mark.parametrize(
    ("news", "state"),
    [
        ([*BUSY, 0], "plausibly_empty"), ([*BUSY, 0, 0, 0], "dead"), (SLOW + [0] * 5, "plausibly_empty"),
        (WEEKDAYS_ONLY, "plausibly_empty"), ([*WEEKDAYS_ONLY, 0, 0, 0, 0], "dead"), ([*BUSY, 0, 0, 0, 5], "ok"),
        ([20, 0, 0, 0, 0], "plausibly_empty"), ([20] + [0] * 30, "dead"),
    ],
    ids=["one day", "busy, three days", "slow, five days", "a weekend", "and four days more", "back", "new source", "never new"],
)  # fmt: skip
def test_a_quiet_stretch_is_judged_by_what_the_source_did_before(news, state):
    assert judge_silence(runs(news), channel=False).state == state


def test_the_newest_day_is_not_quiet_before_it_has_its_runs():
    """An hourly source shortly after midnight."""
    half_a_day = runs([3, 0, 0, 0] * 20 + [0], per_day=4)
    assert (judge_silence(half_a_day, channel=False).state, judge_silence(half_a_day, channel=False).quiet_days) == ("ok", 0)


@pytest.mark.parametrize(
    ("newest", "channel", "state"),
    [
        ({"state": "blocked"}, False, "blocked"),
        ({"state": "changed"}, False, "layout_changed"),
        ({"state": "changed", "cause": "changed/no_preview"}, True, "preview_gap"),
        ({"state": "partial", "gaps": 1, "new": 4}, True, "preview_gap"),
        ({"state": "partial", "gaps": 1, "new": 4}, False, "ok"),
        ({"fill_rate": {"title": 0.2}, "new": 4}, False, "layout_changed"),
        ({"state": "failed"}, False, "ok"),
    ],
)
def test_what_the_newest_run_tells_by_itself_needs_no_history(newest, channel, state):
    assert judge_silence(later(runs(BUSY), newest), channel=channel).state == state


def test_a_list_that_shows_no_advert_at_all_has_moved():
    empty = [{"state": "empty", "postings": 0, "fill_rate": {}} for _ in range(3)]
    how = judge_silence(later(runs(BUSY), *empty), channel=False)
    assert how.state == "layout_changed"
    assert (
        how.reason == "3 days of runs show no advert at all; by its own past that happens in less than 1 of 1,000 such stretches"
    )


def test_a_week_of_failures_is_death_and_a_day_is_not():
    failed = [{"state": "failed"} for _ in range(7)]
    assert judge_silence(later(runs(BUSY), *[dict(run) for run in failed]), channel=False).state == "dead"
    assert judge_silence(later(runs(BUSY), failed[0]), channel=False).state == "ok"


def test_the_last_new_advert_is_dated_by_its_run():
    assert last_new(runs([5, 1, 0, 0])) == MONDAY + timedelta(days=1)
    assert last_new(runs([0, 0])) is None


def test_planted_histories_bring_few_false_alarms_and_no_silence_stays_unnoticed():
    """120 sources over twelve weeks, judged each day; run with -s for the table."""
    alarms, delays, missed, plain = Counter(), defaultdict(list), Counter(), Counter()
    for seed in range(2):
        for history in planted(seed):
            _judge_each_day(history, alarms, delays, missed, plain)
    row = "{:16} {:>12} {:>14} {:>13} {:>13} {:>7}\n"
    sys.stdout.write(row.format("kind", "false alarms", "of 14-day rule", "median delay", "longest delay", "missed"))
    for kind in KINDS:
        days = delays[kind]
        middle, longest = (f"{median(days):g} d", f"{max(days)} d") if days else ("", "")
        sys.stdout.write(row.format(kind, alarms[kind], plain[kind], middle, longest, missed[kind]))
    assert sum(alarms.values()) <= 24, "120 sources over twelve weeks, closed for two days in the middle"
    assert alarms["slow"] <= 2 < plain["slow"]
    # A source of an advert a week that ends after five adverts cannot be told from a slow one within seven weeks.
    assert set(+missed) <= {"slow and dead"} and missed["slow and dead"] <= 3
    quick = {"blocked", "preview gap", "layout changed"}
    assert all(
        median(days) <= (2 if kind in quick else 30 if kind == "slow and dead" else 5) for kind, days in delays.items() if days
    )
    assert max(max(days) for kind, days in delays.items() if days and kind != "slow and dead") <= 10


def _judge_each_day(history, alarms, delays, missed, plain):
    """Count for one history: alarms that opened without a fault, days until its fault was named, and a plain rule's alarms."""
    noticed, before, plain_before = None, False, False
    for day in range(len(history.outcomes)):
        so_far = history.outcomes[: day + 1][::-1]
        state = judge_silence(so_far, channel=history.channel).state
        quiet = next((at for at, run in enumerate(so_far) if run.new_postings), len(so_far))
        if day in history.fault_days:
            if noticed is None and state == history.fault:
                noticed = day - history.fault_days.start + 1
        elif day < history.fault_days.start or not history.fault:
            alarms[history.kind] += state in ALARMS and not before
            plain[history.kind] += quiet >= 14 and not plain_before
        before, plain_before = state in ALARMS, quiet >= 14
    if history.fault and noticed is None:
        missed[history.kind] += 1
    elif history.fault:
        delays[history.kind].append(noticed)
    assert history.kind != "recovering" or judge_silence(history.outcomes[::-1], channel=False).state in ("ok", "plausibly_empty")
