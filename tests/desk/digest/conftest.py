"""A desk with an index, and a real mail server on this machine."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from desk.digest.edition import Edition
from desk.mail import Transport
from tests.desk.digest.weeks import dense

_KEPT: list[Edition] = []
"""The dense week, built once for all tests: it takes some seconds."""


class Mailbox:
    """Keeps what arrives; answers for single recipients can be set."""

    def __init__(self) -> None:
        self.messages = []
        self.answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.messages.append((tuple(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


class FreeController(Controller):
    """A controller that takes whatever port is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def free_controller() -> type[FreeController]:
    return FreeController


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(mailbox) -> Iterator[Transport]:
    """Return the transport to a real SMTP server; what it takes is in ``mailbox``."""
    server = FreeController(mailbox, hostname="127.0.0.1", port=0)
    server.start()
    yield Transport(host="127.0.0.1", port=server.port, tls=False)
    server.stop()


@pytest.fixture
def dense_week(desk_db, store, staff, record, now) -> Edition:
    """Return the mail of a week of 1,293 new, 1,000 confirmed, 40 taken-back items and 46 boards that were not read whole."""
    if not _KEPT:
        _KEPT.append(dense(desk_db, store, staff, record, now))
    return _KEPT[0]
