"""Compares the promised pay with ordinary wages where the reader lives and where the work is.

What an unskilled full-time month ordinarily brings, in US dollars of mid 2025: rounded, written down from general knowledge of
minimum and low-skilled wages, good to about a third. A promise is compared with the highest ordinary wage among the reader's
home, the country of its currency and the places it names: so pay in Tokyo is measured by Tokyo, a desk job "abroad" by home.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from enrichment.assessment import Language, MonthlyPay, Place

ORDINARY: dict[str, float] = {
    "VN": 320, "CN": 700, "TW": 1000, "HK": 1900, "MO": 1500, "TH": 380, "ID": 230, "MY": 480, "PH": 270, "KH": 230,
    "MM": 90, "LA": 130, "SG": 1500, "JP": 1400, "KR": 1600, "IN": 200, "BD": 140, "PK": 130, "NP": 150, "LK": 150,
    "MV": 400, "AE": 700, "SA": 900, "QA": 650, "KW": 600, "OM": 650, "BH": 600, "JO": 400, "LB": 300, "IL": 1700,
    "TR": 650, "GE": 450, "RU": 600, "UZ": 250, "KZ": 400, "UA": 400, "PL": 1100, "CZ": 1100, "RO": 800, "HU": 900,
    "PT": 1050, "ES": 1400, "FR": 1750, "DE": 2300, "IT": 1500, "GB": 2200, "IE": 2300, "CH": 4500, "BE": 2000,
    "NL": 2300, "US": 2600, "CA": 2300, "AU": 2900, "NZ": 2400, "BR": 330, "MX": 450, "CO": 380, "CL": 600, "AR": 350,
    "KE": 160, "TZ": 110, "UG": 110, "ET": 70, "NG": 90, "GH": 120, "ZA": 350, "CM": 100, "SN": 130, "CI": 140,
    "MA": 330, "EG": 150,
}  # fmt: skip
"""By ISO 3166-1 country."""
HOME: dict[str, str] = {
    "vi": "VN", "zh": "CN", "th": "TH", "id": "ID", "ms": "MY", "tl": "PH", "km": "KH", "my": "MM", "lo": "LA", "hi": "IN",
    "bn": "BD", "ur": "PK", "ne": "NP", "si": "LK", "ta": "IN", "ru": "RU", "sw": "KE", "am": "ET", "ko": "KR", "ja": "JP",
    "pt": "BR",
}  # fmt: skip
"""Where readers of a language live, for languages most of whose readers live in one country."""
PAID_DOLLARS: dict[str, str] = {"es": "CL", "fr": "MA", "ar": "SA"}
"""The best paid country where dollars are promised, and no place is named, in a language of many countries: who hires in Spain or
France pays euros."""
DOLLARS = ("USD", "USDT")
EARNED_IN: dict[str, str] = {
    "VND": "VN", "CNY": "CN", "TWD": "TW", "HKD": "HK", "MOP": "MO", "THB": "TH", "IDR": "ID", "MYR": "MY",
    "PHP": "PH", "KHR": "KH", "MMK": "MM", "LAK": "LA", "SGD": "SG", "JPY": "JP", "KRW": "KR", "INR": "IN",
    "BDT": "BD", "PKR": "PK", "NPR": "NP", "LKR": "LK", "AED": "AE", "SAR": "SA", "QAR": "QA", "KWD": "KW",
    "OMR": "OM", "BHD": "BH", "ILS": "IL", "TRY": "TR", "RUB": "RU", "UZS": "UZ", "KZT": "KZ", "UAH": "UA",
    "PLN": "PL", "CZK": "CZ", "EUR": "FR", "GBP": "GB", "CHF": "CH", "AUD": "AU", "NZD": "NZ", "CAD": "CA",
    "BRL": "BR", "MXN": "MX", "COP": "CO", "CLP": "CL", "ARS": "AR", "KES": "KE", "TZS": "TZ", "UGX": "UG",
    "ETB": "ET", "NGN": "NG", "GHS": "GH", "ZAR": "ZA", "MAD": "MA", "XOF": "SN",
}  # fmt: skip
"""Where a currency is earned; dollars and USDT are earned anywhere and say nothing by themselves."""
STEPS = ((6.0, 1.0), (4.0, 0.8), (2.5, 0.5))
"""From how many ordinary wages on a promise is strong, medium or weak evidence (promises seen: 2.5 to 7 wages at home)."""


class OrdinaryWage(NamedTuple):
    """What an unskilled full-time month ordinarily brings somewhere."""

    monthly_usd: float
    country: str


def ordinary_wage(earned: MonthlyPay, language: Language, places: Iterable[Place]) -> OrdinaryWage | None:
    """Return the wage that a promise is compared with, the highest of those it could be; None when none is known."""
    wages = [OrdinaryWage(ORDINARY[country], country) for country in _countries(earned, language, places) if country in ORDINARY]
    return max(wages, default=None)


def times_ordinary(earned: MonthlyPay | None, language: Language, places: Sequence[Place]) -> float | None:
    """Return how many ordinary wages the promised pay is, or ``None`` when either is unknown."""
    if earned is None or earned.monthly_usd is None:
        return None
    wage = ordinary_wage(earned, language, places)
    return earned.monthly_usd / wage.monthly_usd if wage else None


def strength(times: float) -> float:
    """Return what a promise of so many ordinary wages is worth as evidence, 0 to 1."""
    return next((value for least, value in STEPS if times >= least), 0.0)


def _countries(earned: MonthlyPay, language: Language, places: Iterable[Place]) -> set[str]:
    known = {HOME.get(language.code, ""), EARNED_IN.get(earned.currency or "", ""), *(place.country for place in places)}
    known.intersection_update(ORDINARY)
    return known or ({PAID_DOLLARS.get(language.code, "")} if earned.currency in DOLLARS else set())
