"""Use cases of the weekly mail: draft, build and send."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from desk.database import open_database
from desk.digest import weekly_mail as builder
from desk.digest.edition import Edition, iso_week, week_end
from desk.mail import transport
from desk.outbox import DeliveryReport, deliver
from desk.people.accounts import EMAIL
from index.base import Store
from index.query.parse import place_names
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.seeds.sources_in_force import all_sources
from lurewatch.settings import Settings


@typed_errors()
def draft(settings: Settings, week: str | None = None) -> Edition:
    """Return a week's digest as it was built, or as it would be built now; stores and sends nothing."""
    now = datetime.now(UTC)
    name = week_of(week, now)
    with _open_desk(settings) as (engine, store), engine.connect() as connection:
        return builder.stored_edition(connection, name) or builder.draft_edition(
            connection,
            store,
            all_sources(settings),
            settings.runs,
            week=name,
            until=now,
            **_house(settings),
        )


@typed_errors()
def build(settings: Settings, week: str | None = None) -> tuple[Edition, int]:
    """Build a week's digest unless it was built before; return it and how many messages were newly queued.

    Raises PermanentError naming the missing setting, or for a past week that was never built; TransientError while the database
    or the index is away.
    """
    readers = _readers(settings)
    now = datetime.now(UTC)
    name = week_of(week, now)
    with _open_desk(settings) as (engine, store):
        if name != iso_week(now):
            with engine.connect() as connection:
                if builder.stored_edition(connection, name) is None:
                    raise PermanentError(
                        f"{name} was never built, and the index shows today, not that week; build each week in it"
                    )
        return builder.build(
            engine, store, all_sources(settings), settings.runs, week=name, now=now, recipients=readers,
            sender=settings.mail_from, **_house(settings),
        )  # fmt: skip


@typed_errors()
def send(settings: Settings, week: str | None = None) -> DeliveryReport:
    """Build a week's digest unless built, and send what was not sent; return the counts.

    Raises PermanentError and TransientError as ``build`` does; TransientError also while the mail server is away or another
    process sends.
    """
    mail = transport(settings.smtp)
    edition, _ = build(settings, week)
    engine = open_database(settings.database)
    return deliver(engine, mail, period=edition.week, subscription=builder.SUBSCRIPTION, clock=lambda: datetime.now(UTC))


def week_of(week: str | None, now: datetime) -> str:
    """Return the ISO week asked for, this week when none is; raise PermanentError for what is no week."""
    if week is None:
        return iso_week(now)
    try:
        week_end(week)
    except (ValueError, OverflowError) as exc:
        raise PermanentError(f"--week {week!r}: write an ISO week such as {iso_week(now)}") from exc
    return week


def _house(settings: Settings) -> dict[str, Any]:
    """Return what every mail says of the house that sends it."""
    lines = (line.strip() for line in settings.help_lines.split(";"))
    return {
        "desk_url": settings.public_url,
        "organisation": settings.organisation,
        "places": place_names(settings.seeds / "places.yml"),
        "contact": settings.contact_email,
        "help_lines": tuple(line for line in lines if line),
    }


def _readers(settings: Settings) -> list[str]:
    readers = [address.strip() for address in settings.digest_recipients.split(",") if address.strip()]
    wrong = [address for address in (*readers, settings.mail_from) if not EMAIL.fullmatch(address)]
    if not readers or wrong:
        what = f"{wrong[0]!r} is not an address" if wrong and wrong[0] else "sender or recipients are not set"
        raise PermanentError(f"{what}; set LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS")
    return readers


@contextmanager
def _open_desk(settings: Settings) -> Iterator[tuple[Engine, Store]]:
    """Open database and index, seeds checked first; close the index afterwards."""
    all_sources(settings)
    with desk_and_index_opened(settings) as opened:
        yield opened
