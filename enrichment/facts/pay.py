"""The pay a text offers: the amount that stands with a word for pay, as a monthly figure in US dollars.

Amounts are read by ``crawlers.text.money``; here it is decided which of them is the pay, and what a bare number means.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from crawlers.text import money_lookup as lookup
from crawlers.text.money import Amount, amounts, han_amounts, implied_currency
from enrichment.assessment import Language, MonthlyPay
from enrichment.facts.wages import USD, home_of, monthly_usd
from enrichment.text.views import View, Views, bare, fold, views
from foundation.yaml_limits import read_table

_WORKED = 0.9
"""What a word for the work itself says: in its line a sum without another word is its pay."""
_CUES = {"work": (_WORKED, 20), "ticket": (-2.0, 3), "other": (-2.0, 28), "pay": (1.3, 28)}
"""Group of ``pay_words.yml`` -> what a word of it says for the sum's being the pay, and the letters to the amount at most."""
_PAID_IN = {"km": "USD"}
"""Languages whose readers are paid in another currency than their country's."""


class _Cue(NamedTuple):
    """A word that tells what the sum beside it is."""

    points: float
    """What it says for the sum's being the pay, above 0, or against it."""
    begins: bool
    """Whatever ending follows: written with ``~``."""
    reach: int = 28
    """Letters to the amount behind it, at most."""


class ReadPay(NamedTuple):
    """The pay of a text."""

    pay: MonthlyPay
    stated: bool
    """A word for pay or a period stands beside it; else only its size says that it is pay."""


@cache
def _cues() -> tuple[ahocorasick_rs.AhoCorasick, list[_Cue]]:
    table: dict[str, _Cue] = {}
    listed = read_table(__file__, "pay_words.yml", dict[str, list[str]])
    for group, (points, reach) in _CUES.items():
        for word in listed[group]:
            plain = bare(word.rstrip("~"))
            for form in (fold(word.rstrip("~")), plain if len(plain) > 2 else ""):  # two letters are a word elsewhere
                table[form] = _Cue(points, word.endswith("~"), reach)
    words = [word for word in table if word]
    machine = ahocorasick_rs.AhoCorasick(
        words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.ContiguousNFA
    )
    return machine, [table[word] for word in words]


def pay(raw: str | Views, language: Language, countries: frozenset[str] = frozenset()) -> MonthlyPay | None:
    """Return the pay ``raw`` offers, with its span in the raw text, or ``None`` when no amount stands for pay.

    The ``countries`` it names settle a currency whose sign several share (``$``); one that stays open is not named.
    """
    read = read_pay(raw, language, countries)
    return read.pay if read else None


def read_pay(raw: str | Views, language: Language, countries: frozenset[str] = frozenset()) -> ReadPay | None:
    """Return the same, and whether anything beside its size says so."""
    seen = raw if isinstance(raw, Views) else views(raw)
    view = seen.compact
    if not _DIGIT.search(view.text) and not ("万" in view.text or "千" in view.text):
        return None
    plain = seen.unleet.text if len(seen.unleet.text) == len(view.text) else view.text
    home = home_of(language)
    return _pay(view, plain, language, countries - home if len(home) == 1 else countries)


_READ = 200_000
"""Code points that are read; an advert names its pay long before."""
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"[,;.()，；。、،\n]")
"""What parts an amount from a word that says something else."""
_CLAUSE = re.compile(r"[,;，；、،](?!\d)|[.。](?=\s)")


def _pay(view: View, plain: str, language: Language, countries: frozenset[str]) -> ReadPay | None:
    """Read the amounts of ``view``; ``plain`` is the same text with leetspeak undone, where the words for pay are looked for."""
    text, home = view.text[:_READ], home_of(language)
    results = list(amounts(text, countries, home, least=100))
    if language.code == "zh":
        results += [han_amount for han_amount in han_amounts(text, countries, home) if han_amount.high >= 1000]
    if not results:
        return None
    cues = _cue_places(plain[:_READ])
    best: tuple[float, Amount] | None = None
    alone = len({(item.low, item.high) for item in results}) == 1
    for amount in results:
        score = _score(amount, text, cues, language) + (0.15 if alone else 0.0)
        if score >= 0.95 and (best is None or score > best[0]):
            best = (score, amount)
    if best is None:
        return None
    stated = bool(best[1].period) or sum(_cue_points(best[1], text, cues)) > 0
    return ReadPay(_monthly(best[1], view, language, countries), stated)


def _cue_places(text: str) -> list[tuple[int, int, _Cue]]:
    machine, cues = _cues()
    places = []
    for number, start, end in machine.find_matches_as_indexes(text):
        before, after = text[start - 1 : start], text[end : end + 1]
        cue = cues[number]
        if text[start] < "\u0e00" and text[start].isalpha() and (_spelt(before) or (not cue.begins and _spelt(after))):
            continue
        places.append((start, end, cue))
    return places


def _spelt(char: str) -> bool:
    return char.isalpha() and char < "\u0e00"


def _score(amount: Amount, text: str, cues: list[tuple[int, int, _Cue]], language: Language) -> float:
    """Return how surely ``amount`` is the pay: a word for pay close before it, a currency, a period, a sensible size."""
    score = 0.0
    for points in (*_form_points(amount, language), *_cue_points(amount, text, cues)):
        score += points
    return score - amount.start / 100_000


