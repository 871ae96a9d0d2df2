"""Each disguise is undone, and ordinary writing is left as it is."""

import pytest

from enrichment.text.views import Views


def words(text: str) -> str:
    """Return the view in which disguises are undone."""
    return Views(text).unleet.text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("f r e e  f l i g h t now", "free flight"), ("f.r.e.e ticket", "free ticket"), ("fr33 fl1ght", "free flight"),
        ("frее flight", "free flight"), ("fr\u200bee fli\u200bght", "free flight"), ("𝐟𝐫𝐞𝐞 𝐟𝐥𝐢𝐠𝐡𝐭", "free flight"),
    ],
)  # fmt: skip
def test_a_disguise_is_undone(text: str, wanted: str) -> None:
    """Spaced and dotted letters, digits for letters, letters of another script, invisible signs, mathematical letters."""
    assert wanted in words(text)


@pytest.mark.parametrize("text", ["call 0900 123 456 before 5", "model a3 of 2026", "www.example.org", "a b or c"])
def test_numbers_addresses_and_ordinary_words_stay(text: str) -> None:
    """What only looks like a disguise is none."""
    assert words(text) == text
