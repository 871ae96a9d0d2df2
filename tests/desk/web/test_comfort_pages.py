"""Text only, and calm."""

from playwright.sync_api import expect

from desk.people.accounts import set_comfort


def test_the_account_keeps_how_one_reads(login):
    minh = login("minh")
    assert minh.post("/account/comfort", calm="true").status_code == 303
    page = minh.page("/account")
    assert "data-calm" in page and "data-text-only" not in page
    assert minh.post("/account/comfort").status_code == 303
    assert "data-calm" not in minh.page("/account")


def test_calm_lists_say_nothing_of_harm_until_an_advert_is_opened(opened, store, record, desk_db, people):
    item = record(title="Chat operator")
    store.put([item])
    page = opened()
    grim = page.locator(".line").locator(".tag, .why, .excerpt")
    expect(grim.first).to_be_visible()
    accent = "getComputedStyle(document.body).getPropertyValue('--accent')"
    colour = page.evaluate(accent)
    set_comfort(desk_db, people["minh"], text_only=False, calm=True)
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
    set_comfort(desk_db, people["minh"], text_only=True, calm=False)
    page = opened()
    drawn = (
        "[...document.querySelectorAll('img, svg, video')].filter((one) => one.checkVisibility() && one.clientWidth > 1).length"
    )
    assert page.evaluate(drawn) == 0
    assert "88" in page.inner_text(".line .score")
