"""Compares the promised pay with ordinary wages where the reader lives and where the work is.

What an unskilled full-time month ordinarily brings, in US dollars of mid 2025: rounded, written down from general knowledge of
minimum and low-skilled wages, good to about a third. A promise is compared with the highest ordinary wage among the countries
that its text names, those of its currency and the reader's home: so pay in Tokyo is measured by Tokyo. Where a text names no
country and pays in dollars nobody knows where they are earned, and nothing is compared.
Currencies are at their monthly means of mid 2025, good to about a tenth; kyat and naira at their street rates.
"""

from functools import cache
from typing import NamedTuple

from babel.languages import get_official_languages

from crawlers.text.money_lookup import local_currency
from enrichment.assessment import Language, MonthlyPay

USD: dict[str, float] = {
    "USD": 1.0, "USDT": 1.0, "EUR": 1.15, "GBP": 1.35, "VND": 0.0000385, "CNY": 0.139, "TWD": 0.033, "HKD": 0.128, "MOP": 0.124,
    "JPY": 0.0069, "KRW": 0.00073, "THB": 0.0306, "PHP": 0.0177, "IDR": 0.0000613, "MYR": 0.235, "SGD": 0.776, "KHR": 0.000249,
    "MMK": 0.00023, "LAK": 0.0000463, "INR": 0.0116, "BDT": 0.0082, "PKR": 0.00354, "NPR": 0.00727, "LKR": 0.00334,
    "AED": 0.272,
    "SAR": 0.267, "QAR": 0.275, "KWD": 3.26, "OMR": 2.6, "BHD": 2.65, "KES": 0.00774, "TZS": 0.00038, "UGX": 0.000277,
    "ETB": 0.0074,
    "XOF": 0.00175, "BRL": 0.18, "RUB": 0.0127, "UZS": 0.0000788, "KZT": 0.00194, "UAH": 0.024, "CZK": 0.0464, "PLN": 0.27,
    "CHF": 1.23, "TRY": 0.0253, "ILS": 0.287, "NGN": 0.00065, "GHS": 0.097, "ZAR": 0.056, "MXN": 0.0525, "AUD": 0.65,
    "NZD": 0.605,
    "CAD": 0.732, "MAD": 0.109, "COP": 0.00024, "CLP": 0.00107, "ARS": 0.00085,
}  # fmt: skip
"""What each is worth in US dollars. Change a line here when a currency moves."""
MONTHS: dict[str, float] = {"hour": 208.0, "day": 26.0, "week": 4.33, "month": 1.0, "year": 1 / 12}
"""How many of a period make a month of full-time work (48 hours, six days a week, as the adverts offer)."""
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
    "pt": "BR", "tr": "TR", "ha": "NG", "uz": "UZ",
}  # fmt: skip
"""Where readers of a language live, for languages most of whose readers live in one country."""
DOLLARS = ("USD", "USDT")
"""Earned anywhere, so that they say nothing of the country."""
STEPS = ((6.0, 1.0), (4.0, 0.8), (2.5, 0.5))
"""From how many ordinary wages on a promise is strong, medium or weak evidence (promises seen: 2.5 to 7 wages at home)."""


def monthly_usd(amount: float, currency: str | None, period: str | None) -> float | None:
    """Return what ``amount`` a ``period`` comes to in US dollars a month, or ``None`` when currency or period is unknown."""
    rate = USD.get(currency or "")
    months = MONTHS.get(period or "")
    return None if rate is None or months is None else round(amount * rate * months, 2)


class OrdinaryWage(NamedTuple):
    """What an unskilled full-time month ordinarily brings somewhere."""

    monthly_usd: float
    country: str


def home_of(language: Language) -> frozenset[str]:
    """Return where readers of a language live: one country, or each of which it is an official language."""
    if language.code == "zh" and language.script == "Hant":
        return frozenset(("TW",))
    return frozenset((HOME[language.code],)) if language.code in HOME else _official(language.code)


@cache
def _official(code: str) -> frozenset[str]:
    return frozenset(country for country in ORDINARY if code in get_official_languages(country, de_facto=True))


def ordinary_wage(earned: MonthlyPay, language: Language, countries: frozenset[str]) -> OrdinaryWage | None:
    """Return the wage that a promise is compared with, the highest of those it could be; None when none is known.

    It could be earned in the ``countries`` a text names and where its currency is paid; beside one of them, where readers live.
    """
    home = home_of(language)
    paid = {country for country in ORDINARY if earned.currency not in DOLLARS and local_currency(country) == earned.currency}
    sure = countries | paid
    could = (sure | (home if sure and len(home) == 1 else set())) & ORDINARY.keys()
    return max((OrdinaryWage(ORDINARY[country], country) for country in could), default=None)


def times_ordinary(earned: MonthlyPay | None, language: Language, countries: frozenset[str]) -> float | None:
    """Return how many ordinary wages the promised pay is, or ``None`` when either is unknown."""
    if earned is None or earned.monthly_usd is None:
        return None
    wage = ordinary_wage(earned, language, countries)
    return earned.monthly_usd / wage.monthly_usd if wage else None


def strength(times: float) -> float:
    """Return what a promise of so many ordinary wages is worth as evidence, 0 to 1."""
    return next((value for least, value in STEPS if times >= least), 0.0)
