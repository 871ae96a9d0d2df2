"""What makes the work bearable: text only, calm pages, a reminder to take a break, and one's own exposure, for oneself alone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, select, update

from desk.database import writing
from desk.people.accounts import User
from desk.tables import openings, users

BREAKS = (0, 25, 50, 90)
"""Minutes of work after which a break is suggested; 0: never."""
DAYS = 7


class DayExposure(msgspec.Struct, frozen=True, kw_only=True):
    """What a person read on one day of theirs."""

    began: datetime
    opened: frozenset[str]
    """Ids of the adverts whose text they saw for the first time."""


def set_comfort(engine: Engine, person: User, *, text_only: bool, calm: bool, break_after: int) -> None:
    """Keep how a person wants to read; another number of minutes than those offered is taken for none."""
    values = {"text_only": text_only, "calm": calm, "break_after": break_after if break_after in BREAKS else 0}
    with writing(engine) as connection:
        connection.execute(update(users).where(users.c.id == person.id).values(**values))


def exposure_of(connection: Connection, person: User, *, now: datetime, zone: str) -> list[DayExposure]:
    """Return what a person opened on each of the last days of their time zone, today first; it is computed, never kept."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=number) for number in range(DAYS)]
    query = select(openings.c.item_id, openings.c.at).where(openings.c.by_id == person.id, openings.c.at >= days[-1])
    found: dict[datetime, set[str]] = {day: set() for day in days}
    for row in connection.execute(query):
        found[next(day for day in days if row.at >= day)].add(row.item_id)
    return [DayExposure(began=day, opened=frozenset(items)) for day, items in found.items()]
