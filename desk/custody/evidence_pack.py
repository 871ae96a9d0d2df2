"""Everything that proves one item, in one archive a stranger can check without our code.

The WARC records are copied byte for byte out of the run partition, whose own digest is checked first: a pack is never made from
evidence that was changed. Names inside come from us alone; nothing a page said becomes a file name.
"""

import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fsspec
import msgspec
from sqlalchemy import Engine, insert
from warcio.archiveiterator import ArchiveIterator

from crawlers.errors import PartitionError
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT, Report, read_report
from crawlers.items import Capture
from desk.cases.cases import cases
from desk.custody import audit
from desk.database import writing
from desk.tables import evidence_packs
from index.base import Record

README = """Evidence of one item, packed by LureWatch.

item.warc.gz       the request and response as they went over the wire, with address, time, robots decision, certificate;
                   for rendered pages also the screenshot. Open it with any WARC player (replayweb.page, pywb).
posting.json       what was read from it            assessment.json  why it was flagged, each point with its span
revisions.json     every version that was seen      decisions.json   who decided what, when and why
report.json        the crawl run it comes from      custody.json     the audit log's entries about this item, and its head
manifest.json      where each file comes from, and the digests of the run partition

Step 1. Verify the files, with nothing of ours:

    sha256sum -c SHA256SUMS            every file matches the digests that travel with it
    gzip -t item.warc.gz               the archive is whole
    warcio check -v item.warc.gz       every block and payload matches its digest (pip install warcio)

Step 1 finds damage. It does not find forgery: whoever changes a file can compute all of these digests again.

Step 2. Check the archive against the ledger of the desk that packed it. The desk noted the SHA-256 of this zip archive in its
audit log, which is a chain of hashes, before anybody received the archive. So ask that desk, by a way you know without this
archive (not by an address that stands in it):

    sha256sum THIS_ARCHIVE.zip                       compute it yourself, and send the result
    lurewatch evidence verify THIS_ARCHIVE.zip       the desk runs this; exit 0: its ledger knows exactly this archive

The desk's answer must name the same SHA-256, the same item, and the head in custody.json (`head`, NUMBER:HASH). An archive whose
SHA-256 or head the ledger does not know was not packed by this desk, or was changed since: do not rely on it.

Step 3. Check the ledger itself. Later archives, takedown lists and weekly mails of the desk carry later heads. Keep this archive:
with `lurewatch users audit --anchor NUMBER:HASH` and its head anybody can ask the desk to prove that the log was not rewritten.
"""


_RESTORE = "restore it from backup or crawl again"


class EvidenceError(Exception):
    """Evidence is missing or damaged; the message names the file and what to do."""


class EvidencePack(msgspec.Struct, frozen=True, kw_only=True):
    """A finished pack."""

    item_id: str
    content: bytes
    """The zip archive."""
    sha256: str
    records: int
    """WARC records in it."""


