"""Sends an approved list to its platform by mail, once, with a covering letter."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import Connection, Engine

from crawlers.text.messages import _
from desk import outbox
from desk.cases import approvals
from desk.database import writing
from desk.mail import Transport
from desk.platforms import Platforms
from desk.refusals import ListError
from desk.takedown import repository
from desk.takedown.notice import GOOD_FAITH, Notifier
from desk.takedown.repository import ListEntry, TakedownList

TYPES = {".csv": "text/csv", ".json": "application/json", ".jsonl": "application/jsonl"}


def send(
    engine: Engine,
    mail: Transport,
    platforms: Platforms,
    list_id: int,
    *,
    notifier: Notifier,
    sender: str,
    clock: Callable[[], datetime],
) -> outbox.DeliveryReport:
    """Send one approved list; sending it again sends nothing, unless the mail server refused it for good.

    Approver, recipient, bytes and deciders are compared with what the approval was bound to. Raises ListError when it may not
    leave, MailError when the mail server is not there.
    """
    with writing(engine) as connection:
        takedown_list = repository.one_list(connection, list_id)
        if takedown_list.state not in ("sent", "refused") and not repository.leaves_by_itself(connection, takedown_list):
            first = f"lurewatch takedown approve {list_id} --as NAME"
            raise ListError(
                _(
                    "list %(list_id)s is %(state)s; a second person approves it first: %(first)s",
                    list_id=list_id,
                    state=takedown_list.state,
                    first=first,
                )
            )
        period, subscription = _key(takedown_list)
        reason = _recall_message(connection, platforms, takedown_list, clock()) if takedown_list.state == "sent" else None
        if takedown_list.state != "sent":
            with _faults_named(list_id):
                approvals.check(connection, platforms, takedown_list)
                platform = platforms.platforms[takedown_list.platform]
                to = approvals.recipient_of(connection, takedown_list)
                message = _message(connection, takedown_list, platform.title, to=to, sender=sender, notifier=notifier)
                outbox.forget_refused(connection, period=period, subscription=subscription)
                outbox.queue(connection, message, period=period, subscription=subscription, recipient=to, now=clock())
            # From here on the list counts as sent, until a final no: the outbox owns it, a later list must be a delta to it.
            repository.mark_sent(connection, list_id, clock(), to)
    if reason is not None:
        raise ListError(reason)
    outcome = outbox.deliver(engine, mail, period=period, subscription=subscription, clock=clock)
    if outcome.failed:
        with writing(engine) as connection:
            repository.mark_refused(connection, list_id, clock())
    return outcome


@contextmanager
def _faults_named(list_id: int) -> Iterator[None]:
    """Turn every fault in the stored parts of one list into a ListError, so that other lists still leave."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as exc:
        raise ListError(
            _(
                "list %(list_id)s cannot be written as a mail (%(name__)s: %(exc)s); correct its "
                "receiver's title and contact, then build it again",
                list_id=list_id,
                name__=type(exc).__name__,
                exc=exc,
            )
        ) from exc


def _recall_message(connection: Connection, platforms: Platforms, takedown_list: TakedownList, now: datetime) -> str | None:
    """Take a waiting message out of the outbox when its approval holds no more, or an item was escalated; return why."""
    period, subscription = _key(takedown_list)
    if not outbox.only_queued(connection, period=period, subscription=subscription):
        return None
    try:
        approvals.check_approval(connection, platforms, takedown_list)
        repository.check_escalated(connection, takedown_list.id)
    except ListError as exc:
        outbox.recall(connection, period=period, subscription=subscription, why=str(exc), now=now)
        repository.mark_refused(connection, takedown_list.id, now)
        return str(exc)
    return None


def waiting(engine: Engine) -> list[int]:
    """Return the lists that still have to leave, oldest first: approved ones, retractions, and those not taken yet.

    A refused one is not among them: a final no stays one until somebody corrects the contact and sends that list by number.
    """
    with engine.connect() as connection:
        takedown_lists = sorted(repository.all_lists(connection), key=lambda takedown_list: takedown_list.id)
        leaving = {item.id for item in takedown_lists if repository.leaves_by_itself(connection, item)}
    return [
        item.id
        for item in takedown_lists
        if item.id in leaving
        or (item.state == "sent" and any(each.state != "sent" for each in outbox.list_deliveries(engine, *_key(item))))
    ]


