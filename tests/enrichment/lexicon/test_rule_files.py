"""Rule files are read with file and line, and every fault says what to write instead."""

from pathlib import Path

import pytest

from enrichment.lexicon.rule_files import lexicon_digest, new_id, one_line, rules

RULE = """rules:
  - id: {id}
    phrase: passport kept
    gloss: passport kept by the company
    indicator: documents_held
    strength: strong
    basis: own
    status: active
    added: 2026-11-01
"""


def read(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Return ids and faults of a file of English rules."""
    file = folder / "en" / "control.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    faults: list[str] = []
    return [rule.id for _, rule in rules(file, faults)], faults


def test_an_id_is_made_of_language_indicator_and_wording() -> None:
    """It stays when the wording is edited later."""
    made = new_id("en", "documents_held", "passport kept")
    assert made.startswith("en-documents-held-")
    assert made == new_id("en", "documents_held", "passport kept") != new_id("en", "documents_held", "passport held")


def test_a_wording_over_several_lines_is_one_line() -> None:
    """A line break is a space, beside a bar nothing."""
    assert one_line("  passport\nkept ") == "passport kept"
    assert one_line("passport|\nidentity card") == "passport|identity card"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rules: [", "mend the YAML"),
        ("- a\n", "must be a mapping with rules:"),
        ("phrases: []\n", "unknown key 'phrases'; use rules"),
        ("rules:\n  - word\n", "each item is a mapping"),
        ("rules:\n  - {id: a, id: b}\n", "id stands twice"),
        (RULE.format(id="fr-documents-held-aaaa"), "write id: en-documents-held-"),
        (RULE.format(id="en-documents-held-aaaa").replace("kept\n", "(kept|held)\n", 1), "write pattern:"),
        (RULE.format(id="en-documents-held-aaaa") + "    colour: red\n", "a rule has"),
    ],
)
def test_a_fault_names_file_and_fix_and_yields_no_rule(tmp_path: Path, text: str, says: str) -> None:
    """Never a traceback."""
    found, faults = read(tmp_path, text)
    assert found == []
    assert len(faults) == 1
    assert "control.yml:" in faults[0]
    assert says in faults[0]


def test_a_rule_without_an_id_is_told_which_to_write(tmp_path: Path) -> None:
    """The id is made from its wording."""
    text = RULE.replace("id: {id}\n    ", "")
    _, faults = read(tmp_path, text)
    made = new_id("en", "documents_held", "passport kept")
    assert faults == [f"{tmp_path / 'en' / 'control.yml'}:2: id is missing; write id: {made}"]
    assert read(tmp_path, RULE.format(id=made)) == ([made], [])


def test_each_word_and_each_name_of_a_file_makes_another_version(tmp_path: Path) -> None:
    """Also of files that no rule can be read from."""
    (tmp_path / "en").mkdir()
    (tmp_path / "indicators.yml").write_text("a", encoding="utf-8")
    (tmp_path / "en" / "pay.yml").write_text("[", encoding="utf-8")
    versions = [lexicon_digest(tmp_path)]
    (tmp_path / "en" / "pay.yml").write_text("[ ", encoding="utf-8")
    versions.append(lexicon_digest(tmp_path))
    (tmp_path / "en" / "pay.yml").rename(tmp_path / "en" / "work.yml")
    versions.append(lexicon_digest(tmp_path))
    (tmp_path / "indicators.yml").write_text("b", encoding="utf-8")
    versions.append(lexicon_digest(tmp_path))
    (tmp_path / "concepts.yml").write_text("c", encoding="utf-8")
    versions.append(lexicon_digest(tmp_path))
    assert len({*versions}) == len(versions)
    assert lexicon_digest(tmp_path) == versions[-1]
