"""The desk in Chromium under its own policy: by keyboard, with htmx, and with JavaScript switched off."""

import pytest
from playwright.sync_api import expect

from desk.cases import case_decisions
from desk.people import saved_searches
from index.campaigns.relink import link_all

CONTRAST = """(names) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const light = (name) => {
        canvas.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
            .map((value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark, bright] = names.map(light).sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
}"""
PAIRS = (
    *(("--ink", ground) for ground in ("--paper", "--card", "--for", "--against", "--contact", "--place", "--hit")),
    *(("--soft", ground) for ground in ("--paper", "--card")),
    *((colour, "--card") for colour in ("--accent", "--taken", "--warn")),
    ("--warn", "--warn-paper"),
    ("--accent-ink", "--accent"),
    ("--ink", "--hit-soft"),
)
EDGES = (
    ("--for-edge", "--against-edge"),
    ("--field", "--paper"),
    *((edge, "--card") for edge in ("--for-edge", "--against-edge", "--field")),
)
"""What tells for and against apart, and where a field begins: at least 3 (WCAG 2.2, 1.4.11)."""


def accuse(page, note=""):
    """Confirm by hand, every part chosen."""
    page.click("#confirm summary")
    page.select_option("#confirm [name=tag]", "scam_compound")
    page.select_option("#confirm [name=severity]", "high")
    page.select_option("#confirm [name=clause]", "forced_labour")
    page.fill("#confirm [name=note]", note)
    page.click("#confirm button.primary")


def state(engine, item):
    with engine.connect() as connection:
        return case_decisions.cases(connection, [item.id])[item.id].state


def test_an_analyst_works_through_the_queue_without_a_mouse(opened, store, record, desk_db):
    items = [record(number, title=f"item {number}", score=95 - number) for number in range(3)]
    store.put(items)
    page = opened()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/item/{items[0].id}")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.name") == "tag"
    for letters in ("Scam", "high", "Recruitment"):
        page.keyboard.type(letters)
        page.keyboard.press("Tab")
    page.locator("#confirm button.primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#case h2:has-text('Confirmed')")
    assert "confirmed by minh" in page.inner_text("#standing")
    assert state(desk_db, items[0]) == "confirmed"
    page.keyboard.press("n")
    page.wait_for_url(f"**/item/{items[1].id}")
    page.wait_for_selector("#reader h1:focus:has-text('item 1')")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.select_option("#dismiss [name=reason]", "misread")
    page.click("#dismiss button")
    page.wait_for_selector("#case h2:has-text('Dismissed')")
    page.keyboard.press("u")
    page.click("#undo button")
    page.wait_for_selector("#case h2:has-text('Undecided')")
    assert state(desk_db, items[1]) == "open"
    page.keyboard.press("q")
    page.wait_for_selector("#found")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="hidden")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_a_campaign_is_split_and_put_back_without_a_mouse(opened, store, record):
    store.put([record(number, title=f"item {number}") for number in range(3)])
    link_all(store)
    page = opened()
    page.goto(page.url + f"campaign/{next(store.campaigns()).campaign.id}")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-tick]:checked").count() == 1
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.name") == "why"
    page.keyboard.type("another crew")
    page.locator("#split button[value=false]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Taken out")
    assert [len(one.campaign.members) for one in store.campaigns()] == [2]
    page.keyboard.press("l")
    assert page.evaluate("document.activeElement.closest('#lock') !== null")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=undone")
    assert [len(one.campaign.members) for one in store.campaigns()] == [3]


def test_a_search_is_saved_from_the_keyboard_after_it_was_narrowed_in_place(opened, store, record):
    store.put([record(1, language="vi"), record(2, language="th")])
    page = opened()
    page.goto(page.url + "search")
    page.check("input[name=language][value=th]")
    expect(page.locator("[data-line]")).to_have_count(1)
    page.keyboard.press("s")
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type("Thai")
    page.keyboard.press("Enter")
    page.wait_for_url("**/saved")
    assert "language:th" in page.inner_text("main")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_screen(opened, store, record, desk_db, people, now, width):
    text = f"https://board.example.org/{'y' * 200} @bright_hr_demo"
    items = [record(number, title="x" * 90, text=text) for number in range(3)]
    store.put(items)
    link_all(store)
    saved_searches.save(desk_db, "w" * 80, "z" * 300, shared=True, by=people["minh"], now=now)
    page = opened("admin")
    home = page.url
    page.set_viewport_size({"width": width, "height": 800})
    crew = next(store.campaigns()).campaign.id
    for path in (
        "",
        "search",
        f"item/{items[0].id}",
        "campaigns",
        f"campaign/{crew}",
        f"campaign/{crew}/merge?q=bright",
        "saved",
        "contact?c=bright_hr_demo",
        "lists",
        "sources",
        "audit",
        "people",
    ):
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


