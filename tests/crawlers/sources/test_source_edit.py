"""A source file is changed key by key, and everything else in it stays as it was written."""

import random
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from crawlers.sources.source import load_source
from crawlers.sources.source_edit import checked_edit, draft_source, edit_text, source_text
from foundation.crawl_errors import SourceError


@pytest.fixture
def file(seeds: Path, tmp_path: Path) -> Path:
    """A shipped file that nobody has verified."""
    path = tmp_path / "bd_bdjobs.yml"
    path.write_text((seeds / "sources" / "bd_bdjobs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_only_the_keys_named_change(file: Path) -> None:
    """Comments, order and quotes of the others stay; the remark that nobody has verified the file goes."""
    before = file.read_text(encoding="utf-8").splitlines()
    text, source = checked_edit(file, {"verified": date(2026, 11, 28), "access.delay_seconds": 9.0})
    assert (source.verified, source.access.delay_seconds) == (date(2026, 11, 28), 9.0)
    lines = text.splitlines()
    assert "unverified" in before[0]
    assert [line for line in before[2:] if line not in lines] == ["  delay_seconds: 5"]
    assert [line for line in lines if line not in before] == ["verified: 2026-11-28", "  delay_seconds: 9.0"]
    assert lines[lines.index("enabled: false") + 1] == "verified: 2026-11-28"


def test_a_block_is_replaced_whole(file: Path) -> None:
    """Keys that the new block has not are gone."""
    _, source = checked_edit(file, {"crawl": {"spider": "board", "start": ["https://jobs.bdjobs.com/list"], "max_pages": 3}})
    assert (source.crawl.start, source.crawl.follow, source.crawl.max_pages) == (("https://jobs.bdjobs.com/list",), None, 3)
    assert source.title == load_source(file).title


def test_a_change_that_would_not_load_is_refused(file: Path) -> None:
    """The file stays as it was."""
    before = file.read_bytes()
    with pytest.raises(SourceError, match=r"bd_bdjobs\.yml:\d+: crawl\.spider: 'bored' is not one of"):
        checked_edit(file, {"crawl.spider": "bored"})
    assert file.read_bytes() == before


def test_a_key_of_a_block_that_is_not_there_makes_the_block() -> None:
    assert edit_text("title: x\n", {"expect.min": {"postings": 3}}) == "title: x\nexpect:\n  min: {postings: 3}\n"


def test_a_draft_is_checked_under_the_name_its_file_will_have(file: Path) -> None:
    assert draft_source("somebody", file.read_text(encoding="utf-8")).name == "somebody"
    with pytest.raises(SourceError, match=r"somebody\.yml:1: "):
        draft_source("somebody", "title: x\n")


def test_a_written_file_reads_back_whatever_its_values_and_comments_hold() -> None:
    """5,000 random texts of what YAML gives a meaning to, at every depth; comments end no line."""
    chance = random.Random(19)
    parts = [
        "\n", "\r", "\t", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\ufeff", " ", "#", ": ", " #", "- ", "? ", "&a", "*a",
        "!!", "%",
        "'", '"', "\\", "|", ">", "[", "]", "{", "}", ",", "`", "@", "---", "...", "yes", "null", "1e3", "verified: 2026-11-01",
        "ệ", "😀",
    ]  # fmt: skip

    def word() -> str:
        return "".join(chance.choice(parts) for _ in range(chance.randrange(6)))

    for _ in range(250):
        values = {
            "title": word(),
            "languages": [word(), word()],
            "operator": {"name": word(), "url": word()},
            "crawl": {
                "start": [word()],
                "steps": [{"click": word(), "on": word()}],
                "json": {name: word() for name in ("id", "url", "title", "text", word() or "x")},
            },
            "expect": {"min": {"postings": 3, "fill_rate": {word(): 0.5}}},
        }
        text = source_text(values, {"": [word(), word()], "operator": (), "operator.url": [word()], "expect": [word()]})
        assert YAML(typ="safe", pure=True).load(text) == values
        assert YAML(typ="rt").load(text) == values
