"""Decides when an advert that no list shows is asked for again: soon while it is new, less often as it ages.

An advert that leaves its list is usually gone; takedown partners and prosecutors ask when. The interval is half of the time
for which the advert has stood unchanged, at least a day and at most thirty, so that an advert is asked for about once for each
time its age grows by half. Source of the method: J. Cho and H. Garcia-Molina, "Effective page refresh policies for Web
crawlers", ACM TODS 28(4), 2003 (revisit by observed rate of change).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

SHORTEST, LONGEST = timedelta(days=1), timedelta(days=30)
SHARE = 4
"""At most one request in this many is a revisit, and only after the lists are done."""
SLACK = timedelta(hours=4)
"""How early a daily run may begin and still count as a day later (03:00 instead of 03:17)."""


class StandingAdvert(msgspec.Struct, frozen=True, kw_only=True):
    """An advert that was online when a run last saw it."""

    url: str
    seen_at: datetime
    """When a run last saw it."""
    since: datetime
    """Since when it is unchanged."""
    watched: bool = False
    """Whether a person confirmed it, so that its end matters."""


def interval(advert: StandingAdvert) -> timedelta:
    """Return how long after it was last seen an advert is due again."""
    return SHORTEST if advert.watched else min(max((advert.seen_at - advert.since) / 2, SHORTEST), LONGEST)


def select_due(adverts: Iterable[StandingAdvert], now: datetime) -> list[StandingAdvert]:
    """Return the adverts that are due: the watched first, then the most overdue."""

    def lateness(advert: StandingAdvert) -> float:
        return (now - advert.seen_at) / interval(advert)

    ready = [advert for advert in adverts if now - advert.seen_at >= interval(advert) - SLACK]
    return sorted(ready, key=lambda advert: (not advert.watched, -lateness(advert), advert.url))
