"""Letters that hide words are counted with their place; what honest adverts do as well is not."""

import pytest

from enrichment.text.obfuscation_signal import obfuscation
from enrichment.text.views import views


@pytest.mark.parametrize(
    ("raw", "kind", "word"),
    [
        ("hello, w o r k abroad for f r e e", "spaced", "w"),
        ("Need K1DN3Y d0n0r, b1g m0n3y, fr33 fl1ght", "leet", "K1DN3Y"),
        ("Работа: oпepaтop чaтa, зapплaтa высокая", "confusables", "oпepaтop"),
        ("tuyển v.i.ệ.c n.h.ẹ l.ư.ơ.n.g cao", "dotted", "v.i.ệ.c"),
        ("25к cо ждy лc.", "confusables", "cо"),
        ("до 25к в дeнь, пиcaть в лc", "confusables", "дeнь"),
        ("wo\u200brk fr\u200bom ho\u200bme no\u200bw", "zero_width", "wo\u200brk"),
    ],
)
def test_hidden_words_are_told_by_kind_and_place(raw: str, kind: str, word: str) -> None:
    """The place is the first word that is not written as it reads."""
    found = obfuscation(views(raw))
    assert found is not None
    assert kind in found.counts
    assert raw[found.start : found.end].startswith(word)


@pytest.mark.parametrize(
    "raw",
    [
        "Hiring 3 waiters ☕ 9-5, call 020 7946 0000 👍🏽 family 👨‍👩‍👧", "ශ්‍රී ලංකාවේ රැකියා", "gr8 team, c u 2nite",
        "U.S. office, B.A. needed", "", "café, naïve, Straße, ﬁne", "ក្រុមហ៊ុន\u200bត្រូវការ\u200bបុគ្គលិក\u200bលក់",
    ],
)  # fmt: skip
def test_ordinary_writing_hides_nothing(raw: str) -> None:
    """Emoji, joiners a script needs, abbreviations, chat."""
    assert obfuscation(views(raw)) is None
