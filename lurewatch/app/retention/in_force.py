"""How long the texts of each source are kept: the accepted value, or a shorter one that a file has had for a week.

One person's edit shortens nothing before others had a week to see it. The week counts days on which something was written into
the audit log, so a clock that is set forward does not make it pass.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, Engine, select

from crawlers.sources.source import Source
from desk.cases import signed_settings
from desk.cases.signed_settings import Key, Standing
from desk.custody import audit
from desk.database import writing
from desk.tables import audit as chain
from lurewatch.app.seeds.settings_in_force import observe_files
from lurewatch.app.seeds.sources_in_force import sources_in_force
from lurewatch.settings import Settings

DEFAULT_DAYS: int = Source.model_fields["retention_days"].default
"""For what came from a source that has no file and was never noted."""
WAIT = timedelta(days=7)
"""A shorter retention that nobody accepted takes effect after so long."""
_STEP = timedelta(days=1)
"""So much of a time in which nothing was written counts as passed."""


def days_kept(settings: Settings, engine: Engine, now: datetime | None = None) -> dict[str, int]:
    """Return the days for which each source's texts are kept at ``now``; of a faulty file by its last valid version."""
    now = now or datetime.now(UTC)
    sources = sources_in_force(settings).sources
    with engine.connect() as connection:
        known = signed_settings.standings(connection)
        days = signed_settings.days_in_force(sources, known)
        if waiting := {source.name: source.retention_days for source in sources if source.retention_days < days[source.name]}:
            times = _written_value(connection, now)
            days |= {name: value for name, value in waiting.items() if _has_waited(known, name, value, times)}
    return days


def note_retention(settings: Settings, engine: Engine, now: datetime) -> None:
    """Note what files say anew, and once a purge which shorter retention waits: whoever reads the log can still object."""
    observe_files(settings, engine, now=now)
    if waiting := waiting_days(settings, engine, now):
        with writing(engine) as connection:
            audit.append(connection, at=now, actor="system", action="retention_waits", detail=dict(waiting))


def waiting_days(settings: Settings, engine: Engine, now: datetime) -> dict[str, int]:
    """Return the shorter retention of each source whose file says one that is not in force."""
    days = days_kept(settings, engine, now)
    return {
        source.name: source.retention_days
        for source in sources_in_force(settings).sources
        if source.retention_days < days[source.name]
    }


def _has_waited(known: Mapping[Key, Standing], name: str, days: int, times: Sequence[datetime]) -> bool:
    standing = known.get((f"source:{name}", "retention"), Standing())
    return standing.waiting == json.dumps(days) and standing.at is not None and has_passed(standing.at, times) >= WAIT


def has_passed(since: datetime, times: Sequence[datetime]) -> timedelta:
    """Return how much time went by from ``since`` to the last of ``times``, each silence counted as a day at most."""
    later = [since, *times[bisect_right(times, since) :]]
    return sum((min(after - before, _STEP) for before, after in pairwise(later)), timedelta())


def _written_value(connection: Connection, now: datetime) -> list[datetime]:
    """Return when anything was written into the audit log, up to ``now``."""
    times = {datetime.fromisoformat(at) for at in connection.execute(select(chain.c.at)).scalars()}
    aware = {time if time.tzinfo else time.replace(tzinfo=UTC) for time in times}
    return sorted({time for time in aware if time <= now} | {now})
