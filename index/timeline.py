"""When adverts were first seen, week by week: what a page draws as bars and a command prints as a line."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

_BLOCKS = " ▁▂▃▄▅▆▇█"
WEEK = timedelta(days=7)


class Week(NamedTuple):
    """One week, Monday to Sunday, UTC."""

    monday: date
    adverts: int


def weekly(moments: Iterable[datetime]) -> tuple[Week, ...]:
    """Return every week from the first moment to the last with how many fall into it, empty weeks included."""
    counts = Counter(_monday(moment) for moment in moments)
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    return tuple(Week(at, counts[at]) for at in (first + number * WEEK for number in range((last - first).days // 7 + 1)))


def sparkline(weeks: Iterable[Week]) -> str:
    """Return one block a week, as high as its count against the highest; a week with any is never blank."""
    counts = [week.adverts for week in weeks]
    top = max(counts, default=0)
    return "".join(_BLOCKS[max(1, round(8 * count / top)) if count else 0] for count in counts)


def _monday(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
