"""What a crawl is given besides its source."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from airflow.sdk.exceptions import AirflowSkipException
from click.testing import CliRunner

from crawlers.evidence.partition import REPORT, Report, State, read_report
from crawlers.sources.source import load_source
from desk.cases import case_decisions
from desk.database import open_database
from desk.people.accounts import add_user
from lurewatch import tasks
from lurewatch.app import pipeline
from lurewatch.app.crawl_inputs import rests_because, watched_items
from lurewatch.app.in_force import load_in_force
from lurewatch.app.pipeline import choose_sources, find_source, versions_in_force
from lurewatch.app.resources import store_of
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.desk.conftest import confirm_item
from tests.lurewatch.conftest import Seal

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def test_without_a_desk_nothing_is_watched_and_no_database_is_made(workplace: Path) -> None:
    settings = load_settings()
    assert watched_items(settings) == ()
    assert not list(workplace.rglob("*.sqlite"))


def test_a_desk_that_cannot_be_reached_does_not_stop_a_crawl(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LUREWATCH_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:9/desk")
    with caplog.at_level(logging.WARNING):
        assert watched_items(load_settings()) == ()
    assert "the desk's database cannot be read" in caplog.text


def test_confirmed_items_are_watched_until_the_decision_is_taken_back(sealed: Seal) -> None:
    settings = load_settings()
    store = store_of(settings)
    partition = sealed(
        "run-1", [("a", "Chat support abroad, flight paid, your passport is kept by the company."), ("b", "Cook in Hue.")]
    )
    pipeline.put(partition, pipeline.assess(partition, settings), store)
    engine = open_database(settings.database)
    analyst = add_user(engine, name="minh", email="minh@example.org", role="analyst", password="gravel-lantern-otter-93", now=NOW)
    records = store.get_many(["a", "b"])
    confirm_item(engine, records["a"], by=analyst, now=NOW)
    case_decisions.dismiss(engine, [records["b"]], reason="honest_employer", by=analyst, now=NOW, seen={"b": 0})
    assert watched_items(settings) == ("a",)
    case_decisions.undo(engine, ["a"], by=analyst, now=NOW, seen={"a": 1})
    assert watched_items(settings) == ()


REFUSED_AT = datetime(2026, 11, 29, 6, tzinfo=UTC)


def ended(workplace: Path, run_id: str, state: State, versions: dict[str, str]) -> str:
    """Seal the report of a run that ended so; return its address."""
    folder = workplace / "runs" / "board" / run_id
    folder.mkdir(parents=True)
    report = Report(
        source="board", run_id=run_id, state=state, reason="HTTP 429", started_at=REFUSED_AT, finished_at=REFUSED_AT,
        fetched=0, parsed=0,
        versions=versions,
    )  # fmt: skip
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    return f"file://{folder}"


@pytest.fixture
def crawls(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the sources that are crawled from now on; each crawl ends ok."""
    names: list[str] = []

    def crawl_ok(source: object, *_: object) -> tuple[str, Report]:
        names.append(source.name)  # type: ignore[attr-defined]
        partition = ended(workplace, f"run-{9 - len(names)}", "ok", {})
        return partition, read_report(partition)

    monkeypatch.setattr(pipeline, "fetch", crawl_ok)
    return names


def test_a_blocked_source_is_skipped_until_its_file_is_changed(workplace: Path, crawls: list[str]) -> None:
    settings = load_settings()
    ended(workplace, "run-1", "blocked", made_by_this_file())
    for _ in range(2):
        with pytest.raises(
            AirflowSkipException, match=r"board rests: the site refused run run-1 \(HTTP 429\).*sources health board"
        ):
            tasks.fetch_source("board")
    assert (crawls, choose_sources(settings, ())) == ([], [])
    path = settings.seeds / "sources" / "board.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# 2026-11-29: a passing fault of the site\n", encoding="utf-8")
    assert [source.name for source in choose_sources(settings, ())] == ["board"]
    tasks.fetch_source("board")
    assert crawls == ["board"]


def test_a_person_may_ask_a_site_that_refused(workplace: Path, crawls: list[str]) -> None:
    """By the Dag's parameter or by naming the source; what comes of it counts from then on."""
    settings = load_settings()
    ended(workplace, "run-1", "blocked", made_by_this_file())
    assert [source.name for source in choose_sources(settings, ("board",))] == ["board"]
    tasks.fetch_source("board", although_blocked=True)
    tasks.fetch_source("board")
    assert crawls == ["board", "board"]


def made_by_this_file() -> dict[str, str]:
    now = load_in_force()
    return versions_in_force(now, find_source(now, "board"))


@pytest.mark.parametrize(
    ("state", "versions"), [("changed", None), ("failed", None), ("blocked", {}), ("blocked", {"source": "0" * 64})]
)
def test_only_a_block_of_this_very_file_lets_a_source_rest(
    workplace: Path, crawls: list[str], state: State, versions: dict[str, str] | None
) -> None:
    """Reports of releases that named no version let no source rest."""
    ended(
        workplace,
        "run-1",
        state,
        made_by_this_file() if versions is None else versions,
    )
    tasks.fetch_source("board")
    assert crawls == ["board"]


@pytest.mark.parametrize(("outcome", "rests"), [("robots/unreachable", False), ("robots", True), ("block/http_403", True)])
def test_a_site_that_gave_no_answer_refused_nobody(workplace: Path, outcome: str, rests: bool) -> None:
    """Before `lurewatch demo sites` runs, its robots.txt cannot be had: the next run asks again."""
    settings = load_settings()
    address = ended(workplace, "run-1", "blocked", made_by_this_file())
    report = Path(address.removeprefix("file://")) / REPORT
    values = json.loads(report.read_bytes()) | {"causes": [{"outcome": outcome, "url": "http://127.0.0.1:8101/"}]}
    report.write_text(json.dumps(values), encoding="utf-8")
    assert bool(rests_because(settings, load_source(settings.seeds / "sources" / "board.yml"))) is rests
    if rests:  # and the message does not call it switched off
        told = CliRunner().invoke(cli, ["run"]).output
        assert "all 1 enabled sources rest" in told and "`lurewatch run board`" in told
