"""Telephone numbers in running text, to E.164: split, bracketed, dotted, side by side; never from pay, dates, ages or ids.

The numbering plans are those of libphonenumber (``phonenumbers``). Its own matcher joins neighbouring numbers and refuses the
number blocks a country has not yet given out, so candidates are cut and judged here (figures: docs/decisions/0202-contacts.md).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from enrichment.contacts.countries import BARE, NO_TRUNK, Nations, grouped_at_home, looks_at_home, only_home
from enrichment.contacts.handles import is_parted
from enrichment.contacts.number_bounds import behind_figure, stands_alone, without_unit

CANDIDATE = re.compile(r"\d(?:[ .\-()·]{0,3}\d){6,}")
_SIGN_BEFORE = re.compile(r"(?:\+ {0,2}|\( {0,2}\+? {0,2})$")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(
    r"(?:(?:0?[1-9]|[12]\d|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -](?:19|20|25)\d\d|(?:19|20|25)\d\d[./ "
    r"-](?:0?[1-9]|1[0-2])[./ -]"
    r"(?:0?[1-9]|[12]\d|3[01]))(?!\d)"
)
_MONEY_BEFORE = re.compile(r"(?:[$€£¥₫₱฿₹₩₦₴₽៛৳]|\b(?:rp|idr|usd|vnd|php|rm|ksh|mmk|lak|inr|npr|pkr|eur|fcfa|aed)\.?) {0,2}$")
_MONEY_AFTER = re.compile(
    r" {0,2}(?:[$€£¥₫₱฿₹₩%៛৳元円원]|(?:đ|vnd|vnđ|usd|fcfa|kyat|ks|baht|บาท|rupiah|pesos?|ringgit|kip|"
    r"ກີບ|riel|dong|đồng|euros?|yen|"
    r"dollars?|triệu|trieu|tr|k|万|ล้าน|juta|jt|rb|ribu|lakh|ብር|ကျပ်|টাকা|dh|mil|руб|сум)\b)"
)
_AMOUNTS = re.compile(r"\d{1,3}(?:[. ]\d{3})+ ?- ?\d{1,3}(?:[. ]\d{3})+$")
_HOURS = re.compile(r"(?:^|[ (]+)(?:[01]?\d|2[0-4])\.[0-5]\d ?- ?(?:[01]?\d|2[0-4])\.[0-5]\d$")
_RANGE = re.compile(r"([1-9]\d{1,5}00) ?- ?([1-9]\d{1,5}00)$")
_CLOSES = re.compile(r"[^\w\n]{0,6}(?:[^\W\d_]{1,12}[^\w\n]{0,3}){0,2}(?:\n|$)")
"""What follows a number that ends a line: nothing, or whose it is."""
_THREES = [3, 3, 3]
_LONGEST = 1500  # characters of digits and separators in a row; 40 numbers side by side take 600, more is no list of them
_BEHIND = 10  # how far behind a number a word may stand that claims it
_WHOLE = 8  # digits from which on a number may be whole
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_UNLIKELY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL)
"""Kinds that no advertiser gives: a number that would be of such a kind in one country is more likely from another."""
_SERVICE = (PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN, PhoneNumberType.PREMIUM_RATE)
_HOTLINE = re.compile(r"1[89]00\d{4,6}")
"""Service numbers look so in most countries that have them; North America's have seven digits behind 1800."""
_AT_HOME = 0.6
"""What a text that names towns or money of a country says for it, beyond its place in the list."""
_STEP = 0.4
"""What one place down the list of likely countries costs against a number being given out (1)."""
_GIVEN_OUT, _POSSIBLE, _UNASKED = 3, 2, 1.5
"""The ranks of a number that is given out, of one the plan leaves room for, and of one of a kind no advertiser gives."""
_LOOKS_IT = 2.8
"""The rank of a number that is not given out but written as its country writes them."""


class Number(NamedTuple):
    """A number found: its E.164 form, its span in the text given and its candidate countries, likeliest first."""

    e164: str
    start: int
    end: int
    countries: tuple[str, ...]


