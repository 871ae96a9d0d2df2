"""Sends an approved list to its platform by mail, once, with a covering letter; asks again about retractions nobody answered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from desk.takedown.letters import ask_about_retraction, attach_file, tell_notices, tell_retraction, write_letter
from desk.takedown.list_files import mails_of
from desk.takedown.repository import OpenRetraction, TakedownList
from foundation.messages import _, sentence_of


def send(
    engine: Engine,
    mail: Transport,
    platforms: Platforms,
    list_id: int,
    *,
    notifier: Notifier,
    clock: Callable[[], datetime],
) -> outbox.DeliveryReport:
    """Send one approved list; sending it again sends nothing, unless the mail server refused it for good.

    Approver, recipient, bytes and deciders are compared with what the approval was bound to. Raises ListError when it may not
    leave, MailError when the mail server is not there.
    """
    with writing(engine) as connection:
        takedown_list = repository.one_list(connection, list_id)
        if takedown_list.state == "built" and takedown_list.retraction and takedown_list.second_person:
            raise ListError(repository.too_many_alone(list_id))
        if takedown_list.state not in ("sent", "refused") and not takedown_list.leaves_by_itself:
            first = f"lurewatch takedown approve {list_id} --as NAME"
            raise ListError(_(
                "list %(list_id)s is %(state)s; a second person approves it first: %(first)s", list_id=list_id,
                state=takedown_list.state, first=first,
            ))  # fmt: skip
        if approvals.goes_by_hand(connection, takedown_list):
            raise ListError(_("no mail carries list %(list_id)s: its page at the desk has each notice to copy", list_id=list_id))
        period, subscription = _key(takedown_list)
        reason = (
            _recall_message(connection, platforms, takedown_list, notifier, clock()) if takedown_list.state == "sent" else None
        )
        if takedown_list.state != "sent":
            with _faults_named(list_id):
                approvals.check(connection, platforms, takedown_list, notifier)
                platform = platforms.platforms[takedown_list.platform]
                to = approvals.recipient_of(connection, takedown_list)
                for part in outbox.part_periods(connection, period, subscription):
                    outbox.forget_refused(connection, period=part, subscription=subscription)
                for part, message in _messages(connection, takedown_list, platform, to, notifier):
                    outbox.queue(connection, message, period=part, subscription=subscription, recipient=to, now=clock())
            # From here on the list counts as sent, until a final no: the outbox owns it, a later list must be a delta to it.
            repository.mark_sent(connection, list_id, clock(), to)
    if reason is not None:
        raise ListError(reason)
    with engine.connect() as connection:
        parts = outbox.part_periods(connection, period, subscription)
    outcome = _sum([outbox.deliver(engine, mail, period=part, subscription=subscription, clock=clock) for part in parts])
    if outcome.failed:
        with writing(engine) as connection:
            repository.mark_refused(connection, list_id, clock())
    return outcome


def _sum(outcomes: list[outbox.DeliveryReport]) -> outbox.DeliveryReport:
    """Return what became of a list that leaves in several mails: it is sent once all of them are."""
    failed, waiting = sum(each.failed for each in outcomes), sum(each.waiting for each in outcomes)
    sent = sum(each.sent for each in outcomes)
    return outbox.DeliveryReport(
        sent=min(sent, 1) if not failed and not waiting else 0, failed=min(failed, 1), waiting=min(waiting, 1)
    )


@contextmanager
def _faults_named(list_id: int) -> Iterator[None]:
    """Turn every fault in the stored parts of one list into a ListError, so that other lists still leave."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as exc:
        raise ListError(
            _(
                "list %(list_id)s cannot be written as a mail (%(fault)s: %(detail)s); correct its "
                "receiver's title and contact, then build it again",
                list_id=list_id,
                fault=type(exc).__name__,
                detail=exc,
            )
        ) from exc


