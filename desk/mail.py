"""Sends one message to a mail server; without TLS only to this machine or a private network.

``smtps://`` speaks TLS from the first byte; ``smtp://`` must be upgraded by STARTTLS unless the server is on this machine or a
private address and no password is sent.
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT = 30.0
_FORM = "write smtp://[user:password@]host:port[?once=HEADER] or smtps://…, with a port from 1 to 65535"
_ONCE = re.compile(r"once=([A-Za-z0-9-]{1,76})|")


class MailError(Exception):
    """The mail server is not set, does not answer, or is not safe; nothing was sent. The message says what to do."""


class MailSettingsError(MailError):
    """The server's address or account is wrong, or it is not safe: a person must correct it, another try does not help."""


class MailInterrupted(MailError):
    """The server closed the connection during one message: that message stays queued, other messages may still be sent."""


class MailRefusal(Exception):
    """The server refused this message for good (5xx); sending it again would not help."""

    @property
    def ends_address(self) -> bool:
        """Whether its recipient's address does not exist or takes no mail any more, by the enhanced status code (RFC 3463)."""
        status = re.match(r"5\d\d (5\.\d\.\d{1,3})(?!\d)", str(self))
        return status is not None and is_dead(status[1])


def is_dead(status: str) -> bool:
    """Tell whether a status code says that an address does not exist or takes no mail; a full mailbox or a filter may be mended,
    and 5.1.7 and 5.1.8 are of the sender's address."""
    return re.fullmatch(r"5\.1\.(?![78]$)\d{1,3}|5\.2\.1", status) is not None


class MailServer(Protocol):
    """What a message is given to."""

    def sendmail(self, from_addr: str, to_addrs: Sequence[str], msg: bytes, /) -> object:
        """Take a message for its recipients."""

    def rset(self) -> object:
        """Forget a message that was refused."""


class Carrier(Protocol):
    """What opens the way for some messages."""

    @property
    def once(self) -> str:
        """Name of the header by which what takes a message knows that it took it before; empty where nothing knows it."""

    def open(self) -> AbstractContextManager[MailServer]:
        """Return a connection, to be used in ``with``."""


@dataclass(frozen=True, kw_only=True)
class Transport:
    """Where mail goes out, read from LUREWATCH_SMTP."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT
    """Seconds."""
    once: str = ""
    """Header by which the server knows that it took a message before, and drops it."""

    @property
    def needs_tls(self) -> bool:
        """Whether nothing may go there in the clear: a password, or mail to a server that is not on this machine's network."""
        return bool(self.user) or not _inside(self.host)

    @contextmanager
    def open(self) -> Iterator[smtplib.SMTP]:
        """Yield a greeted, secured, logged-in connection; raise MailError when there is none.

        MailSettingsError when only a person can correct it: a refused password, an unknown certificate, no TLS.
        """
        where = f"mail server {self.host}:{self.port}"
        try:
            server = self._connect()
        except ssl.SSLCertVerificationError as exc:
            raise MailSettingsError(f"{where}: {exc}; give it a certificate known here, or correct LUREWATCH_SMTP") from exc
        except smtplib.SMTPAuthenticationError as exc:
            kind = MailSettingsError if 500 <= exc.smtp_code < 600 else MailError
            raise kind(f"{where} refused the log-in ({exc.smtp_code}); correct user and password in LUREWATCH_SMTP") from exc
        except (OSError, smtplib.SMTPException, UnicodeError) as exc:  # UnicodeError: a host no name can be made of
            raise MailError(f"{where}: {exc}; start it or correct LUREWATCH_SMTP") from exc
        try:
            yield server
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.tls:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
            server.ehlo()
            if self.needs_tls and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            elif self.needs_tls:
                server.close()
                raise MailSettingsError(
                    f"mail server {self.host}:{self.port} offers no TLS; use smtps:// or a server with STARTTLS"
                )
        if self.user:
            server.login(self.user, self.password)
        return server


def transport(address: str) -> Transport:
    """Return the transport of ``smtp://[user:password@]host[:port]`` or ``smtps://…``; raise MailSettingsError otherwise."""
    if not address:
        raise MailSettingsError("no mail server is set; give LUREWATCH_SMTP, for instance smtps://user:password@mail.example.org")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # not chained: its words may hold the password
        raise MailSettingsError(f"LUREWATCH_SMTP is no address; {_FORM}") from None
    once = _ONCE.fullmatch(parts.query)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or once is None:
        raise MailSettingsError(f"LUREWATCH_SMTP must read otherwise; {_FORM}")
    tls = parts.scheme == "smtps"
    return Transport(
        host=parts.hostname, port=port or (465 if tls else 587 if parts.username else 25), tls=tls,
        user=unquote(parts.username or ""), password=unquote(parts.password or ""), once=once[1] or "",
    )  # fmt: skip


def hand_over(server: MailServer, message: bytes, recipient: str) -> None:
    """Give one message to the server, byte for byte; raise MailRefusal for a final no. Other failures are for another try."""
    sender = parseaddr(str(BytesHeaderParser(policy=policy.SMTP).parsebytes(message)["From"]))[1]
    try:
        server.sendmail(sender, [recipient], message)
    except smtplib.SMTPRecipientsRefused as exc:
        code, text = next(iter(exc.recipients.values()))
        if 500 <= code < 600:
            raise MailRefusal(f"{code} {_text_of(text)}") from exc
        raise
    except UnicodeError as exc:
        raise MailRefusal(f"the address {recipient!r} cannot be written in a mail's envelope ({exc})") from exc
    except smtplib.SMTPResponseException as exc:
        if 500 <= exc.smtp_code < 600:
            raise MailRefusal(f"{exc.smtp_code} {_text_of(exc.smtp_error)}") from exc
        raise


def _text_of(answer: str | bytes) -> str:
    return answer if isinstance(answer, str) else answer.decode("utf-8", "replace")


def _inside(host: str) -> bool:
    """Tell whether every address of ``host`` is on this machine or a private network, or a plain name that is not known yet."""
    try:
        names = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return "." not in host
    return all(ipaddress.ip_address(str(address).split("%")[0]).is_private for address in names)
