"""Labelled texts are told apart by folder: what is held out is never learned from, and a package without texts says so."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation import text_sets
from evaluation.commands import command
from evaluation.labelled_listings import listings
from evaluation.measures import DataError
from evaluation.text_sets import carried_texts


def test_no_text_that_is_held_out_is_learned_from() -> None:
    """Neither the file nor a copy of its texts."""
    texts = carried_texts()
    assert len(texts.training_files()) == 8
    assert len(texts.unseen()) == 3
    learned, unseen = (
        {item.raw for file in files for item in listings(file)} for files in (texts.training_files(), texts.unseen())
    )
    assert learned.isdisjoint(unseen)


def test_no_text_is_left_out_of_both_sets() -> None:
    """Each labelled file is learned from, held out, or named here."""
    texts = carried_texts()
    files = {*texts.training.glob("*.jsonl"), *texts.held_out.glob("*.jsonl")}
    others = {path.name for path in files.difference(texts.training_files(), texts.unseen())}
    assert others == {"campaigns-grown.jsonl", "pay-labels.jsonl"}


@pytest.mark.parametrize("name", ["language", "detection", "contacts", "pay", "campaigns", "network", "attacks", "train"])
def test_without_the_source_code_a_command_says_where_the_texts_are(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, not a traceback."""
    monkeypatch.setattr(text_sets, "CARRIED", tmp_path / "benchmarks" / "texts")
    result = CliRunner().invoke(command, [name])
    assert result.exit_code == 1
    assert "they come with the source code of LureWatch (benchmarks/texts)" in result.stderr


def test_a_folder_of_ones_own_needs_training_texts(tmp_path: Path) -> None:
    """The folder that is missing is named."""
    with pytest.raises(DataError, match="training"):
        carried_texts(tmp_path)
