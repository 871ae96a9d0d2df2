"""The version of the parsers names all that pages are read with."""

from pathlib import Path

import pytest

from crawlers.evidence import kept_pages


@pytest.mark.parametrize("name", ["items.py", "text/dates.py", "text/date_words.yml", "pages/threads/software.yml"])
def test_another_parser_or_another_word_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(kept_pages, "__file__", str(tmp_path / "evidence" / "kept_pages.py"))
    (tmp_path / "items.py").write_text("")
    for folder in ("pages/threads", "pictures", "spiders", "text"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / name).write_text("a word")
    before = kept_pages.parser_version.__wrapped__()
    (tmp_path / name).write_text("another word")
    assert kept_pages.parser_version.__wrapped__() != before
