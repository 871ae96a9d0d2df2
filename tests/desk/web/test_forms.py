"""A request that fails in a real browser: it is told in place, nothing that was typed is lost, and no part of an answer runs."""

import re

import pytest
from playwright.sync_api import expect

from desk.cases import case_decisions
from index.base import StoreUnavailable

NOTE = "Hộ chiếu giữ ở văn phòng, I called nobody"


@pytest.fixture
def tolerated():
    return ("Failed to load resource", "net::ERR", "htmx:", "markup with something live")


@pytest.fixture
def item(store, record):
    made = record(title="the first")
    store.put([made, record(2, title="the second", score=80)])
    return made


@pytest.fixture
def deciding(opened, served, item):
    """Return the page of an item, everything chosen and typed, one key from being sent."""

    def fill():
        page = opened()
        page.goto(f"{served}/item/{item.id}?q=first")
        page.keyboard.press("c")
        page.select_option("#confirm [name=tag]", "scam_compound")
        page.select_option("#confirm [name=severity]", "critical")
        page.select_option("#confirm [name=clause]", "forced_labour")
        page.fill("#confirm [name=note]", NOTE)
        return page

    return fill


def send(page):
    page.click("#confirm button.primary")


def told(page):
    """Return what is told in place; the panel, the choices and the note still stand."""
    line = page.locator("#confirm [role=alert]")
    expect(line).to_be_visible()
    assert page.locator("#case h2").inner_text() == "Undecided"
    assert page.input_value("#confirm [name=note]") == NOTE
    assert page.input_value("#confirm [name=severity]") == "critical"
    return line.inner_text()


def decided(page):
    page.wait_for_selector("#case h2:has-text('Confirmed')")
    assert NOTE in page.inner_text("#case blockquote")


def test_when_the_session_has_ended_the_note_survives_the_log_in(deciding, desk_db, served, password, item):
    page = deciding()
    with desk_db.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sessions")
    send(page)
    assert told(page).startswith("Your session has ended. What you typed is kept.")
    page.click("text=Log in again")
    page.fill("[name=name]", "minh")
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(f"{served}/item/{item.id}?q=first")
    expect(page.locator("#confirm [role=status]")).to_have_text("What you typed before is back. Nothing of it was sent yet.")
    assert page.input_value("#confirm [name=note]") == NOTE
    assert page.input_value("#confirm [name=tag]") == "scam_compound"
    send(page)
    decided(page)
    page.reload()
    assert page.locator("[data-notice]").count() == 0, "what was sent is kept no longer"
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []


def test_a_draft_is_shown_to_nobody_else(deciding, desk_db, served, password, item):
    page = deciding()
    with desk_db.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sessions")
    send(page)
    told(page)
    page.click("text=Log in again")
    page.fill("[name=name]", "lead")
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_url(f"{served}/item/{item.id}?q=first")
    assert page.input_value("#confirm [name=note]") == ""
    assert page.locator("[data-notice]").count() == 0


def test_when_the_index_is_away_its_words_are_shown_and_the_same_click_works_later(deciding, store, monkeypatch):
    page = deciding()

    def away(ids):
        raise StoreUnavailable("elasticsearch: connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(store, "get_many", away)
        send(page)
        assert "Nothing is lost: decisions are kept elsewhere" in told(page)
    send(page)
    decided(page)


@pytest.mark.parametrize("how", ["aborted", "offline"])
def test_when_no_answer_comes_it_says_so_and_the_same_click_works_later(deciding, how):
    page = deciding()
    if how == "offline":
        page.context.set_offline(True)
    else:
        page.route("**/confirm*", lambda route: route.abort("connectionreset"))
    send(page)
    assert told(page).startswith("The desk did not answer, so nothing is sure to be changed.")
    page.context.set_offline(False)
    page.unroute_all()
    send(page)
    decided(page)


def test_a_form_out_of_date_says_so_and_the_note_is_back_on_the_loaded_page(deciding, desk_db):
    page = deciding()
    page.eval_on_selector("#confirm [name=csrf]", "one => { one.value = 'old'; }")
    send(page)
    assert "out of date or from elsewhere" in told(page)
    page.click("text=Load this page again")
    expect(page.locator("#confirm [role=status]")).to_be_visible()
    assert page.input_value("#confirm [name=note]") == NOTE
    send(page)
    decided(page)


@pytest.mark.parametrize("body", [
    '<main><p role="alert">stop <img src=x onerror="window.ran=1"></p></main>',
    "<main><script>window.ran=1</script><p role=alert>stop</p></main>",
    '<section id="case"><img src=x onerror="window.ran=1"></section>',
    '<section id="case"><script>window.ran=1</script></section>',
    '<main><p role="alert">&lt;img src=x onerror=window.ran=1&gt;</p></main>',
])  # fmt: skip
@pytest.mark.parametrize("status", [200, 500, 503])
def test_nothing_of_an_answer_runs_and_the_panel_stays(deciding, status, body):
    """As if a proxy, or escaping gone wrong, sent something live."""
    page = deciding()
    page.route("**/confirm*", lambda route: route.fulfill(status=status, content_type="text/html", body=body))
    send(page)
    told(page)
    assert page.evaluate("window.ran") is None


def test_a_search_that_fails_says_so_and_keeps_the_list(opened, store, record, monkeypatch):
    store.put([record(1, title="vi one", language="vi"), record(2, title="th one", language="th")])
    page = opened()

    def away(query):
        raise StoreUnavailable("gone")

    monkeypatch.setattr(store, "search", away)
    page.click("#narrow > summary")
    page.check("input[name=language][value=th]")
    expect(page.locator(".ask [role=alert]")).to_contain_text("Nothing is lost")
    assert page.locator("[data-line]").count() == 2


def test_nothing_is_chosen_beforehand(opened, served, item):
    page = opened()
    page.goto(f"{served}/item/{item.id}")
    assert page.eval_on_selector_all("#case details.act[open]", "all => all.length") == 0
    chosen = page.eval_on_selector_all("#case select", "all => all.map(one => [one.name, one.value])")
    assert dict(chosen) == {"tag": "", "severity": "", "clause": "", "reason": ""}
    assert page.eval_on_selector_all("#case input[type=checkbox]:checked", "all => all.length") == 0


@pytest.mark.parametrize(("act", "given", "says"), [
    ("confirm", {}, "Kind: choose what kind of lure it is"),
    ("confirm", {"tag": "scam_compound"}, "Severity: choose one of critical"),
    ("confirm", {"tag": "scam_compound", "severity": "high"}, "Rule broken: choose the rule that is broken"),
    ("dismiss", {}, "Reason: choose one of"),
])  # fmt: skip
def test_a_decision_without_a_choice_is_refused_with_its_name_and_keeps_the_rest(login, item, desk_db, act, given, says):
    answer = login("minh").post(f"/item/{item.id}/{act}", seen=0, note=NOTE, **given)
    assert answer.status_code == 422
    assert says in answer.text
    assert NOTE in answer.text
    assert all(f'value="{value}" selected' in answer.text for value in given.values())
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [item.id])[item.id].state == "open"


