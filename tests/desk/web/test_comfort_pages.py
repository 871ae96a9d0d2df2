"""Text only, calm, a break now and then; and what somebody read is shown to nobody else."""

import pytest
from playwright.sync_api import expect

from desk.cases.openings import note_opening
from desk.people.comfort import set_comfort
from desk.people.roles import RIGHTS
from tests.desk.web.test_routes import TABLE


def test_the_account_keeps_how_one_reads(login):
    minh = login("minh")
    assert minh.post("/account/comfort", calm="true", break_after="25").status_code == 303
    page = minh.page("/account")
    assert "data-calm" in page and 'data-break="25"' in page and "data-text-only" not in page
    assert minh.post("/account/comfort").status_code == 303
    assert "data-calm" not in minh.page("/account")
    assert minh.post("/account/comfort", break_after="soon").status_code == 422


@pytest.mark.parametrize("role", RIGHTS)
def test_what_somebody_read_is_on_no_page_of_anybody_else(role, login, store, record, desk_db, people, now):
    """Every page by every role: the figure stands on one's own account, and only there."""
    items = [record(number, title=f"item {number}") for number in range(3)]
    store.put(items)
    for item in items:
        note_opening(desk_db, item, by=people["minh"], now=now)
    minh = login("minh")
    assert "3 new adverts" in minh.page("/account")
    other = login(role)
    ways = {
        "{item_id}": items[0].id,
        "{name}": "minh",
        "{number}": "1",
        "{list_id}": "1",
        "{campaign_id}": "c1",
        "{week}": "2026-W48",
    }
    for method, path in TABLE:
        if method != "GET":
            continue
        for part, value in ways.items():
            path = path.replace(part, value)
        text = other.get(path).text
        assert "new adverts" not in text.replace("0 new adverts", "").replace("What you read", ""), path
        assert (path == "/account") == ("data-exposure" in text), path


def test_calm_lists_say_nothing_of_harm_until_an_advert_is_opened(opened, store, record, desk_db, people):
    item = record(title="Chat operator")
    store.put([item])
    page = opened()
    grim = page.locator(".line").locator(".tag, .why, .excerpt")
    expect(grim.first).to_be_visible()
    accent = "getComputedStyle(document.body).getPropertyValue('--accent')"
    colour = page.evaluate(accent)
    set_comfort(desk_db, people["minh"], text_only=False, calm=True, break_after=0)
    page.reload()
    assert page.locator(".line").get_by_text("Chat operator").is_visible()
    assert [one for one in grim.all() if one.is_visible()] == []
    assert page.evaluate(accent) != colour
    page.goto(page.url + f"item/{item.id}")
    expect(page.locator("#standing .tag")).to_be_visible()
    expect(page.locator("#column .row")).to_have_count(1)
    assert [one for one in page.locator("#column .grim").all() if one.is_visible()] == []


def test_text_only_pages_draw_nothing(opened, store, record, desk_db, people):
    store.put([record()])
    set_comfort(desk_db, people["minh"], text_only=True, calm=False, break_after=0)
    page = opened()
    drawn = (
        "[...document.querySelectorAll('img, svg, video')].filter((one) => one.checkVisibility() && one.clientWidth > 1).length"
    )
    assert page.evaluate(drawn) == 0
    assert "88" in page.inner_text(".line .score")


def test_a_break_is_suggested_quietly_after_the_minutes_chosen_and_once(opened, store, record, desk_db, people):
    store.put([record()])
    set_comfort(desk_db, people["minh"], text_only=False, calm=False, break_after=25)
    page = opened()
    page.clock.install()
    page.reload()
    line = page.locator("#rest")
    for _ in range(2):
        page.clock.fast_forward(8 * 60_000)
        page.keyboard.press("j")
    expect(line).to_be_hidden()
    focused = page.evaluate("document.activeElement.outerHTML")
    page.clock.fast_forward(9 * 60_000 + 1)
    page.keyboard.press("Shift")
    expect(line).to_be_visible()
    assert line.get_attribute("role") == "status" and page.evaluate("document.activeElement.outerHTML") == focused
    line.get_by_role("button").click()
    page.clock.fast_forward(5 * 60_000)
    page.keyboard.press("j")
    expect(line).to_be_hidden()
    page.clock.fast_forward(11 * 60_000)  # ten idle minutes are a break: a new stretch begins
    page.keyboard.press("j")
    page.clock.fast_forward(9 * 60_000)
    page.keyboard.press("j")
    expect(line).to_be_hidden()
