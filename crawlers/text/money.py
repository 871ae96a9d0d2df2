"""Reads pay as people write it: ranges, currencies, short forms, periods, thousands signs of either fashion.

``pay`` reads a pay field, where any number is meant as pay. ``amounts`` reads running text and gives every amount that a
currency,
a multiplier or a period marks as money; ``enrichment.facts.pay`` decides which of them is the pay.
"""

import re
from collections.abc import Collection, Iterator

import msgspec

from crawlers.text import money_lookup as lookup
from crawlers.text.folding import fold_text
from crawlers.text.stated_pay import Pay, Period


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """One amount or range found in a text; ``start`` and ``end`` span it with its currency and period."""

    low: float
    high: float
    currency: str | None
    sure: bool = True
    """Nothing but this currency is meant."""
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
    text = fold_text(raw)
    countries = (country,) if country else ()
    results = list(amounts(text, countries)) or list(han_amounts(text, countries))
    if not results:
        return None
    best = max(
        results,
        key=lambda amount: (
            amount.currency is not None,
            amount.period is not None,
            amount.multiplier is not None,
            amount.high >= 100,
        ),
    )
    currency = best.currency or next((item.currency for item in results if item.currency), None)
    if currency is None:
        currency = (lookup.local_currency(country) if country else None) or implied_currency(best)
    period = best.period or next((item.period for item in results if item.period), None) or lookup.period_in(text)
    return Pay(low=best.low, high=best.high, currency=currency, period=period, raw=" ".join(raw.split())[:300])


_DIGITS = (
    r"(?:(?:\d{1,3}(?:[.,'\u2019 ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?!\d|[.,:/]\d|-\d{1,2}-\d)"
)
_NUMBER = re.compile(r"(?<![0-9_,/+#@])(?<!\d[.:])(?<!\d[ -])" + _DIGITS)
_RUN = re.compile(r"\d+")
_SECOND = re.compile(r"[^\w\s]{0,4}\s?[a-z]{0,3}[^\w\s]?\s?(" + _DIGITS + ")")
_RANGE = re.compile(
    r"\s{0,2}(?:-{1,2}|~|至|到|から|đến|den|tới|to|and|hingga|sampai|s/d|sd|до|à|a|até|hasta|부터|에서|ถึง|hadi|থেকে|سے|से|"
    r"देखि|முதல்|እስከ|до|"
    r"ຫາ|ដល់|ទៅ|မှ|ไป|и|thru|through|/|bis|và|dan|et|[ye](?=\s))\s{0,2}"
)


def amounts(text: str, countries: Collection[str] = (), home: Collection[str] = (), *, least: float = 0.0) -> Iterator[Amount]:
    """Yield the amounts of money in ``text`` (already ``folded``), and numbers from ``least`` on that nothing marks.

    The ``countries`` it is about, or else its readers' ``home``, settle which currency a sign means that several share.
    """
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
        if not (low.sign or low.word or (high and (high.sign or high.word))) and (high or low).value < least:
            continue
        amount = _amount(text, low, high, countries, home)
        if amount.low > 0:
            yield amount


