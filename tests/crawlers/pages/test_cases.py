"""Each folder of cases/ is a page and what it says; one test a page, which names each field that is read differently."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawlers.pages import page_families

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(folder.name for folder in FOLDER.iterdir())


def page(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    expected = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))
    text = next((FOLDER / name).glob("page.*")).read_text(encoding="utf-8")
    now = datetime.fromisoformat(expected["now"]) if "now" in expected else None
    return msgspec.to_builtins(page_families.parse(text, expected["url"], now=now)), expected


def misses(where: str, read: dict[str, Any], wanted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what was read and what was expected of each field in which they differ."""
    got = {key: list(value) if isinstance(value, tuple) else value for key in wanted for value in [read.get(key)]}
    return {f"{where}.{key}": (got[key], value) for key, value in wanted.items() if got[key] != value}


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_read_as_its_case_says(name: str) -> None:
    """Every item is kept, or rejected by name; each field named has its value, and what belongs to others stays out."""
    read, expected = page(name)
    found = misses("page", read, expected["page"]) | misses("facts", read["facts"], expected.get("facts", {}))
    for at, (posting, wanted) in enumerate(zip(read["postings"], expected["postings"], strict=True)):
        found |= misses(str(at), posting, wanted)
    assert found == {}
    assert [[reject["reason"], reject["url"]] for reject in read["rejected"]] == expected.get("rejected", [])
    said = json.dumps(read["postings"], ensure_ascii=False)
    assert [word for word in expected.get("absent", []) if word in said] == []
    assert [fact for fact in expected.get("facts_have", []) if fact not in read["facts"]] == []
