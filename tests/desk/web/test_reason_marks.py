"""A single reason marked in the reader: in place, taken back, told nowhere; and how often rules are right."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from desk.cases.case_decisions import cases
from desk.cases.reason_marks import mark_reason, reason_of
from lurewatch.app.seeds.desk_seeds import DeskSeeds
from lurewatch.settings import Settings


@pytest.fixture
def item(store, record):
    made = record()
    store.put([made])
    return made


@pytest.fixture
def struck(desk_db, item):
    """Return a function that says what is struck."""

    def do():
        with desk_db.connect() as connection:
            return cases(connection, [item.id])[item.id].struck_reasons

    return do


def reason_in(page):
    return re.search(r'name="reason" value="([0-9a-f]{16})"', page)[1]


def test_a_reason_is_struck_named_to_others_and_taken_back(login, item, struck):
    minh, analyst, address = login("minh"), login("analyst"), f"/item/{item.id}"
    reason = reason_in(minh.page(address))
    assert minh.post(f"{address}/reason", reason=reason, mark="struck").headers["location"] == f"{address}#t-why"
    page = minh.page(address)
    assert struck() == {reason_of(item.assessment.signals[0])}
    assert 'class="for struck"' in page and "told to no platform" in page
    assert re.search(r'name="ground" maxlength="300" required', page), "no ground is left: words must be named"
    assert "minh: wrong" in analyst.page(address)
    assert analyst.post(f"{address}/reason", mark="1").status_code == 422, "what a colleague said is theirs"
    assert "said so; ask them or a lead" in analyst.post(f"{address}/reason", mark="1").text
    minh.post(f"{address}/reason", reason=reason, mark="1")
    assert struck() == frozenset()


def test_a_list_no_longer_shows_what_was_struck(login, item, desk_db, people, now):
    assert "the employer keeps the passport" in login("minh").page("/")
    mark_reason(desk_db, item, reason_of(item.assessment.signals[0]), "struck", by=people["minh"], now=now)
    assert "the employer keeps the passport" not in login("minh").page("/")


@pytest.mark.parametrize("mark", ["", "wrong", "0", "99999999999999999999", "²", "-1", "<b>"])
def test_what_is_no_mark_is_refused_in_place(login, item, struck, mark):
    minh = login("minh")
    answer = minh.post(f"/item/{item.id}/reason", reason="ffffffffffffffff", mark=mark)
    assert (answer.status_code, struck()) == (422, frozenset())
    assert answer.text.count('class="problem"') == 1
    assert minh.post(f"/item/{item.id}/reason", reason="ffffffffffffffff", mark="struck").status_code == 422
    assert minh.post("/item/none/reason", mark="struck").status_code in (303, 404)


def test_the_rules_page_ranks_what_goes_wrong_first(login, desk, visitor, item, desk_db, people, now, tmp_path):
    (tmp_path / "seeds").mkdir()
    app = replace(desk, seeds=DeskSeeds(Settings(seeds=tmp_path / "seeds"), desk.engine))
    minh = login("minh")
    minh.client.app.state.desk = app
    assert "Nobody has marked a reason yet" in minh.page("/rules")
    mark_reason(desk_db, item, reason_of(item.assessment.signals[0]), "struck", by=people["minh"], now=now)
    mark_reason(desk_db, item, reason_of(item.assessment.signals[0]), "upheld", by=people["lead"], now=now)
    page = minh.page("/rules")
    assert re.search(r"<code>documents_held</code></td><td>1</td><td>1</td>\s*<td>50 % <small>\(9–91\)", page)


def test_a_reason_is_marked_and_unmarked_by_keyboard_without_a_page_load(opened, served, item, struck):
    page = opened()
    loads = []
    page.goto(f"{served}/item/{item.id}")
    page.on("request", lambda request: loads.append(request.url) if request.resource_type == "document" else None)
    page.locator("#struck-1").focus()
    page.keyboard.press("Enter")
    pressed = page.locator("#struck-1[aria-pressed=true]")
    expect(pressed).to_be_focused()
    expect(pressed).to_have_text("wrong · take back")
    assert struck() == {reason_of(item.assessment.signals[0])}
    page.keyboard.press("Enter")
    expect(page.locator("#struck-1[aria-pressed=false]")).to_be_focused()
    assert (struck(), loads) == (frozenset(), [])
    page.wait_for_timeout(300)
    page.keyboard.press("1")
    expect(page.locator("#quick [data-kind][open]")).to_be_visible()


PRESSED_AT_ONCE = """document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "why" && !window.pressed) window.pressed = setTimeout(() => document.activeElement.click(), 0);
})"""
"""A person quicker than any pause: presses what has the focus as soon as the page is anybody's again."""


def test_a_key_pressed_as_soon_as_the_mark_shows_loads_no_page(opened, served, item, struck):
    page = opened()
    page.goto(f"{served}/item/{item.id}")
    posts, loads = [], []
    page.on("request", lambda request: loads.append(request.url) if request.resource_type == "document" else None)
    page.evaluate(PRESSED_AT_ONCE)
    page.locator("#struck-1").focus()
    with page.expect_response(lambda answer: answer.request.method == "POST" and (posts.append(answer) or len(posts) == 2)):
        page.keyboard.press("Enter")
    expect(page.locator("#struck-1[aria-pressed=false]")).to_have_text("wrong")
    assert (struck(), loads) == (frozenset(), [])
