"""Reasons of unseen texts are read by two people on their own; what changes is unread again."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation import reasons
from evaluation.commands import command
from evaluation.measures import DataError
from evaluation.text_sets import carried_texts

LURE = "Typists for Myawaddy, 2,000 USD a month, no experience, free ticket and room, flying Friday. Telegram @sample_lure_one"
NAMED = {"a": ("en", LURE), "b": ("en", "The shop needs a baker. Bring a letter of application to the counter.")}


@pytest.fixture(scope="module")
def shown(seeds: Path) -> list[reasons.ShownReason]:
    """The reasons of one lure."""
    return reasons.shown_reasons(NAMED, seeds)


@pytest.fixture
def labels_file(tmp_path: Path) -> Path:
    """A file without labels."""
    reasons.write_labels(tmp_path / "labels.tsv", {})
    return tmp_path / "labels.tsv"


def _fill(sheet: Path, label: str) -> None:
    head, *rows = sheet.read_text(encoding="utf-8").splitlines()
    sheet.write_text("\n".join([head, *(row + label for row in rows)]) + "\n", encoding="utf-8")


def test_the_first_three_reasons_of_a_flagged_text_are_read(shown: list[reasons.ShownReason]) -> None:
    """Each with its words, and none of a text that is not flagged."""
    assert [(reason.text, reason.rank) for reason in shown] == [("a", 1), ("a", 2), ("a", 3)]
    assert all(reason.words in LURE for reason in shown)


def test_a_filled_sheet_becomes_labels_and_is_not_asked_for_again(
    shown: list[reasons.ShownReason], labels_file: Path, tmp_path: Path
) -> None:
    """A reading sees its own unread reasons only."""
    sheet = tmp_path / "sheet.tsv"
    assert reasons.write_sheet(sheet, NAMED, shown, {}, "first") == 3
    _fill(sheet, "true")
    assert reasons.take_sheet(sheet, "first", labels_file) == 3
    labels = reasons.read_labels(labels_file)
    assert reasons.write_sheet(sheet, NAMED, shown, labels, "first") == 0
    assert reasons.write_sheet(sheet, NAMED, shown, labels, "second") == 3


def test_figures_count_what_both_read_and_an_altered_reason_is_unread(shown: list[reasons.ShownReason]) -> None:
    """One false in one reading counts against."""
    labels = {reason: {"first": "true", "second": "true"} for reason in shown}
    labels[shown[0]]["second"] = "false"
    results = reasons._count(shown, labels) | {"languages": 1, "sheet": None}
    assert (results["read"], results["agreed"], results["false in either"]) == (3, 2, 1)
    assert results["first reasons false in either"] == 1
    assert "reason 1" in reasons.render(results, failures=True)
    assert reasons._count([shown[0]._replace(gloss="another sentence")], labels)["read"] == 0


def test_a_wrong_label_is_named_with_its_line(shown: list[reasons.ShownReason], labels_file: Path, tmp_path: Path) -> None:
    """In a sheet and in the labels."""
    sheet = tmp_path / "sheet.tsv"
    reasons.write_sheet(sheet, NAMED, shown, {}, "first")
    _fill(sheet, "right")
    with pytest.raises(DataError, match=r"sheet\.tsv:2: 'right' is no label"):
        reasons.take_sheet(sheet, "first", labels_file)
    labels_file.write_text(labels_file.read_text(encoding="utf-8") + "a\ten\tone\tx\ty\tz\ttrue\ttrue\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"labels\.tsv:2"):
        reasons.read_labels(labels_file)


def test_reasons_that_two_people_read_are_true(seeds: Path) -> None:
    """Of those shown today nineteen in twenty are true in both readings, and one in fifty at most is false in either."""
    labels = reasons.read_labels(carried_texts().reason_labels)
    assert {frozenset(said) for said in labels.values()} == {frozenset(reasons.READINGS)}
    results = reasons.report(carried_texts(), seeds=seeds)
    read = results["read"]
    assert read >= 500, "too many reasons changed since they were read: `evaluation reasons --sheet` writes what is unread"
    assert results["true in both"] >= 0.94 * read, reasons.render(results)
    assert results["false in either"] <= 0.02 * read, reasons.render(results)


def test_the_command_prints_the_shares(labels_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is not read yet."""
    monkeypatch.setattr(reasons, "suite_texts", lambda _: NAMED)
    result = CliRunner().invoke(command, ["reasons", "--sheet", str(labels_file)])
    assert result.exit_code == 0, result.output
    assert "first reason false" in result.output
    assert "reasons written to be read" in result.output
