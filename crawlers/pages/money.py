"""Reads pay as people write it: ranges, currencies, short forms, periods, thousands signs of either fashion.

``pay`` reads a pay field, where any number is meant as pay. ``amounts`` reads running text and gives every amount that a currency,
a multiplier or a period marks as money; ``enrichment.pay`` decides which of them is the pay.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from crawlers.items import Pay, Period
from crawlers.pages import money_words as words


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """One amount or range found in a text; ``start`` and ``end`` span it with its currency and period."""

    low: float
    high: float
    currency: str | None
    period: Period | None
    start: int
    end: int
    multiplier: str | None
    """The word for thousands or more that was read (*triệu*, *万*, *lakh*)."""
    sign: str | None
    """The currency as written, in lower case."""


def pay(raw: str, *, country: str | None = None) -> Pay | None:
    """Return the pay that the pay field ``raw`` of a posting names, or ``None`` when it names no figure.

    ``country`` (ISO 3166) settles what ``$``, ``Rs`` or no sign at all stands for.
    """
    text = folded(raw)
    found = list(amounts(text, country=country, bare=True)) or list(han_amounts(text))
    if not found:
        return None
    best = max(
        found, key=lambda one: (one.currency is not None, one.period is not None, one.multiplier is not None, one.high >= 100)
    )
    currency = best.currency or next((one.currency for one in found if one.currency), None)
    if currency is None:
        currency = words.COUNTRY_CURRENCY.get((country or "").upper()) or implied_currency(best)
    period = best.period or next((one.period for one in found if one.period), None) or _period_in(text)
    return Pay(low=best.low, high=best.high, currency=currency, period=period, raw=" ".join(raw.split())[:300])


def folded(raw: str) -> str:
    """Return ``raw`` in NFKC and lower case with ASCII digits and plain dashes, as ``amounts`` expects it."""
    text = unicodedata.normalize("NFKC", raw).casefold()
    if text.isascii():
        return text
    return "".join(_plain(char) for char in text)


@cache
def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in "‐‑‒–—―−":
        return "-"
    if char in "〜～":
        return "~"
    return _SIMPLER.get(char, " " if char.isspace() else char)


_SIMPLER = dict(zip("萬億塊幣圓時給鎊銖結週個單兩韓臺薪收領紙紐盧", "万亿块币圆时给镑铢结周个单两韩台薪收领纸纽卢", strict=True))


_DIGITS = (
    r"(?:(?:\d{1,3}(?:[.,'\u2019 ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?!\d|[.,:/]\d|-\d{1,2}-\d)"
)
_NUMBER = re.compile(r"(?<![0-9_.,/:+#@])(?<!\d[ -])" + _DIGITS)
_SECOND = re.compile(r"[^\w\s]{0,4}\s?[a-z]{0,3}[^\w\s]?\s?(" + _DIGITS + ")")
_RANGE = re.compile(
    r"\s{0,2}(?:-{1,2}|~|至|到|から|đến|den|tới|to|and|hingga|sampai|s/d|sd|до|à|a|até|hasta|부터|에서|ถึง|hadi|থেকে|سے|से|देखि|முதல்|እስከ|до|"
    r"ຫາ|ដល់|မှ|ไป|и|thru|through|/)\s{0,2}"
)


def amounts(text: str, *, country: str | None = None, bare: bool = False) -> Iterator[Amount]:
    """Yield the amounts of money in ``text`` (already ``folded``); with ``bare`` also numbers that nothing marks."""
    at = 0
    while match := _next_number(text, at):
        low = _read(text, *match.span())
        at = low.end
        high = None
        link = _RANGE.match(text, low.end)
        second = _SECOND.match(text, link.end()) if link else None
        if second:
            candidate = _read(text, *second.span(1))
            if _same_measure(low, candidate):
                high = candidate
                at = high.end
        amount = _amount(text, low, high, country)
        if amount.low <= 0:
            continue
        if bare or amount.currency or amount.multiplier:
            yield amount


_HAN = re.compile(
    r"(?<![一二两三四五六七八九十百千万第\d.])([一二两三四五六七八九十][一二两三四五六七八九十百千]*)(万|千|百)([一二三四五六七八九]?千?)(?![一-龥]*[亩米里人名个次天年岁])\s?"
)
_HAN_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def han_amounts(text: str) -> Iterator[Amount]:
    """Yield amounts written in Chinese numerals with 万, 千 or 百 (``两万``, ``一万二``, ``三百美元``)."""
    for match in _HAN.finditer(text):
        unit = {"万": 1e4, "千": 1e3, "百": 1e2}[match.group(2)]
        value = _han_number(match.group(1)) * unit
        if match.group(3):
            value += _HAN_DIGITS[match.group(3)[0]] * unit / 10
        after = _AFTER().match(text, match.end())
        end = after.end() if after else match.end()
        period, end = _period_after(text, end)
        sign = after.group(1) if after else None
        yield Amount(
            low=value,
            high=value,
            currency=_code(sign, None) if sign else None,
            period=period or _period_before(text, match.start()),
            start=match.start(),
            end=end,
            multiplier=match.group(2),
            sign=sign,
        )


def _han_number(written: str) -> int:
    total = digit = 0
    for char in written:
        if char in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
        else:
            digit = _HAN_DIGITS.get(char, 0)
    return total + digit


class _Figure(msgspec.Struct, frozen=True):
    value: float
    start: int
    end: int
    factor: float
    sign: str | None
    word: str | None


def _next_number(text: str, at: int) -> "re.Match[str] | None":
    """Return the next number that is no part of a word, an address or a longer run of digits."""
    while match := _NUMBER.search(text, at):
        start = match.start()
        if not start or not _latin(text[start - 1]) or _BEFORE().search(text[max(0, start - 14) : start]):
            return match
        at = match.end()
    return None


def _latin(char: str) -> bool:
    return char.isalpha() and (char < "\u0500" or "\u1e00" <= char < "\u1f00")


def _read(text: str, start: int, end: int) -> _Figure:
    value = number(text[start:end])
    factor = 1.0
    whole_end = end
    word = None
    found = _multiplier(text, end)
    if found:
        factor, whole_end, word = found
        value *= factor
        value, whole_end = _compound(text, value, factor, whole_end)
    sign_before = _BEFORE().search(text[max(0, start - 14) : start])
    sign = None
    whole_start = start
    if sign_before:
        sign = sign_before.group(1)
        whole_start = start - len(sign_before.group())
    after = _AFTER().match(text, whole_end)
    if after and not (sign and sign_before and len(after.group(1)) == 1 and after.group(1).isalpha()):
        sign = after.group(1) if sign is None or sign == "$" else sign
        whole_end = after.end()
    return _Figure(value, whole_start, whole_end, factor, sign, word)


def _compound(text: str, value: float, factor: float, end: int) -> tuple[float, int]:
    """Add what follows a multiplier: ``15tr5``, ``1 lakh 20 hajar``, ``2만5천``."""
    tail = re.compile(r"(\d)(?!\d|[.,]\d)").match(text, end) if factor == 1e6 else None
    if tail and not _multiplier(text, tail.end()):
        return value + int(tail.group(1)) * factor / 10, tail.end()
    more = re.compile(r"\s?(\d{1,4})").match(text, end)
    if more:
        lower = _multiplier(text, more.end())
        if lower and lower[0] < factor:
            return value + int(more.group(1)) * lower[0], lower[1]
    return value, end


def _same_measure(low: _Figure, high: _Figure) -> bool:
    if low.sign and high.sign and _code(low.sign, None) != _code(high.sign, None):
        return False
    low_value = low.value * (high.factor if low.factor == 1 and low.value < high.value else 1)
    return low_value <= high.value <= max(low_value * 40, 1)


def _amount(text: str, low: _Figure, high: _Figure | None, country: str | None) -> Amount:
    first, last = low, high or low
    low_value = low.value
    if high and low.factor == 1 and high.factor > 1 and low.value < 1000 and low.value * high.factor <= high.value:
        low_value = low.value * high.factor
    sign = last.sign or first.sign
    period, end = _period_after(text, last.end)
    if period is None:
        period = _period_before(text, first.start)
    return Amount(
        low=low_value,
        high=last.value,
        currency=_code(sign, country) if sign else None,
        period=period,
        start=first.start,
        end=end,
        multiplier=last.word or first.word,
        sign=sign,
    )


def implied_currency(amount: Amount) -> str | None:
    """Return the currency that the multiplier of ``amount`` stands for when no currency is written."""
    return _implied().get(amount.multiplier or "")


@cache
def _implied() -> dict[str, str]:
    return {word: code for code, listed in words.MULTIPLIER_CURRENCY.items() for word in folded(listed).split()}


def number(written: str) -> float:
    """Return the value of ``written``: three digits after a sign mean thousands, one or two mean a fraction."""
    plain = re.sub(r"[ '\u2019]", "", written)
    parts = re.split(r"[.,]", plain)
    if len(parts) == 1:
        return float(parts[0])
    if len(parts[-1]) == 3 and parts[0] != "0" and all(len(part) in (2, 3) for part in parts[1:]):
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1])


def _code(sign: str, country: str | None) -> str | None:
    code = _signs().get(sign)
    nation = (country or "").upper()
    own = words.COUNTRY_CURRENCY.get(nation)
    if (sign == "$" and nation in words.DOLLAR_COUNTRIES) or (sign in ("peso", "pesos") and nation in words.PESO_COUNTRIES):
        return own
    if (sign in ("rs", "rs.", "₨", "rupees", "rupee", "रु", "रु.", "रू") and nation in words.RUPEE_COUNTRIES) or (
        sign in ("¥", "￥", "元", "yen") and nation in ("JP", "TW") and sign != "yen" and not (sign == "¥" and nation == "TW")
    ):
        return own
    return code


@cache
def _signs() -> dict[str, str]:
    table = {word: code for code, listed in words.CURRENCIES.items() for word in folded(listed).split()}
    table.update(words.FIRST_GUESS)
    table.update(words.PHRASES)
    for code in words.CURRENCIES:
        table[code.lower()] = code
    for fragment in (
        "us",
        "la",
        "mỹ",
        "dân",
        "nhân",
        "nhan",
        "dan",
        "te",
        "việt",
        "nam",
        "f",
        "za",
        "sterling",
        "sing",
        "malaysia",
        "qatari",
        "kimarekani",
        "do",
        "u.s.",
        "try",
        "mad",
    ):
        table.pop(fragment, None)  # parts of names of several words, or everyday words
    return table


def _either(listed: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(listed), key=len, reverse=True))


def _closed(word: str) -> str:
    """Return a pattern for ``word`` that does not end inside a longer Latin or Cyrillic word."""
    return re.escape(word) + (
        r"(?![a-zà-ỹа-яđ])"
        if (word[-1:].isalpha() and word[-1:] < "\u0500") or (word[-1:] > "\u1e00" and word[-1:] < "\u1f00")
        else ""
    )


@cache
def _AFTER() -> "re.Pattern[str]":
    listed = sorted(_signs(), key=len, reverse=True)
    return re.compile(r"\s{0,2}[+]?\s?(" + "|".join(_closed(word) for word in listed) + ")")


@cache
def _BEFORE() -> "re.Pattern[str]":
    listed = [word for word in _signs() if len(word) > 1 or not word.isalpha() or word in "p"]
    return re.compile(r"(?:(?<![^\W\d_])|(?=[^\w\s])|(?=[^\x00-\u04ff]))(" + _either(listed) + r")[:\s]{0,2}$")


@cache
def _multipliers() -> "tuple[re.Pattern[str], dict[str, float]]":
    table = {word: factor for factor, listed in words.MULTIPLIERS.items() for word in folded(listed).split()}
    listed = sorted(table, key=len, reverse=True)
    return re.compile(r"\s?(" + "|".join(_closed(word) for word in listed) + ")"), table


def _multiplier(text: str, at: int) -> tuple[float, int, str] | None:
    pattern, table = _multipliers()
    match = pattern.match(text, at)
    return (table[match.group(1)], match.end(), match.group(1)) if match else None


@cache
def _periods() -> "tuple[re.Pattern[str], re.Pattern[str], dict[str, Period], dict[str, Period]]":
    after: dict[str, Period] = {word: name for name, listed in words.PERIODS.items() for word in folded(listed).split()}  # type: ignore[misc]
    before: dict[str, Period] = {word: name for name, listed in words.PERIOD_BEFORE.items() for word in folded(listed).split()}  # type: ignore[misc]
    for many in (
        "taux",
        "smic",
        "rate",
        "per",
        "mỗi",
        "lương",
        "salary",
        "gaji",
        "प्रति",
        "প্রতি",
        "kwa",
        "लাসেতকে",
        "hour",
        "month",
        "mwezi",
        "hourly",
    ):
        before.pop(many, None)
    listed = "|".join(_closed(word) for word in sorted(after, key=len, reverse=True))
    per = (
        r"\s{0,2}(?:[+↑⬆️起以上约~]{0,3}\s?(?:/\s?|\bper\s|\ba\s|\ban\s|\beach\s|\bmỗi\s|\bmột\s|\b1\s|每|一个?|ต่อ|ต่\s|\bpar\s|\bpor\s|\bal\s|\bao\s|\bв\s|"
        r"\bkwa\s|በ|प्रति\s|প্রতি\s|فی\s|\bkada\s|\bkila\s|\bsa isang\s|ក្នុងមួយ|មួយ|တစ်|ຕໍ່|\bmỗi\s|\bper|\bse|\bim\s|\bde l'|\btrên\s|\bnet/|\bgross/)\s?("
        + listed
        + ")"
        r"|\s?(monthly|weekly|daily|hourly|annually|yearly|sebulan|mensuel|mensuels|mensais|mensal|ежемесячно|monthly\.)(?!\w))"
    )
    return (
        re.compile(per),
        re.compile("(" + "|".join(_closed(word) for word in sorted(before, key=len, reverse=True)) + r")\D{0,6}$"),
        after,
        before,
    )


_ADVERBS: dict[str, Period] = {
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "hourly": "hour",
    "annually": "year",
    "yearly": "year",
    "sebulan": "month",
    "mensuel": "month",
    "mensuels": "month",
    "mensais": "month",
    "mensal": "month",
    "ежемесячно": "month",
}


def _period_after(text: str, at: int) -> tuple[Period | None, int]:
    match = _periods()[0].match(text, at)
    if not match:
        return None, at
    word = match.group(1)
    return (_periods()[2][word] if word else _ADVERBS.get(match.group(2))), match.end()


def _period_before(text: str, at: int) -> Period | None:
    match = _periods()[1].search(text[max(0, at - 22) : at])
    return _periods()[3][match.group(1)] if match else None


def _period_in(text: str) -> Period | None:
    for found in re.finditer(r"(?:/|per |a |an )\s?(\w+)|(\w+)", text):
        word = found.group(1) or found.group(2)
        name = _periods()[2].get(word) if found.group(1) else _ADVERBS.get(word)
        if name:
            return name
    return None
