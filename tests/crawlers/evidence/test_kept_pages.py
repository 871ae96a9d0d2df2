"""The version of the parsers names all that pages are read with."""

from pathlib import Path

import pytest

from crawlers.evidence import kept_pages


def test_another_parser_or_another_word_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "__file__", str(tmp_path / "evidence" / "kept_pages.py"))
    for folder in ("pages/threads", "pictures", "spiders", "text"):
        (tmp_path / folder).mkdir(parents=True)
    versions = set()
    for name in ("items.py", "text/dates.py", "text/date_words.yml", "pages/threads/software.yml", "items.py"):
        (tmp_path / name).write_text(f"{len(versions)} words")
        versions.add(kept_pages.parser_version.__wrapped__())
    assert len(versions) == 5
