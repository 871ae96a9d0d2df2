"""What sources cost and brought adds up by week, and a schedule is proposed from it and written only when accepted."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from click.testing import CliRunner

from crawlers.sources.source import load_source, read_sources
from desk.cases.case_decisions import confirm
from desk.database import open_database
from desk.digest.edition import iso_week
from desk.people.accounts import add_user
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.cost_ledger import LedgerRow, accept_schedule, ledger, proposals
from lurewatch.cli.contents import cli
from lurewatch.settings import SHIPPED_SEEDS
from tests.lurewatch.app.planted_stack import NOW, Stack
from tests.workplace import work_in


@pytest.fixture
def stack(tmp_path):
    made = Stack(tmp_path)
    made.add_source("board")
    return made


def confirmed(stack, *items):
    """Let an analyst confirm items of the index."""
    engine, store = open_database(stack.settings.database), SqliteStore(stack.folder / "index.sqlite")
    analyst = add_user(engine, name="minh", email="minh@example.org", role="analyst", password="gravel-lantern-otter-93", now=NOW)
    for record in store.get_many(items).values():
        confirm(
            engine, [record], tag="scam_compound", severity="high", clause="x", ground=record.posting.text, by=analyst, now=NOW,
            seen={record.id: 0},
        )  # fmt: skip
    store.close()
    engine.dispose()


def test_costs_and_yields_of_a_week_add_up(stack):
    """NOW is a Saturday; the item of nine days ago belongs to the week before."""
    for hours, known in ((8, 15), (32, 20)):
        counters = {"cost/bytes": 1_000_000, "cost/browser_ms": 2500, "known/unchanged": known}
        stack.seal("board", hours=hours, counters=counters)
    stack.seal("board", hours=24 * 8, counters={"known/unchanged": 20})
    stack.seal("board", hours=24 * 40)
    for days in (1, 2, 9):
        stack.put(days)
    confirmed(stack, "1", "9")
    before, this_week = ledger(stack.settings, NOW, 2)
    assert (before.week, this_week.week) == ("2026-W47", "2026-W48")
    costs = (this_week.runs, this_week.requests, this_week.bytes, this_week.browser_seconds, this_week.new_adverts)
    assert costs == (2, 24, 2_000_000, 5.0, 5)
    assert (this_week.confirmed, this_week.flagged, before.confirmed, before.flagged) == (1, 1, 1, 0)
    assert this_week.confirmed_per_1000 == pytest.approx(1000 / 24)
    assert LedgerRow(source="board", week="2026-W01").confirmed_per_1000 is None


def test_a_week_begins_on_monday_in_utc():
    assert iso_week(datetime(2026, 11, 29, 23, 59, tzinfo=UTC)) == "2026-W48"
    assert iso_week(datetime(2026, 11, 30, tzinfo=UTC)) == "2026-W49"
    assert iso_week(datetime(2027, 1, 1, tzinfo=UTC)) == "2026-W53"


def row(source, *, runs=56, requests=4000, **more):
    return LedgerRow(source=source, week="2026-W48", runs=runs, requests=requests, **more)


def proposed(stack, *rows, delay=5.0, requests=200, schedule="17 3 * * *", review_by=None):
    """Return (direction, schedule) for the board, with a passport that asks so gently."""
    (source,) = read_sources(stack.settings.seeds)[0]
    access = {"delay_seconds": delay, "requests_per_run": requests} | ({"review_by": review_by} if review_by else {})
    source = source.model_copy(update={"access": source.access.model_copy(update=access), "schedule": schedule})
    return [(entry.direction, entry.proposed) for entry in proposals([source], rows, NOW)]


FRUITFUL, FRUITLESS, OTHER = row("board", confirmed=4), row("board"), row("other", confirmed=1)


def test_a_source_that_brings_confirmed_lures_is_asked_one_step_more_often(stack):
    assert proposed(stack, FRUITFUL) == [("quicker", "17 3,15 * * *")]
    assert proposed(stack, FRUITFUL, schedule="17 3,15 * * *") == [("quicker", "17 3,9,15,21 * * *")]
    assert proposed(stack, FRUITFUL, schedule="17 3 * * 1") == [("quicker", "17 3 * * 1,4")]


def test_the_access_passport_bounds_it(stack):
    """Five hours of pauses fill more than a quarter of twelve hours; a passport that ran out lets nothing run more often."""
    assert proposed(stack, FRUITFUL, delay=60, requests=300) == []
    assert proposed(stack, FRUITFUL, review_by=NOW.date() - timedelta(days=1)) == []


def test_a_source_that_brings_nothing_is_asked_less_often_once_people_decide(stack):
    assert proposed(stack, FRUITLESS, OTHER) == [("slower", "17 3 * * 1,3,5")]
    assert proposed(stack, FRUITLESS) == []
    assert proposed(stack, row("board", flagged=1), OTHER) == []
    assert proposed(stack, FRUITLESS, OTHER, schedule="17 3 * * 1") == []


def test_too_little_is_no_ground_for_a_proposal(stack):
    assert proposed(stack, row("board", runs=3, confirmed=9)) == []
    assert proposed(stack, row("board", requests=60), OTHER) == []


@pytest.mark.parametrize("schedule", ["17 3 * * *", "5 */4 * * *", "55 */6 * * *", "0 0 * * 0", "30 22 1 * *"])
def test_each_proposal_is_a_schedule_that_loads(stack, schedule):
    file = stack.settings.seeds / "sources" / "board.yml"
    for rows in ((FRUITFUL,), (FRUITLESS, OTHER)):
        for _, cron in proposed(stack, *rows, schedule=schedule):
            file.write_text(file.read_text().replace(f'"{load_source(file).schedule}"', f'"{cron}"'))
            assert load_source(file).schedule == cron


def test_nothing_changes_before_an_operator_accepts(stack, monkeypatch):
    work_in(stack.folder, monkeypatch)
    now = datetime.now(UTC)
    for run in range(10):
        stack.seal("board", hours=(NOW - now).total_seconds() / 3600 + 1 + 24 * run)
    file = stack.settings.seeds / "sources" / "board.yml"
    hours = (NOW - now).total_seconds() / 3600
    for number in range(3):
        stack.put(hours / 24 + 1 + number)
    store = SqliteStore(stack.folder / "index.sqlite")
    ids = list(store.ids("board"))
    store.close()
    confirmed(stack, *ids)
    before = file.read_text()
    shown = CliRunner().invoke(cli, ["sources", "schedule", "--json"])
    (entry,) = [json.loads(line) for line in shown.output.splitlines()]
    assert (entry["direction"], entry["schedule"], file.read_text()) == ("quicker", "17 3 * * *", before)
    table = CliRunner().invoke(cli, ["sources", "ledger", "--weeks", "4", "board"])
    assert table.exit_code == 0 and "board" in table.output and "3 " in table.output, table.output
    assert CliRunner().invoke(cli, ["sources", "schedule", "--accept"]).exit_code == 2
    assert "nothing is proposed for nobody" in CliRunner().invoke(cli, ["sources", "schedule", "nobody", "--accept"]).output
    written = CliRunner().invoke(cli, ["sources", "schedule", "board", "--accept"])
    assert written.exit_code == 0, written.output
    changed = [line for line in file.read_text().splitlines() if line not in before.splitlines()]
    (line,) = changed
    assert line.startswith('schedule: "17 3,15 * * *"   ') and line.endswith("# `lurewatch demo` serves and runs it")


def test_the_shipped_seeds_are_never_written(stack):
    settings = stack.settings.model_copy(update={"seeds": SHIPPED_SEEDS})
    proposal = msgspec.structs.replace(
        proposals(read_sources(stack.settings.seeds)[0], [FRUITFUL], NOW)[0], source="sample_board"
    )  # fmt: skip
    with pytest.raises(PermanentError, match="only read"):
        accept_schedule(settings, proposal)