def _key(takedown_list: TakedownList) -> tuple[str, str]:
    """Return the period and the subscription a list has in the outbox."""
    subscription, period = repository.mail_key(takedown_list.platform, takedown_list.number)
    return period, subscription


def _message(
    connection: Connection, takedown_list: TakedownList, title: str, *, to: str, sender: str, notifier: Notifier
) -> EmailMessage:
    host = sender.rpartition("@")[2]
    entries = repository.entries(connection, takedown_list.id)
    write = _retraction if repository.takes_back(connection, takedown_list.id) else _letter
    subject, letter = write(takedown_list, title, entries)
    email_message = EmailMessage()
    email_message["From"] = Address(notifier.name, addr_spec=sender)
    email_message["Reply-To"] = Address(notifier.name, addr_spec=notifier.email)
    email_message["To"] = Address(addr_spec=to)
    email_message["Subject"] = subject
    email_message["Date"] = format_datetime(takedown_list.built_at)
    email_message["Message-ID"] = outbox.message_id(*_key(takedown_list), to, host)
    email_message["Auto-Submitted"] = "auto-generated"
    email_message.set_content("\n".join([*letter, "", notifier.name, notifier.email, ""]), cte="base64")
    for name, content in sorted(repository.files(connection, takedown_list.id).items()):
        main, _, sub = TYPES.get(name[name.rfind(".") :] if "." in name else "", "application/octet-stream").partition("/")
        email_message.add_attachment(
            content, maintype=main, subtype=sub, filename=f"{takedown_list.platform}-{takedown_list.number}-{name}"
        )
    email_message.set_boundary(f"==lurewatch-{takedown_list.manifest_sha256[:40]}==")
    return email_message


def _letter(takedown_list: TakedownList, title: str, entries: list[ListEntry]) -> tuple[str, list[str]]:
    """Return subject and lines of the letter to a list of notices."""
    counts = Counter(entry.change for entry in entries)
    return f"Notice list {takedown_list.number} for {title} (DSA Art. 16)", [
        f"To the trust and safety team of {title},", "",
        f"attached is notice list {takedown_list.number}: {counts['new']} new, {counts['updated']} updated.",
        "Each entry names one item of yours by its exact address, the rule and law it breaks, why, and what we captured.",
        "Two people stand behind it: one who confirmed each item, and another who approved the list.", "",
        GOOD_FAITH, "",
        _verifiable(takedown_list),
        "We publish nothing from this list. To answer on single notices, reply with their notice_id.",
        "Safety: the people behind such offers may be captives themselves. Please do not contact them on our account.",
    ]  # fmt: skip


def _retraction(takedown_list: TakedownList, title: str, entries: list[ListEntry]) -> tuple[str, list[str]]:
    """Return subject and lines of the letter that takes notices back: it says which, and nothing of what they said."""
    many = len(entries) > 1
    what = f"{len(entries)} notices" if many else "a notice"
    return f"Retraction of {what} to {title} (list {takedown_list.number})", [
        f"To the trust and safety team of {title},", "",
        f"we take back {what} that we sent you. Please treat {'them' if many else 'it'} as never made, and undo what was done"
        f" because of {'them' if many else 'it'}: put back what was removed, and lift any measure against whoever posted it.", "",
        *(line for entry in entries for line in (entry.body["url"], f"  notice {entry.body['notice_id']}", "")),
        "We claim nothing about these addresses any more, or about anybody behind them.", "",
        _verifiable(takedown_list),
        "To ask about one of them, reply with its notice id.",
    ]  # fmt: skip


def _verifiable(takedown_list: TakedownList) -> str:
    """Say how the attached files are checked."""
    return f"Verify: sha256sum -c SHA256SUMS (file names without the prefix). Manifest SHA-256: {takedown_list.manifest_sha256}"