def _recall_message(
    connection: Connection, platforms: Platforms, takedown_list: TakedownList, notifier: Notifier, now: datetime
) -> str | None:
    """Take a waiting message out of the outbox when its approval holds no more, or an item was escalated; return why."""
    period, subscription = _key(takedown_list)
    parts = outbox.part_periods(connection, period, subscription)
    if not all(outbox.only_queued(connection, period=part, subscription=subscription) for part in parts):
        return None
    try:
        approvals.check_approval(connection, platforms, takedown_list, notifier)
        repository.check_escalated(connection, takedown_list.id)
    except ListError as exc:
        for part in parts:
            outbox.recall(connection, period=part, subscription=subscription, why=str(exc), now=now)
        repository.mark_refused(connection, takedown_list.id, now)
        return sentence_of(exc)
    return None


def waiting(engine: Engine) -> list[int]:
    """Return the lists that still have to leave, oldest first: approved ones, retractions, and those not taken yet.

    A refused one is not among them: a final no stays one until somebody corrects the contact and sends that list by number.
    """
    with engine.connect() as connection:
        takedown_lists = sorted(repository.all_lists(connection), key=lambda takedown_list: takedown_list.id)
        return [
            item.id
            for item in takedown_lists
            if (item.leaves_by_itself and not _goes_by_hand(connection, item))
            or (item.state == "sent" and _unsent_parts(connection, engine, item))
        ]


def _goes_by_hand(connection: Connection, takedown_list: TakedownList) -> bool:
    try:
        return approvals.goes_by_hand(connection, takedown_list)
    except ListError:  # sending says why it may not leave
        return False


def _unsent_parts(connection: Connection, engine: Engine, takedown_list: TakedownList) -> bool:
    period, subscription = _key(takedown_list)
    parts = outbox.part_periods(connection, period, subscription)
    return any(each.state != "sent" for part in parts for each in outbox.list_deliveries(engine, part, subscription))


def _key(takedown_list: TakedownList) -> tuple[str, str]:
    """Return the period and the subscription a list has in the outbox."""
    subscription, period = repository.mail_key(takedown_list.platform, takedown_list.number)
    return period, subscription


def _messages(
    connection: Connection, takedown_list: TakedownList, platform: Platform, to: str, notifier: Notifier
) -> Iterator[tuple[str, EmailMessage]]:
    """Yield the mails of a list, each with the period it is queued under: one, or as many as its files take."""
    files = repository.files(connection, takedown_list.id)
    mails, (period, subscription) = mails_of(files), _key(takedown_list)
    entries = repository.entries(connection, takedown_list.id)
    write = tell_retraction if takedown_list.retraction else tell_notices
    subject, letter = write(takedown_list, platform, entries)
    for number, names in enumerate(mails, 1):
        part = period if number == 1 else f"{period}{outbox.PART}{number}"
        which = f", part {number} of {len(mails)}" if len(mails) > 1 else ""
        parts = [f"This is part {number} of {len(mails)}; the manifest in each part names all files.", ""] if which else []
        email_message = write_letter(
            notifier, f"{subject}{which}", [*parts, *letter], sender=notifier.sender, to=to, at=takedown_list.built_at,
            message_id=outbox.message_id(part, subscription, to, notifier.sender.rpartition("@")[2]), reply_to=notifier.email,
        )  # fmt: skip
        for name in names:
            attach_file(email_message, f"{takedown_list.platform}-{takedown_list.number}-{name}", files[name])
        email_message.set_boundary(f"==lurewatch-{takedown_list.manifest_sha256[:40]}==")
        yield part, email_message


def ask_again(
    engine: Engine, mail: Transport, platforms: Platforms, *, notifier: Notifier, clock: Callable[[], datetime]
) -> list[tuple[OpenRetraction, outbox.DeliveryReport | ListError]]:
    """Send each letter that is due, or still waits, once; return what became of it, or why it may not leave.

    Raises MailError when the mail server is not there: the letter waits in the outbox.
    """
    results: list[tuple[OpenRetraction, outbox.DeliveryReport | ListError]] = []
    with engine.connect() as connection:
        known = [each for each in repository.open_retractions(connection) if not _goes_by_hand(connection, each.takedown_list)]
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
