"""Finds the words of ``money_words.yml`` beside a number: the currency, the multiplier and the period it stands with."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import Generic, NamedTuple, TypeVar, cast

import msgspec
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from crawlers.text.folding import fold_text
from crawlers.text.stated_pay import Period
from foundation.yaml_limits import read_table

Value = TypeVar("Value")


class MoneyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of ``money_words.yml``: each text is a list of words, parted by spaces, or of phrases, parted by bars."""

    currencies: dict[str, str]
    shared: dict[str, str]
    first_guess: dict[str, str]
    phrases: dict[str, str]
    multiplier_currency: dict[str, str]
    multipliers: dict[float, str]
    periods: dict[Period, str]
    period_before: dict[Period, str]


@cache
def money_words() -> MoneyWords:
    """Return the words for money."""
    return read_table(__file__, "money_words.yml", MoneyWords)


def _index_words(*tables: Mapping[Value, str], parted: str | None = None) -> dict[str, Value]:
    """Return word -> what it means; the last mention counts."""
    return {
        word.strip(): meant for table in tables for meant, listed in table.items() for word in fold_text(listed).split(parted)
    }


class WordMatch(NamedTuple, Generic[Value]):
    """A word beside a number, what it means and where it starts or ends."""

    word: str
    value: Value
    place: int


class Table(Generic[Value]):
    """Words found by their first or last letter, the longest first; a Latin or Cyrillic word is never found inside another."""

    def __init__(self, table: Mapping[str, Value]) -> None:
        self._table = dict(table)
        self._first: dict[str, tuple[str, ...]] = {}
        self._last: dict[str, tuple[str, ...]] = {}
        for word in sorted(self._table, key=len, reverse=True):
            self._first[word[0]] = (*self._first.get(word[0], ()), word)
            self._last[word[-1]] = (*self._last.get(word[-1], ()), word)

    def match_at(self, text: str, at: int) -> WordMatch[Value] | None:
        """Return the word that starts at ``at``."""
        words = self._first.get(text[at : at + 1])
        if words is None or not text.startswith(words, at):
            return None
        for word in words:
            end = at + len(word)
            if text.startswith(word, at) and not (spelt(word[-1]) and spelt(text[end : end + 1])):
                return WordMatch(word, self._table[word], end)
        return None

    def match_before(self, text: str, at: int) -> WordMatch[Value] | None:
        """Return the word that ends at ``at``."""
        words = self._last.get(text[at - 1 : at])
        if words is None or not text.endswith(words, 0, at):
            return None
        for word in words:
            start = at - len(word)
            if start >= 0 and text.startswith(word, start) and not (spelt(word[0]) and start and spelt(text[start - 1])):
                return WordMatch(word, self._table[word], start)
        return None

    def ends_in(self, text: str) -> bool:
        """Tell whether any character of ``text`` ends a word."""
        return not self._last.keys().isdisjoint(text)

    def get(self, word: str) -> Value | None:
        """Return what ``word`` means."""
        return self._table.get(word)


def spelt(char: str) -> bool:
    """Tell whether ``char`` is a letter of an alphabet whose words stand between spaces (Latin, Cyrillic, Greek)."""
    return char != "" and char.isalpha() and (char < "\u0500" or "\u1e00" <= char < "\u1f00")


@cache
def signs() -> Table[str]:
    """Return the signs and words for currencies, each with its code or with what it has in common with others."""
    words = money_words()
    return Table(_index_words(words.currencies, words.shared) | _index_words(words.phrases, parted="|"))


def currency(sign: str, countries: Iterable[str], home: Iterable[str] = ()) -> tuple[str | None, bool]:
    """Return the currency that ``sign`` stands for where a text names ``countries``, or else at ``home``, and whether that is
    certain: dollars are those of the United States where nobody pays with others."""
    meant, guesses = signs().get(sign), money_words().first_guess
    if meant not in guesses:
        return meant, True
    dollar = "USD" if meant in ("$", "Dollar") else None
    for places in (countries, home):
        paid = {local_currency(place, meant) or dollar for place in places} - {None}
        if paid:
            return (paid.pop(), True) if len(paid) == 1 else (guesses[meant], False)
    return guesses[meant], False


@lru_cache(maxsize=4096)
def local_currency(country: str, kind: str = "") -> str | None:
    """Return the currency of a ``kind`` (of ``MoneyWords.shared``, or any) that is paid with in a country (ISO 3166), by CLDR."""
    names = Locale("en").currencies
    for code in get_territory_currencies(country.upper()):
        if not kind or (_shows(country.upper(), code) if kind == "$" else names[code].split()[-1] in kind.split("|")):
            return code
    return None


