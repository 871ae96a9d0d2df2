"""Disguises change the look of a text only."""

import pytest

from evaluation.disguises import DISGUISES


@pytest.mark.parametrize(
    ("name", "text", "disguised"),
    [
        ("spaced letters", "salary 100", "s a l a r y 100"),
        ("spaced letters", "बिक्री", "बि क्री"),
        ("zero-width spaces", "ab cd", "a\u200bb cd"),
        ("digits for letters", "also also", "4l50 also"),
        ("styled letters", "Az", "\U0001d5d4\U0001d607"),
        ("full-width letters", "Az5", "Ａｚ５"),
        ("diacritics left out", "điện thoại, ñ, й", "dien thoai, n, и"),
        ("punctuation left out", "Pay 2,500. Now!", "Pay 2500 Now"),
        ("line breaks", "a b c d", "a b c\nd"),
        ("words as hashtags", "work abroad", "#work #abroad"),
        ("bare quotation marks", "work", "“work”"),
    ],
)
def test_each_disguise(name: str, text: str, disguised: str) -> None:
    """As an advertiser would write it."""
    assert DISGUISES[name](text) == disguised


def test_a_script_without_capitals_is_left() -> None:
    """Such a case is not made."""
    assert DISGUISES["capitals"]("งานที่ดี") == "งานที่ดี"
