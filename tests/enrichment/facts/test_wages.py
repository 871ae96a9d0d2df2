"""A promise is measured by the wage at home, in its currency's country and at the places it names."""

import pytest

from enrichment.assessment import Language, MonthlyPay
from enrichment.facts.wages import HOME, MONTHS, ORDINARY, USD, monthly_usd, strength, times_ordinary


def times(code: str, usd: float | None, currency: str | None, *countries: str) -> float | None:
    """Return how many ordinary wages a promise is."""
    pay = MonthlyPay(low=1, high=1, currency=currency, period="month", monthly_usd=usd, start=0, end=1)
    return times_ordinary(pay, Language(code=code, script="Latn", confidence=1.0), frozenset(countries))


def test_dollars_earned_nobody_knows_where_are_compared_with_no_wage() -> None:
    """A reader of Vietnamese may work anywhere; a country that is named says where, and home is asked beside it."""
    assert times("vi", 1000, "USD") is times("ru", 3000, "USDT") is None
    assert times("vi", 1000, "USD", "KH") == pytest.approx(1000 / ORDINARY["VN"])


def test_a_job_in_a_dear_country_is_measured_there() -> None:
    """The same pay in Tokyo is ordinary."""
    assert strength(times("vi", 1400, "JPY", "JP") or 0) == 0
    assert strength(times("vi", 1400, "USD", "JP") or 0) == 0
    assert strength(times("vi", 1400, "USD", "KH") or 0) > 0


def test_dollars_in_a_language_of_many_countries_are_compared_with_no_wage() -> None:
    """Nobody knows where they are earned, unless a country is named; other currencies say where."""
    assert times("es", 3000, "USD") is times("ar", 3000, "USD") is times("en", 3000, "USDT") is None
    assert times("es", 3000, "USD", "CL") == pytest.approx(3000 / ORDINARY["CL"])
    assert times("es", 3000, "EUR") == pytest.approx(3000 / ORDINARY["DE"])


def test_nothing_is_said_where_pay_or_wage_is_unknown() -> None:
    """Dollars in an English text without a place tell nothing about home."""
    assert times("en", 2000, "USD") is None
    assert times("vi", None, "VND") is None
    assert times_ordinary(None, Language(code="vi", script="Latn", confidence=1.0), frozenset()) is None


def test_the_tables_fit_together() -> None:
    """Every home leads to a wage; more wages never weigh less."""
    assert set(HOME.values()) <= ORDINARY.keys()
    steps = [strength(number / 2) for number in range(20)]
    assert steps == sorted(steps)


def test_pay_of_any_period_is_brought_to_a_month() -> None:
    """Of full-time work: 48 hours, six days a week."""
    assert [monthly_usd(10.0, "USD", period) for period in ("hour", "day", "week", "month")] == [2080.0, 260.0, 43.3, 10.0]
    assert monthly_usd(1200.0, "USDT", "year") == 100.0


@pytest.mark.parametrize(("currency", "period"), [(None, "month"), ("USD", None), ("XXX", "month"), ("USD", "decade"), ("", "")])
def test_an_unknown_currency_or_period_gives_no_amount(currency: str | None, period: str | None) -> None:
    """Rather than a guess."""
    assert monthly_usd(1000.0, currency, period) is None


def test_every_rate_and_period_is_more_than_nothing() -> None:
    """Zero would hide any pay."""
    assert min(*USD.values(), *MONTHS.values()) > 0
