"""Whatever is thrown at them, the readers of facts raise nothing, keep their spans inside the text and stay linear."""

import random

import pytest

from crawlers.text.money import pay as pay_field
from enrichment.assessment import Language
from enrichment.contacts.extract import contacts
from enrichment.facts.pay import pay
from enrichment.facts.places import Gazetteer
from enrichment.language.detect import language
from enrichment.text.views import Views
from tests.growth import LIMIT, MORE, growth

FRAGMENTS = (
    "lương 15tr", "tele @sample_hr", "0500 000 142", "微信", "不", "v1ệc", "t.me/", "https://", "a@b.example", "[at]", " (dot) ",
    "9 triệu", "$1,000",
    "หนึ่ง", "không ", "🇰🇭", "0️⃣", "\u200b", "\u202e", "\ud800", "\udfff", "e\u0301", "ေ", "่", "KK Park",
    "老街", "1 lakh", "\n", "\x00", "_", "@", "+", "(",
    ".", "-", "Ѕurrоgаtе", "zalo:", "line ", "wa.me/", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "0x", "௧", "٣", "၁",
)  # fmt: skip


def read_all(raw: str, gazetteer: Gazetteer) -> None:
    seen = Views(raw)
    for view in seen.distinct():
        if view.text:
            start, end = view.span(0, len(view.text))
            assert 0 <= start < end <= len(raw)
    spoken = language(seen)
    assert all(0 <= segment.start < segment.end <= len(raw) for segment in spoken.segments)
    assert 0.0 <= spoken.confidence <= 1.0
    for one in contacts(seen, spoken):
        assert 0 <= one.start < one.end <= len(raw)
        assert one.value
    earned = pay(seen, spoken)
    if earned is not None:
        assert 0 <= earned.start < earned.end <= len(raw)
        assert earned.low > 0
    for place in gazetteer.places(seen, spoken):
        assert 0 <= place.start < place.end <= len(raw)
    pay_field(raw[:300])


def test_a_thousand_random_texts_raise_nothing(gazetteer: Gazetteer) -> None:
    dice = random.Random(20260101)
    planes = (0x80, 0x250, 0x3000, 0xFFFF, 0x110000)
    for _ in range(1000):
        parts = [
            dice.choice(FRAGMENTS) if dice.random() < 0.5 else chr(dice.randrange(dice.choice(planes)))
            for _ in range(dice.randrange(1, 24))
        ]
        read_all(dice.choice(("", " ")).join(parts), gazetteer)


HOSTILE = (
    "1-", "0 9 ", "$1 ", "月薪1万 ", "@abcde ", "tele @abc12 ", "zalo 0500000142 ", "a_", "t.me/a_bcd ",
    "零", "🇰🇭", "aа", "\ud800", "e\u0301",
)  # fmt: skip
"""The units that took longest among some eighty tried."""


@pytest.mark.parametrize(("unit", "longest"), [*((unit, 1 << 16) for unit in HOSTILE), ("".join(HOSTILE), 1 << 19)])
def test_one_long_line_is_read_in_linear_time(unit: str, longest: int, gazetteer: Gazetteer) -> None:
    """64 KiB of each unit; half a megabyte of all in turn."""

    def text(size: int) -> tuple[Views, Language]:
        seen = Views((unit * (size // len(unit) + 1))[:size])
        return seen, language(seen)

    small, large = text(longest // MORE), text(longest)
    readers = {
        "views": lambda given: list(Views(given[0].raw).distinct()), "language": lambda given: language(given[0]),
        "contacts": lambda given: contacts(*given), "pay": lambda given: pay(*given),
        "places": lambda given: gazetteer.places(*given),
    }  # fmt: skip
    for name, reader in readers.items():
        assert growth(reader, small, large) <= LIMIT, name
