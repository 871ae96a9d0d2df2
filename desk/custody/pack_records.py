"""Evidence packs compared with the audit log: each row with its entry, and each entry with the run the ledger noted before it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from desk.custody import sealed_partitions
from desk.custody.audit import AuditEntry
from desk.tables import evidence_packs

ACTIONS = ("evidence_packed", sealed_partitions.ACTION)


class PackRecords:
    """The log's values for each pack and run."""

    def __init__(self) -> None:
        self._packs: dict[str, tuple[AuditEntry, dict[str, Any]]] = {}
        self._runs: dict[str, dict[str, Any]] = {}
        self._faults: list[str] = []
        self._of_old = 0
        """Number of the entry up to which packs were noted without their run."""

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        if entry.action == sealed_partitions.ACTION:
            if self._runs.setdefault(entry.subject, detail) is not detail:
                self._faults.append(f"run {entry.subject}: entry {entry.seq} notes it a second time; that entry was inserted")
            return
        digest = str(detail.get("sha256", ""))
        name = f"evidence pack {digest[:16]}…: entry {entry.seq}"
        if digest in self._packs:
            self._faults.append(f"{name} notes it a second time; that entry was inserted")
        self._packs[digest] = entry, detail
        if "partition" in detail:
            run = self._runs.get(detail["partition"])
            if run is None or run.get("report_sha256") != detail.get("report_sha256"):
                self._faults.append(
                    f"{name} names the run {detail['partition']}, and no entry before it notes that run with such a report; "
                    "this desk did not make it"
                )

    def take_stock(self, entry: AuditEntry) -> None:
        """Note that an inventory was taken: the packs before it may lack their run."""
        self._of_old = max(self._of_old, entry.seq)

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the packs that differ from what the log says."""
        yield from self._faults
        rows = {row.sha256: row for row in connection.execute(select(evidence_packs))}
        for digest, row in rows.items():
            entry, detail = self._packs.get(digest, (None, {}))
            if entry is None or (entry.subject, entry.actor, detail.get("audit_head")) != (
                row.item_id,
                row.packed_by,
                row.audit_head,
            ):
                yield f"evidence pack {digest[:16]}…: it stands in the database, and the log has no such entry"
        for digest, (entry, detail) in self._packs.items():
            if "partition" not in detail and entry.seq > self._of_old:
                yield f"evidence pack {digest[:16]}…: entry {entry.seq} names no run it was made from; this desk did not make it"
            # Version 0.1 noted packs in the log alone, without the head each carried.
            if digest not in rows and "audit_head" in detail:
                yield f"evidence pack {digest[:16]}…: entry {entry.seq} tells of it, and the database has no row; it was deleted"
