"""Whatever is thrown at them, the readers of facts raise nothing, keep their spans inside the text and stay linear."""

import random
from pathlib import Path

import pytest

from crawlers.pages.money import pay as pay_field
from enrichment.contacts import contacts
from enrichment.language import language
from enrichment.pay import pay
from enrichment.places import Gazetteer
from enrichment.text import Views, views
from tests.clock import cpu_seconds

FRAGMENTS = (
    "lương 15tr", "tele @sample_hr", "0500 000 142", "微信", "不", "v1ệc", "t.me/", "https://", "a@b.example", "[at]", " (dot) ",
    "9 triệu", "$1,000",
    "หนึ่ง", "không ", "🇰🇭", "0️⃣", "\u200b", "\u202e", "\ud800", "\udfff", "e\u0301", "ေ", "่", "KK Park",
    "老街", "1 lakh", "\n", "\x00", "_", "@", "+", "(",
    ".", "-", "Ѕurrоgаtе", "zalo:", "line ", "wa.me/", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "0x", "௧", "٣", "၁",
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(Path(__file__).resolve().parents[2] / "seeds" / "places.yml")


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


def test_ten_thousand_random_texts_raise_nothing(gazetteer: Gazetteer) -> None:
    dice = random.Random(20260101)
    planes = (0x80, 0x250, 0x3000, 0xFFFF, 0x110000)
    for _ in range(10_000):
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


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_on_one_line_takes_at_most_two_seconds_a_reader(unit: str, gazetteer: Gazetteer) -> None:
    raw = (unit * ((1 << 20) // len(unit) + 1))[: 1 << 20]
    seen = views(raw)
    spoken = language(seen)
    readers = (
        lambda: list(Views(raw).distinct()), lambda: language(seen), lambda: contacts(seen, spoken), lambda: pay(seen, spoken),
        lambda: gazetteer.places(seen, spoken),
    )  # fmt: skip
    for reader in readers:
        assert cpu_seconds(reader, 2.0) < 2.0
