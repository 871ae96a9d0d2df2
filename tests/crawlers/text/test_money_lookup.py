"""The word beside a number is found by its whole length, on its own side, and never inside another word."""

import re

import pytest

from crawlers.text import money_lookup as lookup
from crawlers.text.folding import fold_text
from crawlers.text.money_lookup import WordMatch, local_currency
from tests.growth import LIMIT, MORE, growth


@pytest.mark.parametrize(
    ("text", "start", "wanted"),
    [
        ("usd: 900", 5, WordMatch("usd", "USD", 0)), ("$1,000", 1, WordMatch("$", "$", 0)),
        ("rp 7.000", 3, WordMatch("rp", "IDR", 0)), ("đô la mỹ 5", 9, WordMatch("đô la mỹ", "USD", 0)), ("busd 900", 5, None),
        ("", 0, None),
    ],
)  # fmt: skip
def test_a_currency_before_a_number(text: str, start: int, wanted: WordMatch[str] | None) -> None:
    assert lookup.sign_behind(text, start) == wanted


@pytest.mark.parametrize(
    ("text", "end", "wanted"),
    [
        ("900 dollars", 3, WordMatch("dollars", "Dollar", 11)),
        ("900 dollarsx", 3, None),
        ("15000บาทต่อเดือน", 5, WordMatch("บาท", "THB", 8)),
        ("9000元起", 4, WordMatch("元", "Yuan|Dollar|Pataca", 5)),
        ("9", 1, None),
    ],
)
def test_a_currency_after_a_number(text: str, end: int, wanted: WordMatch[str] | None) -> None:
    assert lookup.sign_ahead(text, end) == wanted


@pytest.mark.parametrize(
    ("text", "end", "wanted"),
    [
        ("15tr", 2, WordMatch("tr", 1e6, 4)), ("15 trucks", 2, None), ("2万", 1, WordMatch("万", 1e4, 2)),
        ("2千万", 1, WordMatch("千万", 1e7, 3)), ("3 lakh", 1, WordMatch("lakh", 1e5, 6)),
    ],
)  # fmt: skip
def test_a_multiplier_after_a_number(text: str, end: int, wanted: WordMatch[float] | None) -> None:
    assert lookup.multiplier(text, end) == wanted


@pytest.mark.parametrize(
    ("text", "end", "period"),
    [
        ("900 per month", 3, "month"), ("900/h", 3, "hour"), ("900บาทต่อเดือน", 6, "month"), ("900 monthly", 3, "month"),
        ("900 monkeys", 3, None), ("900. monthly", 3, None), ("900", 3, None),
    ],
)  # fmt: skip
def test_a_period_after_an_amount(text: str, end: int, period: str | None) -> None:
    match = lookup.period_ahead(text, end)
    assert (match and match.value) == period


@pytest.mark.parametrize(
    ("text", "start", "period"), [("月薪9000", 2, "month"), ("时给1500", 2, "hour"), ("9月 500", 3, None), ("", 0, None)]
)
def test_a_period_before_an_amount(text: str, start: int, period: str | None) -> None:
    """``9月`` is September, not pay by the month."""
    assert lookup.period_behind(text, start) == period


def test_a_table_takes_the_longest_word() -> None:
    table = lookup.Table({"la": 1, "la mỹ": 2})
    assert table.match_at("la mỹ", 0) == WordMatch("la mỹ", 2, 5)
    assert table.match_before("đô la mỹ", 8) == WordMatch("la mỹ", 2, 3)
    assert (table.match_at("lao", 0), table.match_at("", 0)) == (None, None)
    assert (table.match_before("hla", 3), table.match_before("", 0)) == (None, None)


def test_a_table_lookup_in_a_long_run_is_linear_work() -> None:
    def look(text: str) -> None:
        for at in range(len(text)):
            lookup.sign_ahead(text, at)
            lookup.sign_behind(text, at)
            lookup.period_ahead(text, at)

    assert growth(look, "đô 9 $/" * 1_000, "đô 9 $/" * 1_000 * MORE) <= LIMIT


