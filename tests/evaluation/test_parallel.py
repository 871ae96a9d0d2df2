"""Parallel lures are counted by language and kind, and each judged wrong is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation import parallel
from evaluation.commands import command
from evaluation.measures import DataError
from evaluation.text_sets import carried_texts

LURE = "Typists for Myawaddy, 2,000 USD a month, no experience, free ticket and room, flying Friday. Telegram @sample_lure_one"
PLAIN = "The shop needs a baker from Monday to Friday. Bring a letter of application to the counter."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one language: every lure is found but the courier's, no honest text flagged but the casino's."""
    texts = {"lures": dict.fromkeys(parallel.KINDS, LURE), "honest": dict.fromkeys(parallel.KINDS, PLAIN)}
    texts["lures"]["courier"], texts["honest"]["casino"] = PLAIN, LURE
    (tmp_path / "en.yml").write_text(json.dumps(texts), encoding="utf-8")
    return tmp_path


def test_each_text_counts_for_its_language_and_its_kind(folder: Path, seeds: Path) -> None:
    """Lures by how many are found, honest twins by how many are flagged."""
    results = parallel.report(folder, seeds=seeds)
    assert results["language"] == {"en": {"found": [9, 10], "flagged": [1, 10]}}
    assert results["kind"]["courier"] == {"found": [0, 1], "flagged": [0, 1]}
    assert results["kind"]["casino"] == {"found": [1, 1], "flagged": [1, 1]}
    assert [(one["kind"], one["is_lure"]) for one in results["wrong"]] == [("courier", True), ("casino", False)]


def test_failures_are_named_only_when_asked_and_never_quoted(folder: Path, seeds: Path) -> None:
    """So that who writes rules may read them."""
    results = parallel.report(folder, seeds=seeds)
    named = parallel.render(results, failures=True)
    assert "en/courier: lure missed (" in named
    assert "en/casino: honest flagged (" in named
    assert "Myawaddy" not in named
    assert "9/10 0.900 (0.596-0.982)" in named
    assert "en/courier" not in parallel.render(results)


@pytest.mark.parametrize(
    "text", ["lures: {}", "lures: {}\nhonest: {}", "lures: [1]\nhonest: {}", "a: [", "lures: {}\nhonest: {}\nmore: {}"]
)
def test_a_file_that_lacks_a_kind_is_named(tmp_path: Path, text: str) -> None:
    """With what it should hold."""
    (tmp_path / "en.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"en\.yml"):
        parallel.read_texts(tmp_path)


def test_a_language_without_texts_is_an_error(folder: Path) -> None:
    """Never a report of nothing."""
    with pytest.raises(DataError, match="no parallel texts in fr"):
        parallel.read_texts(folder, "fr")


def test_the_carried_texts_differ_and_name_invented_contacts_only() -> None:
    """No text stands twice, no lure is without the mark of an invented contact."""
    texts = parallel.read_texts(carried_texts().parallel)
    assert len({text.text for text in texts}) == len(texts)
    assert [text for text in texts if text.is_lure and "@sample_" not in text.text and "example.org" not in text.text] == []


def test_the_carried_texts_hold_what_was_reached(seeds: Path) -> None:
    """Floors: the aim is 0.90 found in each language, 0.85 of each kind, and 0.01 of the honest twins flagged."""
    results = parallel.report(carried_texts().parallel, seeds=seeds)
    kinds = results["kind"].values()
    assert len(results["language"]) == 29
    assert sum(counts["found"][0] for counts in kinds) >= 275
    assert sum(counts["flagged"][0] for counts in kinds) <= 4
    assert min(counts["found"][0] for counts in results["language"].values()) >= 6


def test_the_command_judges_one_language(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As JSON and as tables."""
    monkeypatch.chdir(seeds.parent)
    told = CliRunner().invoke(command, ["parallel", "--language", "vi", "--json"])
    assert told.exit_code == 0, told.output
    assert list(json.loads(told.stdout)["language"]) == ["vi"]
    told = CliRunner().invoke(command, ["parallel", "--language", "vi", "--failures"])
    assert told.exit_code == 0, told.output
    assert ": 20 texts" in told.stdout
