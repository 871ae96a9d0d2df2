"""The details of a row in the log: of accounts, messages, digests and takedown lists.

Also the inventory of rows that are older than the log's coverage, of releases before 0.3. It is taken once, by the migration;
a later one, or one of what the log covers already, is a fault (``chain_records``).
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from desk.custody import audit
from desk.custody.audit import canonical
from desk.custody.published_heads import stored_bytes
from desk.tables import deliveries, digests, list_entries, list_files, lists, users

COMPOSED, INVENTORY = "mail_composed", "ledger_inventory"
_BATCH = 200
"""Rows an entry names."""


def account_detail(email: str, password_hash: str) -> dict[str, object]:
    """Return what the log keeps of an account beside its role; of the password's hash only a digest."""
    return {"email": email, **password_detail(password_hash)}


def password_detail(password_hash: str) -> dict[str, object]:
    """Return what the log keeps of a password's hash."""
    return {"password_sha256": hashlib.sha256(password_hash.encode("utf-8", "surrogatepass")).hexdigest()}


def message_detail(period: str, subscription: str, recipient: str, message: bytes) -> dict[str, object]:
    """Return what the log keeps of a message when it is composed."""
    digest = hashlib.sha256(message).hexdigest()
    return {"period": period, "subscription": subscription, "recipient": recipient, "message_sha256": digest}


def digest_detail(body: str) -> dict[str, object]:
    """Return what the log keeps of a digest's content."""
    return {"body_sha256": hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()}


def list_detail(connection: Connection, list_id: int) -> dict[str, object]:
    """Return what the log keeps of a list's content when it is built."""
    previous = connection.execute(select(lists.c.previous).where(lists.c.id == list_id)).scalar_one()
    contents = {name: actual for name, (_, actual) in file_digests(connection, list_id).get(list_id, {}).items()}
    return {"previous": previous, "entries_sha256": entries_sha256(connection, list_id), "files": contents}


def entries_sha256(connection: Connection, list_id: int) -> str:
    """Return the SHA-256 of a list's entries as canonical JSON, in the order of its files."""
    columns = [list_entries.c[name] for name in ("item_id", "change", "decision_id", "body")]
    query = select(*columns).where(list_entries.c.list_id == list_id).order_by(list_entries.c.change, list_entries.c.item_id)
    rows = [
        {"item_id": row.item_id, "change": row.change, "decision_id": row.decision_id, "body": _decode_detail(row.body)}
        for row in connection.execute(query)
    ]
    return hashlib.sha256(canonical(rows).encode("utf-8", "surrogatepass")).hexdigest()


def file_digests(connection: Connection, list_id: int | None = None) -> dict[int, dict[str, tuple[str, str]]]:
    """Return the files of each list: the stored digest, and the digest of the stored bytes."""
    contents: dict[int, dict[str, tuple[str, str]]] = {}
    query = select(list_files.c.list_id, list_files.c.name, list_files.c.sha256, list_files.c.content)
    query = query if list_id is None else query.where(list_files.c.list_id == list_id)
    for row in connection.execute(query.execution_options(yield_per=50)):
        contents.setdefault(row.list_id, {})[row.name] = row.sha256, hashlib.sha256(stored_bytes(row.content)).hexdigest()
    return contents


def take_inventory(connection: Connection, now: datetime) -> None:
    """Note all existing rows."""
    found = _rows(connection)
    while rows := list(islice(found, _BATCH)):
        detail: dict[str, Any] = {}
        for kind, name, values in rows:
            detail.setdefault(kind, {})[name] = values
        audit.append(connection, at=now, actor="system", action=INVENTORY, detail=detail)


def _rows(connection: Connection) -> Iterator[tuple[str, str, dict[str, object]]]:
    people = select(users.c.name, users.c.email, users.c.password_hash).order_by(users.c.name)
    for name, email, secret in connection.execute(people).all():
        yield "people", name, account_detail(email, secret)
    for week, body in connection.execute(select(digests.c.week, digests.c.body)).all():
        yield "digests", week, digest_detail(body)
    for (list_id,) in connection.execute(select(lists.c.id).order_by(lists.c.id)).all():
        yield "lists", f"list:{list_id}", list_detail(connection, list_id)
    columns = [deliveries.c[name] for name in ("message_id", "period", "subscription", "recipient", "message")]
    for row in connection.execute(select(*columns).order_by(deliveries.c.id)).all():
        yield "mails", row.message_id, message_detail(row.period, row.subscription, row.recipient, stored_bytes(row.message))


def _decode_detail(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
