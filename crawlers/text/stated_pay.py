"""Pay as an advert states it."""

from typing import Literal

import msgspec

Period = Literal["hour", "day", "week", "month", "year", "task"]


class Pay(msgspec.Struct, frozen=True, kw_only=True):
    """An amount of pay as advertised; ``low`` equals ``high`` when one figure is named."""

    low: float
    high: float
    currency: str | None = None
    """ISO 4217 code (``USDT`` for the stablecoin)."""
    period: Period | None = None
    raw: str
    """The words the figures were read from."""