_HAN = re.compile(
    r"(?<![一二两三四五六七八九十百千万第\d.])([一二两三四五六七八九十][一二两三四五六七八九十百千]*)(万|千|"
    r"百)([一二三四五六七八九]?千?)(?![一-龥]*[亩米里人名个次天年岁])\s?"
)
_HAN_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def han_amounts(text: str, countries: Collection[str] = (), home: Collection[str] = ()) -> Iterator[Amount]:
    """Yield amounts written in Chinese numerals with 万, 千 or 百 (``两万``, ``一万二``, ``三百美元``)."""
    for match in _HAN.finditer(text):
        unit = {"万": 1e4, "千": 1e3, "百": 1e2}[match.group(2)]
        value = _han_number(match.group(1)) * unit
        if match.group(3):
            value += _HAN_DIGITS[match.group(3)[0]] * unit / 10
        after = lookup.sign_ahead(text, match.end())
        end = after.place if after else match.end()
        period = lookup.period_ahead(text, end)
        sign = after.word if after else None
        currency, sure = lookup.currency(sign, countries, home) if sign else (None, True)
        yield Amount(
            low=value,
            high=value,
            currency=currency,
            sure=sure,
            period=period.value if period else lookup.period_behind(text, match.start()),
            start=match.start(),
            end=period.place if period else end,
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
    while digits := _RUN.search(text, at):
        start = digits.start()
        match = _NUMBER.match(text, start)
        if match and (not start or not lookup.spelt(text[start - 1]) or lookup.sign_behind(text, start)):
            return match
        at = match.end() if match else digits.end()
    return None


def _read(text: str, start: int, end: int) -> _Figure:
    value = number(text[start:end])
    factor = 1.0
    whole_end = end
    word = None
    word_match = lookup.multiplier(text, end)
    if word_match:
        word, factor, whole_end = word_match
        value, whole_end = _compound(text, value * factor, factor, whole_end)
    before = lookup.sign_behind(text, start)
    sign = before.word if before else None
    after = lookup.sign_ahead(text, whole_end)
    if after and not (sign and len(after.word) == 1 and after.word.isalpha()):
        sign = after.word if sign is None or sign == "$" else sign
        whole_end = after.place
    return _Figure(value, before.place if before else start, whole_end, factor, sign, word)


_HALF = re.compile(r"\s?(?:ခွဲ|rưỡi|ruoi|半|setengah|และครึ่ง|ครึ่ง|ເຄິ່ງ|반)")
_TENTH = re.compile(r"(\d)(?!\d|[.,]\d)")
_LOWER = re.compile(r"\s?(\d{1,4})")


def _compound(text: str, value: float, factor: float, end: int) -> tuple[float, int]:
    """Add what follows a multiplier: ``15tr5``, ``1 lakh 20 hajar``, ``2만5천``, ``2 củ rưỡi``."""
    half = _HALF.match(text, end)
    if half:
        return value + factor / 2, half.end()
    tail = _TENTH.match(text, end) if factor == 1e6 else None
    if tail and not lookup.multiplier(text, tail.end()):
        return value + int(tail.group(1)) * factor / 10, tail.end()
    more = _LOWER.match(text, end)
    if more:
        lower = lookup.multiplier(text, more.end())
        if lower and lower.value < factor:
            return value + int(more.group(1)) * lower.value, lower.place
    return value, end


def _same_measure(low: _Figure, high: _Figure) -> bool:
    if low.sign and high.sign and lookup.signs().get(low.sign) != lookup.signs().get(high.sign):
        return False
    low_value = low.value * (high.factor if low.factor == 1 and low.value < 1000 and low.value < high.value else 1)
    return low_value <= high.value <= max(low_value * 100, 1)


def _amount(text: str, low: _Figure, high: _Figure | None, countries: Collection[str], home: Collection[str]) -> Amount:
    first, last = low, high or low
    low_value = low.value
    if high and low.factor == 1 and high.factor > 1 and low.value < 1000 and low.value * high.factor <= high.value:
        low_value = low.value * high.factor
    sign = last.sign or first.sign
    period = lookup.period_ahead(text, last.end)
    currency, sure = lookup.currency(sign, countries, home) if sign else (None, True)
    return Amount(
        low=low_value,
        high=last.value,
        currency=currency,
        sure=sure,
        period=period.value if period else lookup.period_behind(text, first.start),
        start=first.start,
        end=period.place if period else last.end,
        multiplier=last.word or first.word,
        sign=sign,
    )


def implied_currency(amount: Amount) -> str | None:
    """Return the currency that the multiplier of ``amount`` stands for when no currency is written."""
    return lookup.implied_currencies().get(amount.multiplier or "")


def number(written: str) -> float:
    """Return the value of ``written``: three digits after a sign mean thousands, one or two mean a fraction."""
    if written.isdecimal():
        return float(written)
    plain = re.sub(r"[ '\u2019]", "", written)
    parts = re.split(r"[.,]", plain)
    if len(parts) == 1:
        return float(parts[0])
    if len(parts[-1]) == 3 and parts[0] != "0" and all(len(part) in (2, 3) for part in parts[1:]):
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1])
