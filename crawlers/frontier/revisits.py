"""When an advert that no list shows any more is asked for again: soon while it is young, ever more rarely as it ages.

An advert that leaves its list is usually gone; when exactly is what a takedown partner and a prosecutor ask. The interval is
half of the time for which the advert has stood unchanged, at least a day and at most thirty, so that an advert is asked
for about once for each time its age grows by half. Source of the method: J. Cho and H. Garcia-Molina, "Effective page refresh
policies for Web crawlers", ACM TODS 28(4), 2003 (revisit by observed rate of change).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

SHORTEST, LONGEST = timedelta(days=1), timedelta(days=30)
SHARE = 4
"""A run spends at most one request in this many on revisits, and only what its lists leave."""
SLACK = timedelta(hours=4)
"""What a daily run may be early: begun at 03:00 instead of 03:17 it still counts as a day later."""


class StandingAdvert(msgspec.Struct, frozen=True, kw_only=True):
    """An advert that stood when a run last saw it."""

    url: str
    seen_at: datetime
    """When a run last saw it."""
    since: datetime
    """Since when it has been as it is."""
    watched: bool = False
    """Whether somebody waits to hear that it is gone."""


def interval(advert: StandingAdvert) -> timedelta:
    """Return how long after it was last seen an advert is due again."""
    return SHORTEST if advert.watched else min(max((advert.seen_at - advert.since) / 2, SHORTEST), LONGEST)


def select_due(adverts: Iterable[StandingAdvert], now: datetime) -> list[StandingAdvert]:
    """Return the adverts that are due: the watched first, then those that are late by the most of their interval."""

    def lateness(advert: StandingAdvert) -> float:
        return (now - advert.seen_at) / interval(advert)

    ready = [advert for advert in adverts if now - advert.seen_at >= interval(advert) - SLACK]
    return sorted(ready, key=lambda advert: (not advert.watched, -lateness(advert), advert.url))
