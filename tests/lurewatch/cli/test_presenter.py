"""What every command shows with: ids stay whole in a narrow terminal, JSON keeps what is no Unicode, a full disk is one line."""

import io
import json
from pathlib import Path

import click
import pytest
from rich.console import Console

from foundation.messages import _
from lurewatch.cli.presenter import make_table, print_json, read_texts, writing_to


def test_what_is_copied_is_never_broken_at_80_columns() -> None:
    """The other columns fold; nothing is cut off."""
    name, words = "a-name-of-thirty-characters-xx", "many words that say at length what it is, more than a line of a terminal"
    table = make_table("name", "words", "count", right=("count",), whole=("name",))
    table.add_row(name, words, "12")
    shown = io.StringIO()
    Console(file=shown, width=80).print(table)
    assert name in shown.getvalue() and "…" not in shown.getvalue()
    assert set(words.split()) <= set(shown.getvalue().split())
    assert max(map(len, shown.getvalue().splitlines())) <= 80


def test_a_value_is_a_line_even_with_a_broken_surrogate(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "odd \ud800 letter"}, {"text": "nghề"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [{"text": "odd \ud800 letter"}, {"text": "nghề"}]


def test_a_sentence_of_ours_is_printed_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"refusal": _("list %(id)s", id=7)}, {"refusal": _("list %(id)s", id="\ud800")})
    assert [json.loads(line)["refusal"] for line in capsys.readouterr().out.splitlines()] == ["list 7", "list \ud800"]


def test_what_cannot_be_written_names_the_option(tmp_path: Path) -> None:
    target = tmp_path / "none" / "file"
    with pytest.raises(click.ClickException, match="give another folder with --into"), writing_to(target, "--into", "folder"):
        target.write_text("x")


def test_texts_of_a_file_come_with_the_lines_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"id": "a", "text": "x"}\nno json\n')
    assert [hasattr(line, "reason") for lines in read_texts(file) for line in lines] == [False, True]
