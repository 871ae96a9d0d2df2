"""The ledger's notes of run partitions: each is noted once, as early as possible, and never changed.

The note holds the SHA-256 of the report, which holds those of the other files. Somebody who later changes a partition with all
its digests cannot change the note. The ledger cannot detect a change made before the note; the note has its time.
"""

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine

from crawlers.evidence.partition import REPORT, NotedReport, Report, own_report, report_bytes, source_and_run
from crawlers.evidence.run_signature import signer_of
from desk.custody import audit
from desk.database import writing
from foundation.crawl_errors import PartitionDamaged
from foundation.messages import _

ACTION = "partition_sealed"
_KEPT = (
    "source", "run_id", "state", "started_at", "finished_at", "fetched", "parsed", "rejected", "duplicate", "digests",
    "user_agent", "versions",
)  # fmt: skip


class PartitionNote(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger noted of a partition, and in which entry."""

    entry: audit.AuditEntry
    noted: NotedReport


def note_partition(engine: Engine, address: str, *, by: str, now: datetime, signers: bytes = b"") -> PartitionNote:
    """Note a sealed partition, unless it was noted before; return what is noted.

    Raises PartitionError when it is not sealed, PartitionDamaged when its report is another than the noted one, or another run's,
    RunUntrusted when no key of the list ``signers`` signed it.
    """
    content, report, name = report_bytes(address), own_report(address), subject_of(address)
    digest = hashlib.sha256(content).hexdigest()
    with engine.connect() as connection:
        known = partition_note(connection, name)
    if known and (fault := report_fault(known, digest)):
        raise PartitionDamaged(f"{address}/{fault}; restore the partition from a backup")
    signer = signer_of(address, content, signers, known.noted if known else None)
    if known is None:
        with writing(engine) as connection:
            known = partition_note(connection, name)
            if known is None:
                kept = {field: msgspec.to_builtins(getattr(report, field)) for field in _KEPT}
                detail: dict[str, object] = {"report_sha256": digest, "report": kept, **({"signed_by": signer} if signer else {})}
                known = _note_of(audit.append(connection, at=now, actor=by, action=ACTION, subject=name, detail=detail))
    if fault := report_fault(known, digest):
        raise PartitionDamaged(f"{address}/{fault}; restore the partition from a backup")
    return known


def partition_note(connection: Connection, subject: str) -> PartitionNote | None:
    """Return the note of ``<source>/<run id>``; None when there is none."""
    noted = list(audit.entries(connection, ACTION, subject=subject))
    return _note_of(noted[0]) if noted else None


def partition_notes(connection: Connection) -> dict[str, PartitionNote]:
    """Return every note by ``<source>/<run id>``; the first note of a run counts."""
    notes: dict[str, PartitionNote] = {}
    for entry in audit.entries(connection, ACTION):
        if entry.subject not in notes:
            notes[entry.subject] = _note_of(entry)
    return notes


def subject_of(address: str) -> str:
    """Return the ledger's name of a partition: source and run id."""
    return "/".join(source_and_run(address))


def report_fault(note: PartitionNote, sha256: str) -> str | None:
    """Return a sentence when a report differs from the noted one; else None."""
    if sha256 == note.noted.sha256:
        return None
    named = {"report": REPORT, "seq": note.entry.seq, "at": note.entry.at[:16]}
    return _("%(report)s: differs from the report that entry %(seq)s of the ledger noted on %(at)s", **named)


def file_faults(note: PartitionNote, report: Report) -> list[str]:
    """Return a sentence for each difference between a report and the noted one."""
    noted = note.noted.report
    files = sorted({*noted.digests, *report.digests})
    faults = [_("the digest of %(file)s", file=name) for name in files if noted.digests.get(name) != report.digests.get(name)]
    others = [field for field in _KEPT if field != "digests" and getattr(noted, field) != getattr(report, field)]
    return faults + [f"its {field.replace('_', ' ')}" for field in others]


def _note_of(entry: audit.AuditEntry) -> PartitionNote:
    detail = entry.values
    report, signer = msgspec.convert(detail["report"], Report), detail.get("signed_by", "")
    noted = NotedReport(sha256=detail["report_sha256"], report=report, at=entry.moment, signed_by=signer)
    return PartitionNote(entry=entry, noted=noted)
