"""Asks a platform again about a retraction that it did not answer: in growing steps by mail, then a person calls."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import Connection, Engine

from desk import outbox
from desk.cases import approvals
from desk.database import writing
from desk.list_maker import Notifier
from desk.mail import Transport
from desk.platforms import Platform, Platforms
from desk.refusals import ListError
from desk.takedown import repository
from desk.takedown.letters import ask_about_retraction, write_letter
from desk.takedown.repository import OpenRetraction


def ask_again(
    engine: Engine, mail: Transport, platforms: Platforms, *, notifier: Notifier, clock: Callable[[], datetime]
) -> list[tuple[OpenRetraction, outbox.DeliveryReport | ListError]]:
    """Send each letter that is due, or still waits, once; return what became of it, or why it may not leave.

    Raises MailError when the mail server is not there: the letter waits in the outbox.
    """
    results: list[tuple[OpenRetraction, outbox.DeliveryReport | ListError]] = []
    with engine.connect() as connection:
        known = repository.open_retractions(connection)
    for found in known:
        periods = list(found.unsent)
        if not periods and found.next_at is not None and found.next_at <= clock():
            try:
                with writing(engine) as connection:
                    _queue(connection, found, platforms, notifier=notifier, now=clock())
            except ListError as exc:
                results.append((found, exc))
                continue
            periods = [found.period]
        subscription, _ = repository.mail_key(found.takedown_list.platform, found.takedown_list.number)
        for period in periods:
            results.append((found, outbox.deliver(engine, mail, period=period, subscription=subscription, clock=clock)))
    return results


def _queue(connection: Connection, found: OpenRetraction, platforms: Platforms, *, notifier: Notifier, now: datetime) -> None:
    subscription, _ = repository.mail_key(found.takedown_list.platform, found.takedown_list.number)
    bound = approvals.approval_of(connection, found.takedown_list)
    approvals.check_sender(bound, found.takedown_list, notifier)
    to = bound.recipient
    message = _message(connection, found, platforms, to=to, notifier=notifier, now=now)
    outbox.queue(connection, message, period=found.period, subscription=subscription, recipient=to, now=now)


def _message(
    connection: Connection,
    found: OpenRetraction,
    platforms: Platforms,
    *,
    to: str,
    notifier: Notifier,
    now: datetime,
) -> EmailMessage:
    takedown_list = found.takedown_list
    platform = platforms.platforms.get(takedown_list.platform) or Platform(
        title=takedown_list.platform, enabled=False, item=(), formats=("csv",)
    )
    subscription, period = repository.mail_key(takedown_list.platform, takedown_list.number)
    host = notifier.sender.rpartition("@")[2]
    entries = repository.entries(connection, takedown_list.id)
    subject, lines = ask_about_retraction(takedown_list, platform, entries, found.asked + 1)
    return write_letter(
        notifier, subject, lines, sender=notifier.sender, to=to, at=now, reply_to=notifier.email,
        message_id=outbox.message_id(found.period, subscription, to, host),
        answers=outbox.message_id(period, subscription, to, host),
    )  # fmt: skip
