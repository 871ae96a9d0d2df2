"""Sources as they are watched: how full their runs were, drawn and in words, and how much of what they gave is flagged."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from crawlers.evidence.partition import POSTINGS, REPORT, ListCoverage, Report
from crawlers.sources.source import load_source


@pytest.fixture
def desk(desk, seeds):
    board = load_source(seeds / "sources" / "sample_board.yml")
    return replace(desk, sources=lambda: (board,))


def ran(desk, days_ago, state, adverts, coverage=None):
    """Write the report of a run."""
    began = desk.clock() - timedelta(days=days_ago)
    folder = Path(desk.runs) / "sample_board" / f"{began:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    (folder / POSTINGS).write_bytes(b"")
    report = Report(
        source="sample_board", run_id=folder.name, state=state, started_at=began, finished_at=began, fetched=adverts,
        parsed=adverts, coverage=coverage or ListCoverage(),
    )  # fmt: skip
    (folder / REPORT).write_bytes(msgspec.json.encode(report))


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
    assert login("viewer").page(link).count('class="line"') == 2 or "of 2" in login("viewer").page(link)


def test_a_source_that_never_ran_has_no_drawing_and_says_so(login, desk):
    page = login("viewer").page("/sources")
    assert "<rect" not in page and "never" in page
