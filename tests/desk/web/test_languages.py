"""The desk in Vietnamese and French, as somebody in Hanoi or Dakar uses it."""

import pytest
from playwright.sync_api import expect

from desk.people import accounts

SAID = {
    "vi": {"queue": "Hàng chờ", "undecided": "Chưa quyết", "confirmed": "Đã xác nhận:", "kind": "Khu lừa đảo khép kín",
           "why": "giấy tờ hoặc hộ chiếu bị giữ hoặc phải nộp", "moment": "24/11/2026"},
    "fr": {"queue": "File", "undecided": "En attente", "confirmed": "Confirmée :", "kind": "Complexe d’escroquerie",
           "why": "papiers ou passeport gardés ou à remettre", "moment": "24 nov. 2026"},
}  # fmt: skip


@pytest.mark.parametrize(("language", "zone", "offset"), [("vi", "Asia/Ho_Chi_Minh", "UTC+7"), ("fr", "Africa/Dakar", "UTC")])
def test_queue_item_decision_and_undo(opened, served, store, record, desk_db, people, language, zone, offset):
    """Every step says what it is in the reader's language; a reason that is not translated is marked as English."""
    from msgspec.structs import replace

    items = [record(number, title=f"item {number}", score=99 - number) for number in range(2)]
    (ground,) = items[0].assessment.signals
    known = replace(ground, gloss="papers or passport are kept or handed over", weight=20.0)
    store.put([replace(item, assessment=replace(item.assessment, signals=(ground, known))) for item in items])
    accounts.set_locale(desk_db, people["minh"], language=language, zone=zone)
    said, page = SAID[language], opened(locale="en-US")
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("header.top nav").first).to_contain_text({"vi": "Tìm kiếm", "fr": "Recherche"}[language])
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#reader h1")).to_have_text("item 0")
    expect(page.locator("#t-case")).to_have_text(said["undecided"])
    expect(page.locator("#why")).to_contain_text(said["why"])
    expect(page.locator('#why span[lang="en"]', has_text="the employer keeps the passport").first).to_be_attached()
    assert said["moment"] in page.content() and offset in page.content()
    page.wait_for_timeout(300)  # keys that come sooner are not taken
    page.keyboard.press("1")
    page.keyboard.press("1")
    toast = page.locator("#reader .toast")
    expect(toast).to_contain_text(said["confirmed"])
    expect(toast).to_contain_text(said["kind"])
    page.keyboard.press("u")
    expect(page.locator("#reader h1")).to_have_text("item 0")
    expect(page.locator("#t-case")).to_have_text(said["undecided"])
    expect(page.locator("#quick summary").first).to_contain_text(said["kind"])
