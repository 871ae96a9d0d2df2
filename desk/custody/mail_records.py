"""Mails compared with the audit log: each message's bytes, recipient and state, and the weekly digests."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from desk.custody.audit import AuditEntry
from desk.custody.published_heads import stored_bytes
from desk.tables import deliveries, digests

COMPOSED = "mail_composed"
ACTIONS = (COMPOSED, "mail_sent", "mail_failed", "mail_queued", "mail_recalled", "digest_built")
_GONE = ("mail_failed", "mail_recalled")
"""A message that was refused for good may be dropped and queued again."""
_STATES = {"mail_sent": ("sent",), "mail_failed": ("failed",), "mail_recalled": ("failed",)}
"""Last entry of a message -> the states its row may have; before, it waits."""


def message_detail(period: str, subscription: str, recipient: str, message: bytes) -> dict[str, object]:
    """Return what the log keeps of a message when it is composed."""
    digest = hashlib.sha256(message).hexdigest()
    return {"period": period, "subscription": subscription, "recipient": recipient, "message_sha256": digest}


def digest_detail(body: str) -> dict[str, object]:
    """Return what the log keeps of a digest's content."""
    return {"body_sha256": hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()}


class MailRecords:
    """The log's values for each message and digest."""

    def __init__(self) -> None:
        self._composed: dict[str, dict[str, Any]] = {}
        self._last: dict[str, AuditEntry] = {}
        self._digests: dict[str, AuditEntry] = {}
        self._bodies: dict[str, str] = {}

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        if entry.action == "digest_built":
            self._digests[entry.subject] = entry
            self._bodies |= {entry.subject: detail["body_sha256"]} if "body_sha256" in detail else {}
            return
        self._last[entry.subject] = entry
        if entry.action == COMPOSED:
            self._composed[entry.subject] = detail

    def take_stock_of_mail(self, message_id: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of a message of an earlier release; return False when the log has it already."""
        return self._composed.setdefault(message_id, detail) is detail

    def take_stock_of_digest(self, week: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of a digest of an earlier release; return False when the log has it already."""
        digest = detail["body_sha256"]
        return self._bodies.setdefault(week, digest) is digest

    def see_erased_mail(self, message_id: str, digest: str) -> None:
        """Read the values of a message after retention emptied it."""
        self._composed[message_id] = self._composed.get(message_id, {}) | {"message_sha256": digest}

    def see_erased_digest(self, week: str, digest: str) -> None:
        """Read the values of a digest after retention emptied it."""
        self._bodies[week] = digest

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the mails and digests that differ from what the log says."""
        seen = set()
        for row in connection.execute(select(deliveries).execution_options(yield_per=50)).mappings():
            seen.add(row["message_id"])
            yield from self._row_faults(row)
        lost = {name: last for name, last in self._last.items() if name not in seen and last.action not in _GONE}
        kept = {row.week: row.body for row in connection.execute(select(digests.c.week, digests.c.body))}
        lost |= {week: built for week, built in self._digests.items() if week not in kept}
        for name, entry in lost.items():
            yield f"mail {name}: entry {entry.seq} tells of it, and the database does not keep it; it was deleted or edited"
        for week, body in kept.items():
            if digest_detail(body)["body_sha256"] != self._bodies.get(week):
                yield f"weekly digest {week}: its content differs from what the log noted; it was edited in the database"

    def _row_faults(self, row: Any) -> Iterator[str]:
        name, composed = f"mail {row['message_id']} to {row['recipient']}", self._composed.get(row["message_id"])
        if composed is None:
            yield f"{name}: the log has no entry of its composing; it was inserted in the database"
            return
        actual = message_detail(row["period"], row["subscription"], row["recipient"], stored_bytes(row["message"]))
        words = {"message_sha256": "message"}
        if differ := sorted(words.get(key, key) for key, value in actual.items() if composed.get(key) != value):
            noted = f" (noted: {composed['recipient']})" if "recipient" in differ else ""
            yield f"{name}: {', '.join(differ)} in the database differ from the log{noted}; it was edited there"
        last = self._last.get(row["message_id"])
        if row["state"] not in _STATES.get(last.action if last else "", ("queued", "sending")):
            yield f"{name}: it is {row['state']} in the database, and the log has no entry of that"
