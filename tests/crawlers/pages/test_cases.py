"""Each folder of cases/ is a page and what it says; one test per page and per field, so that a miss names its field."""

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


def fields() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in CASES:
        expected = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))
        found.extend((name, f"page.{field}") for field in expected["page"])
        found.extend((name, f"facts.{field}") for field in expected.get("facts", {}))
        found.extend((name, f"{at}.{field}") for at, posting in enumerate(expected["postings"]) for field in posting)
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_item_of_the_page_is_kept_or_rejected_by_name(name: str) -> None:
    read, expected = page(name)
    assert [posting["url"] for posting in read["postings"]] == [
        wanted.get("url", posting["url"]) for wanted, posting in zip(expected["postings"], read["postings"], strict=True)
    ]
    assert [[reject["reason"], reject["url"]] for reject in read["rejected"]] == expected.get("rejected", [])


@pytest.mark.parametrize(("name", "field"), fields())
def test_field(name: str, field: str) -> None:
    read, expected = page(name)
    where, _, key = field.partition(".")
    if where in ("page", "facts"):
        got, wanted = (read if where == "page" else read["facts"]).get(key), expected[where][key]
    else:
        got, wanted = read["postings"][int(where)][key], expected["postings"][int(where)][key]
    assert (list(got) if isinstance(got, tuple) else got) == wanted


@pytest.mark.parametrize("name", CASES)
def test_what_belongs_to_others_stays_out(name: str) -> None:
    read, expected = page(name)
    said = json.dumps(read["postings"], ensure_ascii=False)
    assert [word for word in expected.get("absent", []) if word in said] == []
    assert [fact for fact in expected.get("facts_have", []) if fact not in read["facts"]] == []
