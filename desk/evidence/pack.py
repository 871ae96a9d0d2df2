"""Everything that proves one item, in one archive a stranger can check without our code.

The WARC records are copied byte for byte out of the run partition, whose own digest is checked first: a pack is never made from
evidence that was changed. Names inside come from us alone; nothing a page said becomes a file name.
"""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fsspec
import msgspec
from sqlalchemy import Engine
from warcio.archiveiterator import ArchiveIterator

from crawlers.errors import PartitionError
from crawlers.items import Capture
from crawlers.partition import CAPTURES, REPORT, Report, read_report
from desk import audit
from desk.cases import cases
from desk.database import writing
from index.base import Record

README = """Evidence of one item, packed by LureWatch.

item.warc.gz       the request and response as they went over the wire, with address, time, robots decision, certificate;
                   for rendered pages also the screenshot. Open it with any WARC player (replayweb.page, pywb).
posting.json       what was read from it            assessment.json  why it was flagged, each point with its span
revisions.json     every version that was seen      decisions.json   who decided what, when and why
report.json        the crawl run it comes from      custody.json     the audit log's entries about this item, and its head
manifest.json      where each file comes from, and the digests of the run partition

To verify, with nothing of ours:

    sha256sum -c SHA256SUMS            every file is as it was packed
    gzip -t item.warc.gz               the archive is whole
    warcio check -v item.warc.gz       every block and payload matches its digest (pip install warcio)

The SHA-256 of this archive itself stands in LureWatch's audit log. `lurewatch users audit --anchor NUMBER:HASH` with the head in
custody.json tells whether that log was changed since.
"""


class EvidenceError(Exception):
    """Evidence is missing or damaged; the message names the file and what to do."""


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A finished pack."""

    item_id: str
    content: bytes
    """The zip archive."""
    sha256: str
    records: int
    """WARC records in it."""


def pack(engine: Engine, record: Record, *, now: datetime, by: str) -> Packed:
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
        "user_agent": report.user_agent,
        "tools": {name: version(name) for name in ("lurewatch", "scrapy", "warcio")},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    files["manifest.json"] = _json(manifest)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    content = _zipped(files, f"lurewatch-evidence-{record.id}", now)
    digest = hashlib.sha256(content).hexdigest()
    with writing(engine) as connection:
        audit.append(connection, at=now, actor=by, action="evidence_packed", subject=record.id, detail={"sha256": digest})
    return Packed(item_id=record.id, content=content, sha256=digest, records=len(kinds))


def _home(partition: str, capture: Capture) -> str:
    """Return the partition that holds the record: an earlier one of the source when the page had not changed since."""
    return partition if capture.run is None else f"{partition.rstrip('/').rpartition('/')[0]}/{capture.run}"


def _records(partition: str, report: Report, capture: Capture) -> tuple[bytes, list[str]]:
    """Return the gzip members that belong to a capture, unchanged, and their kinds; the partition's digest is checked first."""
    wanted = {capture.record_id, capture.screenshot, capture.rendered} - {None}
    members, kinds, payload = [], [], None
    with tempfile.TemporaryFile() as local:
        _fetched(partition, report, local)
        for at, length, kind, headers, body in _walk(local):
            if headers.get("WARC-Record-ID") not in wanted and headers.get("WARC-Concurrent-To") != capture.record_id:
                continue
            if headers.get("WARC-Record-ID") == capture.record_id:
                payload = body
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


def _fetched(partition: str, report: Report, local: Any) -> None:
    """Copy the captures here and check their digest against the sealed report."""
    digest = hashlib.sha256()
    try:
        with fsspec.open(f"{partition.rstrip('/')}/{CAPTURES}", "rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                local.write(chunk)
    except OSError as exc:
        raise EvidenceError(f"{partition}/{CAPTURES}: cannot be read ({exc}); restore it from backup or crawl again") from exc
    if report.digests.get(CAPTURES) not in (None, digest.hexdigest()):
        raise EvidenceError(
            f"{partition}/{CAPTURES}: was changed after {REPORT} was sealed; restore it from backup or crawl again"
        )
    local.seek(0)


def _walk(local: Any) -> Iterator[tuple[int, int, str, dict[str, str], str]]:
    """Yield (offset, length, kind, headers, SHA-256 of the payload) of every record."""
    found = ArchiveIterator(local)
    for record in found:
        body = hashlib.sha256(record.content_stream().read()).hexdigest()
        headers = dict(record.rec_headers.headers)
        yield found.get_record_offset(), found.get_record_length(), record.rec_type, headers, body


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


def written(packed: Packed, into: Path) -> Path:
    """Write a pack to a folder, whole or not at all; return its path."""
    into.mkdir(parents=True, exist_ok=True)
    target = into / f"lurewatch-evidence-{packed.item_id}.zip"
    part = target.with_suffix(".part")
    part.write_bytes(packed.content)
    part.chmod(0o444)
    part.replace(target)
    return target
