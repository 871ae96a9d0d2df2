"""What digits come to in one country, by its own numbering plan."""

import pytest

from enrichment.contacts.phones import NONE, reading


def test_a_number_is_read_with_and_without_its_country() -> None:
    """Reserved numbers of the United Kingdom and North America."""
    assert reading("07700900123", "GB").e164 == reading("447700900123", None).e164 == "+447700900123"
    assert reading("2025550123", "US").e164 == "+12025550123"


def test_a_number_of_another_country_or_a_short_code_is_none_of_this_one() -> None:
    """No guess across a border."""
    assert reading("12025550123", "GB") == NONE
    assert reading("12", "GB") == NONE


@pytest.mark.parametrize("digits", ["", "0", "0" * 40, "9" * 300, "abc", "١٢٣", "+", "\u202e123"])
@pytest.mark.parametrize("country", [None, "VN", "GB", "XX"])
def test_whatever_is_no_number_has_no_rank(digits: str, country: str | None) -> None:
    """And never fails."""
    assert reading(digits, country).rank == 0


def test_a_mobile_number_is_told_from_a_line_at_a_desk() -> None:
    """Advertisers give mobiles."""
    assert reading("07700900123", "GB").mobile
    assert not reading("02079460123", "GB").mobile