def _shows(country: str, code: str) -> bool:
    """Tell whether a currency is written with a dollar sign in a language of its country."""
    for language in get_official_languages(country, de_facto=True):
        with suppress(UnknownLocaleError):
            if "$" in (Locale.parse(f"{language}_{country}").currency_symbols.get(code) or ""):
                return True
    return False


@cache
def _leading() -> Table[str]:
    """Return the currency signs that may come before a number."""
    every = signs()
    return Table({word: code for word, code in every._table.items() if len(word) > 1 or not word.isalpha() or word == "p"})


def sign_behind(text: str, start: int) -> WordMatch[str] | None:
    """Return the currency that stands before the number at ``start`` (``$1,000``, ``Rp 7.000``, ``USD: 900``)."""
    at = start
    least = start - 2 if start > 2 else 0
    while at > least and text[at - 1] in " :\u00a0":
        at -= 1
    return _leading().match_before(text, at)


def sign_ahead(text: str, end: int) -> WordMatch[str] | None:
    """Return the currency that follows the number that ends at ``end``."""
    at = end
    while at < end + 3 and text[at : at + 1] in (" ", "+"):
        at += 1
    return signs().match_at(text, at)


@cache
def _multipliers() -> Table[float]:
    return Table(_index_words(money_words().multipliers))


def multiplier(text: str, end: int) -> WordMatch[float] | None:
    """Return the word for thousands or more that follows the number that ends at ``end``."""
    return _multipliers().match_at(text, end + 1 if text[end : end + 1] == " " else end)


@cache
def implied_currencies() -> dict[str, str]:
    """Return the currency each multiplier stands for when none is written."""
    return _index_words(money_words().multiplier_currency)


@cache
def _periods() -> Table[Period]:
    return Table(_index_words(money_words().periods))


@cache
def _periods_before() -> Table[Period]:
    return Table(_index_words(money_words().period_before, parted="|"))


_PER = re.compile(
    r"\s{0,2}[+↑⬆起以上约~,.(]{0,3}\s?(?:/\s?|-\s?(?=mo)|(?:per|a|an|each|mỗi|một|1|par|por|al|ao|в|kwa(?: kila)?|प्रति|প্রতি|فی|"
    r"kada|kila|sa isang|im|trên|pro|net|gross|brutto"
    r"|all'|de l')\s(?:/\s?)?|de l'|per|se(?=bulan|hari|jam|tahun|minggu)|每|一个?|ต่อ|በ|ក្នុងមួយ|មួយ|တစ်|ຕໍ່)\s?"
)
_ADVERBS: Table[Period] = Table(
    cast("Mapping[str, Period]", {
        "monthly": "month", "weekly": "week", "daily": "day", "hourly": "hour", "annually": "year", "yearly": "year",
        "sebulan": "month",
        "mensuel": "month", "mensuels": "month", "mensais": "month", "mensal": "month", "ежемесячно": "month",
        "p.m.": "month", "pcm": "month",
        "p.a.": "year", "perbulan": "month", "sehari": "day",
    })
)  # fmt: skip


def period_ahead(text: str, end: int) -> WordMatch[Period] | None:
    """Return the period that follows an amount (``/month``, ``per hour``, ``ต่อเดือน``, ``monthly``)."""
    at = end + 1 if text[end : end + 1] == " " else end
    if at >= len(text) or text[at] in "\n.;。":
        return None
    adverb = _ADVERBS.match_at(text, at)
    if adverb:
        return adverb
    per = _PER.match(text, end)
    return _periods().match_at(text, per.end()) if per else None


def period_behind(text: str, start: int) -> Period | None:
    """Return the period named right before an amount (``月薪``, ``時給``, ``เดือนละ``)."""
    if not _periods_before().ends_in(text[max(0, start - 6) : start]):
        return None
    for at in range(start, max(-1, start - 6), -1):
        word_match = _periods_before().match_before(text, at)
        if word_match:
            before = text[word_match.place - 1 : word_match.place]
            return None if before.isdigit() else word_match.value
        if at and (text[at - 1].isdigit() or text[at - 1] in "\n;。"):
            return None
    return None


def period_in(text: str) -> Period | None:
    """Return the period that a pay field names anywhere."""
    for match in re.finditer(r"(?:/|\b(?:per|an?)\s)\s?(\w+)|(\w+)", text):
        name = _periods().get(match.group(1)) if match.group(1) else _ADVERBS.get(match.group(2))
        if name:
            return name
    return None
