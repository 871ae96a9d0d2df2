"""Rules drafted at the desk: from words selected in the reader to a rule that two people put in force."""

import re
import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from lurewatch.app.lures.desk_drafts import DeskDrafts
from lurewatch.app.seeds.rule_edits import LureRules
from lurewatch.settings import Settings

DRAFT = {"kind": "rule", "language": "en", "target": "documents_held", "wording": "passport kept at the office"}


@pytest.fixture
def desk(desk, seeds, tmp_path):
    folder = tmp_path / "seeds"
    (folder / "lures" / "en").mkdir(parents=True)
    for name in ("lures/indicators.yml", "lures/concepts.yml", "lures/en/control.yml", "lures/en/words.yml", "places.yml"):
        shutil.copy(seeds / name, folder / name)
    settings = Settings(seeds=folder, state=tmp_path / "state", database=str(desk.engine.url))
    drafts = DeskDrafts(settings, desk.engine, desk.clock)
    return replace(desk, lure_rules=LureRules(settings, desk.engine), rule_drafts=drafts)


@pytest.fixture
def item(store, record):
    made = record()
    store.put([made])
    return made


def test_a_draft_is_looked_at_kept_and_signed_by_a_second_person(login, item):
    minh, lead = login("minh"), login("lead")
    page = minh.post("/rules/draft", **DRAFT).text
    assert "1 of 1" in page and '<mark class="for">passport kept at the office</mark>' in page
    assert "fewer than 20 were timed" in page
    assert "Drafted at the desk" not in minh.page("/rules")
    assert minh.post("/rules/draft", **DRAFT, keep="true", why="a boat").status_code == 303
    page = lead.page("/rules")
    assert "in shadow" in page and "signed by minh" in page
    name = re.search(r'name="name" value="([^"]+)"', page)[1]
    assert minh.post("/rules/draft/sign", name=name, why="mine").status_code == 403
    assert lead.post("/rules/draft/sign", name=name, why="read").status_code == 303
    assert "in force" in lead.page("/rules")
    assert lead.post("/rules/draft/withdraw", name=name, why="noisy").status_code == 303
    assert "withdrawal waits" in lead.page("/rules")
    assert lead.post("/rules/draft/sign", name=name, why="mine too").status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [({"wording": "x" * 3000}, "at most 2,600"), ({"wording": "<script>alert(1)</script>+66812345678"}, "a contact is no rule"),
     ({"target": "<b>"}, "what the words show"), ({"language": "<b>"}, "a language"), ({"kind": "x"}, "")],
)  # fmt: skip
def test_a_wrong_draft_is_refused_and_what_was_typed_stays(login, item, change, words):
    answer = login("minh").post("/rules/draft", **(DRAFT | change))
    assert answer.status_code == 422
    assert words in answer.text and "<script>alert" not in answer.text
    assert login("minh").post("/rules/draft", **(DRAFT | {"wording": "x" * (1 << 20)})).status_code in (413, 422)


def test_a_viewer_keeps_nothing(login, item):
    viewer = login("viewer")
    assert "keeps no drafts" in viewer.post("/rules/draft", **DRAFT, keep="true", why="x").text
    assert "/rules/draft" not in viewer.page(f"/item/{item.id}")


def test_words_selected_in_the_reader_become_a_rule_in_the_browser(opened, served, item):
    page = opened()
    page.goto(f"{served}/item/{item.id}")
    page.locator("#reader .text mark", has_text="passport kept").first.dblclick()
    page.get_by_role("link", name="Draft a rule of the selected words").click()
    expect(page.locator("[name=wording]")).to_have_value(re.compile("passport|kept"))
    page.locator("[name=wording]").fill("passport kept at the office")
    page.select_option("[name=target]", "documents_held")
    page.get_by_role("button", name="Look what it would bring").click()
    expect(page.locator("#t-look")).to_be_visible()
    page.locator("[name=why]").fill("a boat")
    page.get_by_role("button", name="Keep it in shadow").click()
    expect(page.locator("#drafts .state")).to_have_text("in shadow")