class Reading(NamedTuple):
    """What digits come to in one country: 3 a number given out, 2.8 one that looks like those, 2 one the plan leaves room for,
    1.5 one of a kind no advertiser gives, 0 none."""

    e164: str
    rank: float
    mobile: bool
    country: str


NONE = Reading("", 0, False, "")


@lru_cache(maxsize=1 << 14)
def reading(digits: str, country: str | None) -> Reading:
    """Return what ``digits`` come to when dialled in ``country``, or after a plus sign when it is ``None``."""
    try:
        parsed = phonenumbers.parse(digits if country else f"+{digits}", country)
    except phonenumbers.NumberParseException:
        return NONE
    if country and parsed.country_code != phonenumbers.country_code_for_region(country):
        return NONE
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(parsed):
        region = phonenumbers.region_code_for_number(parsed) or country or ""
        if country and region != country:
            return NONE
        kind = phonenumbers.number_type(parsed)
        return Reading(e164, _UNASKED if kind in _UNLIKELY else _GIVEN_OUT, kind in _MOBILE, region)
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return NONE
    region = country or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    if looks_at_home(digits, country):
        return Reading(e164, _LOOKS_IT, True, region)
    return Reading(e164, _POSSIBLE, False, "" if region == "ZZ" else region)


def _hotline(digits: str, country: str) -> bool:
    """Tell whether ``digits`` are a service number of ``country`` without a trunk 0 (``1900 1234``, ``400 000 0123``); those of
    North America are written as all others are there."""
    if _HOTLINE.fullmatch(digits):
        return True
    if digits[0] == "0" or country in BARE or looks_at_home(digits, country):
        return False
    try:
        parsed = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return False
    return parsed.country_code == phonenumbers.country_code_for_region(country) and phonenumbers.number_type(parsed) in _SERVICE


def numbers(
    text: str, likely: Callable[[], Nations], label_ends: Sequence[int], label_starts: Sequence[int] = ()
) -> Iterator[Number]:
    """Yield the numbers in ``text``; ``likely`` gives those a local number may be from, ``label_ends`` where words that
    announce one end, ``label_starts`` where words start that claim the number before them (``… (WhatsApp)``)."""
    for match in CANDIDATE.finditer(text):
        start, end = match.span()
        sign = _SIGN_BEFORE.search(text, max(0, start - 6), start)
        if sign:
            start = sign.start()
        nations = likely()
        start, end = behind_figure(text, start, end), without_unit(text, start, end)
        if end - start < 7 or not stands_alone(text, start, end, nations.order):
            continue
        piece = text[start:end]
        if len(piece) > _LONGEST:
            continue
        near = label_ends[bisect_left(label_ends, start - 30) : bisect_right(label_ends, start)]
        announced = any(not is_parted(text[stop:start].removeprefix(".")) for stop in near)
        if not announced and label_starts:
            behind = label_starts[bisect_left(label_starts, end) : bisect_right(label_starts, end + _BEHIND)]
            announced = any(not is_parted(text[end:first].removeprefix(".")) for first in behind[:1])
        if _DATE.match(piece):
            continue
        if "-" in piece:
            if _AMOUNTS.match(piece.lstrip("( ")) or _rising(piece):
                continue
            hours = _HOURS.search(piece)
            piece = piece[: hours.start()] if hours else piece
        if not announced and (_MONEY_BEFORE.search(text, max(0, start - 6), start) or _MONEY_AFTER.match(text, end)):
            continue
        yield from _cut(text, start, piece, nations, announced, _CLOSES.match(text, end) is not None)


def _rising(piece: str) -> bool:
    """Tell whether ``piece`` is a range of round amounts (``80000-90000``)."""
    amounts = _RANGE.match(piece)
    return amounts is not None and int(amounts.group(1)) < int(amounts.group(2))


