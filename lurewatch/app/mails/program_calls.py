"""Calls of programs about what is new in a saved search: signed, to public addresses alone, tried again in growing steps."""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from desk.database import writing
from desk.mail import MailRefusal
from desk.outbox import DeliveryReport, deliver, list_deliveries, recall, waiting_periods
from desk.partners.hooks import STEPS, signed_headers
from desk.subscribers.subscriptions import is_wanted
from lurewatch.app.app_errors import PermanentError, TransientError, typed_errors
from lurewatch.app.partner_exchange import hook_of
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.subscribers.subscriptions import Subscription

WHERE = "the address of the subscription (`lurewatch digest subscribers`)"


class ProgramCalls:
    """Carries messages of the outbox to a program, as a mail server carries them to people."""

    once = ""
    """A call has an id of its own, which its receiver knows again."""

    def __init__(self, settings: Settings, one: "Subscription") -> None:
        self._settings, self._secret = settings, one.secret

    @contextmanager
    def open(self) -> "Iterator[ProgramCalls]":
        """Each call is a connection of its own."""
        yield self

    def sendmail(self, from_addr: str, to_addrs: Sequence[str], msg: bytes, /) -> object:  # noqa: ARG002 - as mail servers do
        """Post the JSON of a message; raise MailRefusal for a final no, SMTPException where another try may help."""
        message = message_from_bytes(msg, policy=policy.default)
        content = message.get_payload(decode=True)
        assert isinstance(content, bytes)
        call = str(message["Message-ID"]).strip("<>").partition("@")[0]
        headers = signed_headers(self._secret, call, content, datetime.now(UTC))
        try:
            hook_of(self._settings, to_addrs[0], WHERE).post(content, headers)
        except TransientError as exc:
            raise smtplib.SMTPException(str(exc)) from exc
        except PermanentError as exc:
            raise MailRefusal(str(exc)) from exc
        return {}

    def rset(self) -> object:
        """Nothing is left of a call that was refused."""
        return None


@typed_errors()
def check_program(settings: Settings, address: str) -> None:
    """Raise PermanentError for an address that no program is called at."""
    hook_of(settings, address, WHERE)


def call_program(settings: Settings, engine: "Engine", one: "Subscription", now: datetime) -> DeliveryReport:
    """Make the calls to one program that are due, the oldest first; return the counts.

    A call that failed is made again after each of ``STEPS``, under the same id; after the last it is given up.
    """
    total = DeliveryReport()
    for period in waiting_periods(engine, one.name):
        (call,) = list_deliveries(engine, period, one.name)
        if now < call.queued_at + sum(STEPS[: call.attempts], timedelta()):
            total += DeliveryReport(waiting=1)
            continue
        made = deliver(
            engine, ProgramCalls(settings, one), period=period, subscription=one.name, clock=lambda: datetime.now(UTC),
            wanted=is_wanted,
        )  # fmt: skip
        if made.waiting and call.attempts >= len(STEPS):
            with writing(engine) as connection:
                recall(connection, period=period, subscription=one.name, why="tried for the last time", now=now)
            made = DeliveryReport(failed=1)
        total += made
    return total
