"""Whether a pack that came back to the desk is one the desk made: compared with the ledger, not with the digests inside it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from desk.custody import audit
from desk.custody.kept_records import EvidenceError

LARGEST = 2 << 30
"""Bytes; no pack is larger, and what says it unpacks to more is not read."""


class PackReport(msgspec.Struct, frozen=True, kw_only=True):
    """What comparing a pack with the ledger gave."""

    sha256: str
    """Digest of the archive as it was handed in, hex."""
    item_id: str
    """The item it says it is about; empty when it does not say."""
    packed_at: datetime | None
    """When the desk packed exactly this archive; None when the ledger does not know it."""
    packed_by: str | None
    faults: tuple[str, ...]
    """Empty when the ledger knows exactly this archive."""


def verify_pack(connection: Connection, content: bytes) -> PackReport:
    """Compare an archive with the ledger; raise EvidenceError when it is no evidence pack at all.

    Call ``desk.custody.ledger_check.check_ledger`` too: a pack is worth no more than the ledger that knows it.
    """
    digest = hashlib.sha256(content).hexdigest()
    files = _unzipped(content)
    manifest, custody = (_json(files, name) for name in ("manifest.json", "custody.json"))
    item = str(manifest.get("item", ""))
    packs = {
        json.loads(entry.detail).get("sha256"): entry
        for entry in audit.entries(connection, subject=item)
        if entry.action == "evidence_packed"
    }
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
    return PackReport(
        sha256=digest, item_id=item, packed_at=datetime.fromisoformat(entry.at) if entry else None,
        packed_by=entry.actor if entry else None, faults=tuple(faults),
    )  # fmt: skip


def _unzipped(content: bytes) -> dict[str, bytes]:
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
    """Yield a fault when the log entries in the pack are not those of the ledger, so far as it had come then."""
    known = [msgspec.structs.asdict(entry) for entry in audit.entries(connection, subject=item)]
    if not isinstance(entries, list) or known[: len(entries)] != entries:
        yield f"the entries about {item!r} in custody.json are not those of the ledger"
