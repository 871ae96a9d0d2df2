"""A stack in good order, with a mail server and a webhook that keep what they are sent."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

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

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Keep the body; answer as told."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = inbox.statuses.pop(0) if inbox.statuses else 204
            if status < 300:
                inbox.posts.append(json.loads(body))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_) -> None:
            """Say nothing."""

    mail = Controller(inbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    web = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield inbox, {
        "smtp": f"smtp://127.0.0.1:{mail.port}", "mail_from": "watch@example.org", "notify_recipients": "ops@example.org",
        "notify_webhook": f"http://127.0.0.1:{web.server_port}/hook", "allow_loopback": "true",
    }  # fmt: skip
    web.shutdown()
    web.server_close()
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
