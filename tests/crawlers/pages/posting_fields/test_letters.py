"""Letters come out as their readers know them; what is lost for good is reported, sound pages are left alone."""

import pytest

from crawlers.items import ParsedPage, Posting
from crawlers.pages.posting_fields import letters
from tests.growth import LIMIT, MORE, growth

MISREAD = "LÆ°Æ¡ng 22 triá»‡u, bao Äƒn á»Ÿ"
ZAWGYI = "အလုပ္ေခၚစာ ျမန္မာျပည္မွာ ေနေသာ"


def page(text: str, title: str | None = None) -> ParsedPage:
    posting = Posting(id="1", source="s", url="https://board.example.org/1", title=title, text=text)
    return ParsedPage(family="plain", title=title, postings=(posting,))


@pytest.mark.parametrize(
    ("text", "misread"),
    [(MISREAD, True), ("Lương 22 triệu, bao ăn ở", False), ("Crème brûlée €5", False), ("รับสมัครงาน", False), ("", False)],
)
def test_utf8_taken_for_windows_1252_is_noticed(text: str, misread: bool) -> None:
    assert letters.is_misread(page(text)) is misread
    assert letters.is_misread(page("", text)) is misread


def test_only_the_lines_that_are_misread_are_turned_back() -> None:
    assert letters.undone(f"<p>Crème</p>\n{MISREAD}\n") == "<p>Crème</p>\nLương 22 triệu, bao ăn ở\n"


def test_zawgyi_becomes_unicode_and_is_reported() -> None:
    read = letters.readable(page(ZAWGYI, ZAWGYI))
    assert read.facts == {"zawgyi_converted": "true"}
    assert read.postings[0].text == read.postings[0].title == read.title
    assert read.postings[0].text.startswith("အလုပ်ခေါ်စာ မြန်မာပြည်မှာ")


def test_letters_lost_for_good_are_reported_and_kept_as_they_are() -> None:
    broken = page("H?edáme ?lov?ka na pr?ci v p?ístavu, ubytov?ní zdarma")
    read = letters.readable(broken)
    assert (read.facts, read.postings) == ({"mojibake": "true"}, broken.postings)


@pytest.mark.parametrize("text", ["Cook wanted", "မြန်မာပြည်မှာ အလုပ်ခေါ်စာ", "招聘厨师", ""])
def test_a_sound_page_is_the_same_page(text: str) -> None:
    sound = page(text)
    assert letters.readable(sound) is sound


def test_turning_back_is_linear_work() -> None:
    assert growth(letters.undone, f"{MISREAD}\n" * 200, f"{MISREAD}\n" * 200 * MORE) <= LIMIT
