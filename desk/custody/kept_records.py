"""Reads the WARC records of a capture, byte for byte, from partitions that match the ledger."""

import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from typing import Any

import fsspec
import msgspec
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence.kept_pages import KeptPage, kept_pages
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT, Report, read_postings, read_report, report_bytes
from crawlers.evidence.run_signature import signer_of
from crawlers.items import Capture, Posting
from desk.custody.sealed_partitions import PartitionNote, file_faults, report_fault, subject_of
from desk.refusals import DeskRefusal
from foundation.crawl_errors import CrawlError, PartitionError
from foundation.messages import _, join

RESTORE = _("restore it from backup or crawl again")


class EvidenceError(DeskRefusal):
    """Evidence is missing or damaged; the message names the file and what to do."""


class KeptRecords(msgspec.Struct, frozen=True, kw_only=True):
    """Records as they lie in a WARC."""

    content: bytes
    """Their gzip members, unchanged, one behind the other."""
    kinds: tuple[str, ...]


class SealedPartitions:
    """Partitions that match the ledger: each is compared with it and with its own digests when first used; where ``signers`` are
    given, one of these keys must have signed it."""

    def __init__(self, notes: Mapping[str, PartitionNote], signers: bytes | None = None) -> None:
        self._notes, self._signers = notes, signers
        self._reports: dict[str, Report] = {}
        self.used: dict[str, PartitionNote] = {}
        """The partitions used so far, by ``<source>/<run id>``."""

    def report(self, address: str) -> Report:
        """Return the report of a partition; raise EvidenceError unless the partition is as it was noted."""
        if address not in self._reports:
            self._reports[address] = self._check_report(address)
        return self._reports[address]

    def content_of_report(self, address: str) -> bytes:
        """Return the bytes of a report."""
        self.report(address)
        return report_bytes(address)

    def postings(self, address: str, item: str) -> list[Posting]:
        """Return the postings of an item in a partition."""
        self.report(address)
        try:
            return [posting for posting in read_postings(address) if posting.id == item]
        except PartitionError as exc:
            raise EvidenceError(str(exc)) from exc

    def records(self, address: str, capture: Capture, besides: frozenset[str] = frozenset()) -> KeptRecords:
        """Return the records of a capture and those named ``besides``; each digest is checked."""
        report = self.report(address)
        with _open_file(address, CAPTURES, report) as local:
            return _records(f"{address}/{CAPTURES}", local, report, capture, besides)

    def resources(self, address: str, names: frozenset[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the bodies of these records, by id; each digest is checked."""
        report = self.report(address)
        with _open_file(address, CAPTURES, report) as local:
            for _, _, record, body in _walk(local):
                name = record.rec_headers.get_header("WARC-Record-ID", "")
                if name in names:
                    _check_record(f"{address}/{CAPTURES}", report, record, body)
                    yield name, body

    def captures(self, address: str) -> bytes:
        """Return the WARC of a partition."""
        with _open_file(address, CAPTURES, self.report(address)) as local:
            content: bytes = local.read()
            return content

    def pages(self, address: str) -> Iterator[KeptPage]:
        """Yield the pages a partition kept."""
        with _open_file(address, CAPTURES, self.report(address)) as local:
            if local.seek(0, 2):
                with mmap(local.fileno(), 0, access=ACCESS_READ) as content:
                    yield from kept_pages(content)

    def _check_report(self, address: str) -> Report:
        name = subject_of(address)
        note = self._notes.get(name)
        try:
            content, report = report_bytes(address), read_report(address)
        except PartitionError as exc:
            raise EvidenceError(str(exc)) from exc
        if note is None:
            raise EvidenceError(
                _(
                    "%(run)s: the ledger has no note of this run, so nothing vouches for it; `lurewatch load %(run)s` notes it"
                    " as it is now",
                    run=address,
                )
            )
        if fault := report_fault(note, hashlib.sha256(content).hexdigest()):
            where = join(file_faults(note, report) or [_("its wording")], ", ")
            raise EvidenceError(_("%(fault)s (%(where)s); %(fix)s", fault=join([address, fault], "/"), where=where, fix=RESTORE))
        if self._signers is not None:
            self._require_signature(address, content, note)
        for file in (CAPTURES, POSTINGS, REJECTS):
            if not re.fullmatch("[0-9a-f]{64}", report.digests.get(file, "")):
                named = {"report": f"{address}/{REPORT}", "file": file, "fix": RESTORE}
                told = _("%(report)s: has no digest of %(file)s, so nothing vouches for that file; %(fix)s", **named)
                raise EvidenceError(told)
        for file in (POSTINGS, REJECTS):
            with _open_file(address, file, report):
                pass  # its digest is checked
        self.used[name] = note
        return report

    def _require_signature(self, address: str, content: bytes, note: PartitionNote) -> None:
        try:
            if signer_of(address, content, self._signers or b"", note.noted):
                return
        except CrawlError as exc:
            raise EvidenceError(str(exc)) from exc
        told = _(
            "%(run)s: unsigned, or there is no list run_signers with its key, so it is no evidence; see docs/evidence.md",
            run=address,
        )
        raise EvidenceError(told)


def home_of(partition: str, capture: Capture) -> str:
    """Return the partition that holds the record: an earlier one of the source when the page had not changed since."""
    return partition if capture.run is None else f"{partition.rstrip('/').rpartition('/')[0]}/{capture.run}"


def _records(file: str, local: Any, report: Report, capture: Capture, besides: frozenset[str]) -> KeptRecords:
    wanted = {name for name in (capture.record_id, capture.screenshot, capture.rendered) if name}
    members, kinds, found = [], [], set()
    for at, length, record, body in _walk(local):
        headers = dict(record.rec_headers.headers)
        name, beside = headers.get("WARC-Record-ID", ""), headers.get("WARC-Concurrent-To", "")
        if name not in wanted | besides and beside not in {capture.record_id} | besides:
            continue
        _check_record(file, report, record, body)
        if name == capture.record_id and hashlib.sha256(body).hexdigest() != capture.sha256:
            told = _("%(file)s: the body of %(record)s does not match its digest; crawl again", file=file, record=name)
            raise EvidenceError(told)
        found.add(name)
        members.append((at, length))
        kinds.append(record.rec_type)
    for name in sorted(wanted - found):
        named = {"file": file, "record": name}
        missing = {
            capture.screenshot: _("%(file)s: the screenshot, record %(record)s is not in it; crawl again", **named),
            capture.rendered: _("%(file)s: the rendered page, record %(record)s is not in it; crawl again", **named),
        }
        raise EvidenceError(missing.get(name) or _("%(file)s: record %(record)s is not in it; crawl again", **named))
    parts = []
    for at, length in members:
        local.seek(at)
        parts.append(local.read(length))
    return KeptRecords(content=b"".join(parts), kinds=tuple(kinds))


def _check_record(file: str, report: Report, record: Any, body: bytes) -> None:
    """Check the digests and the collector of a record; raise EvidenceError when one is missing or differs."""
    headers = dict(record.rec_headers.headers)
    name = headers.get("WARC-Record-ID", "")
    named = {"file": file, "record": name, "kind": record.rec_type, "report": REPORT, "fix": RESTORE}
    if record.rec_type == "response" or "WARC-Payload-Digest" in headers:
        kind, _colon, value = headers.get("WARC-Payload-Digest", "").partition(":")
        if (kind, value) != ("sha256", hashlib.sha256(body).hexdigest()):
            if value:
                raise EvidenceError(
                    _("%(file)s: the payload digest of record %(record)s differs from its body; %(fix)s", **named)
                )
            raise EvidenceError(_("%(file)s: the payload digest of record %(record)s is missing; %(fix)s", **named))
    if record.digest_checker.passed is False:
        raise EvidenceError(_("%(file)s: record %(record)s (%(kind)s) does not match its block digest; %(fix)s", **named))
    collector = re.search(rb"^collector: (.*?)\r?$", body, re.MULTILINE) if record.rec_type == "metadata" else None
    if collector and collector[1].decode("utf-8", "replace") != report.user_agent:
        raise EvidenceError(
            _(
                "%(file)s: record %(record)s says it was collected by %(collector)r, %(report)s says the user"
                " agent was %(agent)r; %(fix)s",
                collector=collector[1].decode("utf-8", "replace"),
                agent=report.user_agent,
                **named,
            )
        )


@contextmanager
def _open_file(partition: str, name: str, report: Report) -> Iterator[Any]:
    """Yield a copy of a file of the partition, its digest checked against the sealed report."""
    digest, named = hashlib.sha256(), {"file": f"{partition}/{name}", "report": REPORT, "fix": RESTORE}
    with tempfile.TemporaryFile() as local:
        try:
            with fsspec.open(f"{partition.rstrip('/')}/{name}", "rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                    local.write(chunk)
        except OSError as exc:
            raise EvidenceError(_("%(file)s: cannot be read (%(why)s); %(fix)s", why=exc, **named)) from exc
        if report.digests[name] != digest.hexdigest():
            raise EvidenceError(_("%(file)s: was changed after %(report)s was sealed; %(fix)s", **named))
        local.seek(0)
        yield local


def _walk(local: Any) -> Iterator[tuple[int, int, Any, bytes]]:
    """Yield (offset, length, record, payload) of every record."""
    records = ArchiveIterator(local, check_digests=True)
    for record in records:
        body = record.content_stream().read()
        yield records.get_record_offset(), records.get_record_length(), record, body
