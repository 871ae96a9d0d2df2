"""The desk in Vietnamese and French, as somebody in Hanoi or Dakar uses it."""

import html
import re
import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from desk.people import accounts
from lurewatch.app.seeds.desk_seeds import DeskSeeds
from lurewatch.settings import Settings

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


ENGLISH = re.compile(r"\b(?:the|is|was|are|not|nothing|this|list|draft|look|there|choose|write|say|ask)\b", re.IGNORECASE)
"""Words of which an English refusal has at least one, and no Vietnamese one any."""
VERSION = "0" * 64


def read_refusal(answer) -> str:
    """Return what a page says was wrong, without what stands in code."""
    said = re.findall(r'role="alert"[^>]*>(.*?)</(?:p|small)>', answer.text, re.S) or re.findall(
        r"<main.*</main>", answer.text, re.S
    )
    assert answer.status_code in (409, 422) and said, (answer.status_code, answer.text)
    return html.unescape(re.sub(r"<[^>]*>|`[^`]*`|\S+\.yml", "", " ".join(said)))


@pytest.fixture
def own_seeds(tmp_path, seeds):
    """Return settings with a folder of seeds that may be changed."""
    folder = tmp_path / "own"
    for name in ("sources", "lures/en"):
        (folder / name).mkdir(parents=True)
    for name in ("lures/indicators.yml", "lures/concepts.yml", "lures/en/control.yml", "lures/en/words.yml", "places.yml"):
        shutil.copy(seeds / name, folder / name)
    shutil.copy(seeds / "platforms.yml", folder)
    shutil.copytree(seeds / "platforms", folder / "platforms")
    shutil.copy(seeds / "sources" / "sample_board.yml", folder / "sources" / "board.yml")
    return Settings(seeds=folder, runs=str(tmp_path / "runs"), state=tmp_path / "state")


@pytest.fixture
def desk(desk, own_seeds):
    return replace(desk, seeds=DeskSeeds(own_seeds, desk.engine))


@pytest.mark.parametrize(("path", "typed", "said"), [
    ("/rules/try", {"text": ""}, "hãy dán một văn bản"),
    ("/suggestions/refuse", {"venue": "?", "why": "lỗi"}, "không chỉ nơi đăng nào"),
    ("/suggestions/propose", {"kind": "site", "value": "board", "why": "lỗi"}, "hãy ghi đầy đủ địa chỉ"),
    ("/suggestions/propose", {"kind": "phrase", "value": "hộ chiếu", "language": "xx", "why": "lỗi"}, "hãy chọn ngôn ngữ"),
    ("/suggestions/7/close", {}, "không có đề xuất số 7"),
])  # fmt: skip
def test_a_refusal_is_read_in_vietnamese(login, desk_db, people, path, typed, said):
    """Suggestions and proposals: no English sentence stands on the page that refuses."""
    accounts.set_locale(desk_db, people["lead"], language="vi", zone="Asia/Ho_Chi_Minh")
    told = read_refusal(login("lead").post(path, **typed))
    assert said in told.lower() and not ENGLISH.search(told), told
