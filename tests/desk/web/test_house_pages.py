"""Sources as they are watched: how full their runs were, their yield, and the reports of runs."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from crawlers.evidence.partition import POSTINGS, REPORT, Cause, ListCoverage, Report
from crawlers.sources.source import load_source


@pytest.fixture
def desk(desk, seeds):
    board = load_source(seeds / "sources" / "sample_board.yml")
    return replace(desk, sources=lambda: (board,))


def ran(desk, days_ago, state, adverts, coverage=None, **more):
    """Write the report of a run."""
    began = desk.clock() - timedelta(days=days_ago)
    folder = Path(desk.runs) / "sample_board" / f"{began:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    (folder / POSTINGS).write_bytes(b"")
    report = Report(
        source="sample_board", run_id=folder.name, state=state, started_at=began, finished_at=began, fetched=adverts,
        parsed=adverts, coverage=coverage or ListCoverage(), **more,
    )  # fmt: skip
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    return folder


def test_runs_are_drawn_and_told_in_words_and_the_yield_leads_to_the_adverts(login, desk, store, record):
    ran(desk, 2, "ok", 40)
    ran(desk, 1, "partial", 10, ListCoverage(announced=40, seen=10, missing=30))
    store.put([record(1), record(2), record(3, flagged=False, score=3.0)])
    page = login("viewer").page("/sources")
    assert "Adverts read, oldest run first: 40, 10 (partial)" in page
    assert "partial, 10 adverts, 25 % of what its lists announce" in page
    assert page.count("<rect") == 2 and 'height="22.0"' in page
    assert "2 flagged</a>" in page and "of 3</small>" in page
    link = page.split("2 flagged</a>")[0].rpartition('href="')[2].split('"')[0].replace("&amp;", "&")
    assert login("viewer").page(link).count('<li class="line') == 2 or "of 2" in login("viewer").page(link)


def test_a_source_that_never_ran_has_no_drawing_and_says_so(login, desk):
    page = login("viewer").page("/sources")
    assert "<rect" not in page and "never" in page


def test_how_full_the_fields_of_each_run_were_is_drawn_and_told(login, desk):
    ran(desk, 3, "ok", 4, fill_rate={"title": 1.0, "pay": 0.5})
    ran(desk, 2, "failed", 0)
    ran(desk, 1, "ok", 4, fill_rate={"title": 1.0, "pay": 0.0})
    page = login("viewer").page("/sources")
    assert "Fields filled, oldest run first: 75 %, none, 50 %" in page and "50 % of the fields filled" in page


def test_the_reports_of_runs_are_read_at_the_desk(login, desk):
    ran(desk, 2, "ok", 40)
    hostile = "<script>alert(1)</script> https://bad.example.org"
    ran(
        desk, 1, "partial", 10, ListCoverage(announced=40, seen=10, missing=30), reason=hostile, warnings=(hostile,),
        rejected={"too_short": 3}, fill_rate={"title": 0.75}, causes=(Cause(outcome="http/500", url="https://board.example.org/9"),),
    )  # fmt: skip
    viewer = login("viewer")
    page = viewer.page("/runs?source=sample_board")
    assert page.count('<td class="when">') == 2 and page.index("partial") < page.index(">ok<")
    page = viewer.page(page.split('<td class="when"><a href="')[1].split('"')[0])
    assert "10 of 40 announced seen" in page and "HTTP 500 at hxxps://board[.]example[.]org/9" in page and "75 %" in page
    assert "<script>alert" not in page and "bad[.]example[.]org" in page and "too short" in page
    assert viewer.get("/runs/sample_board/../../etc").status_code == 404
    assert viewer.get("/runs/sample_board/20200101T000000Z").status_code == 404
    assert viewer.get("/runs/no_such/20200101T000000Z").status_code == 404


def test_a_report_that_cannot_be_read_is_named_and_stops_no_other(login, desk):
    folder = ran(desk, 2, "ok", 40)
    (folder / REPORT).write_bytes(b"{")
    ran(desk, 1, "ok", 41)
    viewer = login("viewer")
    page = viewer.page("/runs")
    assert "not a report" in page and ">41<" in page
    assert viewer.get(f"/runs/sample_board/{folder.name}").status_code == 409
