"""What was not looked at is said: blocked, silent and damaged sources, by the reports of their runs."""

from datetime import timedelta

import msgspec
import pytest
import zstandard

from crawlers.evidence.partition import Report
from crawlers.sources.source import read_sources
from desk.digest import render
from desk.digest.edition import Edition, WeekCounts
from desk.week_coverage import coverage, source_health


@pytest.fixture
def sources(seeds):
    return [one for one in read_sources(seeds)[0] if one.name in ("sample_board", "sample_feed", "ph_jobstreet")]


@pytest.fixture
def ran(tmp_path, now):
    """Return a function that leaves the report of a run, some days ago."""

    def do(source, days, state="ok", parsed=25, reason="", unchanged=0):
        at = now - timedelta(days=days)
        folder = tmp_path / "runs" / source / at.strftime("%Y%m%dT%H%M%SZ")
        folder.mkdir(parents=True)
        report = Report(
            source=source, run_id=folder.name, state=state, reason=reason, started_at=at, finished_at=at, fetched=parsed,
            parsed=parsed, counters={"known/unchanged": unchanged},
        )  # fmt: skip
        (folder / "postings.jsonl.zst").write_bytes(zstandard.compress(b""))
        (folder / "report.json").write_bytes(msgspec.json.encode(report))
        return folder

    return do


def test_runs_of_the_week_are_counted_and_older_ones_are_not(sources, ran, tmp_path, now):
    ran("sample_board", 10, parsed=100)
    ran("sample_board", 3)
    ran("sample_board", 1, "blocked", 0, "CAPTCHA")
    found = {one.source: one for one in coverage(sources, str(tmp_path / "runs"), now - timedelta(days=7), now)}
    board = found["sample_board"]
    assert (board.runs, board.states, board.postings, board.dark) == (2, {"blocked": 1, "ok": 1}, 25, False)
    assert any("CAPTCHA" in finding.problem for finding in board.findings)


def test_a_source_that_never_ran_is_dark_and_a_disabled_one_is_left_out(sources, tmp_path, now):
    found = {one.source: one for one in coverage(sources, str(tmp_path / "runs"), now - timedelta(days=7), now)}
    assert set(found) == {"sample_board", "sample_feed"}
    assert found["sample_feed"].dark
    assert found["sample_feed"].findings


def test_a_damaged_report_is_a_finding_not_a_crash(sources, ran, tmp_path, now):
    (ran("sample_board", 1) / "report.json").write_text("{")
    found = {one.source: one for one in coverage(sources, str(tmp_path / "runs"), now - timedelta(days=7), now)}
    assert [finding.name for finding in found["sample_board"].findings if finding.name == "damaged"] == ["damaged"]


def test_sources_that_need_attention_come_first_and_disabled_ones_last(sources, ran, tmp_path, now):
    ran("sample_board", -7)
    week_later = now + timedelta(days=7)
    names = [source.name for source, _ in source_health(sources, str(tmp_path / "runs"), week_later)]
    assert names[0] == "sample_feed"
    assert names[-1] == "ph_jobstreet"


def test_a_week_is_as_covered_as_its_worst_run(sources, ran, tmp_path, now):
    ran("sample_board", 6, parsed=24)
    ran("sample_board", 5, "changed", 8, "8 of 24 adverts", unchanged=8)
    ran("sample_board", 3, "changed", 8, "8 of 24 adverts", unchanged=8)
    ran("sample_board", 1, parsed=24, unchanged=24)
    found = {one.source: one for one in coverage(sources, str(tmp_path / "runs"), now - timedelta(days=7), now)}
    board = found["sample_board"]
    assert (board.worst.state, board.worst.read, board.worst.expected) == ("changed", 8, 24)
    assert not board.is_whole


def test_an_advert_read_by_every_run_counts_once(sources, ran, tmp_path, now):
    ran("sample_board", 6, parsed=24)
    for days in (5, 4, 3, 2):
        ran("sample_board", days, parsed=25, unchanged=24)
    found = {one.source: one for one in coverage(sources, str(tmp_path / "runs"), now - timedelta(days=7), now)}
    assert found["sample_board"].postings == 28


@pytest.mark.parametrize("state", ["partial", "changed", "blocked", "failed", "empty"])
def test_one_run_that_was_not_whole_is_said_in_the_mail(sources, ran, tmp_path, now, state):
    (board,) = [one for one in sources if one.name == "sample_board"]
    ran("sample_board", 2, state, 8, "8 of 24 adverts")
    ran("sample_board", 1, parsed=24)
    (covered,) = coverage([board.model_copy(update={"enabled": True})], str(tmp_path / "runs"), now - timedelta(days=7), now)
    week = Edition(
        week="2026-W48", subscription="weekly", since=now - timedelta(days=7), until=now, counts=WeekCounts(),
        coverage=(covered,), audit_head="",
    )  # fmt: skip
    assert week.incomplete_sources == (covered,)
    for body in (render.text(week, "https://desk.example.org", "Desk"), render.html(week, "https://desk.example.org", "Desk")):
        assert ("(8 of 24 read)" if state == "partial" else f"({state}: 8 of 24 read)") in body
        assert "read whole" not in body
