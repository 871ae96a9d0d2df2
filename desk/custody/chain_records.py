"""The desk's tables compared with the audit log: decisions, campaign rulings, lists and approvals, people, mails, packs.

Each row must have its entry and each entry its row, with the same values. Rows that were edited, inserted or deleted only in
the database are reported; the log cannot say who did it.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from desk.cases.case_decisions import WORDS, word_sha256
from desk.custody import ledger_inventory, list_records, mail_records, pack_records, people_records
from desk.custody.audit import AuditEntry, canonical
from desk.custody.list_records import ListRecords
from desk.custody.mail_records import MailRecords
from desk.custody.pack_records import PackRecords
from desk.custody.people_records import PeopleRecords
from desk.tables import (
    approvals,
    decisions,
    openings,
    rulings,
    setting_signatures,
    users,
)

_STEPS = ("first", "found", "proposed", "accepted", "dropped")


class ChainRecords:
    """The rows of the desk's tables, compared with the log: call ``see`` for each entry, then read ``faults``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names = {row.id: row.name for row in connection.execute(select(users.c.id, users.c.name))}
        self._decisions = self._rows(decisions)
        self._rulings = self._rows(rulings)
        self._approvals = self._rows(approvals)
        self._openings = self._rows(openings)
        self._signatures = self._rows(setting_signatures)
        self._erased: set[str] = set()
        self._emptied: dict[int, str] = {}
        self._lists = ListRecords(self._names)
        self._people, self._mails, self._packs = PeopleRecords(), MailRecords(), PackRecords()
        self._inventories: list[int] = []
        self._faults: list[str] = []
        self._readers: dict[str, Callable[[AuditEntry, dict[str, Any]], None]] = {
            **dict.fromkeys(("confirm", "dismiss", "undo"), self._decision),
            "item_opened": self._opening,
            **dict.fromkeys((f"setting_{kind}" for kind in _STEPS), self._signature),
            **dict.fromkeys(list_records.ACTIONS, self._list),
            **dict.fromkeys(people_records.ACTIONS, self._people.see),
            **dict.fromkeys(mail_records.ACTIONS, self._mails.see),
            **dict.fromkeys(pack_records.ACTIONS, self._packs.see),
            ledger_inventory.ACTION: self._inventory,
            "rows_erased": self._erasure,
            "erasing": self._erasure,
        }

    def see(self, entry: AuditEntry) -> None:
        """Compare the rows that one entry of the log describes."""
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
        """Yield the differences, after every entry was seen."""
        yield from self._faults
        counted = {"decision": self._decisions, "ruling": self._rulings, "approval": self._approvals, "opening": self._openings}
        counted["signature of a setting"] = self._signatures
        for kind, rows in counted.items():
            for number in sorted(rows):
                yield f"{kind} {number}: it stands in the database, and the log has no entry of it; it was inserted there"
        for number, item in self._emptied.items():
            if item not in self._erased:
                yield f"decision {number}: its note and address are empty, and the log erased nothing of {item}; it was edited"
        for records in (self._lists, self._people, self._mails, self._packs):
            yield from records.faults(self._connection)

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
        self._lists.see(entry, detail)
        if "approval" in detail:
            values = {name: detail.get(name) for name in ("recipient", "entries_sha256")}
            values |= {name: canonical(detail.get(name)) for name in ("files", "deciders")}
            values["list_id"] = int(entry.subject.removeprefix("list:"))
            self._strike(self._approvals, "approval", detail["approval"], entry, values)

    def _erasure(self, _: AuditEntry, detail: dict[str, Any]) -> None:
        """Note what retention emptied, and the new values of those rows."""
        self._erased.update(detail.get("lists", ()), detail.get("items", ()))
        rows = detail.get("now", {})
        for name, digest in rows.get("mails", {}).items():
            self._mails.see_erased_mail(name, digest)
        for name, digest in rows.get("digests", {}).items():
            self._mails.see_erased_digest(name, digest)
        for name in detail.get("lists", ()):
            self._lists.see_erased(name, rows.get("lists", {}).get(name))

    def _inventory(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Note the rows from before the log covered them: once, and no row that the log covers already."""
        if self._inventories and self._inventories[-1] != entry.seq - 1:
            self._faults.append(f"entry {entry.seq}: it takes a second inventory; the first is the only one, this was inserted")
            return
        self._inventories.append(entry.seq)
        self._packs.take_stock(entry)
        takers = {
            "people": self._people.take_stock, "lists": self._lists.take_stock, "mails": self._mails.take_stock_of_mail,
            "digests": self._mails.take_stock_of_digest,
        }  # fmt: skip
        for kind, rows in detail.items():
            for name, values in rows.items():
                if not takers[kind](name, values):
                    self._faults.append(f"entry {entry.seq}: an inventory names {name}, which the log covers already; inserted")


def _log_value(value: Any) -> Any:
    """Return a value of a row as the log spells it."""
    return value.isoformat() if isinstance(value, datetime) else value
