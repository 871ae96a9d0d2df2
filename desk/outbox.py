"""The outbox: messages are queued in the same transaction as their content, and one process at a time sends them, once.

SMTP alone cannot be exactly-once (RFC 1047): when a process dies between the server's last "250" and the row saying so, nobody
knows whether the message arrived. Its row says ``sending``; it is sent again, with the same Message-ID and, where the server
knows one (``Transport.once``), the same key, by which it drops the copy. Elsewhere one mail too many is seen, one too few would
not be. Each is counted and noted in the audit log. Otherwise a second run sends nothing, because (period, subscription,
recipient) is unique.
"""

import fcntl
import hashlib
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, text, update

from desk.custody import audit
from desk.custody.log_details import COMPOSED, message_detail
from desk.database import writing
from desk.mail import Carrier, MailInterrupted, MailRefusal, MailServer, hand_over
from desk.tables import UNDELIVERED, deliveries

SENDER_LOCK = 0x4C57534E
"""Advisory lock held by the one sending process on PostgreSQL; on SQLite a lock file beside the database does the same."""


UNWANTED = "its reader may not get it any more"
Wanted = Callable[[Connection, str, str], bool]
"""Tells whether a subscription still sends to a recipient."""
EndAddress = Callable[[Connection, str, datetime], None]
"""Ends what is sent to an address that does not exist."""
PART = "-part-"
"""Stands before the number of a further mail of one message."""


class OutboxBusy(Exception):
    """Another process is sending right now; its work is not repeated."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message and its state."""

    id: int
    period: str
    subscription: str
    recipient: str
    message_id: str
    state: str
    """``queued``, ``sending``, ``sent``, ``failed`` (refused for good), ``recalled`` (its reader left, or may not get it)."""
    attempts: int
    error: str
    queued_at: datetime
    sent_at: datetime | None


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one sending."""

    sent: int = 0
    failed: int = 0
    """Refused for good by the mail server, now or earlier."""
    waiting: int = 0
    """To be tried again by the next run."""
    repeated: int = 0
    """Of those sent, the ones that a run before may have sent: it ended before it noted what the server answered."""

    def __add__(self, other: "DeliveryReport") -> "DeliveryReport":
        return DeliveryReport(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


def message_id(period: str, subscription: str, recipient: str, host: str) -> str:
    """Return the one Message-ID this message ever has."""
    key = hashlib.sha256(f"{period}|{subscription}|{recipient}".encode()).hexdigest()
    return f"<{key[:40]}@{host}>"


def queue(
    connection: Connection, message: EmailMessage, *, period: str, subscription: str, recipient: str, now: datetime
) -> bool:
    """Queue a message inside the caller's transaction; False when this one was queued before."""
    known = select(deliveries.c.id).where(
        deliveries.c.period == period, deliveries.c.subscription == subscription, deliveries.c.recipient == recipient
    )
    if connection.execute(known).first() is not None:
        return False
    content, name = message.as_bytes(policy=policy.SMTP), str(message["Message-ID"])
    connection.execute(insert(deliveries).values(
        period=period, subscription=subscription, recipient=recipient, message_id=name, state="queued",
        message=content, attempts=0, error="", queued_at=now,
    ))  # fmt: skip
    detail = message_detail(period, subscription, recipient, content)
    audit.append(connection, at=now, actor="system", action=COMPOSED, subject=name, detail=detail)
    return True


def forget_refused(connection: Connection, *, period: str, subscription: str) -> None:
    """Drop what was refused for good, so that it can be queued once more; the audit log keeps each refusal."""
    connection.execute(delete(deliveries).where(
        deliveries.c.period == period, deliveries.c.subscription == subscription, deliveries.c.state == "failed"
    ))  # fmt: skip


def only_queued(connection: Connection, *, period: str, subscription: str) -> bool:
    """Tell whether messages wait and none of them has reached the mail server."""
    query = select(deliveries.c.state).where(deliveries.c.period == period, deliveries.c.subscription == subscription)
    return set(connection.execute(query).scalars()) == {"queued"}


def recall(
    connection: Connection, *, subscription: str, why: str, now: datetime, period: str = "", recipient: str = "",
    state: str = "failed",
) -> None:  # fmt: skip
    """Take queued messages back before they reach the mail server: all of a period, or of a recipient.

    They count as refused for good, or where nobody failed as ``recalled``.
    """
    waiting = UNDELIVERED if recipient else ("queued",)
    mine = [deliveries.c.subscription == subscription, deliveries.c.state.in_(waiting)]
    mine += [deliveries.c[name] == value for name, value in (("period", period), ("recipient", recipient)) if value]
    for row in connection.execute(select(deliveries).where(*mine)).all():
        connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(state=state, error=why[:500]))
        named = {name: row._mapping[name] for name in ("period", "subscription", "recipient")}
        detail: dict[str, object] = named | {"error": why}
        audit.append(connection, at=now, actor="system", action="mail_recalled", subject=row.message_id, detail=detail)


