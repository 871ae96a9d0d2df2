"""The workspace: rows, reader and decision on one page; items are decided in keys, without loading pages."""

import re
from typing import get_args

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from desk.cases import case_decisions
from enrichment.assessment import Tag


@pytest.fixture
def items(store, record):
    """Fill the queue with twelve items, the first of which stands first; of every second the kind is another."""
    kinds = [kind for kind in get_args(Tag) if kind != "none"]
    made = [record(number, title=f"item {number}", score=99 - number, tag=kinds[number // 2 % 5]) for number in range(12)]
    store.put(made)
    return made


@pytest.fixture
def wide(opened, items):
    """Open the queue, which is filled, on a wide screen."""
    page = opened()
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def heading(page):
    return page.locator("#reader h1")


def test_ten_items_are_decided_in_25_keys_and_one_page_load(wide, served, items, desk_db):
    """Counted in the browser: keys pressed, and pages loaded after the queue."""
    loads, keys = [], []
    wide.on("request", lambda request: loads.append(request.url) if request.resource_type == "document" else None)

    def press(*names):
        for name in names:
            keys.append(name)
            wide.keyboard.press(name)

    press("j", "Enter")
    expect(heading(wide)).to_have_text("item 0")
    expect(wide.locator("#column [data-row]")).to_have_count(12)
    for number in range(10):
        expect(wide.locator("#column [aria-current]")).to_contain_text(f"item {number}")
        wide.wait_for_timeout(300)  # a person reads; keys that come sooner are not taken
        if number % 2:
            press("x", str(number % 7 + 1))
        else:
            press(str(number // 2 % 5 + 1), str(number % 4 + 1))
        expect(wide.locator("#reader .toast")).to_contain_text(f"item {number}")
        expect(heading(wide)).to_have_text(f"item {number + 1}")
    assert len(keys) <= 25
    assert len(loads) <= 1
    expect(wide).to_have_url(re.compile(re.escape(f"{served}/item/{items[10].id}")))
    expect(wide.locator("#column .done")).to_have_count(10)
    with desk_db.connect() as connection:
        cases = case_decisions.cases(connection, [item.id for item in items])
    assert [cases[item.id].state for item in items] == ["confirmed", "dismissed"] * 5 + ["open"] * 2
    first = cases[items[0].id].in_force
    assert (first.tag, first.severity, first.clause) == ("scam_compound", "critical", "forced_labour")
    assert all(cases[item.id].in_force.opened_at for item in items[:10]), "what was put before the eyes was opened"


@pytest.mark.parametrize(("width", "height", "most"), [(1280, 720, 200), (768, 1024, 230), (390, 844, 340)])
def test_the_text_stands_on_the_first_fold_and_the_decision_beside_or_after_it(opened, served, items, width, height, most):
    page = opened()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{served}/item/{items[0].id}")
    text, meta, case, why = (page.locator(one).bounding_box() for one in ("#t-text ~ .text", "#standing", "#case", "#why"))
    assert text["y"] <= most and text["y"] + 60 < height
    assert meta["height"] <= 30, "one line"
    assert case["y"] < height and why["y"] > text["y"]
    assert case["x"] > text["x"] + text["width"] or text["y"] < case["y"] < why["y"]


def test_the_next_item_comes_without_a_page_load_and_back_leads_back(wide, served, items):
    wide.goto(f"{served}/item/{items[0].id}")
    expect(wide.locator("#column [aria-current]")).to_contain_text("item 0")
    wide.evaluate("window.here = true")
    wide.keyboard.press("j")
    expect(heading(wide)).to_have_text("item 1")
    wide.keyboard.press("j")
    expect(heading(wide)).to_have_text("item 2")
    expect(wide.locator(f'[data-row="{items[2].id}"]:focus')).to_have_count(1)
    wide.keyboard.press("k")
    expect(heading(wide)).to_have_text("item 1")
    assert wide.evaluate("window.here") is True
    expect(wide).to_have_url(f"{served}/item/{items[1].id}")
    expect(wide).to_have_title(re.compile("^item 1"))
    wide.go_back()
    expect(heading(wide)).to_have_text("item 2")
    expect(wide.locator("#column [aria-current]")).to_contain_text("item 2")


def test_of_a_pair_of_keys_that_comes_too_early_the_second_names_no_kind(wide, served, items):
    """The first is not taken, as it may be meant for the item before; the second alone would be read as another kind."""
    wide.goto(f"{served}/item/{items[0].id}")
    expect(wide.locator("#column [aria-current]")).to_contain_text("item 0")
    wide.wait_for_timeout(300)
    wide.keyboard.press("x")
    wide.keyboard.press("7")
    wide.keyboard.press("1")  # while the decision is on its way
    expect(heading(wide)).to_have_text("item 1")
    wide.wait_for_timeout(400)
    wide.keyboard.press("2")
    wide.wait_for_timeout(100)
    expect(wide.locator("#quick details[open]")).to_have_count(0)


def test_fifteen_rows_stand_on_a_screen_and_few_controls_beside_them(opened, store, record, served):
    wide = opened()
    long = {"text": "Nhân viên chăm sóc khách hàng " * 20, "language": "vi"}
    store.put([record(number, title=None if number % 3 else "x" * 90, score=99 - number / 4, **long) for number in range(30)])
    wide.set_viewport_size({"width": 1280, "height": 900})
    wide.goto(served)
    bottoms = wide.evaluate("[...document.querySelectorAll('[data-line]')].map((line) => line.getBoundingClientRect().bottom)")
    assert sum(bottom <= 900 for bottom in bottoms) >= 15
    controls = wide.locator("a, button, input:not([type=hidden]), select, summary").all()
    assert sum(one.is_visible() for one in controls) <= 45
    assert "Vietnamese" in wide.inner_text(".dense .meta") and "Nhân viên" in wide.locator(".dense .words").nth(1).inner_text()


def test_the_right_kind_is_no_dearer_than_the_tagged_one(wide, served, store, record, desk_db):
    item = record(77, title="Kidney donors wanted", text="We buy a kidney, flight and visa paid, passport kept", score=99.5)
    at = len("Kidney donors wanted\nWe buy a ")
    organ = replace(item.assessment.signals[0], indicator="organ", text="kidney", start=at, end=at + 6, weight=5.0)
    store.put([replace(item, assessment=replace(item.assessment, signals=(*item.assessment.signals, organ)))])
    wide.goto(f"{served}/item/{item.id}")
    expect(wide.locator("#column [aria-current]")).to_contain_text("Kidney")
    wide.wait_for_timeout(300)
    wide.keyboard.press("2")
    expect(wide.locator("#quick details[open] q")).to_have_text("kidney")
    wide.keyboard.press("1")
    expect(wide.locator("#reader .toast")).to_contain_text("Organ trade")
    with desk_db.connect() as connection:
        made = case_decisions.cases(connection, [item.id])[item.id].in_force
    assert (made.tag, made.severity, made.clause, made.ground) == ("organ_trade", "critical", "organ_trade", "kidney")


def test_another_kind_than_the_reasons_show_is_confirmed_with_words_alone(login, items):
    minh, address = login("minh"), f"/item/{items[0].id}"
    assert 'value="confirm scam_compound high"' in minh.page(address)
    assert 'value="confirm organ_trade high"' not in minh.page(address)
    refused = minh.post(f"{address}/decide", verdict="confirm organ_trade critical", seen=0)
    assert (refused.status_code, "shows this kind" in refused.text) == (422, True)
    form = {"tag": "organ_trade", "severity": "high", "clause": "organ_trade", "seen": 0}
    assert minh.post(f"{address}/confirm", **form).status_code == 422
    assert minh.post(f"{address}/confirm", **form, ground="We pay flight and visa").status_code == 303


def test_a_decision_is_undone_from_the_line_that_tells_it(wide, served, items, desk_db):
    wide.goto(f"{served}/item/{items[0].id}")
    expect(wide.locator("#column [aria-current]")).to_contain_text("item 0")
    wide.wait_for_timeout(300)
    wide.keyboard.press("x")
    wide.keyboard.press("7")
    expect(heading(wide)).to_have_text("item 1")
    expect(wide.locator("#reader .toast")).to_contain_text("Dismissed: item 0")
    expect(wide.locator("#column .count")).to_have_text("11 undecided")
    wide.keyboard.press("u")
    expect(heading(wide)).to_have_text("item 0")
    expect(wide.locator("#t-case")).to_have_text("Undecided")
    expect(wide.locator("#column .done")).to_have_count(0)
    expect(wide.locator("#column .count")).to_have_text("12 undecided")
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [items[0].id])[items[0].id].state == "open"


def test_the_column_goes_on_where_its_page_ends(opened, store, record, served):
    store.put([record(number, title=f"item {number}", score=99 - number / 4) for number in range(27)])
    page = opened()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#column [data-row]")).to_have_count(20)
    page.locator("#column [data-more]").click()
    expect(page.locator("#column [data-row]")).to_have_count(27)
    page.locator("#column [data-row]").last.click()
    expect(heading(page)).to_have_text("item 26")
    page.keyboard.press("k")
    expect(heading(page)).to_have_text("item 25")


def test_a_colleagues_decision_is_told_in_place_and_nothing_is_lost(wide, served, items, desk_db, people, now):
    wide.goto(f"{served}/item/{items[0].id}")
    expect(wide.locator("#column [aria-current]")).to_contain_text("item 0")
    case_decisions.dismiss(
        desk_db, [items[0]], reason="misread", by=people["lead"], now=now, seen={items[0].id: 0}, over=["minh"]
    )
    wide.wait_for_timeout(300)
    wide.keyboard.press("1")
    wide.keyboard.press("1")
    expect(wide.locator("#case .problem")).to_contain_text("Lead decided meanwhile")
    assert wide.url == f"{served}/item/{items[0].id}"


def test_on_a_small_screen_the_decision_is_a_bar_and_no_rows_are_asked_for(opened, served, items):
    page = opened()
    page.set_viewport_size({"width": 390, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/item/{items[0].id}")
    expect(page.locator(".barlinks")).to_be_visible()
    assert not any("/queue/rows" in url for url in asked)
    page.wait_for_timeout(300)
    page.click("[data-bar=dismiss]")
    page.click("#quick button[value='dismiss misread']")
    expect(heading(page)).to_have_text("item 1")
    expect(page.locator("#reader .toast")).to_contain_text("Dismissed: item 0")


def test_a_verdict_without_a_script_leads_back_to_the_item(login, items):
    minh = login("minh")
    money = next(item for item in items if item.assessment.tag == "money_scam")
    answer = minh.post(f"/item/{money.id}/decide", verdict="confirm money_scam low", seen=0)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/item/{money.id}")
    page = minh.page(f"/item/{money.id}")
    assert "<b>Money scam</b>, low: breaks <b>deceptive recruitment</b>" in page


@pytest.mark.parametrize("verdict", ["", "confirm", "confirm none low", "confirm scam_compound x", "dismiss x", "x y z"])
def test_a_verdict_that_says_nothing_changes_nothing(login, items, desk_db, verdict):
    answer = login("minh").post(f"/item/{items[0].id}/decide", verdict=verdict, seen=0)
    assert answer.status_code == 422
    assert answer.headers["hx-push-url"] == "false"
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [items[0].id])[items[0].id].state == "open"


def test_a_facet_keeps_the_keyboard_and_q_leads_back_to_the_place(opened, store, record, served):
    languages = ("th", "vi") * 4
    store.put([record(number, title=f"item {number}", score=99 - number, language=code) for number, code in enumerate(languages)])
    page = opened()
    page.click("#narrow summary")
    page.locator("input[name=language][value=th]").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-line]")).to_have_count(4)
    expect(page.locator(":focus")).to_have_value("th")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("item 4")
    page.keyboard.press("q")
    page.wait_for_url("**language=th#i-*")
    expect(page.locator(":focus")).to_have_text("item 4")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.press("x")
    page.keyboard.press("1")
    expect(heading(page)).to_have_text("item 6")
    page.go_back()
    expect(page.locator("#t-case")).to_have_text("Dismissed")
    page.keyboard.press("q")
    expect(page.locator(":focus")).to_have_text("item 6")


def test_single_keys_can_be_switched_off(wide, served, items):
    wide.keyboard.press("?")
    wide.uncheck("#single-keys")
    wide.click("[data-close]")
    wide.keyboard.press("j")
    assert wide.evaluate("document.activeElement.dataset.open") is None
    wide.goto(f"{served}/item/{items[0].id}")
    wide.keyboard.press("x")
    assert wide.locator("#quick details[open]").count() == 0
    wide.click("[data-keys]")
    wide.check("#single-keys")
    wide.click("[data-close]")
    wide.keyboard.press("x")
    expect(wide.locator("#quick [data-reasons]")).to_have_attribute("open", "")


def test_no_typed_character_is_lost_in_thirty_navigations(wide, served, items):
    wide.goto(f"{served}/item/{items[0].id}")
    expect(wide.locator("#column [aria-current]")).to_contain_text("item 0")
    for number in range(10):
        for field in ("#confirm [name=note]", "#comments form[data-draft=comment] [name=body]"):
            wide.eval_on_selector("#confirm", "panel => { panel.open = true; }")
            wide.fill(field, f"khách {number} ổn")
        wide.keyboard.press("Escape")
        wide.keyboard.press("j")
        expect(heading(wide)).to_have_text(f"item {number + 1}")
    for number in reversed(range(10)):
        wide.keyboard.press("k")
        expect(heading(wide)).to_have_text(f"item {number}")
        expect(wide.locator("#confirm [name=note]")).to_have_value(f"khách {number} ổn")
        expect(wide.locator("#comments form[data-draft=comment] [name=body]")).to_have_value(f"khách {number} ổn")
    for number in range(10):
        wide.goto(f"{served}/item/{items[number].id}")
        expect(wide.locator("#confirm [name=note]")).to_have_value(f"khách {number} ổn")
    wide.locator("#comments form[data-draft=comment] button").click()
    expect(wide.locator(".comments")).to_contain_text("khách 9 ổn")
    expect(wide.locator("#comments form[data-draft=comment] [name=body]")).to_have_value("")


def test_for_and_against_are_told_apart_without_colours(opened, store, record, served):
    item = record(text="Registered company, passport kept")
    at = len(f"{item.posting.title}\n")
    found = item.assessment.signals[0]
    doubt = replace(found, indicator="licence", text="Registered company", start=at, end=at + 18, weight=-6.0)
    store.put([replace(item, assessment=replace(item.assessment, signals=(*item.assessment.signals, doubt)))])
    page = opened(forced_colors="active")
    page.goto(f"{served}/item/{item.id}")
    for kind, line, number in (("for", "solid", "1"), ("against", "dotted", "–")):
        mark = page.locator(f".text mark.{kind}").first
        assert mark.evaluate("one => getComputedStyle(one).borderBottomStyle") == line
        assert number in mark.evaluate("one => getComputedStyle(one, '::before').content")
        expect(page.locator(f".whys .{kind} b")).to_have_text(number)


def test_the_end_of_the_session_is_told_before_it_comes(opened, served, items):
    page = opened()
    page.clock.install()
    page.goto(f"{served}/item/{items[0].id}")
    expect(page.locator("#column [aria-current]")).to_contain_text("item 0")
    expect(page.locator("#ending")).to_be_hidden()
    page.clock.run_for(26 * 60_000)
    expect(page.locator("#ending [data-says=idle]")).to_be_visible()
    expect(page.locator("#ending [data-says=idle]")).to_contain_text(re.compile("your session ends in [45] min"))
    with page.expect_response("**/session"):
        page.click("[data-stay]")
    expect(page.locator("#ending")).to_be_hidden()
    page.evaluate("document.body.dataset.left = '1800'")
    page.clock.run_for(10_000)
    expect(page.locator("#ending [data-says=left]")).to_be_visible()
    page.clock.run_for(400_000)
    expect(page.locator("#ending a")).to_have_attribute("href", f"/login?back=%2Fitem%2F{items[0].id}")
