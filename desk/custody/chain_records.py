"""The desk's tables compared with the audit log: decisions, campaign rulings, lists and approvals, people, mails, packs.

Each row has its entry and each entry its row, with the same values. A row that was edited, inserted or deleted in the database
alone is named; who did that, the log cannot know.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from desk.cases.cases import WORDS, word_sha256
from desk.custody.audit import AuditEntry, canonical
from desk.custody.published_heads import stored_bytes
from desk.tables import (
    approvals,
    decisions,
    deliveries,
    digests,
    evidence_packs,
    list_files,
    lists,
    openings,
    rulings,
    setting_signatures,
    users,
)

_BUILT, _APPROVED, _SENT = "list_built", "list_approved", "list_sent"
_STEPS = ("first", "found", "proposed", "accepted", "dropped")
_LEFT = ("approved", "sent", "refused")
"""States a list reaches by its approval."""


class ChainRecords:
    """The rows of the desk's tables, struck off one by one as the log tells of them: ``see`` each entry, then read ``faults``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names = {row.id: row.name for row in connection.execute(select(users.c.id, users.c.name))}
        self._decisions = self._rows(decisions)
        self._rulings = self._rows(rulings)
        self._approvals = self._rows(approvals)
        self._openings = self._rows(openings)
        self._signatures = self._rows(setting_signatures)
        self._lists: dict[str, dict[str, tuple[AuditEntry, dict[str, Any]]]] = {}
        self._roles: dict[str, str] = {}
        self._disabled: dict[str, bool] = {}
        self._mails: dict[str, int] = {}
        self._packs: dict[str, AuditEntry] = {}
        self._erased: set[str] = set()
        self._emptied: dict[int, str] = {}
        self._faults: list[str] = []
        self._readers: dict[str, Callable[[AuditEntry, dict[str, Any]], None]] = {
            **dict.fromkeys(("confirm", "dismiss", "undo"), self._decision),
            "item_opened": self._opening,
            **dict.fromkeys((f"setting_{kind}" for kind in _STEPS), self._signature),
            **dict.fromkeys((_BUILT, _APPROVED, _SENT), self._list),
            **dict.fromkeys(("user_added", "role_changed", "user_disabled", "user_enabled"), self._person),
            "digest_built": self._mail, "mail_sent": self._mail, "evidence_packed": self._pack, "rows_erased": self._erasure,
            "erasing": self._erasure,
        }  # fmt: skip

    def see(self, entry: AuditEntry) -> None:
        """Strike off what one entry of the log tells of."""
        reader = self._ruling if entry.action.startswith("campaign_") else self._readers.get(entry.action)
        if reader is None:
            return
        try:
            detail = json.loads(entry.detail)
        except ValueError:
            self._faults.append(f"entry {entry.seq}: its detail is no JSON")
            return
        reader(entry, detail)

    def faults(self) -> Iterator[str]:
        """Yield what does not agree, once every entry was seen."""
        yield from self._faults
        counted = {"decision": self._decisions, "ruling": self._rulings, "approval": self._approvals, "opening": self._openings}
        counted["signature of a setting"] = self._signatures
        for kind, rows in counted.items():
            for number in sorted(rows):
                yield f"{kind} {number}: it stands in the database, and the log has no entry of it; it was inserted there"
        for number, item in self._emptied.items():
            if item not in self._erased:
                yield f"decision {number}: its note and address are empty, and the log erased nothing of {item}; it was edited"
        yield from self._list_faults()
        yield from self._people_faults()
        yield from self._mail_faults()
        yield from self._pack_faults()

    def _rows(self, table: Any) -> dict[int, RowMapping]:
        return {row["id"]: row for row in self._connection.execute(select(table)).mappings()}

    def _decision(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        if "decision" not in detail:
            return
        values = {name: value for name, value in detail.items() if name != "decision"}
        values |= {"item_id": entry.subject, "kind": entry.action}
        row = self._decisions.get(detail["decision"])
        if (digests := values.pop("words_sha256", None)) is not None and row is not None:
            if row["salt"] or any(row[name] for name in WORDS):
                said = {name: row[name] for name in WORDS if word_sha256(row["salt"] or "", row[name]) == digests.get(name)}
                values |= {"salt": row["salt"], **dict.fromkeys(WORDS, ""), **digests, **said}
            else:
                self._emptied[row["id"]] = row["item_id"]
        self._strike(self._decisions, "decision", detail["decision"], entry, values)

    def _opening(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        values = {"item_id": entry.subject, "text_sha256": detail.get("text_sha256")}
        self._strike(self._openings, "opening", detail.get("opening", 0), entry, values)

    def _signature(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        values = {name: value for name, value in detail.items() if name != "signature"} | {"place": entry.subject}
        self._strike(self._signatures, "signature of a setting", detail.get("signature", 0), entry, values)

    def _ruling(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        if "ruling" not in detail:
            return
        values = {"kind": entry.action.removeprefix("campaign_"), "campaign": entry.subject, "note": detail.get("why", "")}
        values |= {name: canonical(detail.get(name, [])) for name in ("ids", "others")}
        values |= {name: detail[name] for name in ("contact", "undoes") if name in detail}
        self._strike(self._rulings, "ruling", detail["ruling"], entry, values)

    def _strike(self, rows: dict[int, RowMapping], kind: str, number: int, entry: AuditEntry, values: dict[str, Any]) -> None:
        """Compare a row with its entry: every value of it, nothing beside it, the same person, the same moment."""
        row = rows.pop(number, None)
        if row is None:
            self._faults.append(f"{kind} {number}: entry {entry.seq} tells of it, and it is not in the database; it was deleted")
            return
        known = {name: _log_value(value) for name, value in row.items() if name not in ("id", "by_id", "at")}
        different = [name for name, value in values.items() if known.pop(name, None) != value]
        different += [name for name, value in known.items() if value]
        different += ["by"] if self._names.get(row["by_id"], "system") != entry.actor else []
        different += ["at"] if row["at"] != datetime.fromisoformat(entry.at) else []
        if different:
            names = ", ".join(sorted(different))
            self._faults.append(f"{kind} {number}: {names} in the database differ from entry {entry.seq}; it was edited there")

    def _list(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        self._lists.setdefault(entry.subject, {})[entry.action] = entry, detail
        if "approval" in detail:
            values = {name: detail.get(name) for name in ("recipient", "entries_sha256")}
            values |= {name: canonical(detail.get(name)) for name in ("files", "deciders")}
            values["list_id"] = int(entry.subject.removeprefix("list:"))
            self._strike(self._approvals, "approval", detail["approval"], entry, values)

    def _list_faults(self) -> Iterator[str]:
        contents = self._list_contents()
        for row in self._connection.execute(select(lists)).mappings():
            name, steps = f"takedown list {row['id']}", self._lists.pop(f"list:{row['id']}", {})
            built = steps.get(_BUILT)
            if built is None:
                yield f"{name}: the log has no entry of its building; it was inserted in the database"
                continue
            differs = [key for key in ("platform", "number") if built[1].get(key) != row[key]]
            if differs or built[1].get("manifest") != row["manifest_sha256"]:
                yield f"{name}: platform, number or manifest differ from entry {built[0].seq}; it was edited in the database"
            # Version 0.1 called every builder "system", in the table by leaving both columns empty.
            if (self._names.get(row["built_by"]) or row["service"] or "system") != built[0].actor:
                yield f"{name}: its builder in the database differs from entry {built[0].seq}; it was edited there"
            yield from self._approval_faults(name, row, steps)
            if f"list:{row['id']}" not in self._erased:
                yield from _content_faults(name, row["manifest_sha256"], contents.get(row["id"], {}))
        for subject in self._lists:
            yield f"takedown {subject.replace(':', ' ')}: the log tells of it, and it is not in the database; it was deleted"

    def _approval_faults(self, name: str, row: RowMapping, steps: dict[str, tuple[AuditEntry, dict[str, Any]]]) -> Iterator[str]:
        approved = steps.get(_APPROVED)
        if approved is None:
            retraction = row["state"] != "approved" and _BUILT in steps and steps[_BUILT][1].get("retraction") is True
            if row["approved_by"] is not None or (row["state"] in _LEFT and not retraction):
                yield f"{name}: it is approved in the database, and the log has no entry of an approval"
            elif row["state"] == "sent" and _SENT not in steps:
                yield f"{name}: it is sent in the database, and the log has no entry of its sending"
            return
        entry, detail = approved
        by, at = self._names.get(row["approved_by"]), row["approved_at"]
        if by != entry.actor or at != datetime.fromisoformat(entry.at) or detail.get("manifest") != row["manifest_sha256"]:
            yield f"{name}: its approval in the database differs from entry {entry.seq}; it was edited there"
        if row["state"] == "sent" and _SENT not in steps:
            yield f"{name}: it is sent in the database, and the log has no entry of its sending"

    def _list_contents(self) -> dict[int, dict[str, tuple[str, str]]]:
        """Return for each list its files: the digest that is stored, and the digest of the bytes that are."""
        contents: dict[int, dict[str, tuple[str, str]]] = {}
        for row in self._connection.execute(select(list_files).execution_options(yield_per=50)):
            contents.setdefault(row.list_id, {})[row.name] = row.sha256, hashlib.sha256(stored_bytes(row.content)).hexdigest()
        return contents

    def _person(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        if entry.action == "user_added":
            self._roles[entry.subject] = detail.get("role", "")
            self._disabled[entry.subject] = False
        elif entry.action == "role_changed":
            self._roles[entry.subject] = detail.get("to", "")
        else:
            self._disabled[entry.subject] = entry.action == "user_disabled"

    def _people_faults(self) -> Iterator[str]:
        for row in self._connection.execute(select(users).order_by(users.c.name)):
            role = self._roles.pop(row.name, None)
            if role is None:
                yield f"person {row.name}: the log has no entry of adding them; they were inserted in the database"
            elif (role, self._disabled.get(row.name, False)) != (row.role, row.disabled_at is not None):
                yield f"person {row.name}: role or state in the database differ from the log; they were edited there"
        for name in self._roles:
            yield f"person {name}: the log tells of them, and they are not in the database; they were deleted"

    def _mail(self, entry: AuditEntry, _: dict[str, Any]) -> None:
        self._mails[entry.subject] = entry.seq

    def _erasure(self, _: AuditEntry, detail: dict[str, Any]) -> None:
        self._erased.update(detail.get("lists", ()), detail.get("items", ()))

    def _mail_faults(self) -> Iterator[str]:
        """Yield the mails that carried a head and are no longer there to be compared."""
        kept = set(self._connection.execute(select(digests.c.week)).scalars())
        kept |= set(self._connection.execute(select(deliveries.c.message_id).where(deliveries.c.state == "sent")).scalars())
        for subject, seq in self._mails.items():
            if subject not in kept:
                yield f"mail {subject}: entry {seq} tells of it, and the database does not keep it; it was deleted or edited"

    def _pack(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        self._packs[detail.get("sha256", "")] = entry

    def _pack_faults(self) -> Iterator[str]:
        for row in self._connection.execute(select(evidence_packs)):
            entry = self._packs.pop(row.sha256, None)
            if entry is None or (entry.subject, entry.actor) != (row.item_id, row.packed_by):
                yield f"evidence pack {row.sha256[:16]}…: it stands in the database, and the log has no such entry"
        for digest, entry in self._packs.items():
            # Version 0.1 noted packs in the log alone, without the head each carried.
            if "audit_head" in json.loads(entry.detail):
                yield f"evidence pack {digest[:16]}…: entry {entry.seq} tells of it, and the database has no row; it was deleted"


def _log_value(value: Any) -> Any:
    """Return a value of a row as the log spells it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _content_faults(name: str, manifest: str, files: dict[str, tuple[str, str]]) -> Iterator[str]:
    for file, (kept, actual) in sorted(files.items()):
        if kept != actual:
            yield f"{name}: {file} does not match its digest; it was edited in the database"
    if files and files.get("manifest.json", ("", ""))[1] != manifest:
        yield f"{name}: manifest.json is not the one it was built with; it was edited in the database"