SCRIPTS = {
    "Latn": ("vi", "Tuyển nhân viên văn phòng"), "Cyrl": ("ru", "Требуется помощник"),
    "Grek": ("el", "Ζητείται βοηθός"), "Arab": ("ar", "مطلوب موظف مكتب"),
    "Aran": ("ur", "دفتر میں کام کے لیے"), "Hebr": ("he", "דרוש עובד משרד"),
    "Deva": ("hi", "कार्यालय में काम"), "Beng": ("bn", "অফিসে কাজের জন্য"),
    "Guru": ("pa", "ਦਫ਼ਤਰ ਵਿੱਚ ਕੰਮ"), "Gujr": ("gu", "ઓફિસમાં કામ"),
    "Orya": ("or", "କାର୍ଯ୍ୟାଳୟରେ କାମ"), "Taml": ("ta", "அலுவலக வேலை"),
    "Telu": ("te", "కార్యాలయంలో పని"), "Knda": ("kn", "ಕಚೇರಿಯಲ್ಲಿ ಕೆಲಸ"),
    "Mlym": ("ml", "ഓഫീസിൽ ജോലി"), "Sinh": ("si", "කාර්යාලයේ රැකියා"),
    "Thai": ("th", "รับพนักงานสำนักงาน"), "Laoo": ("lo", "ຮັບພະນັກງານຫ້ອງການ"),
    "Mymr": ("my", "ရုံးဝန်ထမ်းခေါ်ယူသည်"), "Khmr": ("km", "ជ្រើសរើសបុគ្គលិកការិយាល័យ"),
    "Ethi": ("am", "የቢሮ ሠራተኛ ይፈለጋል"), "Geor": ("ka", "საოფისე სამუშაო"),
    "Hang": ("ko", "사무실 직원 모집"), "Hani": ("zh", "招聘办公室职员"),
    "Jpan": ("ja", "事務員を募集しています"),
}  # fmt: skip
"""Script -> (language, a plain sentence)."""


