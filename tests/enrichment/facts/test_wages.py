"""A promise is measured by the wage at home, in its currency's country and at the places it names."""

import pytest

from enrichment.assessment import Language, MonthlyPay, Place
from enrichment.facts.wages import EARNED_IN, HOME, ORDINARY, strength, times_ordinary


def times(code: str, usd: float | None, currency: str | None, *countries: str) -> float | None:
    """Return how many ordinary wages a promise is."""
    pay = MonthlyPay(low=1, high=1, currency=currency, period="month", monthly_usd=usd, start=0, end=1)
    places = [Place(name=country, country=country, kind="city", start=0, end=1) for country in countries]
    return times_ordinary(pay, Language(code=code, script="Latn", confidence=1.0), places)


def test_a_desk_job_abroad_is_measured_by_the_wage_at_home() -> None:
    """A thousand dollars are three wages in Viet Nam, wherever the place is left open."""
    assert times("vi", 1000, "USD") == pytest.approx(1000 / ORDINARY["VN"])
    assert strength(times("vi", 1000, "USD") or 0) > 0


def test_a_job_in_a_dear_country_is_measured_there() -> None:
    """The same pay in Tokyo is ordinary."""
    assert strength(times("vi", 1400, "JPY", "JP") or 0) == 0
    assert strength(times("vi", 1400, "USD", "JP") or 0) == 0
    assert strength(times("vi", 1400, "USD", "KH") or 0) > 0


def test_dollars_in_a_language_of_many_countries_are_measured_by_its_best_paid_country() -> None:
    """A Spanish, French or Arabic advert that pays dollars addresses nobody in the euro; other currencies say where."""
    assert times("es", 3000, "USD") == pytest.approx(3000 / ORDINARY["CL"])
    assert strength(times("ar", 1200, "USD") or 0) == 0
    assert times("es", 3000, "EUR") == pytest.approx(3000 / ORDINARY["FR"])


def test_nothing_is_said_where_pay_or_wage_is_unknown() -> None:
    """Dollars in an English text without a place tell nothing about home."""
    assert times("en", 2000, "USD") is None
    assert times("vi", None, "VND") is None
    assert times_ordinary(None, Language(code="vi", script="Latn", confidence=1.0), []) is None


def test_the_tables_fit_together() -> None:
    """Every home and every currency leads to a wage; more wages never weigh less."""
    assert {*HOME.values(), *EARNED_IN.values()} <= ORDINARY.keys()
    steps = [strength(number / 2) for number in range(20)]
    assert steps == sorted(steps)
