"""`lurewatch models uncertain`: the week's items as lines and as JSON."""

import json

import pytest
from click.testing import CliRunner

from crawlers.items import Posting
from enrichment.assessment import Assessment, Language
from index.base import Record
from lurewatch.app import challengers
from lurewatch.cli.tune.models_command import command
from tests.lurewatch.models.conftest import NOW


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """Return what waits this week, as a list a test fills."""
    records: list[Record] = []
    monkeypatch.setattr(challengers, "uncertain", lambda settings, *, most: records[:most])
    return records


def test_the_week_is_told_as_lines_and_as_json(waiting: list[Record]) -> None:
    """A reader sees where to look, a program reads the same."""
    runner = CliRunner()
    told = runner.invoke(command, ["uncertain"])
    assert (told.exit_code, told.stdout, told.stderr) == (0, "", "nothing is uncertain this week\n")
    spoken = Language(code="vi", script="Latn", confidence=1.0)
    for name in ("a", "b"):
        judged = Assessment(id=name, language=spoken, stance="offer", score=51.2, flagged=True, tag="scam_compound")
        posting = Posting(id=name, source="board", url="https://board.example.org/a", text="x")
        common = {"first_seen": NOW, "last_seen": NOW, "run_id": "r", "partition": "p", "campaign": "crew"}
        waiting.append(Record(id=name, posting=posting, assessment=judged, **common))
    assert runner.invoke(command, ["uncertain", "--most", "1"]).stdout.split() == ["51.2", "vi", "board", "a", "crew"]
    rows = json.loads(runner.invoke(command, ["uncertain", "--json"]).stdout)
    assert [(row["id"], row["score"], row["campaign"]) for row in rows] == [("a", 51.2, "crew"), ("b", 51.2, "crew")]
