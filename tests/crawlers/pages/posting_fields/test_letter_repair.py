"""Letters come out as their readers know them; what is lost for good is reported, sound pages are left alone."""

import random
import re

import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, badness

from crawlers.items import ParsedPage, Posting
from crawlers.pages.posting_fields import letter_repair
from crawlers.pages.posting_fields.letter_repair import _SUSPICIOUS, is_broken, mend_text
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
    assert letter_repair.is_misread(page(text)) is misread
    assert letter_repair.is_misread(page("", text)) is misread


def test_only_the_lines_that_are_misread_are_turned_back() -> None:
    assert letter_repair.undone(f"<p>Crème</p>\n{MISREAD}\n") == "<p>Crème</p>\nLương 22 triệu, bao ăn ở\n"


def test_zawgyi_becomes_unicode_and_is_reported() -> None:
    read = letter_repair.readable(page(ZAWGYI, ZAWGYI))
    assert read.facts == {"zawgyi_converted": "true"}
    assert read.postings[0].text == read.postings[0].title == read.title
    assert read.postings[0].text.startswith("အလုပ်ခေါ်စာ မြန်မာပြည်မှာ")


def test_letters_lost_for_good_are_reported_and_kept_as_they_are() -> None:
    broken = page("H?edáme ?lov?ka na pr?ci v p?ístavu, ubytov?ní zdarma")
    read = letter_repair.readable(broken)
    assert (read.facts, read.postings) == ({"mojibake": "true"}, broken.postings)


@pytest.mark.parametrize("text", ["Cook wanted", "မြန်မာပြည်မှာ အလုပ်ခေါ်စာ", "招聘厨师", ""])
def test_a_sound_page_is_the_same_page(text: str) -> None:
    sound = page(text)
    assert letter_repair.readable(sound) is sound


def test_turning_back_is_linear_work() -> None:
    assert growth(letter_repair.undone, f"{MISREAD}\n" * 200, f"{MISREAD}\n" * 200 * MORE) <= LIMIT


@pytest.mark.parametrize("words", ["Lương 22 triệu, bao ăn ở", "Требуется оператор чата", "招聘客服人员，包吃包住"])
def test_utf8_read_as_windows_1252_is_turned_back(words: str) -> None:
    misread = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in words.encode())
    assert misread != words and mend_text(misread) == words


@pytest.mark.parametrize("words", ["", "Cook", "Crème brûlée à côté", "Ångström £5", "ทำงานที่ภูเก็ต", "ØL & smørrebrød"])
def test_sound_text_is_left_alone(words: str) -> None:
    assert (mend_text(words), is_broken(words)) == (words, False)


def test_question_marks_inside_words_are_lost_letters() -> None:
    assert is_broken("H?edáme ?lov?ka na pr?ci v p?ístavu, ubytov?ní zdarma")


@pytest.mark.parametrize(
    "words",
    [
        "Why us? When? Where?Call now",
        "https://board.example.org/jobs?page=2&sort=a?b sample@example.org?subject=x /list?a=1 /list?b=2",
        "No questions asked???",
        "New here?Call us. Tired?Rest here. Ready?Come and see. Why?Because",
    ],
)
def test_questions_and_addresses_are_no_lost_letters(words: str) -> None:
    assert not is_broken(words)


def test_a_replacement_character_in_a_short_text_is_a_lost_letter() -> None:
    assert is_broken("L\ufffdng 22 tri\ufffdu") and not is_broken("word " * 200 + "\ufffd")


def test_a_long_run_of_question_marks_is_linear_work() -> None:
    assert growth(is_broken, "p?átel " * 5_000, "p?átel " * 5_000 * MORE) <= LIMIT


def test_each_sequence_that_ftfy_counts_shows_a_suspicious_one() -> None:
    """So a text with few of these needs no counting. Drawn from the letters ftfy knows, and texts read in a wrong encoding."""
    chance = random.Random(7)
    letters = "".join(re.sub("(.)-(.)", lambda pair: "".join(map(chr, range(ord(pair[1]), ord(pair[2]) + 1))), category)
                      for category in MOJIBAKE_CATEGORIES.values())  # fmt: skip
    letters += "aZ 1\n°ØÙŸŠ×ŒœâÃÂ Ðà√≈‚вЂГўВЂβ€ā€ВГРС½ươđàกข中"
    texts = ["".join(chance.choices(letters, k=30)) for _ in range(20_000)]
    words = "Tuyển dụng đầu bếp, lương 20 triệu; ищем повара; αναζητούμε μάγειρα; hiring a chef – €900 “now”; รับสมัคร; 招聘"
    for codec in ("windows-1252", "latin-1", "mac_roman", "windows-1251", "windows-1253", "windows-1257", "cp437"):
        texts.append(words.encode().decode(codec, "replace"))
    assert sum(badness(text) for text in texts) > 20_000
    assert [text for text in texts if badness(text) > len(_SUSPICIOUS.findall(text))] == []