def test_enter_in_a_list_of_choices_sends_nothing(opened, served, item, desk_db):
    page = opened("admin")
    asked = []
    page.on("request", lambda request: asked.append(request.method))
    for path, choices in ((f"item/{item.id}", "#confirm [name=clause]"), ("people", "[name=role] >> nth=0"), ("search", "#sort")):
        page.goto(f"{served}/{path}")
        if path.startswith("item"):
            page.keyboard.press("c")
            for name in ("tag", "severity", "clause"):
                page.select_option(f"#confirm [name={name}]", index=1)
        page.locator(choices).focus()
        asked.clear()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert asked == [], path
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [item.id])[item.id].state == "open"


def test_after_a_decision_the_keyboard_goes_on_from_it_and_then_from_the_next_heading(deciding, store, record, served):
    page = deciding()
    send(page)
    decided(page)
    page.wait_for_function("document.activeElement.id === 't-case'")
    assert page.inner_text("#said") == "Confirmed. Press n for the next item."
    assert page.get_attribute("#said", "role") == "status"
    page.goto(re.sub(r"\?.*", "", page.url))
    page.keyboard.press("n")
    page.wait_for_selector("h1:has-text('the second')")
    page.wait_for_function("document.activeElement.tagName === 'H1'")


def test_a_conflict_takes_the_keyboard_to_what_it_says(deciding, desk_db, people, now, item):
    page = deciding()
    case_decisions.dismiss(desk_db, [item], reason="misread", by=people["lead"], now=now, seen={item.id: 0}, over=["minh"])
    send(page)
    expect(page.locator("#case .problem")).to_contain_text("Lead decided meanwhile")
    assert page.input_value("#confirm [name=note]") == NOTE
    page.wait_for_function("document.activeElement.classList.contains('problem')")


def test_a_note_left_by_escape_and_n_is_back_when_the_page_is(opened, store, record, served):
    """Left by the keyboard, without anything having gone wrong."""
    items = [record(number, title=f"item {number}", score=95 - number) for number in range(2)]
    store.put(items)
    page = opened()
    page.goto(f"{served}/item/{items[0].id}")
    page.keyboard.press("c")
    page.fill("#confirm [name=note]", NOTE)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url(f"**/item/{items[1].id}**")
    page.goto(f"{served}/item/{items[0].id}")
    assert page.input_value("#confirm [name=note]") == NOTE


def test_a_sentence_leaves_only_when_it_is_ticked(opened, store, record, served, desk_db):
    """Each has its box; a box stays ticked while more is written."""
    item = record(1)
    store.put([item])
    page = opened()
    page.goto(f"{served}/item/{item.id}")
    page.keyboard.press("c")
    for name, value in (("tag", "scam_compound"), ("severity", "high"), ("clause", "forced_labour")):
        page.select_option(f"#confirm [name={name}]", value)
    page.fill("#confirm [name=note]", "Her mother called us. They keep the passport.")
    assert page.locator("[data-sentences] input:checked").count() == 0
    page.check("[data-sentences] label:has-text('They keep the passport.') input")
    page.locator("#confirm [name=note]").press_sequentially(" More.")
    page.click("#confirm button.primary")
    page.wait_for_selector("#case h2:has-text('Confirmed')")
    with desk_db.connect() as connection:
        (decision,) = case_decisions.cases(connection, [item.id])[item.id].history
    assert decision.disclosed == "They keep the passport." and "mother" in decision.note