def test_no_page_overflows_in_24_scripts(opened, store, record):
    """Titles and texts of every script, with and without spaces, and the marks above and below stay inside their line."""
    assert len(SCRIPTS) >= 24
    items = [
        record(
            number, title=f"{words} {words.replace(' ', '') * 12}", text=f"{words}\n{words.replace(' ', '') * 40}", language=code
        )
        for number, (code, words) in enumerate(SCRIPTS.values())
    ]
    store.put(items)
    page = opened()
    home = page.url
    spills = """() => [...document.querySelectorAll("main h1, main h2, main .text, main .excerpt, main bdi")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.left < -1;
    }).map((one) => one.textContent.slice(0, 40))"""
    for path, width in (("", 1440), ("", 768), ("", 390), *((f"item/{item.id}", 390) for item in items)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        assert page.evaluate(spills) == [], (path, width)
    page.set_viewport_size({"width": 1440, "height": 800})
    page.goto(home)
    shown = page.locator(".line .words").all_inner_texts()
    page.click(".pages a")
    shown += page.locator(".line .words").all_inner_texts()
    assert {words for _, words in SCRIPTS.values()} == {one for _, one in SCRIPTS.values() if any(one in each for each in shown)}


def test_facets_narrow_the_list_without_loading_the_page_anew(opened, store, record):
    store.put([record(1, title="vi one", language="vi"), record(2, title="th one", language="th")])
    page = opened()
    page.evaluate("window.here = true")
    page.click("#narrow summary")
    page.check("input[name=language][value=th]")
    expect(page.locator("[data-line]")).to_have_count(1)
    assert "th one" in page.inner_text(".lines")
    assert page.evaluate("window.here") is True
    assert "language=th" in page.url
    page.go_back()
    expect(page.locator("[data-line]")).to_have_count(2)


def test_the_first_line_of_a_new_list_is_next_after_any_line_of_the_old(opened, store, record):
    store.put([record(number, title=f"item {number}", score=95 - number, language="th") for number in range(4)])
    page = opened()
    for _ in range(3):
        page.keyboard.press("j")
    page.click("#narrow summary")
    with page.expect_response("**/?*language=th*"):
        page.check("input[name=language][value=th]")
    page.wait_for_url("**/?*language=th*")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText") == "item 0"


def test_a_contact_of_one_advert_is_told_in_the_singular(opened, store, record):
    store.put([record()])
    page = opened()
    page.goto(page.url + "contact?c=bright_hr_demo")
    assert page.inner_text(".count") == "1 advert, 1 flagged"


def test_the_palette_goes_anywhere_from_the_keyboard(opened, store, record):
    item = record(title="the very one")
    store.put([item])
    page = opened()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Page, queue, id of an item or campaign, or words")
    expect(field).to_be_focused()
    assert page.get_by_role("option", name="Audit log").count() == 0
    page.keyboard.type("saved")
    expect(page.locator("#places [aria-selected]")).to_have_text("Saved Search")
    assert field.get_attribute("aria-activedescendant") == page.locator("#places [aria-selected]").get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/saved")
    page.click("[data-palette]")
    page.keyboard.type(item.id)
    expect(page.locator("#places [aria-selected]")).to_contain_text("Search or open")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/item/{item.id}")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_query_is_completed_while_it_is_typed(opened, store, record):
    store.put([record(1, language="vi"), record(2, language="th")])
    page = opened()
    page.goto(page.url + "search")
    page.locator("#q").focus()
    page.keyboard.type("lan")
    expect(page.locator("#suggested [role=option]")).to_have_text(["lang: "])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("#suggested [role=option]")).to_have_count(2)
    page.keyboard.type("th")
    expect(page.locator("#suggested [role=option]")).to_have_text(["lang:th Thai · 1"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(1)
    assert page.input_value("#q") == "lang:th "
    page.click(".pill")
    expect(page.locator("[data-line]")).to_have_count(2)


def test_a_conflict_is_shown_in_place(opened, store, record, desk_db, people, now):
    item = record()
    store.put([item])
    page = opened()
    page.goto(page.url + f"item/{item.id}")
    case_decisions.dismiss(desk_db, [item], reason="misread", by=people["lead"], now=now, seen={item.id: 0}, over=["minh"])
    accuse(page, note="a clear lure")
    page.wait_for_selector("#case .problem")
    assert page.input_value("#confirm [name=note]") == "a clear lure"
    assert "Lead decided meanwhile" in page.inner_text("#case")
    assert state(desk_db, item) == "dismissed"


def test_everything_works_without_javascript(opened, store, record, desk_db, browser):
    item = record(title="only one")
    store.put([item])
    page = opened(java_script_enabled=False)
    page.fill("#q", "only")
    page.click(".box button")
    page.click("text=only one")
    accuse(page)
    assert "Confirmed" in page.inner_text("#case")
    page.click("#undo summary")
    page.click("#undo button")
    assert "Undecided" in page.inner_text("#case")
    assert state(desk_db, item) == "open"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_light_and_dark(opened, store, record, scheme):
    """Contrast of body text and of soft text against their grounds is at least 4.5 (WCAG 2.2, 1.4.3)."""
    store.put([record()])
    page = opened(color_scheme=scheme)
    for mode in ("", "document.documentElement.dataset.calm = ''"):
        page.evaluate(mode)
        ratios = {pair: page.evaluate(CONTRAST, list(pair)) for pair in (*PAIRS, *EDGES)}
        assert {pair: ratio for pair, ratio in ratios.items() if ratio < (3 if pair in EDGES else 4.5)} == {}, mode


def test_every_field_has_a_label_and_every_page_one_heading(opened, store, record):
    item = record(campaign="c1")
    store.put([item, record(2, campaign="c1")])
    page = opened("admin")
    paths = ("campaigns", "rulings", "campaign/c1", "contact?c=bright_hr_demo", "saved", "lists", "sources", "audit", "people")
    for path in ("", f"item/{item.id}", "search", *paths):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + f"/{path}")
        bare = page.evaluate("""() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
            .filter(one => !one.labels || one.labels.length === 0).map(one => one.outerHTML)""")
        assert bare == [], path
        assert page.locator("main").count() == 1
        assert page.evaluate("document.documentElement.lang") == "en"
