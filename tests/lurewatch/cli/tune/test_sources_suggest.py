"""`lurewatch sources suggest` teaches, lists, and turns down as a person of the desk; nothing is asked on the way."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from desk.database import open_database
from desk.people.accounts import add_user
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.cli.contents import cli
from tests.desk.venues.conftest import make_record

PASSWORD = "gravel-lantern-otter-93"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs `lurewatch sources suggest` in a folder with an operator, two lures and no source."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds" / "sources").mkdir(parents=True)
    engine = open_database(f"sqlite:///{tmp_path / 'data' / 'desk.sqlite'}")
    now = datetime(2026, 11, 29, tzinfo=UTC)
    add_user(engine, name="lan", email="lan@example.org", role="operator", password=PASSWORD, now=now)
    return lambda *words: CliRunner().invoke(cli, ["sources", "suggest", *words], input=f"{PASSWORD}\n")


@pytest.fixture
def lures(tmp_path, run):
    """Put two lures into the index that name one channel."""
    store = SqliteStore(tmp_path / "data" / "index.sqlite")
    store.put([make_record(name, contacts=("telegram:sample_crew", "telegram:sample_hr_anna")) for name in ("a", "b")])
    store.close()


def test_an_empty_index_says_so_and_what_to_do(run):
    result = run()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No source is suggested" in result.stderr
    assert "--all" in result.stderr
    assert "Nobody ruled" in run("--rulings").stderr


def test_the_list_shows_why(run, lures):
    text = run().output
    assert "telegram:sample_crew" in text
    assert "2 different lures (0 confirmed) in 1 source lead there" in text
    assert "- a flagged, names it, board: Wanted: a" in text
    lines = [json.loads(line) for line in run("--json").stdout.splitlines()]
    assert {line["venue"] for line in lines} == {"telegram:sample_crew", "telegram:sample_hr_anna"}


def test_a_refusal_and_its_undo_are_kept_with_name_and_reason(run, lures):
    words = ("--as", "lan", "--password-stdin", "--reason", "a private person")
    result = run("rule", "refuse", "@sample_crew", *words)
    assert "telegram:sample_crew: refused by lan" in result.output, result.output
    assert "telegram:sample_crew - " not in run().output
    assert "not suggested: refused by lan" in run("--all").output
    assert json.loads(run("--rulings", "--json").stdout)["reason"] == "a private person"
    assert "that is undone" in run("rule", "undo", "telegram:sample_crew", *words).output
    assert "never suggested again" in run("rule", "block", "telegram:sample_crew", *words).output


def test_a_group_is_named_as_unreadable_without_a_look(run):
    result = run("--probe", "https://chat.whatsapp.com/AbC", "--json")
    assert json.loads(result.stdout) | {"outcome": "closed", "requests": 0} == json.loads(result.stdout)
    assert "cannot be read publicly" in run("--probe", "https://facebook.com/groups/work").output


def test_a_wrong_name_is_one_clear_line(run):
    result = run("--probe", "??")
    assert (result.exit_code, "names no venue" in result.output) == (1, True)
