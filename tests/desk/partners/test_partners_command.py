"""`lurewatch takedown partners` as a shell calls it: tokens, answers taken in, and what it refuses."""

import json
import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from desk.partners.answers import GivenAnswer, give_answers
from desk.partners.partner_tokens import token_partner
from lurewatch.app.partner_door import open_door
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.desk.conftest import PASSWORD
from tests.desk.partners.conftest import tell


@pytest.fixture
def run(desk_db, sqlite_url, people, seeds, monkeypatch, tmp_path):
    """Return a function that runs a command against the desk, as a lead."""
    for name, value in {"DATABASE": sqlite_url, "SEEDS": str(seeds), "ALLOW_LOOPBACK": "true"}.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", value)
    monkeypatch.chdir(tmp_path)

    def invoke(*words, who="lead"):
        signed = ["--as", who, "--password-stdin"] if words[0] in ("token", "revoke") else []
        return CliRunner().invoke(cli, ["takedown", "partners", *words, *signed], input=f"{PASSWORD}\n")

    return invoke


def test_a_lead_makes_a_token_and_revokes_it(run, desk_db):
    made = run("token", "telegram", "--name", "case tool", "--read-only")
    assert made.exit_code == 0, made.output
    value = re.search(r"lwp_\S+", made.output)[0]
    assert token_partner(desk_db, value, datetime.now(UTC)).scopes == ("read",)
    assert (value in run("show").output, "case tool" in run("show").output) == (False, True)
    assert run("revoke", "1").exit_code == 0
    assert token_partner(desk_db, value, datetime.now(UTC)) is None


@pytest.mark.parametrize(("words", "who", "told"), [
    (("token", "nobody", "--name", "x"), "lead", "no platform 'nobody'"),
    (("token", "telegram", "--name", "x"), "minh", "ask a lead"),
    (("revoke", "7"), "lead", "no token 7"), (("grant", "door"), "lead", "SQLite has no roles"),
    (("serve", "--bind", "0.0.0.0:8090"), "lead", "in the clear"),
])  # fmt: skip
def test_what_cannot_be_done_is_one_line(run, words, who, told):
    result = run(*words, who=who)
    assert (result.exit_code, told in result.output) == (1, True), result.output


def test_answers_are_taken_in_once(run, desk_db, people):
    (notice,) = tell(desk_db, people["minh"], datetime.now(UTC), "telegram", "item")
    given = GivenAnswer(key="1", notice_id=notice, kind="refused", reason="no_breach")
    give_answers(desk_db, "telegram", [given], now=datetime.now(UTC))
    assert run("sync").output.startswith("1 answers taken in")
    assert run("sync").output.startswith("0 answers taken in")
    shown = [json.loads(line) for line in run("show", "--json").output.splitlines()]
    assert {"platform": "telegram", "answers": {"refused": 1}} in shown
    assert "secret" not in json.dumps(shown)


def test_the_door_opens_as_the_settings_say(run, monkeypatch):
    monkeypatch.setenv("LUREWATCH_DOOR_URL", "https://notices.example.org/")
    door = open_door(load_settings())
    assert (door.public_url, door.notifier.name) == ("https://notices.example.org", "LureWatch operator")
    assert door.titles["telegram"] == "Telegram", "a reader knows its own name, not a key of ours"
    door.engine.dispose()
    monkeypatch.setenv("LUREWATCH_SEEDS", "nowhere")
    assert open_door(load_settings()).titles == {}, "it serves without seeds"
