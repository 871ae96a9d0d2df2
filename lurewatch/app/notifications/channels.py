"""A notice as people and programs read it, and how it is posted to the address the operator set."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from crawlers.fetch.scrapy_settings import is_loopback
from foundation.address_guard import Guard
from foundation.crawl_errors import AddressRefused
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.app.notifications.conditions import CONDITIONS
from lurewatch.app.notifications.incidents import Incident, Notice

TIMEOUT = 10.0
"""Seconds for the connection and for the answer."""
LATER = (408, 425, 429)
"""4xx that ask for another try (RFC 9110, RFC 8470, RFC 6585)."""


class Webhook:
    """A checked address to post to."""

    def __init__(
        self, url: str, *, user_agent: str, allow_loopback: bool = False, setting: str = "LUREWATCH_NOTIFY_WEBHOOK"
    ) -> None:
        """Check the address; raise PermanentError unless it is https, or http on this machine where loopback is allowed.

        ``setting`` is where a person corrects it.
        """
        self._setting, fix = setting, f"set {setting} to https://host/path"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # not chained: its words may hold a key
            raise PermanentError(f"the webhook is no address; {fix}") from None
        local = allow_loopback and is_loopback(parts.hostname or "")
        if not parts.hostname or parts.username or not (parts.scheme == "https" or (local and parts.scheme == "http")):
            raise PermanentError(f"the webhook must be an https address without user and password; {fix}")
        self._tls = parts.scheme == "https"
        self._host, self._port = parts.hostname, port or (443 if self._tls else 80)
        self._path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        self._guard = Guard([(self._host, self._port)] if local else [], timeout=TIMEOUT)
        self._user_agent = user_agent

    def post(self, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Post JSON; raise TransientError when another try may help, PermanentError for a final no."""
        where = f"webhook {self._host}:{self._port}"
        try:
            address = self._guard.addresses_now(self._host, self._port)[0]
            status = self._answer(address, content, headers or {})
        except AddressRefused as exc:
            if str(exc).endswith("no address") or "no address (" in str(exc):
                raise TransientError(f"{where}: {exc}") from exc
            raise PermanentError(f"{where}: {exc}; set {self._setting} to a public address") from exc
        except (OSError, http.client.HTTPException) as exc:
            raise TransientError(f"{where}: {exc}; it is tried again") from exc
        if status >= 500 or status in LATER:
            raise TransientError(f"{where} answered {status}; it is tried again")
        if not 200 <= status < 300:
            raise PermanentError(f"{where} answered {status}; correct {self._setting}")

    def _answer(self, address: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of one request to a checked address."""
        raw: socket.socket = socket.create_connection((address, self._port), TIMEOUT)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        try:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self._host) if self._tls else raw
            own = {"Content-Type": "application/json", "User-Agent": self._user_agent}
            connection.request("POST", self._path, content, {**headers, **own})
            return connection.getresponse().status
        finally:
            connection.close()
            raw.close()


NAMED = 20
"""Subjects that a message names; the others are counted."""


def subject_line(notice: Notice) -> str:
    """Return the message's title: what, and of how many."""
    names = [_name(incident) for incident in notice.incidents]
    of = names[0] if len(names) == 1 else f"{len(names)} at once"
    return f"LureWatch: {notice.condition} {notice.kind}{f': {of}' if of else ''}"


def text(notice: Notice) -> str:
    """Return the message as plain text."""
    condition = CONDITIONS[notice.condition]
    head = condition.summary if notice.kind == "opened" else f"Well again: {condition.summary}"
    lines = [head, "", *(f"- {line}" for line in map(_line, notice.incidents[:NAMED]) if line)]
    if len(notice.incidents) > NAMED:
        lines.append(f"- and {len(notice.incidents) - NAMED} more; `lurewatch doctor notify --dry-run` lists all")
    return "\n".join([*lines, "", f"What to do: docs/runbook/{condition.page}.md", ""])


def mail(notice: Notice, sender: str, recipient: str) -> EmailMessage:
    """Return the message as an e-mail; sent again it has the same Message-ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, subject_line(notice)
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(notice))
    return message


def body(notice: Notice) -> dict[str, Any]:
    """Return the message as JSON; ``text`` is what chat programs show."""
    return {
        "id": notice.id,
        "kind": notice.kind,
        "condition": notice.condition,
        "at": notice.at.isoformat(),
        "count": len(notice.incidents),
        "subjects": [
            {"name": _name(incident), "detail": incident.detail, "since": incident.since.isoformat()}
            for incident in notice.incidents[:NAMED]
        ],
        "runbook": f"docs/runbook/{CONDITIONS[notice.condition].page}.md",
        "text": f"{subject_line(notice)}\n{text(notice)}",
    }


def _name(incident: Incident) -> str:
    return "/".join(incident.subject)


def _line(incident: Incident) -> str:
    since = f"since {incident.since:%Y-%m-%d %H:%M} UTC"
    return " ".join(filter(None, (_name(incident), f"({incident.detail})" if incident.detail else "", since)))
