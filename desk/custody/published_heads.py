"""Reads every head of the audit log that was given out: from mails, lists, evidence packs and run reports.

Each head is part of the bytes that were sent, so a person who rewrites the log must rewrite these too, and cannot reach the
copies outside. Run reports are stored with the runs, where no user of the database can write.
"""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import Connection, select

from crawlers.evidence.partition import partitions, read_report, source_and_run
from desk.custody.audit import Anchor, anchor_of
from desk.tables import deliveries, digests, evidence_packs, list_files
from foundation.crawl_errors import PartitionError

LABEL = "Audit log head"
"""The text before a head in the stub of an erased mail, and in every mail of a release that named it in English alone."""
MANIFEST_KEY = "audit_head"
"""Name of the head in the manifest of a takedown list."""
REPORT_KEY = "audit_head"
"""Name of the head in the ``versions`` of a run's report."""
REPORTS = 3
"""Newest runs of a source whose heads are compared."""
_IN_TEXT = re.compile(rf"(?:{LABEL}|^\S+ · [^:\n]+):\s(\d+:[0-9a-f]{{64}})(?![0-9a-f])", re.MULTILINE)
"""In the last line but the links, after its period and words of any language: known by its shape."""


def published_heads(connection: Connection, runs: str = "") -> Iterator[Anchor]:
    """Yield each head given out, with the mail, list, pack or newest run reports under ``runs`` that carry it.

    Raises OSError when the storage of runs does not answer.
    """
    yield from _mails(connection)
    yield from _lists(connection)
    packs = select(evidence_packs.c.item_id, evidence_packs.c.sha256, evidence_packs.c.audit_head)
    for row in connection.execute(packs):
        yield _anchor(row.audit_head, f"the evidence pack of {row.item_id} (SHA-256 {row.sha256[:16]}…)")
    if runs:
        yield from _reports(runs)


def head_in(message: EmailMessage) -> str | None:
    """Return the head that a mail gave out; None when it gave out none."""
    body = message.get_body(("plain",))
    found = _IN_TEXT.findall(body.get_content()) if body is not None else None
    return found[-1] if found else None


def stored_bytes(value: object) -> bytes:
    """Return the bytes of a column; on SQLite it may hold text."""
    return value if isinstance(value, bytes) else bytes(value) if isinstance(value, memoryview) else str(value).encode()


def _mails(connection: Connection) -> Iterator[Anchor]:
    for digest in connection.execute(select(digests.c.week, digests.c.body)):
        yield _anchor(_value(digest.body, "audit_head"), f"the weekly digest {digest.week}")
    queued = select(deliveries.c.recipient, deliveries.c.period, deliveries.c.message)
    for row in connection.execute(queued.execution_options(yield_per=50)):
        head = head_in(message_from_bytes(stored_bytes(row.message), policy=policy.default))
        if head is not None:
            yield _anchor(head, f"the mail {row.period} to {row.recipient}")


def _lists(connection: Connection) -> Iterator[Anchor]:
    manifests = select(list_files.c.list_id, list_files.c.content).where(list_files.c.name == "manifest.json")
    for row in connection.execute(manifests):
        head = _value(stored_bytes(row.content), MANIFEST_KEY)
        if head is not None:  # a list built by version 0.1 carries none
            yield _anchor(head, f"the manifest of takedown list {row.list_id}")


def _reports(runs: str) -> Iterator[Anchor]:
    """Yield the heads that the newest runs of each source carry: a head vouches for every entry before it."""
    newest: dict[str, list[str]] = {}
    for address in partitions(runs):
        newest.setdefault(source_and_run(address)[0], []).append(address)
    for addresses in newest.values():
        for address in addresses[-REPORTS:]:
            try:
                head = read_report(address).versions.get(REPORT_KEY)
            except PartitionError:
                continue  # `lurewatch index verify` and the doctor name it
            if head is not None:  # the browser's worker knows none, nor did a release before 0.3
                yield _anchor(head, f"the report of run {'/'.join(source_and_run(address))}")


def _value(document: str | bytes, name: str) -> object:
    """Return a value of a stored JSON object; an unreadable document gives a head that matches nothing."""
    try:
        return json.loads(document).get(name)
    except (ValueError, AttributeError):
        return "unreadable"


def _anchor(head: object, carrier: str) -> Anchor:
    """Return the anchor of a head; an invalid head matches nothing and is reported as a fault."""
    try:
        return anchor_of(str(head), carrier)
    except ValueError:
        return Anchor(seq=0, hash=str(head), carrier=carrier)
