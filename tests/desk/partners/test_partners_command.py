"""`lurewatch takedown partners` as a shell calls it: answers taken in, and what it refuses."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from desk.partners.answers import GivenAnswer, give_answers
from lurewatch.app.partner_door import open_door
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.desk.partners.conftest import tell


@pytest.fixture
def run(desk_db, sqlite_url, people, seeds, monkeypatch, tmp_path):
    """Return a function that runs a command against the desk."""
    for name, value in {"DATABASE": sqlite_url, "SEEDS": str(seeds), "ALLOW_LOOPBACK": "true"}.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", value)
    monkeypatch.chdir(tmp_path)

    def invoke(*words):
        return CliRunner().invoke(cli, ["takedown", *words])

    return invoke


@pytest.mark.parametrize(("words", "told"), [
    (("partners", "grant", "door"), "SQLite has no roles"), (("partners", "serve", "--bind", "0.0.0.0:8090"), "in the clear"),
])  # fmt: skip
def test_what_cannot_be_done_is_one_line(run, words, told):
    result = run(*words)
    assert (result.exit_code, told in result.output) == (1, True), result.output


def test_answers_are_taken_in_once(run, desk_db, people):
    (notice,) = tell(desk_db, people["minh"], datetime.now(UTC), "telegram", "item")
    given = GivenAnswer(key="1", notice_id=notice, kind="refused", reason="no_breach")
    give_answers(desk_db, "telegram", [given], now=datetime.now(UTC))
    assert "1 answers of platforms taken in" in run("send").stderr
    assert "taken in" not in run("send").stderr


def test_the_door_opens_as_the_settings_say(run, monkeypatch):
    monkeypatch.setenv("LUREWATCH_DOOR_URL", "https://notices.example.org/")
    door = open_door(load_settings())
    assert (door.public_url, door.notifier.name) == ("https://notices.example.org", "LureWatch operator")
    assert door.titles["telegram"] == "Telegram", "a reader knows its own name, not a key of ours"
    door.engine.dispose()
    monkeypatch.setenv("LUREWATCH_SEEDS", "nowhere")
    assert open_door(load_settings()).titles == {}, "it serves without seeds"
