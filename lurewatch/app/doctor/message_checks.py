"""Checks the services that messages need: the mail server, the channels of notifications, the translation service."""

import smtplib
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from desk.database import DatabaseError, revision
from desk.mail import MailError, transport
from desk.translation.provider import TranslationError
from foundation.messages import LANGUAGES
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.doctor.findings import Finding, missing, ok, warn
from lurewatch.app.notifications.conditions import CONDITIONS
from lurewatch.app.notifications.incidents import read_ledger
from lurewatch.app.notifications.notify import channels_of
from lurewatch.app.translate import provider_of
from lurewatch.settings import Settings


def mail(settings: Settings) -> Finding:
    """Check that the mail server greets us, secured and logged in as sending does."""
    if not settings.smtp:
        return warn(
            "mail", "off: no weekly e-mail is sent", "set LUREWATCH_SMTP, LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS"
        )
    try:
        line = replace(transport(settings.smtp), timeout=5)
        with line.open() as server:
            server.noop()
    except (MailError, OSError, smtplib.SMTPException) as exc:
        return missing("mail", str(exc), "start the mail server or correct LUREWATCH_SMTP")
    where = f"{line.host}:{line.port}"
    if not settings.mail_from or not settings.digest_recipients:
        return warn("mail", where, "set LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS")
    return ok("mail", where)


def notifier(settings: Settings) -> Finding:
    """Check that notifications have a receiver, and that a notifier evaluates the conditions, here or in another service.

    It is an error where a database of the desk exists, and a warning on a new machine.
    """
    complaint = missing if _is_used(settings) else warn
    try:
        channels = channels_of(settings)
        ledger = read_ledger(settings.state)
    except PermanentError as exc:
        return missing("notifier", str(exc), "correct it, then `lurewatch doctor notify --dry-run`")
    if not channels and not ledger.channels:
        return complaint(
            "notifier",
            "nobody is told when a source is blocked, a part is down or the schedule stops",
            "set LUREWATCH_NOTIFY_RECIPIENTS (with LUREWATCH_SMTP and LUREWATCH_MAIL_FROM) or LUREWATCH_NOTIFY_WEBHOOK",
        )
    start = "`lurewatch doctor notify --every 5` as a service (`docker compose up -d notifier`), or without `--every` by a timer"
    looked = ledger.at
    if looked is None:
        return complaint("notifier", "the conditions were never evaluated: nobody is told of anything", start)
    age = datetime.now(UTC) - looked
    if age.total_seconds() > CONDITIONS["NotifierStopped"].bound:
        return missing("notifier", f"the conditions were last evaluated {looked:%Y-%m-%d %H:%M} UTC: nobody is told", start)
    kinds = sorted({name.partition("/")[0] for name in channels} or ledger.channels)
    alone = channels and not settings.notify_heartbeat
    missed = "; nothing outside misses it when it falls (LUREWATCH_NOTIFY_HEARTBEAT)" if alone else ""
    return ok("notifier", f"tells by {', '.join(kinds)}, last looked {looked:%Y-%m-%d %H:%M} UTC{missed}")


def translation(settings: Settings) -> Finding:
    """Check that the translation service answers and translates into the languages people read; it is sent no text."""
    fix = "start it, or correct LUREWATCH_TRANSLATION_URL; without one adverts are read in their own language"
    try:
        provider = provider_of(settings)
        if provider is None:
            return ok("translation", "off: no text leaves; a service that you host can be named in LUREWATCH_TRANSLATION_URL")
        pairs = provider.languages()
        into = [code for code in LANGUAGES if any(code in targets for targets in pairs.values())]
        engine = provider.describe_engine()
    except TranslationError as exc:
        return missing("translation", str(exc), fix)
    if "en" not in into:
        return warn("translation", f"{engine} translates nothing into English", "install its models for English")
    return ok("translation", f"{engine} at {settings.translation_url}: {len(pairs)} languages, into {', '.join(into)}")


def _is_used(settings: Settings) -> bool:
    """Whether the desk's database was made, or does not answer: then it is not known."""
    try:
        return revision(settings.database)[0] is not None
    except (DatabaseError, SQLAlchemyError, OSError):
        return True