@pytest.mark.parametrize(
    ("sign", "countries", "home", "wanted"),
    [
        ("usd", ["SG"], [], ("USD", True)), ("$", ["SG"], ["VN"], ("SGD", True)), ("$", ["AU"], [], ("AUD", True)),
        ("$", ["HK"], ["CN"], ("HKD", True)), ("$", ["CA"], [], ("CAD", True)), ("$", ["TW"], [], ("TWD", True)),
        ("$", ["MX"], [], ("MXN", True)), ("$", ["KH"], [], ("USD", True)), ("$", ["KH", "SG"], [], ("USD", False)),
        ("$", [], ["VN"], ("USD", True)), ("$", [], ["US", "AU", "GB"], ("USD", False)), ("$", [], [], ("USD", False)),
        ("ดอลลาร์", ["AU"], ["TH"], ("AUD", True)), ("dollars", ["MX"], [], ("USD", True)), ("¥", ["JP"], ["CN"], ("JPY", True)),
        ("¥", ["MM"], ["CN"], ("CNY", True)), ("¥", [], [], ("CNY", False)), ("元", ["TW"], ["CN"], ("TWD", True)),
        ("£", ["EG"], [], ("EGP", True)), ("£", ["LB"], [], ("LBP", True)), ("£", ["LA"], [], ("GBP", False)),
        ("pesos", ["MX"], [], ("MXN", True)), ("pesos", ["CL", "AR"], [], ("PHP", False)), ("rs", ["NP"], ["IN"], ("NPR", True)),
        ("kr", ["DK"], [], ("DKK", True)), ("kr", ["SE", "NO"], [], ("CZK", False)), ("riyal", ["OM"], [], ("OMR", True)),
        ("dinar", ["BH"], [], ("BHD", True)), ("dirham", ["MA"], [], ("MAD", True)), ("shillings", ["UG"], [], ("UGX", True)),
    ],
)  # fmt: skip
def test_a_sign_that_currencies_share_is_told_by_the_country(
    sign: str, countries: list[str], home: list[str], wanted: tuple[str, bool]
) -> None:
    assert lookup.currency(sign, countries, home) == wanted


# The tables agree with each other: known codes, one meaning for a word, words in the form that is compared.

WORDS = lookup.money_words()
COUNTRIES = frozenset(
    ("VN TH KH LA MM ID MY PH CN TW HK JP KR IN BD PK NP LK AE SA KE TZ ET BR RU UZ FR DE").split()  # noqa: SIM905 - reads best
)
"""Countries whose languages the crawler serves."""


def test_every_code_is_of_iso_form_and_has_words() -> None:
    assert all(re.fullmatch(r"[A-Z]{3}|USDT", code) and names.split() for code, names in WORDS.currencies.items())


def test_a_phrase_means_a_currency_of_the_table() -> None:
    assert set(WORDS.phrases) <= {*WORDS.currencies, *WORDS.shared}
    assert [phrase for listed in WORDS.phrases.values() for phrase in listed.split("|") if fold_text(phrase) != phrase] == []
    assert set(WORDS.first_guess.values()) <= set(WORDS.currencies)
    assert set(WORDS.first_guess) == set(WORDS.shared)


@pytest.mark.parametrize(
    "table", [WORDS.multipliers, WORDS.multiplier_currency, WORDS.periods], ids=["multipliers", "implied currencies", "periods"]
)
def test_a_word_has_one_meaning(table: dict[object, str]) -> None:
    meanings: dict[str, set[object]] = {}
    for meaning, listed in table.items():
        for word in fold_text(listed).split():
            meanings.setdefault(word, set()).add(meaning)
    assert {word: meant for word, meant in meanings.items() if len(meant) > 1} == {}


def test_a_multiplier_that_implies_a_currency_is_a_multiplier() -> None:
    factors = set(fold_text(" ".join(WORDS.multipliers.values())).split())
    implied = set(fold_text(" ".join(WORDS.multiplier_currency.values())).split())
    assert implied - factors == set()
    assert set(WORDS.multiplier_currency) <= set(WORDS.currencies)


def test_every_country_served_has_a_currency_with_words() -> None:
    assert [country for country in COUNTRIES if local_currency(country) not in WORDS.currencies] == []


def test_the_periods_before_an_amount_are_those_after_it_but_tasks() -> None:
    assert set(WORDS.periods) - set(WORDS.period_before) == {"task"}
    assert set(WORDS.period_before) < set(WORDS.periods)
