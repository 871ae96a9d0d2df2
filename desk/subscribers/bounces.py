"""Reads delivery status notifications (RFC 3464): which mail came back, and whether its address exists.

What comes back names its subscription by the signed address for leaving it, which stands in the headers of the mail that is
returned with the notification: nobody else can write one.
"""

import re
from email.message import EmailMessage, Message

import msgspec

from desk.mail import is_dead

_LEAVE = re.compile(r"/unsubscribe/(\d{1,9}-[0-9a-f]{64})>")


class Bounce(msgspec.Struct, frozen=True, kw_only=True):
    """One mail that came back."""

    token: str
    """Of the subscription it was sent for."""
    action: str
    """``failed``, ``delayed`` …"""
    status: str
    """Enhanced status code, ``5.1.1``."""

    @property
    def is_final(self) -> bool:
        """Whether the address does not exist or takes no mail."""
        return self.action == "failed" and is_dead(self.status)


def read_bounce(message: EmailMessage) -> Bounce | None:
    """Return what a notification says; None for any other mail, and for one that returns no headers."""
    if message.get_content_type() != "multipart/report":
        return None
    action = status = token = ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            action, status = _fields_of(part)
        elif kind in ("message/rfc822", "text/rfc822-headers") and (found := _LEAVE.search(_headers_of(part))):
            token = found[1]
    return Bounce(token=token, action=action, status=status) if token and action else None


def _fields_of(part: Message) -> tuple[str, str]:
    """Return action and status of the first recipient that has both."""
    payload = part.get_payload()
    for block in payload if isinstance(payload, list) else []:
        if isinstance(block, Message) and block["Action"] and block["Status"]:
            return str(block["Action"]).strip().lower(), str(block["Status"]).strip().partition(" ")[0]
    return "", ""


def _headers_of(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return str(payload[0].get("List-Unsubscribe", "")) if payload and isinstance(payload[0], Message) else ""
    decoded = part.get_payload(decode=True)
    text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
    return re.sub(r"\r?\n[ \t]+", "", text)[:20_000]
