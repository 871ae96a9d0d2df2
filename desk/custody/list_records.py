"""Takedown lists compared with the audit log: who built and approved them, their entries, files and state."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from desk.custody.audit import AuditEntry, canonical
from desk.custody.published_heads import stored_bytes
from desk.tables import list_entries, list_files, lists

BUILT, APPROVED, SENT = "list_built", "list_approved", "list_sent"
ACTIONS = (BUILT, APPROVED, SENT, "list_refused", "list_superseded")
_LEFT = ("approved", "sent", "refused")
"""States that need an approval; a list that only takes notices back needs none."""
_STATES = {action: action.removeprefix("list_") for action in ACTIONS}


def list_detail(connection: Connection, list_id: int) -> dict[str, object]:
    """Return what the log keeps of a list's content when it is built."""
    previous = connection.execute(select(lists.c.previous).where(lists.c.id == list_id)).scalar_one()
    contents = {name: actual for name, (_, actual) in _contents(connection, list_id).get(list_id, {}).items()}
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


class ListRecords:
    """The log's values for each list."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._steps: dict[str, dict[str, tuple[AuditEntry, dict[str, Any]]]] = {}
        self._last: dict[str, AuditEntry] = {}
        self._stock: dict[str, dict[str, Any]] = {}
        self._erased: set[str] = set()

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        self._steps.setdefault(entry.subject, {})[entry.action] = entry, detail
        self._last[entry.subject] = entry

    def take_stock(self, subject: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of a list of an earlier release; return False when the log has it already."""
        _, built = self._steps.get(subject, {}).get(BUILT, (None, {}))
        return "entries_sha256" not in built and self._stock.setdefault(subject, detail) is detail

    def see_erased(self, subject: str, detail: dict[str, Any] | None) -> None:
        """Read the values of a list after retention emptied it."""
        self._stock |= {subject: detail} if detail else {}
        self._erased.add(subject)

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the lists that differ from what the log says."""
        contents, waiting = _contents(connection), set(self._steps)
        for row in connection.execute(select(lists)).mappings():
            name, subject = f"takedown list {row['id']}", f"list:{row['id']}"
            waiting.discard(subject)
            steps = self._steps.get(subject, {})
            if BUILT not in steps:
                yield f"{name}: the log has no entry of its building; it was inserted in the database"
                continue
            yield from self._building_faults(name, row, *steps[BUILT])
            yield from self._approval_faults(name, row, steps[BUILT][1], steps.get(APPROVED))
            yield from self._state_faults(name, row, self._last[subject])
            if subject not in self._erased:
                yield from _file_faults(name, row["manifest_sha256"], contents.get(row["id"], {}))
            noted = self._stock.get(subject, steps[BUILT][1])
            differ = [key for key, value in list_detail(connection, row["id"]).items() if noted.get(key) != value]
            if differ:
                words = ", ".join(sorted(key.removesuffix("_sha256") for key in differ))
                yield f"{name}: its {words} differ from what the log noted when it was built; it was edited in the database"
        for subject in sorted(waiting):
            yield f"takedown {subject.replace(':', ' ')}: the log tells of it, and it is not in the database; it was deleted"

    def _building_faults(self, name: str, row: RowMapping, built: AuditEntry, detail: dict[str, Any]) -> Iterator[str]:
        differs = [key for key in ("platform", "number") if detail.get(key) != row[key]]
        if differs or detail.get("manifest") != row["manifest_sha256"] or row["built_at"] != datetime.fromisoformat(built.at):
            yield f"{name}: platform, number, manifest or day differ from entry {built.seq}; it was edited in the database"
        # Version 0.1 called every builder "system", in the table by leaving both columns empty.
        if (self._names.get(row["built_by"]) or row["service"] or "system") != built.actor:
            yield f"{name}: its builder in the database differs from entry {built.seq}; it was edited there"

    def _approval_faults(
        self, name: str, row: RowMapping, built: dict[str, Any], step: tuple[AuditEntry, dict[str, Any]] | None
    ) -> Iterator[str]:
        if step is None:
            leaves_alone = built.get("retraction") is True and row["state"] != "approved"
            if row["approved_by"] is not None or (row["state"] in _LEFT and not leaves_alone):
                yield f"{name}: it is approved in the database, and the log has no entry of an approval"
            return
        entry, detail = step
        by, at = self._names.get(row["approved_by"]), row["approved_at"]
        if by != entry.actor or at != datetime.fromisoformat(entry.at) or detail.get("manifest") != row["manifest_sha256"]:
            yield f"{name}: its approval in the database differs from entry {entry.seq}; it was edited there"

    def _state_faults(self, name: str, row: RowMapping, last: AuditEntry) -> Iterator[str]:
        if row["state"] != _STATES[last.action]:
            yield f"{name}: it is {row['state']} in the database, and the log has it {_STATES[last.action]} (entry {last.seq})"
        elif row["state"] == "sent" and row["sent_at"] != datetime.fromisoformat(last.at):
            yield f"{name}: the day of its sending differs from entry {last.seq}; it was edited in the database"


def _contents(connection: Connection, list_id: int | None = None) -> dict[int, dict[str, tuple[str, str]]]:
    """Return the files of each list: the stored digest, and the digest of the stored bytes."""
    contents: dict[int, dict[str, tuple[str, str]]] = {}
    query = select(list_files.c.list_id, list_files.c.name, list_files.c.sha256, list_files.c.content)
    query = query if list_id is None else query.where(list_files.c.list_id == list_id)
    for row in connection.execute(query.execution_options(yield_per=50)):
        contents.setdefault(row.list_id, {})[row.name] = row.sha256, hashlib.sha256(stored_bytes(row.content)).hexdigest()
    return contents


def _decode_detail(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def _file_faults(name: str, manifest: str, files: dict[str, tuple[str, str]]) -> Iterator[str]:
    for file, (kept, actual) in sorted(files.items()):
        if kept != actual:
            yield f"{name}: {file} does not match its digest; it was edited in the database"
    if files and files.get("manifest.json", ("", ""))[1] != manifest:
        yield f"{name}: manifest.json is not the one it was built with; it was edited in the database"
