"""Excerpts of reports are counted by what they hold, and texts by how many of theirs are judged alike."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.commands import command
from evaluation.measures import DataError
from evaluation.windows import render, report, split_windows

NEWS = (
    "The court heard three witnesses on Monday. They were brought across the river at night. A guard kept their passports. "
    "Police freed them in May. The trial goes on."
)
LURE = "Typists for Poipet, 2,000 USD a month. Free ticket and room. The company keeps your passport. Telegram @sample_hr_desk"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a report, and with a text that is none but labelled as a warning."""
    rows = [("1", "news", NEWS), ("2", "warning", LURE)]
    lines = [json.dumps({"id": id, "lang": "en", "label": 0, "class": kind, "text": text}) for id, kind, text in rows]
    path = tmp_path / "listings-some.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_windows_of_two_to_four_sentences_follow_on_each_other() -> None:
    """A text of no more sentences has no window of that size."""
    assert len(list(split_windows(NEWS))) == 4 + 3 + 2
    assert "".join(list(split_windows(NEWS))[0:4:2]) in NEWS
    assert list(split_windows("One. Two.")) == []


def test_excerpts_with_a_contact_are_counted_apart(file: Path, seeds: Path) -> None:
    """They repeat a lure that can be answered."""
    results = report([file], seeds=seeds)
    assert results["flagged"]["plain"]["news"] == [0, 9]
    assert results["flagged"]["with contact"]["warning"] == [2, 2]
    assert results["alike"][1] == 2
    shown = render(results)
    assert "0/9 0.000" in shown
    assert "2/2 1.000" in shown


def test_files_without_reports_are_refused(tmp_path: Path, seeds: Path) -> None:
    """The fault names the file."""
    empty = tmp_path / "listings-none.jsonl"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="listings-none"):
        report([empty], seeds=seeds)


def test_the_command_measures_the_file_it_is_given(file: Path) -> None:
    """And says it as a table."""
    result = CliRunner().invoke(command, ["windows", "--data", str(file)])
    assert result.exit_code == 0, result.output
    assert "excerpts flagged" in result.output