def _form_points(amount: Amount, language: Language) -> Iterator[float]:
    """Yield what the form of ``amount`` says for its being the pay."""
    for written, points in ((amount.currency, 0.6), (amount.multiplier, 0.4), (amount.period, 0.6)):
        if written:
            yield points
    currency = amount.currency or (implied_currency(amount) if amount.multiplier else None) or _own_currency(language)
    sensible = amount.period in ("hour", "day") or _looks_monthly(amount.high, currency)
    if sensible and not _is_bare(amount):
        yield 0.45 + (0.15 if amount.high > amount.low else 0.0)


def _cue_points(amount: Amount, text: str, cues: list[tuple[int, int, _Cue]]) -> Iterator[float]:
    """Yield what the words around ``amount`` say for its being the pay: those before it, or else those right behind it."""
    place = bisect_left(cues, (amount.start + 2,))
    near = [
        (amount.start - end, cue.points)
        for _, end, cue in cues[max(0, place - 8) : place]
        if end <= amount.start + 2 and amount.start - end <= cue.reach and _same_part(cue.points > 0, text[end : amount.start])
    ]
    distance, points = min(near, default=(0, 0.0))
    yield points - distance / 60 if points > 0 else points
    if points in (0.0, _WORKED):
        yield _points_behind(amount, text, cues[place : place + 8])
    year = 1900 <= amount.low <= 2100 and amount.low == amount.high
    if not points and _is_bare(amount) and (amount.low < 300 or year):
        yield -0.5


def _same_part(good: bool, between: str) -> bool:
    """Tell whether a word reaches an amount behind it: to the end of the line, and what it denies to the end of the clause."""
    return "\n" not in between and (good or _CLAUSE.search(between) is None)


def _points_behind(amount: Amount, text: str, cues: list[tuple[int, int, _Cue]]) -> float:
    """Return what the first of the words right behind ``amount`` says."""
    for start, _, cue in cues:
        if 0 <= start - amount.end <= min(8, cue.reach):
            same_clause = _PARTS.search(text, amount.end, start) is None
            return 0.2 if cue.points > 0 else -1.2 if same_clause else -0.5
    return 0.0


def _is_bare(amount: Amount) -> bool:
    return not amount.currency and not amount.multiplier


def _monthly(amount: Amount, view: View, language: Language, countries: frozenset[str]) -> MonthlyPay:
    low, high, currency = amount.low, amount.high, amount.currency if amount.sure else None
    if amount.currency is None:
        low, high, currency = _local_range(amount, language, countries)
    start, end = view.span(amount.start, amount.end)
    period = amount.period or ("month" if _looks_monthly(high, currency) else None)
    return MonthlyPay(
        low=low,
        high=high,
        currency=currency,
        period=amount.period,
        monthly_usd=monthly_usd(high, currency, period),
        start=start,
        end=end,
    )


def _local_range(amount: Amount, language: Language, countries: frozenset[str]) -> tuple[float, float, str | None]:
    """Return what an amount without a currency comes to in the text's own: lowest, highest, currency.

    It is left open where the countries named pay such a sum in theirs.
    """
    currency = _local_currency(amount, language)
    if currency is None or amount.multiplier:
        return amount.low, amount.high, currency
    unit = _unwritten_unit(amount, currency)
    low, high = amount.low * unit, amount.high * unit
    if high * USD.get(currency, 1.0) < 20 and _looks_monthly(high, "USD"):
        # "salary 1000" where a thousand of the local money buys a meal
        dollars, sure = lookup.currency("$", countries, home_of(language))
        return low, high, dollars if sure else None
    elsewhere = any(_looks_monthly(amount.high, lookup.local_currency(country)) for country in countries)
    return low, high, None if elsewhere else currency


def _local_currency(amount: Amount, language: Language) -> str | None:
    """Return the currency that the multiplier implies, or else the language; several countries count in the same multipliers."""
    implied = implied_currency(amount) if amount.multiplier else None
    own = _own_currency(language)
    return own if implied is None or (own and amount.multiplier in _COMMON_MULTIPLIERS) else implied


def _own_currency(language: Language) -> str | None:
    """Return the currency that readers of a language are paid in, where they live in one country."""
    home = home_of(language)
    return _PAID_IN.get(language.code) or (lookup.local_currency(*home) if len(home) == 1 else None)


_COMMON_MULTIPLIERS = ("万", "千", "百万", "千万", "lakh", "lac", "k", "हजार", "लाख")


def _unwritten_unit(amount: Amount, currency: str) -> float:
    """Return the unit that adverts name pay in without writing it: ten thousand won or yen, a million dong."""
    if currency == "KRW" and amount.high <= 5000:
        return 10_000
    if currency == "JPY" and amount.period == "month" and amount.high <= 500:
        return 10_000
    return 1e6 if currency == "VND" and amount.high < 200 else 1


def _looks_monthly(amount: float, currency: str | None) -> bool:
    """Take an amount without a period as a month's pay when it has the size of one (60 to 12,000 dollars)."""
    worth = amount * USD.get(currency or "", 0.0)
    return 60 <= worth <= 12_000
