"""Use cases of the weekly mail: draft, build and send."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from email import message_from_binary_file, policy
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine

from desk.database import open_database
from desk.digest import weekly_mail as builder
from desk.digest.edition import Edition, iso_week, week_end
from desk.digest.weekly_mail import translate_cards
from desk.mail import Transport, transport
from desk.outbox import DeliveryReport, deliver, waiting_periods
from desk.people.accounts import EMAIL
from desk.subscribers.bounces import read_bounce
from desk.subscribers.subscriptions import (
    Subscription,
    active_subscriptions,
    end_address,
    enlist,
    is_wanted,
    note_bounce,
    recall_unwanted,
)
from index.base import Store
from index.query.parse import place_names
from index.query.plan import UnusableQuery
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.in_force import InForce, ensure_in_force
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.translate import translator_of
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.digest")


class BounceReport(NamedTuple):
    """The result of reading a mailbox."""

    noted: int
    other: int
    """No notification about a mail of a subscription; a person may look at them in the mailbox."""


@typed_errors()
def draft(settings: Settings, week: str | None = None) -> Edition:
    """Return a week's digest as it was built, or as it would be built now; stores and sends nothing."""
    settings, now = ensure_in_force(settings), datetime.now(UTC)
    name = week_of(week, now)
    with desk_and_index_opened(settings) as (engine, store), engine.connect() as connection:
        return builder.stored_edition(connection, name) or builder.draft_edition(
            connection,
            store,
            settings.sources,
            settings.runs,
            week=name,
            until=now,
            **_house(settings, engine, ask=False),
        )


@typed_errors()
def build(settings: Settings, week: str | None = None) -> tuple[Edition, int]:
    """Build a week's digest unless it was built before; return it and how many messages were newly queued.

    Raises PermanentError naming the missing setting, or for a past week that was never built; TransientError while the database
    or the index is away.
    """
    settings, now = ensure_in_force(settings), datetime.now(UTC)
    name = week_of(week, now)
    with desk_and_index_opened(settings) as (engine, store):
        with engine.connect() as connection:
            if name != iso_week(now) and builder.stored_edition(connection, name) is None:
                raise PermanentError(f"{name} was never built, and the index shows today, not that week; build each week in it")
            subscribed = any(one.name == builder.SUBSCRIPTION for one in active_subscriptions(connection))
        others = enlist(engine, _recipients(settings, needed=not subscribed), now=now)
        with engine.connect() as connection:
            readers = [one for one in active_subscriptions(connection) if one.name == builder.SUBSCRIPTION]
        return builder.build(
            engine, store, settings.sources, settings.runs, week=name, now=now, recipients=others, readers=readers,
            sender=settings.mail_from, **_house(settings, engine),
        )  # fmt: skip


@typed_errors()
def send(settings: Settings, week: str | None = None) -> DeliveryReport:
    """Build a week's digest unless built, and send what was not sent, to who subscribes to a part of it too; return the counts.

    Raises PermanentError and TransientError as ``build`` does; TransientError also while the mail server is away or another
    process sends.
    """
    settings, mail = ensure_in_force(settings), transport(settings.smtp)
    edition, _ = build(settings, week)
    engine = open_database(settings.database, settings.state)
    sent = _hand_over(engine, mail, edition.week, builder.SUBSCRIPTION)
    return sent if week else sent + send_own(settings, ("weekly",))


@typed_errors()
def send_own(settings: Settings, schedules: Collection[str] = ("daily", "immediate")) -> DeliveryReport:
    """Send the mails that are due of subscriptions with editions of their own; return the counts.

    A subscription whose search can no longer be carried out is logged and stops no other. Raises as ``send`` does.
    """
    settings, now, total = ensure_in_force(settings), datetime.now(UTC), DeliveryReport()
    with desk_and_index_opened(settings) as (engine, store):
        recall_unwanted(engine, now=now)
        with engine.connect() as connection:
            active = active_subscriptions(connection)
        wanted = [one for one in active if one.schedule in schedules and one.name != builder.SUBSCRIPTION]
        if not wanted:
            return total
        mail, _none = transport(settings.smtp), _recipients(settings, needed=False)
        for one in wanted:
            _build_own(settings, engine, store, one, now)
            for waiting in waiting_periods(engine, one.name):
                total += _hand_over(engine, mail, waiting, one.name)
    return total


def _hand_over(engine: Engine, mail: Transport, period: str, name: str) -> DeliveryReport:
    return deliver(
        engine, mail, period=period, subscription=name, clock=lambda: datetime.now(UTC), wanted=is_wanted, end_address=end_address
    )


def _build_own(settings: InForce, engine: Engine, store: Store, one: Subscription, now: datetime) -> None:
    if period := one.period(now):
        try:
            builder.build(
                engine, store, settings.sources, settings.runs, week=period, now=now, recipients=(), readers=[one],
                subscription=one, sender=settings.mail_from, **_house(settings, engine),
            )  # fmt: skip
        except UnusableQuery as exc:
            LOG.warning("subscription %d is not sent: %s; correct the search %r", one.id, exc, one.search)


@typed_errors()
def read_bounces(settings: Settings, folder: Path) -> BounceReport:
    """Note the notifications in a Maildir about mails that came back, and move each that was read to ``cur``.

    Raises PermanentError for what is no Maildir.
    """
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise PermanentError(f"{folder}: no Maildir; give a folder with new and cur in it")
    engine, now = open_database(settings.database, settings.state), datetime.now(UTC)
    noted = other = 0
    for file in sorted((folder / "new").iterdir()):
        with file.open("rb") as opened:
            bounce = read_bounce(message_from_binary_file(opened, policy=policy.default))
        if bounce is not None and note_bounce(engine, bounce, now=now):
            noted += 1
        else:
            other += 1
        file.rename(folder / "cur" / f"{file.name}:2,S")
    return BounceReport(noted=noted, other=other)


def week_of(week: str | None, now: datetime) -> str:
    """Return the ISO week asked for, this week when none is; raise PermanentError for what is no week."""
    if week is None:
        return iso_week(now)
    try:
        week_end(week)
    except (ValueError, OverflowError) as exc:
        raise PermanentError(f"--week {week!r}: write an ISO week such as {iso_week(now)}") from exc
    return week


def _house(settings: InForce, engine: Engine, *, ask: bool = True) -> dict[str, Any]:
    """Return what every mail says of the house that sends it, and what translates it; a preview asks no service."""
    translator = translator_of(settings, engine)
    lines = (line.strip() for line in settings.help_lines.split(";"))
    return {
        "desk_url": settings.public_url,
        "organisation": settings.organisation,
        "places": place_names(settings.seeds / "places.yml"),
        "contact": settings.contact_email,
        "seeds": settings.commit,
        "help_lines": tuple(line for line in lines if line),
        "translate": partial(translate_cards, translator=translator, ask=ask) if translator else None,
    }


def _recipients(settings: Settings, *, needed: bool) -> list[str]:
    recipients = [address.strip() for address in settings.digest_recipients.split(",") if address.strip()]
    wrong = [address for address in (*recipients, settings.mail_from) if not EMAIL.fullmatch(address)]
    if wrong or (needed and not recipients):
        what = f"{wrong[0]!r} is not an address" if wrong and wrong[0] else "sender or recipients are not set"
        raise PermanentError(f"{what}; set LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS")
    return recipients
