"""One form for words that are written in many ways, and no word changed into another."""

import unicodedata

import pytest

from crawlers.text.folding import fold_text


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("ＬƯƠＮＧ　２２ TRIỆU", "lương 22 triệu"), ("月薪１萬–２萬圓", "月薪1万-2万圆"), ("١٥٠٠ ريال", "1500 ریال"),
        ("१५,००० रुपये", "15,000 रुपये"), ("៥០០ ដុល្លារ", "500 ដុល្លារ"), ("ทํางาน", "ทํางาน".replace("\u0e4d\u0e32", "\u0e33")),
        ("Straße", "strasse"), ("1\u00a0000~2\u3000000", "1 000~2 000"), ("5〜6", "5~6"),
    ],
)  # fmt: skip
def test_one_word_has_one_form(raw: str, wanted: str) -> None:
    assert fold_text(raw) == wanted


def test_invisible_characters_cannot_hide_a_word() -> None:
    assert fold_text("sa\u200bla\u2060ry\u00ad\ufeff đ\u200dô") == "salary đô"


def test_lines_survive() -> None:
    assert fold_text("Lương\nTHÁNG") == "lương\ntháng"


def test_letters_that_carry_meaning_stay() -> None:
    """Tones, vowel signs and unlike letters are kept: ``ma`` and ``má`` are two words."""
    assert fold_text("má") != fold_text("ma") and fold_text("ก่อน") == "ก่อน" and fold_text("") == ""


def test_folding_twice_changes_nothing() -> None:
    every = "".join(chr(code) for code in range(0x20, 0x10000) if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co"))
    once = [fold_text(char) for char in every]
    assert [char for char, form in zip(every, once, strict=True) if fold_text(form) != form] == []
