"""Pay is read as people write it, in the languages and fashions served."""

import pytest

from crawlers.text.money import number, pay

CASES = [
    ("15-25tr", None, 15e6, 25e6, "VND", None),
    ("Lương 20 đến 30 triệu", None, 20e6, 30e6, "VND", None),
    ("between 1,000 and 50,000 peso a day", "PH", 1000, 50000, "PHP", "day"),
    ("entre 500 y 900 euros", None, 500, 900, "EUR", None),
    ("de 500 et 900 euros", None, 500, 900, "EUR", None),
    ("300 bis 900 euro", None, 300, 900, "EUR", None),
    ("300000 dan 900000 rupiah", None, 3e5, 9e5, "IDR", None),
    ("15tr5", None, 15.5e6, 15.5e6, "VND", None),
    ("8 - 12 triệu VNĐ / tháng", None, 8e6, 12e6, "VND", "month"),
    ("10.000.000 đ", None, 1e7, 1e7, "VND", None),
    ("24k/h", "VN", 24000, 24000, "VND", "hour"),
    ("50 000 – 80 000 CZK", None, 50000, 80000, "CZK", None),
    ("1.500–2.500 USD", None, 1500, 2500, "USD", None),
    ("$1,000 - $1,400 a month", None, 1000, 1400, "USD", "month"),
    ("$3,200", "SG", 3200, 3200, "SGD", None),
    ("£12.60 an hour", None, 12.6, 12.6, "GBP", "hour"),
    ("Rp 7.000.000 - Rp 16.000.000", None, 7e6, 16e6, "IDR", None),
    ("12-16jt", None, 12e6, 16e6, "IDR", None),
    ("Gaji 3,5 juta per bulan", None, 3.5e6, 3.5e6, "IDR", "month"),
    ("RM 2,500 - RM 3,000 per month", None, 2500, 3000, "MYR", "month"),
    ("65k-80k pesos", None, 65000, 80000, "PHP", None),
    ("₱26,000-30,000", None, 26000, 30000, "PHP", None),
    ("月薪1.5万-3万", None, 15000, 30000, "CNY", "month"),
    ("6500-9000元/月", None, 6500, 9000, "CNY", "month"),
    ("月薪兩萬", None, 20000, 20000, "CNY", "month"),
    ("NT$35,000", None, 35000, 35000, "TWD", None),
    ("1000U", None, 1000, 1000, "USDT", None),
    ("月80万円", None, 800000, 800000, "JPY", "month"),
    ("時給1,150円", None, 1150, 1150, "JPY", "hour"),
    ("월 230만 원", None, 2.3e6, 2.3e6, "KRW", "month"),
    ("2만5천원", None, 25000, 25000, "KRW", None),
    ("25,000 บาท/เดือน", None, 25000, 25000, "THB", "month"),
    ("๒๕,๐๐๐ บาท", None, 25000, 25000, "THB", None),
    ("12 ລ້ານກີບ", None, 12e6, 12e6, "LAK", None),
    ("ကျပ် ၅ သိန်း", None, 500000, 500000, "MMK", None),
    ("១២០០ដុល្លារ", None, 1200, 1200, "USD", None),
    ("₹ 1,20,000", None, 120000, 120000, "INR", None),
    ("Rs 40,000", "PK", 40000, 40000, "PKR", None),
    ("१ लाख २० हजारदेखि १ लाख ५० हजार", "NP", 120000, 150000, "NPR", None),
    ("৫০,০০০ টাকা", None, 50000, 50000, "BDT", None),
    ("تنخواہ 40 سے 48 ہزار", "PK", 40000, 48000, "PKR", None),
    ("KSh 32,000", None, 32000, 32000, "KES", None),
    ("9,500 ብር", None, 9500, 9500, "ETB", None),
    ("1 400 €", None, 1400, 1400, "EUR", None),
    ("600 000 à 850 000 FCFA par mois", None, 600000, 850000, "XOF", "month"),
    ("R$ 9 mil", None, 9000, 9000, "BRL", None),
    ("от 80 000 до 120 000 руб. в месяц", None, 80000, 120000, "RUB", "month"),
    ("底薪:8000元", None, 8000, 8000, "CNY", "month"),
    ("dola 500 kwa kila mtu utakayemleta", None, 500, 500, "USD", None),
    ("dola 500 kwa kila mwezi", None, 500, 500, "USD", "month"),
    ("Salary:1500 USD", None, 1500, 1500, "USD", None),
    ("£30,000 - £35,000 per annum", None, 30000, 35000, "GBP", "year"),
]


@pytest.mark.parametrize(("raw", "country", "low", "high", "currency", "period"), CASES)
def test_a_pay_field_is_read(raw: str, country: str | None, low: float, high: float, currency: str, period: str | None) -> None:
    found = pay(raw, country=country)
    assert found is not None
    assert (found.low, found.high, found.currency, found.period) == (low, high, currency, period)
    assert found.raw == raw


@pytest.mark.parametrize(
    "raw", ["", "Thỏa thuận", "Competitive", "2024-05-01", "0", "see @user_22", "https://example.org/100", "nego"]
)
def test_a_field_without_figures_names_no_pay(raw: str) -> None:
    assert pay(raw) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.500", 1500), ("1,5", 1.5), ("12.60", 12.6), ("1.500,50", 1500.5), ("1,20,000", 120000), ("50 000", 50000)],
)
def test_thousands_signs_of_either_fashion(written: str, value: float) -> None:
    assert number(written) == value


def test_any_text_is_read_in_linear_time() -> None:
    for unit in ("1 ", "1.1", "$1-", "9,999,", "万一", "lakh1 ", "1tr5-"):
        pay(unit * (200_000 // len(unit)))