def deliver(
    engine: Engine, mail: Carrier, *, period: str, subscription: str, clock: Callable[[], datetime],
    wanted: Wanted | None = None, end_address: EndAddress | None = None,
) -> DeliveryReport:  # fmt: skip
    """Send what is queued for a period and subscription; raise MailError when the server is not there, OutboxBusy when taken.

    What is not ``wanted`` when its turn comes is recalled; ``end_address`` is told of each address that does not exist.
    """
    with _hold_sender_lock(engine):
        waiting = [item for item in list_deliveries(engine, period, subscription) if item.state in UNDELIVERED]
        if waiting:
            with mail.open() as server:
                for delivery in waiting:
                    dead = _send(engine, server, delivery, clock, wanted, mail.once)
                    if dead and end_address is not None:
                        with writing(engine) as connection:
                            end_address(connection, delivery.recipient, clock())
        after = list_deliveries(engine, period, subscription)
    sent = {item.id for item in after if item.state == "sent"} & {item.id for item in waiting}
    return DeliveryReport(
        sent=len(sent),
        repeated=sum(item.id in sent and item.state == "sending" for item in waiting),
        failed=sum(item.state == "failed" for item in after),
        waiting=sum(item.state in UNDELIVERED for item in after),
    )


def part_periods(connection: Connection, period: str, subscription: str) -> list[str]:
    """Return the periods under which a message was queued, or its parts where one mail could not hold it: in order."""
    query = select(deliveries.c.period).where(
        deliveries.c.subscription == subscription,
        or_(deliveries.c.period == period, deliveries.c.period.startswith(f"{period}{PART}", autoescape=True)),
    )
    return sorted(set(connection.execute(query).scalars()), key=lambda name: (len(name), name))


def list_deliveries(engine: Engine, period: str, subscription: str) -> list[Delivery]:
    """Return all deliveries of a period and subscription, by recipient."""
    columns = [deliveries.c[name] for name in Delivery.__struct_fields__]
    query = select(*columns).where(deliveries.c.period == period, deliveries.c.subscription == subscription)
    with engine.connect() as connection:
        return [Delivery(**row._mapping) for row in connection.execute(query.order_by(deliveries.c.recipient))]


def waiting_periods(engine: Engine, subscription: str) -> list[str]:
    """Return the periods of a subscription whose messages wait, the oldest first."""
    mine = deliveries.c.subscription == subscription, deliveries.c.state.in_(UNDELIVERED)
    query = select(deliveries.c.period).where(*mine).group_by(deliveries.c.period).order_by(func.min(deliveries.c.id))
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def _send(
    engine: Engine, server: MailServer, delivery: Delivery, clock: Callable[[], datetime], wanted: Wanted | None, once: str
) -> bool:
    """Send one message and note what became of it; return whether its address does not exist."""
    named = {"period": delivery.period, "subscription": delivery.subscription, "recipient": delivery.recipient}
    with writing(engine) as connection:
        if wanted and not wanted(connection, delivery.subscription, delivery.recipient):
            recall(connection, **named, state="recalled", why=UNWANTED, now=clock())
        mine = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.state.in_(UNDELIVERED))
        if not connection.execute(mine.values(state="sending", attempts=delivery.attempts + 1)).rowcount:
            return False  # its reader has left meanwhile
        raw = connection.execute(select(deliveries.c.message).where(deliveries.c.id == delivery.id)).scalar_one()
    if once:
        raw = f"{once}: {delivery.message_id.strip('<>')}\r\n".encode() + raw
    dead = False
    try:
        hand_over(server, raw, delivery.recipient)
        state, error = "sent", ""
    except MailRefusal as exc:
        state, error, dead = "failed", str(exc), exc.ends_address
        with suppress(smtplib.SMTPException, OSError):  # one that hung up is met again at the next message
            server.rset()
    except smtplib.SMTPServerDisconnected as exc:
        raise MailInterrupted(f"the mail server hung up ({exc}); what was not sent yet stays queued") from exc
    except (smtplib.SMTPException, OSError) as exc:
        state, error = "queued", str(exc)[:500]
    with writing(engine) as connection:
        now = clock()
        sent_at = now if state == "sent" else None
        connection.execute(
            update(deliveries).where(deliveries.c.id == delivery.id).values(state=state, error=error, sent_at=sent_at)
        )
        audit.append(
            connection, at=now, actor="system", action=f"mail_{state}", subject=delivery.message_id,
            detail=named | {"error": error} | ({"again": True} if delivery.state == "sending" else {}),
        )  # fmt: skip
    return dead


@contextmanager
def _hold_sender_lock(engine: Engine) -> Iterator[None]:
    """Hold the sender's lock; it ends with the process, so a ``sending`` row found under it belongs to a dead process."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": SENDER_LOCK}).scalar_one():
                raise OutboxBusy("another process is sending; try again when it is done")
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": SENDER_LOCK})
        return
    with Path(f"{engine.url.database}.sending").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise OutboxBusy("another process is sending; try again when it is done") from exc
        yield
