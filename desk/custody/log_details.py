"""What the log keeps of a row, for the writer and for the check alike: of rows that are only added (``LOGGED``), of accounts,
messages, digests and takedown lists.

Also the inventory of rows that are older than the log's coverage, of releases before 0.3. It is taken once, by the migration;
a later one, or one of what the log covers already, is a fault (``ledger_check``).
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Table, insert, select

from desk import tables
from desk.custody import audit
from desk.custody.audit import AuditEntry, canonical
from desk.custody.published_heads import stored_bytes
from desk.tables import deliveries, digests, list_entries, list_files, lists, mail_answers, users

if TYPE_CHECKING:
    from desk.people.accounts import User

COMPOSED, INVENTORY = "mail_composed", "ledger_inventory"
_BATCH = 200
"""Rows an entry names."""


class LoggedTable(NamedTuple):
    """A table to which rows are only added, each with an entry of its own in the log that has the same values."""

    kind: str
    """What a row is called."""
    table: Table
    number: str
    """Name of a row's number in the detail of its entry."""
    actions: tuple[str, ...]
    """Where their last words are the row's ``kind``, the detail has none."""
    subject: str = "item_id"
    """Column that is the subject of an entry, behind ``prefix``."""
    prefix: str = ""
    words: tuple[str, ...] = ()
    """Columns that retention empties, of which the log has salted digests alone."""

    def values_of(self, entry: AuditEntry, detail: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an entry says of its row."""
        values: dict[str, Any] = {"kind": entry.action.rpartition("_")[2]} if "kind" in self.table.c else {}
        values |= {name: canonical(value) if isinstance(value, list) else value for name, value in detail.items()}
        if "why" in values:  # what a release before 0.3 called the note of a ruling
            values["note"] = values.pop("why")
        return values | {self.subject: entry.subject.removeprefix(self.prefix)}

    def detail_of(self, action: str, values: Mapping[str, Any]) -> dict[str, object]:
        """Return what the log keeps of a row, its subject and its words apart."""
        apart = {self.subject, *self.words} | ({"kind"} if action.endswith(values.get("kind", " ")) else set())
        return {name: spell_value(value) for name, value in values.items() if name not in apart and value not in (None, "", ())}


DECISIONS = LoggedTable(
    "decision", tables.decisions, "decision", ("confirm", "dismiss", "undo"), words=("note", "ground", "disclosed", "url")
)
COMMENTS = LoggedTable("comment", tables.comments, "comment", ("commented", "escalated", "returned"), words=("body",))
REASON_MARKS = LoggedTable(
    "mark on a reason", tables.reason_marks, "mark", ("reason_struck", "reason_upheld", "reason_withdrawn"), words=("body",)
)
OPENINGS = LoggedTable("opening", tables.openings, "opening", ("item_opened",))
OPINIONS = LoggedTable("second opinion", tables.opinions, "opinion", ("second_opinion",))
ORDERS = LoggedTable(
    "standing order", tables.standing_orders, "order", ("order_given", "order_ended"), subject="batch", prefix="batch:"
)
FOLLOWERS = LoggedTable("follower", tables.followers, "follower", ("order_followed",))
SIGHTINGS = LoggedTable("sighting", tables.sightings, "sighting", ("advert_sighted",), words=("body",))
REAPPEARANCES = LoggedTable("reappearance", tables.reappearances, "reappearance", ("advert_reappeared",))
PARTNER_ANSWERS = LoggedTable("answer of a platform", tables.partner_answers, "answer", ("partner_answered",), words=("body",))
MAIL_ANSWERS = LoggedTable("answer from a mail", mail_answers, "answer", ("mail_answered", "mail_answer_undone"))
RULINGS = LoggedTable(
    "ruling", tables.rulings, "ruling",
    tuple(f"campaign_{step}" for step in ("split", "remove", "merge", "lock", "hub", "undo")), subject="campaign",
)  # fmt: skip
APPROVALS = LoggedTable("approval", tables.approvals, "approval", (), subject="list_id", prefix="list:")
"""Its entries, those of an approved list, say more than its rows."""
LOGGED = (
    DECISIONS, APPROVALS, RULINGS, OPENINGS, COMMENTS, OPINIONS, REASON_MARKS, PARTNER_ANSWERS, ORDERS, FOLLOWERS, SIGHTINGS,
    REAPPEARANCES, MAIL_ANSWERS,
)  # fmt: skip


def add_row(
    connection: Connection, kept: LoggedTable, action: str, values: Mapping[str, Any], *, by: "User | None", now: datetime
) -> int:
    """Add a row with its entry in the log, inside the caller's write transaction; return its number.

    ``by`` is None where the desk itself does it.
    """
    row = {name: canonical(value) if isinstance(value, tuple) else value for name, value in values.items()}
    row |= {"by_id": by.id if by else None, "at": now}
    detail = kept.detail_of(action, values)
    if kept.words:
        salt = row["salt"] = secrets.token_hex(16)
        detail["words_sha256"] = {name: audit.word_sha256(salt, row[name]) for name in kept.words if row.get(name)}
    added = insert(kept.table).values(row).returning(kept.table.c.id)
    number = detail[kept.number] = int(connection.execute(added).scalar_one())
    subject, actor = f"{kept.prefix}{row[kept.subject]}", by.name if by else "system"
    audit.append(connection, at=now, actor=actor, action=action, subject=subject, detail=detail)
    return number


def spell_value(value: Any) -> Any:
    """Return a value of a row as the log spells it."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def account_detail(email: str, password_hash: str) -> dict[str, object]:
    """Return what the log keeps of an account beside its role; of the password's hash only a digest."""
    return {"email": email, **password_detail(password_hash)}


def password_detail(password_hash: str) -> dict[str, object]:
    """Return what the log keeps of a password's hash."""
    return {"password_sha256": hashlib.sha256(password_hash.encode("utf-8", "surrogatepass")).hexdigest()}


def factor_detail(secret: str, recovery_codes: str) -> dict[str, object]:
    """Return what the log keeps of a second factor and of what is left of its recovery codes; empty words where there is none."""
    kept = {"factor_sha256": secret, "recovery_sha256": recovery_codes}
    return {name: value and hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest() for name, value in kept.items()}


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