def _cut(text: str, start: int, piece: str, nations: Nations, announced: bool, closing: bool) -> Iterator[Number]:
    groups = [(start + match.start(), start + match.end()) for match in _GROUP.finditer(piece)]
    plus = "+" in piece
    place = 0
    while place < len(groups):
        result = _longest(text, groups, place, plus, nations, announced, closing)
        if result is None:
            place += 1
            plus = False
            continue
        number, place = result
        plus = "+" in text[number.end : groups[place][0]] if place < len(groups) else False
        first = number.start
        while first > start and text[first - 1] in "+( ":
            first -= 1
        opened = text[first : number.start].lstrip()
        yield number._replace(start=number.start - len(opened))


def _longest(
    text: str, groups: list[tuple[int, int]], place: int, plus: bool, nations: Nations, announced: bool, closing: bool
) -> tuple[Number, int] | None:
    """Return the best number that starts at group ``place``: by its rank and how likely its country is, then the longer one."""
    best: tuple[float, int, Reading, tuple[str, ...]] | None = None
    digits = ""
    groups = groups[: _before_bracket(text, groups, place)]
    for last in range(place, len(groups)):
        digits += text[groups[last][0] : groups[last][1]]
        if len(digits) > 16:
            break
        if len(digits) < 7:
            continue
        between = text[groups[place][1] : groups[last][0]] if last > place else ""
        sizes = [end - start for start, end in groups[place : last + 1]]
        if _as_money(sizes, between, digits) and not announced and not plus and not (closing and sizes == _THREES):
            continue
        read, likely = _best_reading(digits, plus, nations, announced, closing, tuple(sizes))
        rest = sum(end - start for start, end in groups[last + 1 :])
        if not read.rank or (read.rank < _GIVEN_OUT and 0 < rest < 7):
            continue  # no number, or a piece of something longer that is none
        order = nations.order
        standing = read.rank - (_STEP * order.index(read.country) if not plus and read.country in order else 0.0)
        if best is None or standing >= best[0]:
            best = (standing, last, read, likely)
    if best is None:
        return None
    return Number(best[2].e164, groups[place][0], groups[best[1]][1], best[3]), best[1] + 1


def _before_bracket(text: str, groups: list[tuple[int, int]], place: int) -> int:
    """Return which group ends the number from ``place`` on: what a bracket opens behind a whole one (``0000 (10 to 5)``) is no
    part of it, nor is what follows a full stop."""
    digits = 0
    for number in range(place, len(groups)):
        between = text[groups[number - 1][1] : groups[number][0]] if number > place else ""
        if digits >= _WHOLE and ("(" in between or ". " in between):
            return number
        digits += groups[number][1] - groups[number][0]
    return len(groups)


def _as_money(sizes: list[int], between: str, digits: str) -> bool:
    """Tell digits in groups of three, as amounts are written, from a number."""
    return (
        len(sizes) > 1
        and digits[0] != "0"
        and sizes[0] <= 3
        and all(size == 3 for size in sizes[1:])
        and "-" not in between
        and "(" not in between
    )


@lru_cache(maxsize=1 << 12)
def _best_reading(
    digits: str, plus: bool, nations: Nations, announced: bool, closing: bool, sizes: tuple[int, ...]
) -> tuple[Reading, tuple[str, ...]]:
    if plus or digits.startswith("00"):
        read = _read_international(digits, plus=plus)
        return read, (read.country,) if read.country else ()
    countries = nations.order
    if countries and _hotline(digits, countries[0]):
        return NONE, ()
    only = only_home(digits, sizes, countries[0] if countries else "")
    if only:
        countries = (only, *countries)
    readings = [(place, read) for place, country in enumerate(countries) if (read := reading(digits, country)).rank]
    whole = [(place, read) for place, read in readings if _looks_whole(digits, read, announced, closing, place, sizes)]
    if announced and not any(read.rank == _GIVEN_OUT for _, read in whole):
        read = _read_country_code(digits)
        if read.rank:
            return read, (read.country,)
    if not whole:
        return _without_plus(digits, countries, sizes)
    ranked = _likeliest_first(whole, readings, digits, nations.home)
    return ranked[0], tuple(dict.fromkeys(read.country for read in ranked))[:5]


