"""The value of each currency in US dollars.

Rounded monthly means of mid 2025, from general knowledge and not from a feed: good to about a tenth, which is enough to tell
an ordinary wage from an extraordinary one. Kyat and naira are street rates. Change a line here when a currency moves.
"""

AS_OF = "2025-06"
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
MONTHS: dict[str, float] = {"hour": 208.0, "day": 26.0, "week": 4.33, "month": 1.0, "year": 1 / 12}
"""How many of a period make a month of full-time work (48 hours, six days a week, as the adverts offer)."""


def monthly_usd(amount: float, currency: str | None, period: str | None) -> float | None:
    """Return what ``amount`` a ``period`` comes to in US dollars a month, or ``None`` when currency or period is unknown."""
    rate = USD.get(currency or "")
    months = MONTHS.get(period or "")
    return None if rate is None or months is None else round(amount * rate * months, 2)
