"""Addresses are found from their dots: links of messengers, mail and web addresses, and no words beside them."""

import pytest

from enrichment.contacts.addresses import addresses
from tests.growth import LIMIT, MORE, growth


def addresses_in(text: str) -> list[tuple[str | None, str]]:
    """Return kind and value of each address."""
    return [(one.type, one.value) for one in addresses(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write to t.me/sample_hr now", "telegram", "sample_hr"),
        ("https://t.me/sample_hr", "telegram", "sample_hr"),
        ("tg://resolve?domain=sample_hr", "telegram", "sample_hr"),
        ("mail jobs@firm.example.org.", "email", "jobs@firm.example.org"),
        ("mailto:jobs@firm.example.org", "email", "jobs@firm.example.org"),
    ],
)
def test_a_contact_is_read_from_any_of_its_written_forms(text: str, kind: str, value: str) -> None:
    """As the extraction and the search box read it."""
    assert addresses_in(text) == [(kind, value)]


def test_the_span_holds_the_address_and_no_sign_round_it() -> None:
    """Spans are shown to people on the text itself."""
    text = "see (t.me/sample_hr), please"
    (one,) = addresses(text)
    assert text[one.start : one.end] == "t.me/sample_hr"


@pytest.mark.parametrize("text", ["", ".", "...", "a.b", "pay 1.500.000 now", "end of it.Next one", "we use asp.net", "@@@.@@@"])
def test_prose_amounts_and_product_names_are_no_address(text: str) -> None:
    """A dot alone is none."""
    assert addresses_in(text) == []


@pytest.mark.parametrize("part", ["a.", "..", "t.me/", "@a.com"])
def test_a_long_hostile_text_is_read_in_linear_time(part: str) -> None:
    """One pass, with bounds on how far an address reaches."""
    assert growth(lambda text: list(addresses(text)), part * 10_000, part * 10_000 * MORE) <= LIMIT
