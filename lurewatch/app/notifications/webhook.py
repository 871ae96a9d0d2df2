"""One POST of JSON to the address the operator set: over TLS, to an address the guard has checked, no redirect followed."""

import http.client
import socket
import ssl
from urllib.parse import urlsplit

from crawlers.crawl_errors import AddressRefused
from crawlers.fetch.address_guard import Guard
from lurewatch.app.app_errors import PermanentError, TransientError

TIMEOUT = 10.0
"""Seconds for the connection and for the answer."""
LATER = (408, 425, 429)
"""4xx that ask for another try (RFC 9110, RFC 8470, RFC 6585)."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Webhook:
    """A checked address to post to."""

    def __init__(self, url: str, *, user_agent: str, allow_loopback: bool = False) -> None:
        """Check the address; raise PermanentError unless it is https, or http on this machine where loopback is allowed."""
        fix = "set LUREWATCH_NOTIFY_WEBHOOK to https://host/path"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # not chained: its words may hold a key
            raise PermanentError(f"the webhook is no address; {fix}") from None
        local = allow_loopback and parts.hostname in LOOPBACK
        if not parts.hostname or parts.username or not (parts.scheme == "https" or (local and parts.scheme == "http")):
            raise PermanentError(f"the webhook must be an https address without user and password; {fix}")
        self._tls = parts.scheme == "https"
        self._host, self._port = parts.hostname, port or (443 if self._tls else 80)
        self._path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        self._guard = Guard([(self._host, self._port)] if local else [], timeout=TIMEOUT)
        self._user_agent = user_agent

    def post(self, content: bytes) -> None:
        """Post JSON; raise TransientError when another try may help, PermanentError for a final no."""
        where = f"webhook {self._host}:{self._port}"
        try:
            address = self._guard.addresses_now(self._host, self._port)[0]
            status = self._answer(address, content)
        except AddressRefused as exc:
            if str(exc).endswith("no address") or "no address (" in str(exc):
                raise TransientError(f"{where}: {exc}") from exc
            raise PermanentError(f"{where}: {exc}; set LUREWATCH_NOTIFY_WEBHOOK to a public address") from exc
        except (OSError, http.client.HTTPException) as exc:
            raise TransientError(f"{where}: {exc}; it is tried again") from exc
        if status >= 500 or status in LATER:
            raise TransientError(f"{where} answered {status}; it is tried again")
        if not 200 <= status < 300:
            raise PermanentError(f"{where} answered {status}; correct LUREWATCH_NOTIFY_WEBHOOK")

    def _answer(self, address: str, content: bytes) -> int:
        """Return the status of one request to a checked address."""
        raw: socket.socket = socket.create_connection((address, self._port), TIMEOUT)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        try:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self._host) if self._tls else raw
            headers = {"Content-Type": "application/json", "User-Agent": self._user_agent}
            connection.request("POST", self._path, content, headers)
            return connection.getresponse().status
        finally:
            connection.close()
            raw.close()
