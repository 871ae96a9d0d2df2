"""A mail server of a test, on whatever port is free, and who gets what it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class AnyPort(Controller):
    """A mail server on whatever port is free; ``port`` says which once it has started."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Inbox:
    """Keeps what arrives and to whom; ``no`` has what an address is refused with, ``rude`` whose mails it hangs up on."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], EmailMessage]] = []
        self.no: dict[str, str] = {}
        self.rude = ""

    @property
    def told(self) -> list[str]:
        """Return the first address of each mail."""
        return [to[0] for to, _ in self.got]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address not in self.no:
            envelope.rcpt_tos.append(address)
        return self.no.get(address, "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.rude and self.rude in envelope.rcpt_tos:
            server.transport.close()
            return "421 gone"
        self.got.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@contextmanager
def serve_mail(handler: object) -> Iterator[int]:
    """Take mails for a handler; give the port."""
    server = AnyPort(handler, hostname="127.0.0.1", port=0)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
