"""A source that no longer does what it did is named, with what to do, from its reports alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import zstandard

from crawlers.evidence.partition import POSTINGS, REPORT, Cause, ListCoverage, Report
from crawlers.items import Posting, posting_id
from crawlers.sources.health import Health, health
from crawlers.sources.source import Source, load_source

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
Written = Callable[..., Path]


@pytest.fixture
def source(written: Written) -> Source:
    """An enabled source with a valid passport, due each day at 03:17."""
    return load_source(written(("kind: job_board", "kind: job_board\nenabled: true")))


def ran(runs: Path, days_ago: float, state: str = "ok", ids: range = range(50), known: int = 0, **more: object) -> None:
    """Write a sealed partition of a run that began ``days_ago`` before 04:00; ``known`` of its postings were no news."""
    began = NOW.replace(hour=4) - timedelta(days=days_ago)
    folder = runs / "x_board" / f"{began:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    postings = [Posting(id=posting_id("x_board", str(n)), source="x_board", url=f"https://b.example/{n}", text="t") for n in ids]
    (folder / POSTINGS).write_bytes(zstandard.compress(b"".join(msgspec.json.encode(one) + b"\n" for one in postings)))
    values = {"fetched": len(ids), "parsed": len(ids), "fill_rate": {"title": 1.0, "company": 0.9}} | more
    values["counters"] = {"known/unchanged": known}
    report = Report(source="x_board", run_id=folder.name, state=state, started_at=began, finished_at=began, **values)
    (folder / REPORT).write_bytes(msgspec.json.encode(report))


def names(how: Health) -> list[str]:
    """Return the names of the findings."""
    return [finding.name for finding in how.findings]


def test_a_source_that_works_has_no_findings(source: Source, tmp_path: Path) -> None:
    """New postings each day, the same fields, on time."""
    for day in range(5):
        ran(tmp_path, day, ids=range(day * -10 + 100, day * -10 + 150))
    how = health(source, str(tmp_path), NOW)
    assert names(how) == []
    assert (how.last_state, how.streak, how.silence.quiet_days) == ("ok", 5, 0)
    assert how.last_new == NOW.replace(hour=4)


def test_an_enabled_source_that_never_ran(source: Source, tmp_path: Path) -> None:
    """Not silently fine."""
    assert names(health(source, str(tmp_path), NOW)) == ["never_run"]


@pytest.mark.parametrize("state", ["blocked", "empty", "changed", "partial", "failed"])
def test_bad_runs_in_a_row_are_counted(source: Source, tmp_path: Path, state: str) -> None:
    """With the reason of the last and a fix of their own."""
    ran(tmp_path, 3)
    for day in (2, 1, 0):
        ran(tmp_path, day, state, reason=f"why {day}")
    how = health(source, str(tmp_path), NOW)
    assert names(how) == [state]
    assert how.findings[0].problem == f"the last 3 runs ended {state}: why 0"
    assert "{" not in how.findings[0].fix


CAUSES = {
    "block/http_429": ("blocked", "http_429 at https://b.example/1 (HTTP 429)", "raise access.delay_seconds"),
    "block/http_403": ("blocked", "http_403 at https://b.example/1", "open https://b.example/1 in a browser"),
    "block/login_wall": ("blocked", "login_wall at", "no longer public"),
    "block/captcha": ("blocked", "captcha at", "never answered"),
    "robots": ("blocked", "robots.txt forbids https://b.example/1", "begin at addresses its robots.txt allows"),
    "robots/unreachable": ("blocked", "robots.txt had no answer for", "nothing may be fetched while"),
    "changed/no_preview": ("changed", "no public channel at https://b.example/1", "set enabled: false when it is closed"),
    "http/500": ("partial", "HTTP 500 at https://b.example/1", "the site has a fault"),
    "http/404": ("failed", "HTTP 404 at https://b.example/1", "correct crawl.start in x_board.yml"),
    "ended/access.requests_per_run": ("partial", "stopped by access.requests_per_run", "raise access.requests_per_run"),
    "ended/the time limit": ("partial", "stopped by the time limit", "raise crawl.limits.seconds"),
    "error/AddressRefused": ("failed", "AddressRefused at", "LUREWATCH_ALLOW_LOOPBACK"),
    "error/TimeoutError": ("partial", "TimeoutError at", "the site did not answer"),
}


@pytest.mark.parametrize("outcome", CAUSES)
def test_the_fix_is_that_of_the_cause_met(source: Source, tmp_path: Path, outcome: str) -> None:
    """Not of the state alone: HTTP 500 is no limit to raise."""
    state, problem, fix = CAUSES[outcome]
    detail = "HTTP 429" if outcome == "block/http_429" else ""
    ran(tmp_path, 0, state, reason="why", causes=(Cause(outcome=outcome, url="https://b.example/1", detail=detail),))
    (finding,) = health(source, str(tmp_path), NOW).findings
    assert problem in finding.problem
    assert fix in finding.fix
    assert "raise" not in finding.fix or "raise" in fix


def test_the_cause_of_a_partial_run_is_no_page_that_is_merely_gone(source: Source, tmp_path: Path) -> None:
    gone, fault = (
        Cause(outcome="http/404", url="https://b.example/1", count=9),
        Cause(outcome="http/500", url="https://b.example/2"),
    )
    ran(tmp_path, 0, "partial", reason="not fetched", causes=(gone, fault))
    (finding,) = health(source, str(tmp_path), NOW).findings
    assert "HTTP 500 at https://b.example/2" in finding.problem


def test_a_page_that_is_gone_does_not_explain_a_changed_list(source: Source, tmp_path: Path) -> None:
    ran(tmp_path, 0, "changed", reason="2 postings", causes=(Cause(outcome="http/404", url="https://b.example/1"),))
    (finding,) = health(source, str(tmp_path), NOW).findings
    assert "mend page or follow" in finding.fix


def test_a_field_that_dries_up_is_drift(source: Source, tmp_path: Path) -> None:
    """Half the companies gone while the run is still ok."""
    for day in (3, 2, 1):
        ran(tmp_path, day, ids=range(-day, 50))
    ran(tmp_path, 0, ids=range(60), fill_rate={"title": 1.0, "company": 0.45})
    how = health(source, str(tmp_path), NOW)
    assert [finding.problem for finding in how.findings] == ["company is filled in 45%, usually 90%"]


def test_a_run_of_half_the_size_is_named(source: Source, tmp_path: Path) -> None:
    """Even above the least that is expected."""
    for day in (3, 2, 1):
        ran(tmp_path, day, ids=range(100 - day))
    ran(tmp_path, 0, ids=range(200, 245))
    assert names(health(source, str(tmp_path), NOW)) == ["shrunk"]


def test_a_board_that_showed_new_adverts_every_day_and_shows_none_is_dead(source: Source, tmp_path: Path) -> None:
    """The same postings again and again: a dead board answers happily."""
    for day in range(30):
        ran(tmp_path, day, known=50 if day < 3 else 40)
    how = health(source, str(tmp_path), NOW)
    assert names(how) == ["dead"]
    assert how.findings[0].problem.startswith(
        "nothing new in 3 days of runs; by its own past that happens in less than 1 of 1,000"
    )
    assert how.silence.quiet_days == 3


def test_two_quiet_weeks_of_a_slow_board_need_no_attention(source: Source, tmp_path: Path) -> None:
    """A fixed number of days would have called it dead: its past has a new advert every twelve days."""
    for day in range(80):
        ran(tmp_path, day, known=50 if (day + 10) % 12 else 49)
    how = health(source, str(tmp_path), NOW + timedelta(hours=1))
    assert (names(how), how.silence.state) == ([], "plausibly_empty")


def test_an_empty_run_of_a_source_that_is_empty_at_times_needs_no_attention(source: Source, tmp_path: Path) -> None:
    for day in range(12):
        empty = day % 4 == 0
        ran(tmp_path, day, "empty" if empty else "ok", ids=range(0 if empty else 50), known=0 if empty else 45)
    how = health(source, str(tmp_path), NOW)
    assert (names(how), how.last_state) == ([], "empty")


def test_a_list_without_a_single_advert_for_days_has_moved(source: Source, tmp_path: Path) -> None:
    for day in range(20):
        ran(tmp_path, day, "empty" if day < 4 else "ok", ids=range(0 if day < 4 else 50), known=0 if day < 4 else 45)
    how = health(source, str(tmp_path), NOW)
    assert names(how) == ["empty", "layout_changed"]
    assert how.findings[1].fix.startswith("run `lurewatch sources try x_board`")


def test_a_missed_schedule_is_named(source: Source, tmp_path: Path) -> None:
    """The last run is older than the last time it was due."""
    ran(tmp_path, 2)
    assert names(health(source, str(tmp_path), NOW)) == ["overdue"]


def test_a_source_that_rests_because_its_site_refused_it_is_not_overdue(source: Source, tmp_path: Path) -> None:
    """Nothing is to run its schedule until a person has looked."""
    ran(tmp_path, 4, "blocked")
    assert names(health(source, str(tmp_path), NOW)) == ["blocked"]


def test_a_schedule_of_every_hour_is_missed_after_half_a_day(written: Written, tmp_path: Path) -> None:
    """And the finding says that something has to carry it out."""
    hourly = load_source(written(("kind: job_board", "kind: job_board\nenabled: true"), ('"17 3 * * *"', '"7 * * * *"')))
    ran(tmp_path, 0)
    assert names(health(hourly, str(tmp_path), NOW)) == []
    how = health(hourly, str(tmp_path), NOW + timedelta(days=1))
    assert names(how) == ["overdue"]
    assert "nothing runs its schedule" in how.findings[0].problem
    assert "needs Airflow or a crontab" in how.findings[0].fix


def test_a_source_run_by_hand_is_never_due(written: Written, tmp_path: Path) -> None:
    """The samples, a day after the demo."""
    by_hand = load_source(written(("kind: job_board", "kind: job_board\nenabled: true"), ('"17 3 * * *"', "by hand")))
    ran(tmp_path, 9)
    how = health(by_hand, str(tmp_path), NOW)
    assert (names(how), how.schedule) == ([], "by hand")


def test_a_passport_about_to_run_out_is_named(source: Source, tmp_path: Path) -> None:
    """A month before it does."""
    late = datetime(2027, 5, 1, 5, 0, tzinfo=UTC)
    began = (NOW.replace(hour=4) - late.replace(hour=4)).days
    ran(tmp_path, began)
    how = health(source, str(tmp_path), late)
    assert names(how) == ["passport"]
    assert "runs out in 19 days" in how.findings[0].problem


def test_a_disabled_source_needs_no_attention(written: Written, tmp_path: Path) -> None:
    """Somebody has decided; its runs are still shown."""
    ran(tmp_path, 1, "blocked", reason="captcha")
    how = health(load_source(written()), str(tmp_path), NOW)
    assert how.findings == ()
    assert how.last_state == "blocked"


def test_a_damaged_report_is_a_finding(source: Source, tmp_path: Path) -> None:
    """And hides no other run."""
    ran(tmp_path, 1)
    ran(tmp_path, 0)
    (tmp_path / "x_board" / "20261125T040000Z" / REPORT).write_text("{", encoding="utf-8")
    how = health(source, str(tmp_path), NOW)
    assert "damaged" in names(how)
    assert how.last_state == "ok"


def test_each_run_tells_how_full_it_was_and_how_much_of_its_lists_was_seen(source: Source, tmp_path: Path) -> None:
    """Oldest first; without an announced total nothing is said of a share."""
    ran(tmp_path, 2, ids=range(40))
    ran(tmp_path, 1, state="partial", coverage=ListCoverage(announced=50, seen=20, missing=30))
    fills = health(source, str(tmp_path), NOW).fills
    assert [(fill.state, fill.adverts, fill.seen) for fill in fills] == [("ok", 40, None), ("partial", 50, 0.4)]
    assert health(source, str(tmp_path / "nowhere"), NOW).fills == ()
