"""Every concept is proven in every language by sentences made of its words, and its examples hold."""

from pathlib import Path

import pytest

from enrichment.lexicon.concept_matrix import Cell, cell_faults, cells, example_faults, proven
from enrichment.lexicon.lexicon import Lexicon, lexicon


@pytest.fixture(scope="module")
def read(seeds: Path) -> Lexicon:
    """Return the shipped lexicon."""
    return lexicon(seeds / "lures")


@pytest.fixture(scope="module")
def found(read: Lexicon) -> list[Cell]:
    """Return all its cells."""
    return list(cells(read))


def test_every_concept_is_proven_in_every_language(read: Lexicon, found: list[Cell]) -> None:
    """A language is added by one file; what it lacks is named with its file."""
    assert list(cell_faults(found)) == []
    assert [(cell.concept, cell.language) for cell in found if not cell.made] == []
    assert {cell.language for cell in found} == {entry.language for entry in read.entries}


def test_most_are_spared_where_a_word_denies_them(read: Lexicon, found: list[Cell]) -> None:
    """The words that deny are those of each language; some stand among the words of a concept, or of one that argues against."""
    lures = {concept.id for concept in read.concepts.concepts if not concept.counter}
    for language, (count, good, spared) in proven([cell for cell in found if cell.concept in lures]).items():
        assert good == count, language
        assert spared >= 0.8 * count, language


def test_the_examples_of_every_concept_hold(read: Lexicon) -> None:
    """Each catches one text at least."""
    assert list(example_faults(read)) == []
    assert [concept.id for concept in read.concepts.concepts if not (concept.catches or concept.counter)] == []


def test_a_class_whose_words_show_nothing_is_named(tmp_path: Path) -> None:
    """The fault names the concept and the file to correct."""
    (tmp_path / "indicators.yml").write_text(
        "indicators:\n  - {slug: organ, family: related, title: t, why: w}\n", encoding="utf-8"
    )
    concept = 'indicator: organ, strength: strong, words: [organ, sell], within: 5, gloss: sold, catches: ["a kidney"]'
    (tmp_path / "concepts.yml").write_text(f"concepts:\n  - {{id: organ-sold, {concept}}}\n", encoding="utf-8")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "words.yml").write_text("organ: [kidney]\nsell: [sold]\n", encoding="utf-8")
    read = lexicon(tmp_path)
    assert "organ-sold is shown by no sentence of the words in en/words.yml" in "\n".join(cell_faults(list(cells(read))))
    assert "does not catch 'a kidney'" in "\n".join(example_faults(read))
