"""Checks whether the desk made a pack: it is compared with the ledger, not with the digests inside it."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from crawlers.evidence.kept_pages import members
from crawlers.evidence.partition import is_sealed
from desk.cases.case_decisions import cases
from desk.custody import audit
from desk.custody.kept_records import EvidenceError, SealedPartitions
from desk.custody.log_details import DECISIONS
from desk.custody.pack_summary import notices_of
from desk.custody.sealed_partitions import PartitionNote, partition_note, partition_notes

LARGEST = 2 << 30
"""The most bytes of a pack; an archive that would unpack to more is not read."""


_RUN = re.compile(r"[a-z0-9_]+/[0-9A-Za-z_-]+")
_LASTING = ("platform", "number", "change", "decision", "notice", "built_by", "built_at", "manifest_sha256", "files")
"""What never changes of a notice that was approved; its state, approval and mails may."""
_SAID = ("id", "source", "url", "title", "text")


class PackReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of comparing a pack with the ledger."""

    sha256: str
    """Digest of the archive as it was handed in, hex."""
    item_id: str
    """The item that the pack names; empty when it names none."""
    packed_at: datetime | None
    """When the desk packed exactly this archive; None when the ledger does not know it."""
    packed_by: str | None
    faults: tuple[str, ...]
    """Empty when the ledger has exactly this archive, and its run has the same content."""
    compared: bool = False
    """Whether the runs it names are all kept here, and were compared."""


def verify_pack(connection: Connection, content: bytes, *, runs: str = "") -> PackReport:
    """Compare an archive with the ledger, and with the run under ``runs`` that the ledger says it was made from.

    Raises EvidenceError when it is no evidence pack at all.

    Call ``desk.custody.ledger_check.check_ledger`` too: the result is only as good as the ledger.
    """
    digest = hashlib.sha256(content).hexdigest()
    files = _unzip(content)
    manifest, custody = (_json(files, name) for name in ("manifest.json", "custody.json"))
    item = str(manifest.get("item", ""))
    packs = {entry.values.get("sha256"): entry for entry in audit.entries(connection, "evidence_packed", subject=item)}
    entry = packs.get(digest)
    faults = list(_sum_faults(files))
    if entry is None:
        known = "; ".join(f"{each} on {packs[each].at[:16]}" for each in list(packs)[-5:])
        faults.append(
            f"the ledger does not know SHA-256 {digest}: this archive was changed after it was packed, or was not packed here. "
            + (f"Packs of {item} the ledger knows: {known}" if known else f"The ledger knows no pack of {item!r}")
        )
    faults += _head_faults(connection, str(custody.get("head", "")))
    faults += _entry_faults(connection, item, custody.get("entries"))
    run, compared = str(entry.values.get("partition", "")) if entry else "", False
    if run and (note := partition_note(connection, run)) is not None:
        named = {run, *(str(name) for name in manifest.get("ledger", {}) if _RUN.fullmatch(str(name)))}
        kept = {name: f"{runs}/{name}" for name in named if runs and is_sealed(f"{runs}/{name}")}
        compared = len(kept) == len(named)
        faults += _run_faults(files, note)
        if kept:
            faults += _kept_run_faults(files, SealedPartitions(partition_notes(connection)), kept, compared)
        faults += _decision_faults(connection, item, files)
        faults += _notice_faults(connection, item, files)
    return PackReport(
        sha256=digest, item_id=item, packed_at=entry.moment if entry else None,
        packed_by=entry.actor if entry else None, faults=tuple(faults), compared=compared,
    )  # fmt: skip


