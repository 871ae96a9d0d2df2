"""The evidence of one item in one archive that anybody can check without our code.

The WARC records are copied byte for byte from the run partition, which must match the ledger and the index: no pack is made
from changed evidence. File names inside never come from a page.
"""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, insert

from crawlers.evidence.partition import is_sealed
from crawlers.sources.source import Source
from desk.cases.case_decisions import cases
from desk.custody import audit
from desk.custody.kept_records import EvidenceError, SealedPartitions, home_of
from desk.custody.origin import Origin, trace
from desk.custody.pack_summary import notices_of, sightings_of, write_summary
from desk.custody.sealed_partitions import partition_notes, subject_of
from desk.database import writing
from desk.tables import evidence_packs
from foundation.messages import _
from index.base import Record

README = """Evidence of one item, packed by LureWatch.

dossier.html       a summary to be read: what was published, captured, decided, told to whom, and who handled it
item.warc.gz       the request and response as they went over the wire, with address, time, robots decision, certificate;
                   for rendered pages also the screenshot. Open it with any WARC player (replayweb.page, pywb).
posting.json       what was read from it            assessment.json  why it was flagged, each point with its span
revisions.json     every version that was seen      decisions.json   who decided what, when and why
marks.json         what people said of single reasons: that one is not so (struck), that it is (upheld), or no more (withdrawn)
notices.json       every notice about it and what took it back: its words, who approved it, for which recipient, what became of it
sightings.json     what stood at its address after each notice, and sighting-NUMBER.warc.gz the answer that proves it
report.json        the crawl run it comes from      custody.json     entries of the audit log on this item and its runs; its head
manifest.json      where each file comes from, the digests of the run partition, when the ledger noted them (noted_at: what was
                   changed before that moment the ledger cannot tell), and how the posting was derived from item.warc.gz again

Step 1. Verify the files, with nothing of ours:

    sha256sum -c SHA256SUMS            every file matches the digests that travel with it
    gzip -t item.warc.gz               the archive is whole
    warcio check -v item.warc.gz       every block and payload matches its digest (pip install warcio)

Step 1 finds damage. It does not find forgery: whoever changes a file can compute all of these digests again.

Step 2. Check the archive against the ledger of the desk that packed it. The desk noted the SHA-256 of this zip archive in its
audit log, which is a chain of hashes, before anybody received the archive. So ask that desk, by a way you know without this
archive (not by an address that stands in it):

    sha256sum THIS_ARCHIVE.zip                       compute it yourself, and send the result
    lurewatch evidence verify THIS_ARCHIVE.zip       the desk runs this and sends you all it prints

VERIFIED (exit 0): its ledger knows exactly this archive, and the runs it was made from say the same. LEDGER ONLY (exit 3): the
ledger knows it, but a run is not there any more, so that records and posting were not compared with it. NOT VERIFIED (exit 1):
what differs is named.

The desk's answer must name the same SHA-256, the same item, and the head in custody.json (`head`, NUMBER:HASH). An archive whose
SHA-256 or head the ledger does not know was not packed by this desk, or was changed since: do not rely on it.

Step 3. Check the ledger itself. Later archives, takedown lists and weekly mails of the desk carry later heads. Keep this archive:
with `lurewatch users audit --anchor NUMBER:HASH` and its head anybody can ask the desk to prove that the log was not rewritten.
"""


class EvidencePack(msgspec.Struct, frozen=True, kw_only=True):
    """A finished pack."""

    item_id: str
    content: bytes
    """The zip archive."""
    sha256: str
    records: int
    """WARC records in it."""


