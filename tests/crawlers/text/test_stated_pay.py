"""Pay is a value: equal by content, frozen, written and read without loss; foreign content is refused by name."""

from typing import get_args

import msgspec
import pytest

from crawlers.text.money_lookup import money_words
from crawlers.text.stated_pay import Pay, Period

PAY = Pay(low=22e6, high=25e6, currency="VND", period="month", raw="22–25 triệu/tháng")


def test_pay_survives_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(PAY), type=Pay) == PAY


def test_pay_needs_figures_and_words_and_nothing_else() -> None:
    assert msgspec.json.decode(b'{"low": 1, "high": 2, "raw": "1-2"}', type=Pay) == Pay(low=1, high=2, raw="1-2")
    assert (Pay(low=1, high=2, raw="1-2").currency, Pay(low=1, high=2, raw="1-2").period) == (None, None)
    with pytest.raises(msgspec.ValidationError, match="missing required field `raw`"):
        msgspec.json.decode(b'{"low": 1, "high": 2}', type=Pay)


@pytest.mark.parametrize("period", ["decade", "MONTH", "", "tháng"])
def test_a_period_of_another_name_is_refused(period: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.period"):
        msgspec.convert({"low": 1, "high": 2, "period": period, "raw": "1"}, type=Pay)


def test_pay_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        PAY.low = 0  # type: ignore[misc]


def test_the_word_tables_name_no_other_period() -> None:
    assert set(money_words().periods) == set(get_args(Period))
