"""Letters of each script come from the desk's own fonts, and a page loads those of its scripts alone."""

import pytest
from playwright.sync_api import Page

LETTERS = {
    "my": ("Noto Sans Myanmar", "အလုပ်ရှင် လိုအပ်သည်"),
    "km": ("Noto Sans Khmer", "ត្រូវការបុគ្គលិក"),
    "lo": ("Noto Sans Lao", "ຕ້ອງການພະນັກງານ"),
    "th": ("Noto Sans Thai", "รับสมัครพนักงาน"),
    "bn": ("Noto Sans Bengali", "কর্মী প্রয়োজন"),
    "ne": ("Noto Sans Devanagari", "कामदार चाहियो"),
    "ta": ("Noto Sans Tamil", "ஆட்கள் தேவை"),
    "si": ("Noto Sans Sinhala", "සේවකයන් අවශ්‍යයි"),
    "am": ("Noto Sans Ethiopic", "ሰራተኛ እንፈልጋለን"),
    "ar": ("Noto Sans Arabic", "مطلوب موظفون"),
    "ur": ("Noto Nastaliq Urdu", "ملازمین درکار ہیں"),
}


def fonts_of(page: Page, selector: str) -> dict[str, bool]:
    """Return the fonts that Chromium drew an element's letters with, and whether each came from the desk."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    found = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return {font["familyName"]: font["isCustomFont"] for font in found}


def test_each_script_is_drawn_with_its_own_font(opened, served, store, record):
    items = {
        code: record(number, title="t", text=letters.replace(" ", ""), language=code)
        for number, (code, (_, letters)) in enumerate(LETTERS.items())
    }
    store.put(list(items.values()))
    page, asked = opened("minh"), []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "font" else None)
    page.set_viewport_size({"width": 1000, "height": 900})  # without the column, whose rows stand in other scripts
    loaded: set[str] = set()
    for code, (family, _) in LETTERS.items():
        page.goto(f"{served}/item/{items[code].id}")
        page.evaluate("() => document.fonts.ready")
        assert fonts_of(page, ".reading .text") == {family: True}, code
        loaded = {url.removeprefix(f"{served}/static/fonts/") for url in asked}
    assert len(loaded) == len(LETTERS)
    assert all("/" not in name for name in loaded)  # each from the desk


@pytest.mark.parametrize("code", ["my", "km", "th"])
def test_high_scripts_are_read_at_18_pixels_and_1_9(opened, served, store, record, code):
    made = record(1, title="t", text=LETTERS[code][1], language=code)
    store.put([made])
    page = opened("minh")
    page.goto(f"{served}/item/{made.id}")
    look = "one => [getComputedStyle(one).fontSize, getComputedStyle(one).lineHeight]"
    assert page.locator(".reading .text").first.evaluate(look) == ["18px", "34.2px"]


def test_a_page_in_latin_letters_loads_no_font(opened, served, store, record):
    store.put([record(1, title="Tuyển nhân viên", text="Tuyển nhân viên trực tổng đài", language="vi")])
    page, asked = opened("minh"), []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "font" else None)
    page.goto(f"{served}/", wait_until="networkidle")
    assert asked == []
