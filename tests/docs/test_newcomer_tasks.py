"""A newcomer finds the place of each usual change within three links of docs/index.md."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

GUIDES = ROOT / "docs" / "guides.md"
ROWS = dict(re.findall(r"^\| ((?:add|change|find) [^|]+) \| ([^|]+) \|$", GUIDES.read_text(encoding="utf-8"), re.MULTILINE))
TASKS = 12


def list_pages_within(links: int) -> set[Path]:
    """Return the pages that so many links lead to from the first page."""
    seen = found = {ROOT / "docs" / "index.md"}
    for _ in range(links):
        found = {
            (page.parent / target).resolve()
            for page in found
            for target in re.findall(r"\]\(([^)#:]+\.md)", page.read_text(encoding="utf-8"))
        } - seen
        seen = seen | found
    return seen


def test_the_guides_lie_within_three_links_of_the_first_page() -> None:
    assert GUIDES in list_pages_within(3)
    assert len(ROWS) == TASKS


@pytest.mark.parametrize("task", ROWS)
def test_the_row_of_a_task_names_files_that_exist(task: str) -> None:
    """A word in capitals stands for any name; what is no file is a command, whose words the reference of commands has."""
    for name in re.findall(r"`([^`]+/[^`]*)`", ROWS[task]):
        assert list(ROOT.glob(re.sub(r"\b[A-Z]{2,}\b", "*", name).rstrip("/"))), name
