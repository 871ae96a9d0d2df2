"""Notes the rows that are older than the log's coverage: accounts, messages, digests and lists of releases before 0.3.

Taken once, by the migration; a later inventory, or one of what the log covers already, is a fault (``chain_records``).
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from desk.custody import audit
from desk.custody.list_records import list_detail
from desk.custody.mail_records import digest_detail, message_detail
from desk.custody.people_records import account_detail
from desk.custody.published_heads import stored_bytes
from desk.tables import deliveries, digests, lists, users

ACTION = "ledger_inventory"
_BATCH = 200
"""Rows an entry names."""


def take_inventory(connection: Connection, now: datetime) -> None:
    """Note all existing rows."""
    found = _rows(connection)
    while rows := list(islice(found, _BATCH)):
        detail: dict[str, Any] = {}
        for kind, name, values in rows:
            detail.setdefault(kind, {})[name] = values
        audit.append(connection, at=now, actor="system", action=ACTION, detail=detail)


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
