"""A valid source file, and a way to break one line of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

VALID = """\
title: Board
summary: A board
kind: job_board
languages: [vi, zh-Hant]
countries: [VN]
operator:
  name: Board Ltd
  url: https://www.board.example/
access:
  basis: Public pages
  terms_checked: 2026-11-20
  review_by: "2027-05-20"
crawl:
  spider: board
  start: ["https://jobs.board.example/list?p={page}"]
schedule: "17 3 * * *"
expect:
  min: {postings: 40, fill_rate: {title: 0.98}}
  max: {postings: 100}
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the valid file with some text replaced, and gives its path."""

    def write(*changes: tuple[str, str], name: str = "x_board") -> Path:
        text = VALID
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{name}.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
