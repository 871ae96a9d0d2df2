"""`lurewatch seeds`: what waits is shown with what it does, accepted with a log-in, by another."""

import json

import pytest
from click.testing import CliRunner, Result

from lurewatch.cli.contents import cli
from tests.seed_house import PASSWORD, SeedHouse
from tests.workplace import work_in


@pytest.fixture
def shell(house: SeedHouse, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    work_in(house.folder, monkeypatch)
    return CliRunner()


def accept(shell: CliRunner, name: str, password: str = PASSWORD) -> Result:
    words = ["seeds", "accept", "--why", "it moved", "--as", name, "--password-stdin"]
    return shell.invoke(cli, words, input=f"{password}\n")


def test_what_waits_is_shown_and_accepted_by_another(house: SeedHouse, shell: CliRunner) -> None:
    assert "nothing waits" in shell.invoke(cli, ["seeds", "diff"]).output
    house.edit("sources/board.yml", "abuse@board.example.org", "reports@board.example.org")
    made = house.commit("ann", "Follow the platform")
    shown = shell.invoke(cli, ["seeds", "diff"])
    assert shown.exit_code == 0 and f"{made[:12]} Follow the platform" in shown.output
    assert "lists of board go to reports@board.example.org, to abuse@board.example.org before" in shown.output
    assert "+  takedown: {contact: reports@board.example.org" in shown.output
    (line,) = shell.invoke(cli, ["seeds", "diff", "--json"]).output.splitlines()
    assert json.loads(line)["signed_by"] == "ann@example.org"
    assert accept(shell, "ann").exit_code == 1 and accept(shell, "mallory", "wrong").exit_code == 1
    done = accept(shell, "mallory")
    assert done.exit_code == 0 and f"{made[:12]} is in force" in done.output


def test_a_faulty_commit_is_refused_before_the_password(house: SeedHouse, shell: CliRunner) -> None:
    house.edit("sources/board.yml", "kind: job_board", "kind: nonsense")
    house.commit("ann")
    refused = accept(shell, "mallory")
    assert refused.exit_code == 1 and "cannot be accepted" in refused.output and "kind" in refused.output
