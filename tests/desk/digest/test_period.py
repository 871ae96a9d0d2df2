"""The period a mail prints is the period its numbers count, whatever the clock, the week or the zone of the machine."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import zstandard

from crawlers.evidence.partition import POSTINGS, REPORT, Report
from crawlers.sources.source import read_sources
from desk.cases import case_decisions
from desk.digest import render
from desk.digest.edition import PayLevel, iso_week
from desk.digest.wording import mail_name
from desk.week_coverage import coverage
from tests.desk.conftest import build_week

HANOI, HONOLULU = timezone(timedelta(hours=7)), timezone(timedelta(hours=-10))
WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)


@pytest.fixture
def built(desk_db, store):
    """Return a function that builds a week's digest."""
    return lambda *given: build_week(desk_db, store, *given)[0]


def forms(edition):
    """Return the mail as text and as HTML."""
    return [form(edition, "https://desk.example.org", "Test desk") for form in (render.text, render.html)]


def test_the_week_is_that_of_utc_wherever_the_machine_stands():
    sunday_night = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    assert {iso_week(sunday_night.astimezone(zone)) for zone in (UTC, HANOI, HONOLULU)} == {"2026-W48"}
    assert {iso_week((sunday_night + timedelta(hours=1)).astimezone(zone)) for zone in (UTC, HANOI, HONOLULU)} == {"2026-W49"}


def test_a_mail_of_monday_names_the_days_it_counts_not_the_week_it_was_sent_in(store, record, built):
    monday = datetime(2026, 11, 30, 6, tzinfo=UTC)
    built(monday - WEEK)
    store.put([record(1, first_seen=monday - timedelta(days=3))])
    edition = built(monday.astimezone(HANOI))
    assert render.subject(edition) == "LureWatch: 1 newly flagged, 23–30 Nov 2026"
    for body in forms(edition):
        assert "23 Nov 2026 06:00 UTC – 30 Nov 2026 06:00 UTC" in body


@pytest.mark.parametrize(("days", "words"), [(7, "25 Dec 2026 – 1 Jan 2027"), (14, "18 Dec 2026 – 1 Jan 2027")])
def test_a_period_over_the_new_year_names_both_years(built, days, words):
    until = datetime(2027, 1, 1, 9, tzinfo=UTC)
    built(until - timedelta(days=days))
    assert words in render.subject(built(until))


def test_what_was_first_seen_before_the_period_is_counted_apart(store, record, built, now):
    store.put([record(1, first_seen=now - timedelta(days=60)), record(2, first_seen=now - WEEK), record(3)])
    edition = built()
    assert (edition.counts.new_flagged, edition.counts.earlier) == (3, 2)
    for body in forms(edition):
        assert "Of the newly flagged, first seen before this period: 2." in body


def test_a_run_that_ended_with_a_period_is_counted_in_that_one_alone(built, seeds, tmp_path, now):
    (source,) = [each for each in read_sources(seeds)[0] if each.name == "sample_board"]
    source = source.model_copy(update={"enabled": True})
    for end in (now - WEEK, now - WEEK + SECOND, now, now + SECOND):
        folder = tmp_path / source.name / end.strftime("%Y%m%dT%H%M%SZ")
        folder.mkdir(parents=True)
        times = {"started_at": end - timedelta(minutes=5), "finished_at": end}
        report = Report(source=source.name, run_id=folder.name, state="ok", fetched=10, parsed=10, **times)
        (folder / POSTINGS).write_bytes(zstandard.compress(b""))
        (folder / REPORT).write_bytes(msgspec.json.encode(report))
    weeks = [built(at, [source], tmp_path) for at in (now - WEEK, now, now + WEEK)]
    assert [week.coverage[0].postings for week in weeks] == [10, 20, 10]
    assert [each.runs for each in coverage([source], str(tmp_path), now - WEEK, now)] == [2]


def test_an_item_decided_twice_in_a_period_counts_once_as_it_ended(desk_db, store, staff, record, built, now):
    minh, items = staff(desk_db)["minh"], [record(number) for number in range(1, 4)]
    store.put(items)
    confirm = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "by": minh, "now": now}
    for item in items:
        case_decisions.confirm(desk_db, [item], seen={item.id: 0}, **confirm)
    case_decisions.undo(desk_db, [items[0].id], by=minh, now=now, seen={items[0].id: 1})
    case_decisions.dismiss(desk_db, [items[1]], reason="misread", by=minh, now=now, seen={items[1].id: 1})
    edition = built()
    assert (edition.counts.confirmed, edition.counts.dismissed) == (1, 1)
    assert [item.id for item in edition.confirmed] == [items[2].id]
    assert render.subject(edition).startswith("LureWatch: 1 confirmed, 3 newly flagged")


def test_what_was_dismissed_within_the_week_is_newly_flagged_too_and_the_numbers_add_up(
    desk_db, store, staff, record, built, now
):
    minh, items = staff(desk_db)["minh"], [record(number) for number in range(1, 13)]
    store.put(items)
    case_decisions.dismiss(desk_db, items[:10], reason="misread", by=minh, now=now, seen={item.id: 0 for item in items[:10]})
    how = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}
    case_decisions.confirm(desk_db, [items[10]], by=minh, now=now, seen={items[10].id: 0}, **how)
    counts = built().counts
    assert counts.new_flagged == 1 + 1 + 10, "open, confirmed and dismissed at once"
    later = built(now + WEEK).counts
    assert later.new_flagged == 0


@pytest.mark.parametrize(
    ("period", "name"),
    [("2026-W48", "2026-W48"), ("26-W48.7", "2026-W48"), ("261124.7", "2026-11-24"), ("26112409.12", "2026-11-24")],
)
def test_a_mail_is_called_by_its_week_or_its_day_not_by_its_key(built, period, name):
    edition = msgspec.structs.replace(built(), week=period)
    assert mail_name(period) == name
    assert all(f"{name} · " in form and "W48.7" not in form.replace("/digest/", "") for form in forms(edition))


@pytest.mark.parametrize(
    ("adverts", "said"), [(1, "Pay: 1,200 USD a month (1 advert)"), (7, "Pay: 1,200 USD a month in half or more of 7 adverts")]
)
def test_one_pay_is_not_told_as_a_span(built, adverts, said):
    level = PayLevel(adverts=adverts, median=1_200, low=1_200, high=1_200)
    assert said in forms(msgspec.structs.replace(built(), pay=level))[0]