def _likeliest_first(
    whole: list[tuple[int, Reading]], readings: list[tuple[int, Reading]], digits: str, home: str
) -> list[Reading]:
    """Return the likely ones of ``readings``, each with its country's place in the list: by that place, their rank and
    ``_cost``."""
    # that it is a number in one country makes it likelier to be one at home, when it looks like those
    likely = whole + [item for item in readings if item[1].rank > _POSSIBLE and item not in whole]
    mobile = any(read.mobile for place, read in likely if place < 3)
    costs = [(place * _STEP - read.rank + _cost(digits, read, home, mobile=mobile), place, read) for place, read in likely]
    return [read for _, _, read in sorted(costs, key=itemgetter(0, 1))]


def _read_international(digits: str, *, plus: bool) -> Reading:
    """Return what digits behind a plus sign, 00 or 001 come to; 001 is dialled out of Indonesia, Korea, Hong Kong."""
    read = reading(digits if plus else digits[2:], None)
    return reading(digits[3:], None) if not read.rank and digits.startswith("001") else read


def _read_country_code(digits: str) -> Reading:
    """Return the mobile number that digits with a country code and no plus sign come to, or ``NONE``."""
    read = reading(digits, None) if len(digits) >= 10 and digits[0] != "0" else NONE
    return read if read.rank == _GIVEN_OUT and read.mobile else NONE


def _without_plus(digits: str, countries: Sequence[str], sizes: Sequence[int]) -> tuple[Reading, tuple[str, ...]]:
    """Return what digits come to that start with the code of a likely country, though no plus sign does (``8801000000145``)."""
    for country in countries[:2] if len(digits) > 10 else ():
        code = str(phonenumbers.country_code_for_region(country))
        rest = digits[len(code) :]
        written = digits.startswith(code) and (len(sizes) == 1 or sizes[0] == len(code))
        if written and (looks_at_home(f"0{rest}", country) or looks_at_home(rest, country)):
            return reading(digits, None), (country,)
    return NONE, ()


def _cost(digits: str, read: Reading, home: str, *, mobile: bool) -> float:
    """Return what speaks against a country: no trunk 0 where people write one, a landline where another has a ``mobile``; less
    for the one the text says it is written in."""
    trunk = digits[0] != "0" and read.country not in NO_TRUNK and read.country not in ("RU", "KZ")
    landline = mobile and read.rank == _GIVEN_OUT and not read.mobile
    return 0.5 * trunk + 0.5 * landline - _AT_HOME * (read.country == home)


def _looks_whole(digits: str, read: Reading, announced: bool, closing: bool, place: int, sizes: Sequence[int]) -> bool:
    """Tell whether ``digits`` look like a whole national number: with its trunk 0, or where numbers are written without one."""
    country = read.country
    if country in ("RU", "KZ") and digits[0] == "8" and len(digits) == 11:
        return True
    if digits[0] == "0":
        return len(digits) >= (8 if announced else 9) and (read.rank > _POSSIBLE or place < 2)
    if announced and len(digits) >= 8 and _suits_label(digits, read, place):
        return True
    if place > 1 or read.rank <= _POSSIBLE:
        return False
    if closing and not place and looks_at_home(digits, country):  # "… come and see, or 50000 04421 Murugan"
        return True
    given_out = read.rank == _GIVEN_OUT and read.mobile and country in NO_TRUNK and len(digits) >= 10
    return given_out or grouped_at_home(digits, sizes, country)


def _suits_label(digits: str, read: Reading, place: int) -> bool:
    """Tell whether digits that a word announces look like a number without its trunk 0: a likely country's, or any mobile one."""
    at_home = (read.rank > _POSSIBLE and place == 0) or (read.rank == _LOOKS_IT and place < 2)
    plain = read.country in BARE and place < 2 and len(digits) >= 10
    return at_home or plain or (read.rank == _GIVEN_OUT and read.mobile)
