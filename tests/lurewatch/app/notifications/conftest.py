"""A stack in good order, with a mail server and a webhook that keep what they are sent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.loopback import Answer, Request, serve_answers
from tests.lurewatch.app.planted_stack import Stack
from tests.services.processes import free_port


@dataclass
class Inbox:
    """What was received, and what the next requests are answered."""

    mails: list = field(default_factory=list)
    posts: list = field(default_factory=list)
    statuses: list = field(default_factory=list)
    """Statuses the webhook gives, one after another; then 204."""

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take a message."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def clear(self) -> None:
        """Forget everything."""
        self.mails.clear(), self.posts.clear(), self.statuses.clear()


@pytest.fixture(scope="session")
def services() -> Iterator[tuple[Inbox, dict[str, str]]]:
    """Run both once; give what they received and the settings that lead there."""
    inbox = Inbox()

    def take(request: Request) -> Answer:
        """Keep the body; answer as told."""
        status = inbox.statuses.pop(0) if inbox.statuses else 204
        if status < 300:
            inbox.posts.append(json.loads(request.body))
        return status, {"Location": "http://127.0.0.1:1/"}, b""

    mail = Controller(inbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    with serve_answers(take) as web:
        yield inbox, {
            "smtp": f"smtp://127.0.0.1:{mail.port}", "mail_from": "watch@example.org", "notify_recipients": "ops@example.org",
            "notify_webhook": f"{web}/hook", "allow_loopback": "true",
        }  # fmt: skip
    mail.stop()


@pytest.fixture
def inbox(services) -> Inbox:
    """Return what this test's messages arrive in."""
    services[0].clear()
    return services[0]


@pytest.fixture
def stack(tmp_path: Path, services) -> Stack:
    """Return a stack with one source that ran well this morning; messages reach ``inbox``."""
    made = Stack(tmp_path, changed=dict(services[1]))
    made.add_source("board")
    made.seal("board")
    return made