def pack(
    engine: Engine, record: Record, *, now: datetime, by: str, signers: bytes, source: Source | None = None, seeds: str = ""
) -> EvidencePack:  # fmt: skip
    """Return the archive of one item, noted in the audit log before anybody gets it; raise EvidenceError otherwise.

    ``source`` says how its pages are read, ``seeds`` which commit is in force,
    ``signers`` whose keys sign runs. The captures are read and the archive is made
    without the writers' lock, which is held for the note alone.
    """
    if record.posting.capture is None:
        named = {"item": record.id, "name": record.posting.source}
        raise EvidenceError(_("%(item)s: no capture was kept with this revision; crawl %(name)s again", **named))
    with engine.connect() as connection:
        sealed = SealedPartitions(partition_notes(connection), signers)
    origin = trace(sealed, record, source)
    captured = _captured_records(sealed, record, origin)
    with engine.connect() as connection:
        case = cases(connection, [record.id])[record.id]
        custody: dict[str, Any] = {
            "entries": list(audit.entries(connection, subject=record.id)),
            "partitions": [note.entry for _, note in sorted(sealed.used.items())],
            "head": audit.head(connection),
        }
        notices = notices_of(connection, record.id)
        seen, proofs = sightings_of(connection, record.id)
    files = {
        "README.txt": README.encode(), "item.warc.gz": captured.content, "posting.json": _json(record.posting),
        "assessment.json": _json(record.assessment), "revisions.json": _json(record.revisions),
        "decisions.json": _json(case.history), "marks.json": _json(case.marks),
        "report.json": sealed.content_of_report(origin.home), "custody.json": _json(custody), "notices.json": _json(notices),
        "sightings.json": _json(seen), **proofs,
    }  # fmt: skip
    manifest: dict[str, Any] = {
        "item": record.id,
        "packed_at": now.isoformat(),
        "packed_by": by,
        "seeds": {"run": sealed.report(origin.home).versions.get("seeds"), "now": seeds or None},
        "partition": origin.home,
        "seen_again_in": record.partition,
        "partition_digests": sealed.report(origin.home).digests,
        "ledger": {
            name: {"entry": note.entry.seq, "noted_at": note.entry.at, "report_sha256": note.noted.sha256}
            for name, note in sorted(sealed.used.items())
        },
        "derivation": origin.derivation,
        "revisions_not_compared": origin.unchecked,
        "capture": msgspec.to_builtins(origin.shown.capture),
        "warc_records": captured.kinds,
        "pictures_not_packed": captured.lacking,
        "user_agent": sealed.report(origin.home).user_agent,
        "tools": {name: version(name) for name in ("lurewatch", "scrapy", "warcio")},
    }
    files["dossier.html"] = write_summary(record, case, notices, seen, manifest, custody["entries"])
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files["manifest.json"] = _json(manifest)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    content = zip_files(files, f"lurewatch-evidence-{record.id}", now)
    digest, head = hashlib.sha256(content).hexdigest(), custody["head"]
    with writing(engine) as connection:
        values = {"item_id": record.id, "sha256": digest, "audit_head": head, "packed_by": by, "packed_at": now}
        connection.execute(insert(evidence_packs).values(values))
        detail: dict[str, object] = {
            "sha256": digest, "audit_head": head, "partition": subject_of(origin.home),
            "report_sha256": sealed.used[subject_of(origin.home)].noted.sha256,
            "warc_sha256": hashlib.sha256(captured.content).hexdigest(),
        }  # fmt: skip
        audit.append(connection, at=now, actor=by, action="evidence_packed", subject=record.id, detail=detail)
    return EvidencePack(item_id=record.id, content=content, sha256=digest, records=len(captured.kinds))


class _CaptureSet(msgspec.Struct, frozen=True, kw_only=True):
    content: bytes
    kinds: list[str]
    lacking: list[str]
    """Addresses of pictures whose run is gone."""


def _captured_records(sealed: SealedPartitions, record: Record, origin: Origin) -> _CaptureSet:
    """Return the records that prove an item: its words, the notice that it is gone, and its pictures."""
    assert origin.shown.capture is not None and record.posting.capture is not None
    results = [sealed.records(origin.home, origin.shown.capture, origin.besides)]
    notice_home = home_of(record.partition, record.posting.capture)
    if (notice_home, record.posting.capture.record_id) != (origin.home, origin.shown.capture.record_id):
        results.append(sealed.records(notice_home, record.posting.capture))
    lacking = []
    for media in record.posting.media:
        if media.capture is None:
            continue
        home = home_of(record.partition, media.capture)
        if is_sealed(home):
            results.append(sealed.records(home, media.capture))
        else:
            lacking.append(media.url)
    kinds = [kind for records in results for kind in records.kinds]
    return _CaptureSet(content=b"".join(records.content for records in results), kinds=kinds, lacking=lacking)


def _json(value: Any) -> bytes:
    plain = msgspec.to_builtins(value)
    return (json.dumps(plain, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def zip_files(files: dict[str, bytes], folder: str, now: datetime) -> bytes:
    """Return a zip whose bytes depend on its content alone; the WARC, packed already, is only stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=now.timetuple()[:6])
            entry.external_attr = 0o444 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def write_pack(packed: EvidencePack, into: Path) -> Path:
    """Write a pack to a folder, whole or not at all; return its path."""
    into.mkdir(parents=True, exist_ok=True)
    target = into / f"lurewatch-evidence-{packed.item_id}.zip"
    part = target.with_suffix(".part")
    part.write_bytes(packed.content)
    part.chmod(0o444)
    part.replace(target)
    return target
