"""Amounts in any currency and period become dollars a month, or nothing at all."""

import pytest

from enrichment.facts.rates import MONTHS, USD, monthly_usd


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
