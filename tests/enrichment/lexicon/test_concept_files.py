"""The concept grammar is read strictly: each fault is one line that names file, line and fix."""

from pathlib import Path

import pytest

from enrichment.lexicon.concept_files import class_words, read_concepts, read_words

CONCEPT = "{id: kept-papers, indicator: documents_held, strength: strong, words: [papers, keep|hold], gloss: papers are kept}"


def test_a_concept_is_its_classes_and_choices(tmp_path: Path) -> None:
    """Words that are the same everywhere stand beside the concepts."""
    file = tmp_path / "concepts.yml"
    file.write_text(f"shared:\n  currency: [usd, €]\nconcepts:\n  - {CONCEPT}\n", encoding="utf-8")
    faults: list[str] = []
    read = read_concepts(file, faults)
    assert faults == []
    assert read.concepts[0].slots == (("papers",), ("keep", "hold"))
    assert read.classes == {"papers", "keep", "hold"}
    assert read.shared == {"currency": ("usd", "€")}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (CONCEPT.replace("gloss", "glos"), "glos"),
        (CONCEPT.replace("kept-papers", "Kept papers"), "not lower-case words joined by hyphens"),
        (CONCEPT.replace("[papers, keep|hold]", "[]"), "names no class"),
        (CONCEPT.replace("strong", "huge"), "huge"),
        (CONCEPT.replace("}", ", denial: keeps_documents}"), "belong together"),
        (f"{CONCEPT}\n  - {CONCEPT}", "stands already at"),
    ],
)
def test_a_wrong_concept_is_named_with_file_line_and_fix(tmp_path: Path, text: str, problem: str) -> None:
    """An operator mends it without reading code."""
    file = tmp_path / "concepts.yml"
    file.write_text(f"concepts:\n  - {text}\n", encoding="utf-8")
    faults: list[str] = []
    read_concepts(file, faults)
    assert problem in faults[0]
    assert faults[0].startswith(f"{file}:")


def test_words_carry_the_edges_that_they_need() -> None:
    """A stem may go on, a word of a script without spaces stands anywhere, and a word of two classes is looked for once."""
    read = class_words({"papers": ("Pássport~", "护照", "id card"), "keep": ("护照",)})
    assert [(word.needle.decode(), word.classes) for word in read] == [
        (" passport", frozenset({"papers"})), ("护照", frozenset({"papers", "keep"})), (" id card ", frozenset({"papers"})),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("papers: [passport~]", "keep is missing; write its words"),
        ("papers: passport\nkeep: []", ":1: papers must be a list of words"),
        ("papers: [pass*port]\nkeep: []", "has signs of a pattern"),
        ("papers: [pass~ port]\nkeep: []", "has ~ in its midst"),
        ("papers: []\nkeep: [x]", ":2: 'x' is too short"),
        ("papers: []\npapers: []\nkeep: []", ":2: papers stands twice"),
        ("papers: [", "mend the YAML"),
    ],
)
def test_a_wrong_file_of_words_is_named_with_line_and_fix(tmp_path: Path, text: str, problem: str) -> None:
    """So is a class that a language forgot."""
    file = tmp_path / "words.yml"
    file.write_text(text, encoding="utf-8")
    faults: list[str] = []
    read_words(file, frozenset(frozenset({"papers", "keep"})), faults)
    assert problem in "\n".join(faults)
    assert all(fault.startswith(f"{file}:") for fault in faults)
