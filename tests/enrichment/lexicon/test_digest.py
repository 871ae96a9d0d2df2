"""The version of a lexicon follows its files' names and words, and asks for no valid rule."""

from pathlib import Path

from enrichment.lexicon.digest import lexicon_digest


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
