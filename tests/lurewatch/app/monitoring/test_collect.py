"""What a monitoring system reads of a whole stack: the figures are right, cheap, and no part takes another down."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus
from sqlalchemy import insert

from crawlers.evidence.partition import Report
from crawlers.sources.source_folder import SourceFiles
from desk.database import open_database, writing
from desk.tables import audit, deliveries, digests, lists
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.in_force import InForce, read_in_force
from lurewatch.app.monitoring.catalogue import SERIES, sample
from lurewatch.app.monitoring.collect import MetricsCollector, openmetrics_text
from lurewatch.app.monitoring.run_reports import RUNS, figures_of
from lurewatch.cli.contents import cli
from tests.growth import loop_steps
from tests.lurewatch.app.planted_stack import NOW, Stack
from tests.workplace import work_in


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    made = Stack(tmp_path)
    made.add_source("board")
    return made


def test_the_figures_of_a_stack_with_history_are_those_planted(stack):
    for hours in (32, 56):
        stack.seal("board", hours=hours)
    stack.seal("board", "blocked", hours=8, rejected={"no_text": 3}, postings=5)
    for days, flagged in ((1, True), (30, True), (40, False)):
        stack.put(days, flagged=flagged)
    engine = open_database(stack.settings.database)
    with writing(engine) as connection:
        for number, state in enumerate(("sent", "sent", "queued")):
            connection.execute(
                insert(deliveries).values(
                    period="2026-W48", subscription="digest", recipient=f"{number}@example.org", message_id=f"<{number}>",
                    state=state, message=b"", attempts=0, error="", queued_at=NOW,
                )
            )  # fmt: skip
        connection.execute(insert(digests).values(week="2026-W48", subscription="digest", built_at=NOW, body="{}"))
        connection.execute(
            insert(lists).values(platform="p", number=1, state="built", manifest_sha256="0" * 64, service="s", built_at=NOW)
        )
    engine.dispose()
    figures = {(entry.name, entry.labels): entry.value for entry in stack.samples()}
    expected = {
        ("lurewatch_source_runs", ("board", "ok")): 2, ("lurewatch_source_state", ("board", "blocked")): 1,
        ("lurewatch_source_silence_state", ("board", "blocked")): 1, ("lurewatch_source_quiet_days", ("board",)): 0,
        ("lurewatch_source_quiet_chance", ("board",)): 1, ("lurewatch_run_postings", ("board",)): 5,
        ("lurewatch_run_rejected", ("board",)): 3, ("lurewatch_run_seconds", ("board", "crawl")): 90,
        ("lurewatch_index_records", ()): 3, ("lurewatch_index_flagged", ()): 2, ("lurewatch_queue_items", ()): 2,
        ("lurewatch_queue_oldest_days", ()): 30, ("lurewatch_index_lag_seconds", ()): 0, ("lurewatch_deliveries", ("sent",)): 2,
        ("lurewatch_takedown_lists", ("built",)): 1, ("lurewatch_digest_age_seconds", ()): 0, ("lurewatch_up", ("index",)): 1,
        ("lurewatch_disk_free_ratio", ("database",)): 0.5,
    }  # fmt: skip
    assert {key: figures.get(key) for key in expected} == expected
    assert figures["lurewatch_run_seconds", ("board", "load")] > 0  # since the seal, by the index's clock
    parsed = {family.name for family in openmetrics(openmetrics_text(stack.samples()).decode())}
    sys.stdout.write(f"{len(parsed)} series exposed of {len(SERIES)}\n")
    assert len(parsed) >= 38 and parsed <= set(SERIES)


def test_a_digest_that_never_came_is_as_old_as_the_desk_where_somebody_waits_for_it(stack):
    engine = open_database(stack.settings.database)
    with writing(engine) as connection:
        entry = dict.fromkeys(("actor", "action", "subject", "detail", "prev", "hash"), "-")
        connection.execute(insert(audit).values(seq=1, at=(NOW - timedelta(days=35)).isoformat(), **entry))
    engine.dispose()
    assert stack.value("lurewatch_digest_age_seconds") is None
    stack.changed["digest_recipients"] = "one@example.org"
    assert stack.value("lurewatch_digest_age_seconds") == 35 * 86_400


def test_nothing_is_made_by_asking_for_it(stack):
    assert stack.value("lurewatch_up", "index") == stack.value("lurewatch_up", "database") == 1
    assert [path.name for path in stack.folder.iterdir()] == ["seeds"]


def test_a_damaged_report_is_counted_and_an_unfinished_run_is_none(stack):
    stack.seal("board")
    for run_id, content in (("20261128T090000Z", "{"), ("20261128T100000Z", None)):
        folder = stack.folder / "runs" / "board" / run_id
        folder.mkdir()
        if content:
            (folder / "report.json").write_text(content)
    assert stack.value("lurewatch_reports_damaged") == 1
    assert stack.value("lurewatch_source_state", "board", "ok") == 1


def test_a_source_that_is_switched_off_has_no_series(stack):
    file = stack.folder / "seeds" / "sources" / "board.yml"
    file.write_text(file.read_text().replace("enabled: true", "enabled: false"))
    stack.seal("board", "blocked")
    assert stack.value("lurewatch_source_state", "board", "blocked") is None
    assert stack.value("lurewatch_sources", "off") == 1


def test_a_series_outside_the_catalogue_is_refused():
    for name, labels in (("lurewatch_other", ()), ("lurewatch_up", ()), ("lurewatch_index_records", ("board",))):
        with pytest.raises(ValueError, match="not in the catalogue"):
            sample(name, 1, *labels)


def test_each_report_is_read_once_and_five_hundred_sources_cost_about_a_second(stack, monkeypatch):
    """A scrape once every report is known, every source with ten runs; run with -s to see it."""
    address = stack.seal("board")
    content = (Path(address.removeprefix("file://")) / "report.json").read_bytes()
    (source,) = read_in_force(stack.settings).sources
    sources = [source.model_copy(update={"name": f"board_{number:03}"}) for number in range(500)]
    for each in sources:
        for run in range(RUNS):
            folder = stack.folder / "runs" / each.name / f"20261128T0{run}0000Z"
            folder.mkdir(parents=True)
            (folder / "report.json").write_bytes(content)
    store = SqliteStore(stack.folder / "index.sqlite")
    monkeypatch.setattr(InForce, "files", SourceFiles(sources=tuple(sources)))
    collector = MetricsCollector(stack.settings, store=store)

    def scrape() -> bytes:
        return openmetrics_text(collector.samples(NOW))

    size = len(scrape())
    monkeypatch.setattr("lurewatch.app.monitoring.run_reports.read_report", None)  # from now on reading would fail
    limit = 20_000_000  # a second or two
    steps = loop_steps(scrape, limit)
    store.close()
    sys.stdout.write(f"500 sources, 5,000 reports: a scrape of {size:,} bytes costs as much as {steps:,.0f} steps of a loop\n")
    assert steps <= limit


def test_a_report_is_read_once_by_all_processes_with_one_state_folder(stack, monkeypatch):
    stack.settings.state.mkdir()
    stack.seal("board", hours=32)
    expected = stack.samples()
    monkeypatch.setattr("lurewatch.app.monitoring.run_reports.read_report", None)  # from now on reading would fail
    values = [[entry for entry in samples if entry.name.startswith("lurewatch_run_")] for samples in (expected, stack.samples())]
    assert values[0] and values[0] == values[1]
    (stack.settings.state / "run-figures.json").write_text("{")
    monkeypatch.undo()
    assert stack.value("lurewatch_up", "runs") == 1


def test_the_figures_of_a_report_forget_its_texts():
    report = Report(source="board", run_id="run", state="ok", started_at=NOW, finished_at=NOW, fetched=1, parsed=1)
    assert len(msgspec.json.encode(figures_of("file:///runs/board/run", report))) < 500


def test_the_command_writes_openmetrics_and_a_file_for_the_textfile_collector(stack, monkeypatch):
    work_in(stack.folder, monkeypatch)
    stack.seal("board")
    shown = CliRunner().invoke(cli, ["doctor", "metrics"])
    assert shown.exit_code == 0 and "lurewatch_source_state" in {family.name for family in openmetrics(shown.output)}
    written = CliRunner().invoke(cli, ["doctor", "metrics", "--output", "lurewatch.prom"])
    assert (written.exit_code, written.output) == (0, "")
    assert "lurewatch_up" in {family.name for family in prometheus((stack.folder / "lurewatch.prom").read_text())}
    refused = CliRunner().invoke(cli, ["doctor", "metrics", "--output", "nowhere/lurewatch.prom"])
    assert refused.exit_code == 1 and "give another file with --output" in refused.output


def test_nothing_is_overdue_on_a_new_stack_however_old_its_source_files_are(stack):
    """Those of an image are. Once seen, a source that never runs is missed, by the next process too."""
    stack.add_source("fresh")
    stack.settings.state.mkdir()
    os.utime(stack.folder / "seeds" / "sources" / "fresh.yml", (0, 0))

    def overdue(now):
        samples = MetricsCollector(stack.settings).samples(now)
        return {entry.labels[0]: entry.value for entry in samples if entry.name == "lurewatch_source_overdue_seconds"}["fresh"]

    assert overdue(NOW) == 0
    assert overdue(NOW + timedelta(days=2)) > 0
