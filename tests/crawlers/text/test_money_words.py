"""The money tables agree with each other: known codes, one meaning for a word, words in the form that is compared."""

import re

import pytest

from crawlers.text import money_words as words
from crawlers.text.folding import fold_text
from crawlers.text.money_lookup import local_currency

COUNTRIES = frozenset(
    ("VN TH KH LA MM ID MY PH CN TW HK JP KR IN BD PK NP LK AE SA KE TZ ET BR RU UZ FR DE").split()  # noqa: SIM905 - reads best
)
"""Countries whose languages the crawler serves."""


def test_every_code_is_of_iso_form_and_has_words() -> None:
    assert all(re.fullmatch(r"[A-Z]{3}|USDT", code) and names.split() for code, names in words.CURRENCIES.items())


def test_a_phrase_means_a_currency_of_the_table() -> None:
    assert set(words.PHRASES.values()) <= {*words.CURRENCIES, *words.SHARED}
    assert [phrase for phrase in words.PHRASES if fold_text(phrase) != phrase] == []
    assert set(words.FIRST_GUESS.values()) <= set(words.CURRENCIES)
    assert set(words.FIRST_GUESS) == set(words.SHARED)


@pytest.mark.parametrize(
    "table",
    [words.MULTIPLIERS, words.MULTIPLIER_CURRENCY, words.PERIODS],
    ids=["multipliers", "implied currencies", "periods"],
)
def test_a_word_has_one_meaning(table: dict[object, str]) -> None:
    meanings: dict[str, set[object]] = {}
    for meaning, listed in table.items():
        for word in fold_text(listed).split():
            meanings.setdefault(word, set()).add(meaning)
    assert {word: meant for word, meant in meanings.items() if len(meant) > 1} == {}


def test_a_multiplier_that_implies_a_currency_is_a_multiplier() -> None:
    factors = set(fold_text(" ".join(words.MULTIPLIERS.values())).split())
    implied = set(fold_text(" ".join(words.MULTIPLIER_CURRENCY.values())).split())
    assert implied - factors == set()
    assert set(words.MULTIPLIER_CURRENCY) <= set(words.CURRENCIES)


def test_every_country_served_has_a_currency_with_words() -> None:
    assert [country for country in COUNTRIES if local_currency(country) not in words.CURRENCIES] == []


def test_the_periods_before_an_amount_are_those_after_it_but_tasks() -> None:
    assert set(words.PERIODS) - set(words.PERIOD_BEFORE) == {"task"}
    assert set(words.PERIOD_BEFORE) < set(words.PERIODS)
