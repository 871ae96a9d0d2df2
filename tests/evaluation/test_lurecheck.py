"""LureCheck counts pairs by functionality and language, and names each that went wrong."""

from pathlib import Path

import pytest

from evaluation import lurecheck
from lurewatch.models.measures import DataError
from lurewatch.models.text_sets import carried_texts


def test_the_carried_pairs_hold_what_was_reached(seeds: Path) -> None:
    """Floors: the aim is 0.97 of the pairs with both texts right."""
    results = lurecheck.report(carried_texts().pairs, seeds=seeds)
    spared = {name: row[2] / row[3] for name, row in results["functionality"].items()}
    assert spared["polarity"] >= 0.95
    assert spared["role"] >= 0.94
    assert spared["address"] == 1
    assert sum(row[0] for row in results["functionality"].values()) >= 110
    assert "both right" in lurecheck.render(results)
    assert len(results["language"]) == 29


def test_each_wrong_pair_is_named(seeds: Path, tmp_path: Path) -> None:
    """With the text that was missed, or that was read into."""
    file = tmp_path / "pairs.yml"
    file.write_text(
        "polarity:\n  documents_held:\n    en: [Nothing of it., The company keeps your passport.]\n", encoding="utf-8"
    )
    results = lurecheck.report(file, seeds=seeds)
    assert results["functionality"] == {"polarity": [0, 0, 0, 1]}
    (wrong,) = results["wrong"]
    assert (wrong["missed"], wrong["false"]) == (True, True)
    assert "polarity/documents_held en: missed: Nothing of it." in lurecheck.render(results)


@pytest.mark.parametrize("text", ["polarity: [1]", "polarity:\n  organ:\n    en: [one]", "polarity: {}"])
def test_a_file_without_pairs_is_named(seeds: Path, tmp_path: Path, text: str) -> None:
    """With what it should hold."""
    file = tmp_path / "pairs.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"pairs\.yml"):
        lurecheck.report(file, seeds=seeds)