def pack(engine: Engine, record: Record, *, now: datetime, by: str) -> EvidencePack:
    """Return the archive of one item, noted in the audit log before anybody gets it; raise EvidenceError otherwise.

    The captures are read and the archive is made without the writers' lock, which is held for the note alone.
    """
    capture = record.posting.capture
    if capture is None:
        raise EvidenceError(f"{record.id}: no capture was kept with this revision; crawl {record.posting.source} again")
    home = _home(record.partition, capture)
    try:
        report = read_report(home)
    except PartitionError as exc:
        raise EvidenceError(f"{record.id}: {exc}") from exc
    warc, kinds = _records(home, report, capture)
    pictures, lacking = _picture_records(record)
    warc, kinds = b"".join((warc, *(records for records, _ in pictures))), kinds + [kind for _, more in pictures for kind in more]
    with engine.connect() as connection:
        history = cases(connection, [record.id])[record.id].history
        custody = {"entries": list(audit.entries(connection, subject=record.id)), "head": audit.head(connection)}
    files = {
        "README.txt": README.encode(),
        "item.warc.gz": warc,
        "posting.json": _json(record.posting),
        "assessment.json": _json(record.assessment),
        "revisions.json": _json(record.revisions),
        "decisions.json": _json(history),
        "report.json": _json(report),
        "custody.json": _json(custody),
    }
    manifest = {
        "item": record.id,
        "packed_at": now.isoformat(),
        "packed_by": by,
        "partition": home,
        "seen_again_in": record.partition,
        "partition_digests": report.digests,
        "capture": msgspec.to_builtins(capture),
        "warc_records": kinds,
        "pictures_not_packed": lacking,
        "user_agent": report.user_agent,
        "tools": {name: version(name) for name in ("lurewatch", "scrapy", "warcio")},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    files["manifest.json"] = _json(manifest)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    content = _zipped(files, f"lurewatch-evidence-{record.id}", now)
    digest, head = hashlib.sha256(content).hexdigest(), custody["head"]
    with writing(engine) as connection:
        values = {"item_id": record.id, "sha256": digest, "audit_head": head, "packed_by": by, "packed_at": now}
        connection.execute(insert(evidence_packs).values(values))
        detail: dict[str, object] = {"sha256": digest, "audit_head": head}
        audit.append(connection, at=now, actor=by, action="evidence_packed", subject=record.id, detail=detail)
    return EvidencePack(item_id=record.id, content=content, sha256=digest, records=len(kinds))


def _home(partition: str, capture: Capture) -> str:
    """Return the partition that holds the record: an earlier one of the source when the page had not changed since."""
    return partition if capture.run is None else f"{partition.rstrip('/').rpartition('/')[0]}/{capture.run}"


def _picture_records(record: Record) -> tuple[list[tuple[bytes, list[str]]], list[str]]:
    """Return the records of each picture that was kept, and the addresses of those whose run is there no more."""
    results, lacking = [], []
    for media in record.posting.media:
        if media.capture is None:
            continue
        home = _home(record.partition, media.capture)
        try:
            results.append(_records(home, read_report(home), media.capture))
        except PartitionError:
            lacking.append(media.url)
    return results, lacking


def _records(partition: str, report: Report, capture: Capture) -> tuple[bytes, list[str]]:
    """Return the gzip members that belong to a capture, unchanged, and their kinds; the partition's digest is checked first."""
    wanted = {capture.record_id, capture.screenshot, capture.rendered} - {None}
    members, kinds, payload = [], [], None
    with tempfile.TemporaryFile() as local:
        _check_files(partition, report)
        _fetched(partition, CAPTURES, report, local)
        for at, length, kind, headers, body in _walk(local):
            if headers.get("WARC-Record-ID") not in wanted and headers.get("WARC-Concurrent-To") != capture.record_id:
                continue
            if headers.get("WARC-Record-ID") == capture.record_id:
                payload = body
            if headers.get("WARC-Record-ID") == capture.record_id or "WARC-Payload-Digest" in headers:
                _check_payload(f"{partition}/{CAPTURES}", headers, body)
            members.append((at, length))
            kinds.append(kind)
        if payload is None:
            raise EvidenceError(f"{partition}/{CAPTURES}: record {capture.record_id} is not in it; crawl again")
        if payload != capture.sha256:
            raise EvidenceError(f"{partition}/{CAPTURES}: the body of {capture.record_id} does not match its digest; crawl again")
        parts = []
        for at, length in members:
            local.seek(at)
            parts.append(local.read(length))
    return b"".join(parts), kinds


def _check_payload(file: str, headers: dict[str, str], body: str) -> None:
    """Check the digest the record itself carries; raise EvidenceError when it is missing or differs."""
    kind, _, value = headers.get("WARC-Payload-Digest", "").partition(":")
    if (kind, value) != ("sha256", body):
        what = "differs from its body" if value else "is missing"
        raise EvidenceError(f"{file}: the payload digest of record {headers['WARC-Record-ID']} {what}; {_RESTORE}")


def _check_files(partition: str, report: Report) -> None:
    """Check that the report has a digest of every file, and that postings and rejects match theirs; raise EvidenceError."""
    for name in (CAPTURES, POSTINGS, REJECTS):
        if not re.fullmatch("[0-9a-f]{64}", report.digests.get(name, "")):
            raise EvidenceError(f"{partition}/{REPORT}: has no digest of {name}, so nothing vouches for that file; {_RESTORE}")
    for name in (POSTINGS, REJECTS):
        with tempfile.TemporaryFile() as local:
            _fetched(partition, name, report, local)


def _fetched(partition: str, name: str, report: Report, local: Any) -> None:
    """Copy a file of the partition here and check its digest against the sealed report."""
    digest = hashlib.sha256()
    try:
        with fsspec.open(f"{partition.rstrip('/')}/{name}", "rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                local.write(chunk)
    except OSError as exc:
        raise EvidenceError(f"{partition}/{name}: cannot be read ({exc}); {_RESTORE}") from exc
    if report.digests[name] != digest.hexdigest():
        raise EvidenceError(f"{partition}/{name}: was changed after {REPORT} was sealed; {_RESTORE}")
    local.seek(0)


def _walk(local: Any) -> Iterator[tuple[int, int, str, dict[str, str], str]]:
    """Yield (offset, length, kind, headers, SHA-256 of the payload) of every record."""
    value = ArchiveIterator(local)
    for record in value:
        body = hashlib.sha256(record.content_stream().read()).hexdigest()
        headers = dict(record.rec_headers.headers)
        yield value.get_record_offset(), value.get_record_length(), record.rec_type, headers, body


def _json(value: Any) -> bytes:
    plain = msgspec.to_builtins(value)
    return (json.dumps(plain, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _zipped(files: dict[str, bytes], folder: str, now: datetime) -> bytes:
    """Return a zip whose bytes depend on its content alone; the WARC, packed already, is only stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=now.timetuple()[:6])
            entry.external_attr = 0o444 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def written(packed: EvidencePack, into: Path) -> Path:
    """Write a pack to a folder, whole or not at all; return its path."""
    into.mkdir(parents=True, exist_ok=True)
    target = into / f"lurewatch-evidence-{packed.item_id}.zip"
    part = target.with_suffix(".part")
    part.write_bytes(packed.content)
    part.chmod(0o444)
    part.replace(target)
    return target