def _unzip(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise EvidenceError(f"it unpacks to more than {LARGEST} bytes; that is no evidence pack")
            return {entry.filename.rpartition("/")[2]: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as exc:
        raise EvidenceError(f"not a zip archive that can be read ({exc}); hand in the archive as it was received") from exc


def _json(files: dict[str, bytes], name: str) -> dict[str, Any]:
    try:
        value = json.loads(files[name])
    except KeyError:
        raise EvidenceError(f"it holds no {name}, so it is no evidence pack") from None
    except ValueError as exc:
        raise EvidenceError(f"its {name} is no JSON ({exc}), so it is no evidence pack") from exc
    if not isinstance(value, dict):
        raise EvidenceError(f"its {name} is no JSON object, so it is no evidence pack")
    return value


def _sum_faults(files: dict[str, bytes]) -> Iterator[str]:
    lines = files.get("SHA256SUMS", b"").decode("utf-8", "replace").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name, content in sorted(files.items()):
        if name != "SHA256SUMS" and sums.get(name) != hashlib.sha256(content).hexdigest():
            yield f"{name}: differs from SHA256SUMS, or has no line there"


def _head_faults(connection: Connection, head: str) -> Iterator[str]:
    try:
        anchor = audit.anchor_of(head, "custody.json")
    except ValueError as exc:
        yield str(exc)
        return
    if not audit.stands(connection, anchor):
        yield f"the ledger does not know the head {head} in custody.json: the pack was changed, or the ledger was rewritten"


def _entry_faults(connection: Connection, item: str, entries: Any) -> Iterator[str]:
    """Yield a fault when the log entries in the pack differ from the ledger's."""
    known = [msgspec.structs.asdict(entry) for entry in audit.entries(connection, subject=item)]
    if not isinstance(entries, list) or known[: len(entries)] != entries:
        yield f"the entries about {item!r} in custody.json are not those of the ledger"


def _run_faults(files: dict[str, bytes], note: PartitionNote) -> Iterator[str]:
    """Yield a fault when the report in a pack is not that of its run, which nobody reaches who forges pack and log entry."""
    if hashlib.sha256(files.get("report.json", b"")).hexdigest() != note.noted.sha256:
        yield f"report.json is not the report of {note.entry.subject} that entry {note.entry.seq} of the ledger noted"


def _kept_run_faults(files: dict[str, bytes], sealed: SealedPartitions, kept: dict[str, str], whole: bool) -> Iterator[str]:
    """Yield the differences between a pack and those of its runs that are kept; its content is compared when all of them are."""
    try:
        if whole:
            yield from _content_faults(files, sealed, kept)
            return
        for address in kept.values():
            sealed.captures(address)  # it is as the ledger noted it; the rest of the pack may come from a run that is gone
    except EvidenceError as exc:
        yield f"the run it was made from is not as the ledger noted it: {exc}"


def _content_faults(files: dict[str, bytes], sealed: SealedPartitions, kept: dict[str, str]) -> Iterator[str]:
    """Yield what of a pack stands in none of the runs it names, of which each is kept."""
    posting, captures = _json(files, "posting.json"), [sealed.captures(address) for address in kept.values()]
    strange = [part for part in members(files.get("item.warc.gz", b"")) if not any(part in content for content in captures)]
    if strange:
        yield f"item.warc.gz: {len(strange)} of its records are in none of the runs it names ({', '.join(sorted(kept))})"
    said = [told for address in kept.values() for told in sealed.postings(address, str(posting.get("id", "")))]
    wanted = [posting.get(name) for name in _SAID]
    if wanted not in [[getattr(told, name) for name in _SAID] for told in said]:
        yield f"posting.json: its {', '.join(_SAID)} are not what the runs it names say"


def _decision_faults(connection: Connection, item: str, files: dict[str, bytes]) -> Iterator[str]:
    """Yield a fault when the decisions in the pack are not the first of those the desk keeps."""
    known = json.loads(msgspec.json.encode(cases(connection, [item])[item].history))
    packed = json.loads(files.get("decisions.json", b"null"))
    if not isinstance(packed, list) or not _begins_with(known, packed):
        yield f"decisions.json is not what the desk decided about {item!r}"


def _notice_faults(connection: Connection, item: str, files: dict[str, bytes]) -> Iterator[str]:
    """Yield a fault when the notices in the pack are not those the desk keeps; what retention emptied since is not compared."""
    packed = json.loads(files.get("notices.json", b"[]"))  # packs of older releases have none
    known = {each["list"]: json.loads(json.dumps(each)) for each in notices_of(connection, item)}
    for each in packed if isinstance(packed, list) else [{}]:
        kept = known.get(each.get("list"), {})
        lasting = [name for name in _LASTING if name != "notice" or kept.get("notice")]
        if any(each.get(name) != kept.get(name) for name in lasting):
            yield f"notices.json: what it says of list {each.get('list')} is not what the desk told anybody about {item!r}"


def _begins_with(known: list[dict[str, Any]], packed: list[dict[str, Any]]) -> bool:
    """Whether the packed decisions are the first of the known ones; words that retention emptied since are not compared."""
    if len(packed) > len(known):
        return False
    return all(
        {name: value for name, value in each.items() if each["url"] or name not in DECISIONS.words}
        == {name: value for name, value in other.items() if each["url"] or name not in DECISIONS.words}
        for each, other in zip(known, packed, strict=False)
    )
