"""A number ends where it ends, whatever is written against it."""

import pytest

from enrichment.assessment import Language
from enrichment.contacts.extract import contacts
from enrichment.contacts.number_bounds import plain_signs

VI = Language(code="vi", script="Latn", confidence=0.9)
HANS = Language(code="zh", script="Hans", confidence=0.9)


@pytest.mark.parametrize(
    "text",
    [
        "LH 0500_000_142", "LH 0500*000*142", "LH 0500~000~142", "Zalo cũ, gọi 0500\n000\n142", "gặp Lan0500000142",
        "liên hệ0500000142ngay", "hub 0500000142 24jam", "#0500000142", "gọi ____0500000142__", "gọi __0500000142__ nhé",
        "lương 15,000. 0500 000 142", "sđt 0500 000 142. 4 suất", "LH:0500000142.", "**0500000142**",
    ],
)  # fmt: skip
def test_what_is_written_against_a_number_is_no_part_of_it(text: str) -> None:
    assert {one.value for one in contacts(text, VI)} == {"+84500000142"}


def test_numbers_parted_by_letters_that_look_like_strokes_are_whole() -> None:
    assert [one.value for one in contacts("电话139乀0000乀0123", HANS)] == ["+8613900000123"]
    assert plain_signs("139乀0000乀0123") == "139-0000-0123"


@pytest.mark.parametrize("text", [
    "mã 01/3591/0100/157", "*123*0500000142#", "SPX2024112500142", "ngày 01/02/2024", "KH_0500000142_A", "ID0500000142X9",
    "12_34_56_78_90", "100\n2000\n3000\n4000",
])  # fmt: skip
def test_codes_dates_and_lists_are_no_numbers(text: str) -> None:
    assert [one for one in contacts(text, VI) if one.type != "telegram"] == []


def test_signs_that_part_nothing_stay() -> None:
    assert plain_signs("a_b *c* 12_34\n5 x") == "a_b *c* 12_34\n5 x"
