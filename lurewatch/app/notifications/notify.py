"""Notifies operators of opened and cured conditions, every few minutes: by its own service, a timer or a crontab."""

import logging
import smtplib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from functools import partial

import msgspec
from msgspec.structs import replace

from desk.mail import MailError, MailRefusal, MailSettingsError, Transport, hand_over, transport
from desk.people.accounts import EMAIL
from lurewatch.app.app_errors import PermanentError, TransientError, typed_errors
from lurewatch.app.lures.lexicon_in_force import accept_seeds
from lurewatch.app.monitoring.catalogue import SeriesSample
from lurewatch.app.monitoring.collect import MetricsCollector
from lurewatch.app.notifications.channels import Webhook, body, mail
from lurewatch.app.notifications.incidents import (
    Incident,
    Notice,
    NotificationLedger,
    evaluate_ledger,
    ledger_opened,
    read_ledger,
)
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.notifications")
Channel = Callable[[Notice], None]
"""Sends one notice; raises TransientError when another try may help, PermanentError for a final no."""


class NotifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one call."""

    incidents: tuple[Incident, ...]
    """What is open now."""
    sent: int = 0
    waiting: int = 0
    """Messages that a channel did not take yet; the next call tries again, for a day."""
    refused: int = 0
    """Messages that a channel refused for good."""
    channels: int = 0


def samples_of(settings: Settings, now: datetime) -> list[SeriesSample]:
    """Return the samples that conditions are evaluated on; a part that does not answer is one of them."""
    return MetricsCollector(settings).samples(now)


def keep_notifying(settings: Settings, seconds: float, stopped: threading.Event) -> None:
    """Evaluate and notify in a loop until ``stopped``; a failed evaluation is logged and the loop goes on.

    Raises PermanentError at the start for a wrong setting, and when nobody would be told.
    """
    if not channels_of(settings):
        raise PermanentError("nobody would be told: set LUREWATCH_NOTIFY_RECIPIENTS or LUREWATCH_NOTIFY_WEBHOOK")
    collector = MetricsCollector(settings)
    while not stopped.is_set():
        began, now = time.monotonic(), datetime.now(UTC)
        try:
            accept_seeds(settings)
            report = notify(settings, collector.samples(now), now)
            counts = (len(report.incidents), report.sent, report.waiting, report.refused)
            LOG.info("%d open; %d sent, %d waiting, %d refused", *counts)
        except Exception:  # whatever it is: who watches must not be what falls
            LOG.exception("the conditions were not evaluated; the next try is in %.0f s", seconds)
        stopped.wait(max(0.0, seconds - (time.monotonic() - began)))


def preview(settings: Settings, samples: list[SeriesSample], now: datetime) -> NotifyReport:
    """Return what is open, and send and keep nothing."""
    return _report(evaluate_ledger(read_ledger(settings.state), samples, now, ()))


def notify(settings: Settings, samples: list[SeriesSample], now: datetime) -> NotifyReport:
    """Evaluate the conditions, store open incidents, and send the messages.

    The ledger is kept before anything leaves and after each message, so a killed process sends one again at most, with the same
    id. Raises PermanentError for a wrong setting, TransientError while another process notifies.
    """
    channels = channels_of(settings)
    sent = refused = 0
    with ledger_opened(settings.state) as (ledger, keep):
        ledger = evaluate_ledger(ledger, samples, now, tuple(channels))
        keep(ledger)
        for notice in ledger.outbox:
            for name in notice.channels:
                outcome = _send_notice(channels.get(name), name, notice)
                if outcome == "waiting":
                    continue
                sent += outcome == "sent"
                refused += outcome == "refused"
                ledger = _without(ledger, notice.id, name)
                keep(ledger)
    report = replace(_report(ledger), sent=sent, refused=refused, channels=len(channels))
    if settings.notify_heartbeat and not report.waiting and not report.refused:
        _send_heartbeat(settings, report, now)
    return report


def _send_heartbeat(settings: Settings, report: NotifyReport, now: datetime) -> None:
    """Post the heartbeat; a failure is only logged, because the other side notices it."""
    body = {"kind": "alive", "at": now.isoformat(), "open": len(report.incidents)}
    try:
        hook = Webhook(settings.notify_heartbeat, user_agent=settings.user_agent, allow_loopback=settings.allow_loopback)
        hook.post(msgspec.json.encode(body))
    except (TransientError, PermanentError) as exc:
        LOG.warning("the heartbeat did not leave (LUREWATCH_NOTIFY_HEARTBEAT): %s", exc)


def channels_of(settings: Settings) -> dict[str, Channel]:
    """Return how messages leave, by name; raise PermanentError when a setting is wrong."""
    channels: dict[str, Channel] = {}
    readers = [address.strip() for address in settings.notify_recipients.split(",") if address.strip()]
    if readers:
        if wrong := [address for address in (*readers, settings.mail_from) if not EMAIL.fullmatch(address)]:
            raise PermanentError(f"{wrong[0]!r} is not an address; set LUREWATCH_NOTIFY_RECIPIENTS and LUREWATCH_MAIL_FROM")
        with typed_errors():
            server = transport(settings.smtp)
        channels |= {f"mail/{reader}": partial(_mail, server, settings.mail_from, reader) for reader in readers}
    if settings.notify_webhook:
        hook = Webhook(settings.notify_webhook, user_agent=settings.user_agent, allow_loopback=settings.allow_loopback)
        channels["webhook"] = lambda notice: hook.post(msgspec.json.encode(body(notice)))
    return channels


def _mail(server: Transport, sender: str, recipient: str, notice: Notice) -> None:
    message = mail(notice, sender, recipient).as_bytes(policy=policy.SMTP)
    try:
        with server.open() as connection:
            hand_over(connection, message, recipient)
    except (MailRefusal, MailSettingsError) as exc:
        raise PermanentError(str(exc)) from exc
    except (MailError, smtplib.SMTPException, OSError) as exc:
        raise TransientError(str(exc)) from exc


def _send_notice(channel: Channel | None, name: str, notice: Notice) -> str:
    """Return the state of a notice on a channel: ``sent``, ``waiting`` or ``refused``."""
    if channel is None:  # no longer in the settings
        return "refused"
    try:
        channel(notice)
    except TransientError as exc:
        LOG.warning("%s: %s %s waits: %s", name, notice.condition, notice.kind, exc)
        return "waiting"
    except PermanentError as exc:
        LOG.error("%s: %s %s was refused: %s", name, notice.condition, notice.kind, exc)
        return "refused"
    return "sent"


def _without(ledger: NotificationLedger, notice_id: str, channel: str) -> NotificationLedger:
    """Return the ledger after a notice left by a channel, or never will."""
    outbox = [
        replace(notice, channels=tuple(name for name in notice.channels if notice.id != notice_id or name != channel))
        for notice in ledger.outbox
    ]
    return replace(ledger, outbox=tuple(notice for notice in outbox if notice.channels))


def _report(ledger: NotificationLedger) -> NotifyReport:
    return NotifyReport(
        incidents=tuple(incident for incident in ledger.incidents if incident.cured_at is None),
        waiting=sum(len(notice.channels) for notice in ledger.outbox),
    )
