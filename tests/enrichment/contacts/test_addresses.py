"""Addresses are found from their dots: links of messengers, mail and web addresses, and no words beside them."""

import time

import pytest

from enrichment.contacts.addresses import addresses


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


def test_a_long_hostile_text_is_read_in_good_time() -> None:
    """One pass, with bounds on how far an address reaches."""
    begun = time.process_time()
    for text in ("a." * 50_000, "." * 100_000, "t.me/" * 20_000, "@a.com" * 20_000):
        list(addresses(text))
    assert time.process_time() - begun < 10
