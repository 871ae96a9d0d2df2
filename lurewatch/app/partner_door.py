"""Use cases of platforms that fetch and answer: take their answers in, open their door."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desk.database import open_database
from desk.partners.answer_review import take_answers
from desk.partners.door_access import forget_requests
from desk.partners.door_database import open_door_database
from desk.platforms import load_platforms
from foundation.crawl_errors import SourceError
from lurewatch.app.app_errors import AppError, typed_errors
from lurewatch.app.in_force import ensure_in_force
from lurewatch.app.takedown_lists import notifier_of
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from desk.partners.door_access import Door


@typed_errors()
def take_answers_in(settings: Settings) -> int:
    """Take in what platforms answered, and drop old counts of requests; return how many answers."""
    engine, now = open_database(settings.database, settings.state), datetime.now(UTC)
    forget_requests(engine, now)
    return take_answers(engine, now)


def open_door(settings: Settings) -> "Door":
    """Return the partners' door on the database that LUREWATCH_DATABASE names for it."""
    from desk.partners.door_access import Door  # the schedule's workers start without pages

    return Door(
        engine=open_door_database(settings.database),
        notifier=notifier_of(settings),
        public_url=settings.door_url.rstrip("/"),
        a_minute=settings.api_rate,
        trusted_proxies=settings.proxies,
        titles=_platform_titles(settings),
    )


def _platform_titles(settings: Settings) -> dict[str, str]:
    """Return what each platform is called; nothing where the door sees no seeds, for it serves without."""
    try:
        in_force = ensure_in_force(settings)
        own = {source.name: source.title for source in in_force.files.sources}
        return own | load_platforms(in_force.seeds).titles
    except (SourceError, AppError):
        return {}
