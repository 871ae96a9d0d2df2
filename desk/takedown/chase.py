"""Asks a platform again about a retraction that it did not answer: in growing steps by mail, then a person calls."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import Connection, Engine

from desk import outbox
from desk.cases import approvals
from desk.database import writing
from desk.mail import Transport
from desk.platforms import Platforms
from desk.takedown import repository
from desk.takedown.letters import write_letter
from desk.takedown.notice import Notifier
from desk.takedown.repository import OpenRetraction


def ask_again(
    engine: Engine, mail: Transport, platforms: Platforms, *, notifier: Notifier, sender: str, clock: Callable[[], datetime]
) -> list[tuple[OpenRetraction, outbox.DeliveryReport]]:
    """Send each letter that is due, or still waits, once; return what became of it. Raises MailError when the mail server is not
    there: the letter waits in the outbox."""
    results = []
    with engine.connect() as connection:
        known = repository.open_retractions(connection)
    for found in known:
        periods = list(found.unsent)
        if not periods and found.next_at is not None and found.next_at <= clock():
            with writing(engine) as connection:
                _queue(connection, found, platforms, notifier=notifier, sender=sender, now=clock())
            periods = [found.period]
        subscription, _ = repository.mail_key(found.takedown_list.platform, found.takedown_list.number)
        for period in periods:
            results.append((found, outbox.deliver(engine, mail, period=period, subscription=subscription, clock=clock)))
    return results


def _queue(
    connection: Connection, found: OpenRetraction, platforms: Platforms, *, notifier: Notifier, sender: str, now: datetime
) -> None:
    subscription, _ = repository.mail_key(found.takedown_list.platform, found.takedown_list.number)
    to = approvals.recipient_of(connection, found.takedown_list)
    message = _message(connection, found, platforms, to=to, sender=sender, notifier=notifier, now=now)
    outbox.queue(connection, message, period=found.period, subscription=subscription, recipient=to, now=now)


def _message(
    connection: Connection,
    found: OpenRetraction,
    platforms: Platforms,
    *,
    to: str,
    sender: str,
    notifier: Notifier,
    now: datetime,
) -> EmailMessage:
    takedown_list = found.takedown_list
    receiver = platforms.platforms.get(takedown_list.platform)
    title = receiver.title if receiver else takedown_list.platform
    entries = repository.entries(connection, takedown_list.id)
    subscription, period = repository.mail_key(takedown_list.platform, takedown_list.number)
    host = sender.rpartition("@")[2]
    letter = [
        f"To the trust and safety team of {title},", "",
        f"on {takedown_list.sent_at:%Y-%m-%d} we took back what is named below, and have no answer from you. Please put back"
        " what was removed because of us, lift any measure against whoever posted it, and tell them that it was our mistake.", "",
        *(line for entry in entries for line in (entry.body["url"], f"  notice {entry.body['notice_id']}", "")),
        "We claim nothing about these addresses any more, or about anybody behind them. We apologise to them and to you.", "",
        "Please reply to this mail when it is done.",
    ]  # fmt: skip
    subject = f"Not answered yet: retraction to {title} (list {takedown_list.number}), request {found.asked + 1}"
    return write_letter(
        notifier, subject, letter, sender=sender, to=to, at=now, reply_to=notifier.email,
        message_id=outbox.message_id(found.period, subscription, to, host),
        answers=outbox.message_id(period, subscription, to, host),
    )  # fmt: skip
