"""Checks the files of a sealed partition, and recovers its postings when a file is damaged.

A line of a damaged file counts only when the kept pages, or the run it was taken over from, confirm it: a flipped byte may leave
readable text that says something else. Postings without a readable line are read again from the kept pages.
"""

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import fsspec
import msgspec
import zstandard

from crawlers.evidence.kept_pages import KeptPage, absences, candidates, differences, kept_pages
from crawlers.evidence.partition import (
    CAPTURES,
    POSTINGS,
    REJECTS,
    REPORT,
    NotedReport,
    Report,
    file_bytes,
    is_local,
    is_sealed,
    own_report,
    partitions,
    read_postings,
    read_rejects,
    report_bytes,
    source_and_run,
    unpacked_lines,
)
from crawlers.evidence.run_signature import signer_of
from crawlers.items import Capture, Posting, posting_id
from foundation.crawl_errors import PartitionError

if TYPE_CHECKING:
    from crawlers.sources.source import Source

_READ_ANEW = ("contacts", "links", "posted_at", "posted_at_raw", "valid_through")
_STEP = 64
"""Bytes of a damaged file that are unpacked at once: a damaged byte loses its whole step."""


class PartitionCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Result of checking a sealed partition; it is sound when ``faults`` is empty."""

    address: str
    faults: tuple[str, ...] = ()
    """One line for each faulty file: its name and the fault."""
    parsed: int = 0
    """Postings that its report counts; 0 when the report cannot be read."""
    readable: int = 0
    """Postings that can be recovered."""
    loadable: bool = False
    """Whether report and postings are as they were sealed, and only another file is damaged."""

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.address}: {'; '.join(self.faults)}; {self.readable} of {self.parsed} postings can be read"


class Salvage(msgspec.Struct, frozen=True, kw_only=True):
    """The postings recovered from a damaged partition."""

    report: Report
    """Its own report, or the noted one."""
    postings: tuple[Posting, ...] = ()
    derived: int = 0
    """Of these, read again from the kept pages."""
    lost: int = 0
    """Postings that the report counts and that were not recovered."""


def check_partition(
    address: str, noted: NotedReport | None = None, *, captures: bool = True, signers: bytes = b""
) -> PartitionCheck:
    """Compare every file of a sealed partition with its report, and the report with the ``noted`` one.

    ``captures`` False only asks whether the WARC is there; ``signers`` lists the keys that may have signed it.
    Raises OSError when the storage does not answer.
    """
    faults: list[str] = []
    report, readable = None, 0
    try:
        if noted and not _is_noted(address, noted):
            faults.append(f"{REPORT} is not the one the ledger noted")
        report = own_report(address)
        signer_of(address, report_bytes(address), signers, noted)
        if not report.reconciles and report.state != "failed":
            faults.append(f"{REPORT}: its counts do not add up, as those of no sealed run do")
        readable = _read(lambda: read_postings(address), address, faults)
        if REJECTS in report.digests:
            _read(lambda: read_rejects(address), address, faults)
        faults += _capture_faults(address, report, whole=captures)
    except PartitionError as exc:
        faults.append(_describe_fault(exc, address))
    except OSError as exc:
        if not is_local(fsspec.url_to_fs(address)[0]):
            raise
        faults.append(f"a file of it cannot be read ({exc.strerror})")
    loadable = report is not None and not any(fault.startswith((REPORT, POSTINGS)) for fault in faults)
    parsed = noted.report.parsed if noted else report.parsed if report else 0
    if faults and readable != parsed:
        with contextlib.suppress(PartitionError, OSError):
            readable = len(salvage(address, noted, signers=signers).postings)
    return PartitionCheck(address=address, faults=tuple(faults), parsed=parsed, readable=readable, loadable=loadable)


def damaged_partitions(
    runs: str, noted: Mapping[str, NotedReport], also: Iterable[str] = (), *, signers: bytes = b""
) -> Iterator[PartitionCheck]:
    """Yield the check of each damaged partition under ``runs``, and of those in ``also``.

    ``noted`` holds reports by ``<source>/<run id>``; a folder of these without a report any more is damaged. The WARC of a
    partition in an object store, which keeps checksums itself, is not read. Raises OSError when the storage does not answer.
    """
    fs, root = fsspec.url_to_fs(runs)
    folders = (str(fs.unstrip_protocol(f"{root.rstrip('/')}/{name}")) for name in noted)
    unsealed = (address for address in folders if fs.exists(fsspec.url_to_fs(address)[1]) and not is_sealed(address))
    for address in sorted({*partitions(runs), *also, *unsealed}):
        found = check_partition(address, noted.get("/".join(source_and_run(address))), captures=is_local(fs), signers=signers)
        if found.faults:
            yield found


def salvage(address: str, noted: NotedReport | None = None, source: "Source | None" = None, *, signers: bytes = b"") -> Salvage:
    """Return the postings that can be recovered from a damaged partition.

    Where runs are signed (``signers``), only what the digests of the report bear out confirms anything: lines and pages that were
    changed together would confirm each other. Raises PartitionError when its report cannot be read and nothing was ``noted``.
    """
    try:
        report = noted.report if noted and not _is_noted(address, noted) else own_report(address)
    except PartitionError:
        if noted is None:
            raise
        report = noted.report
    return _Salvaging(address, report, source, signers).result()


def _is_noted(address: str, noted: NotedReport) -> bool:
    return hashlib.sha256(report_bytes(address)).hexdigest() == noted.sha256


class _Salvaging:
    def __init__(self, address: str, report: Report, source: "Source | None", signers: bytes) -> None:
        self._address, self._report, self._source, self._signers = address.rstrip("/"), report, source, signers
        self._earlier: dict[str, dict[str, Posting]] = {}
        self._read: dict[str, list[Posting]] = {}

    @cached_property
    def _has_whole_postings(self) -> bool:
        """Whether the postings are as they were sealed, and only another file is damaged."""
        return self._is_whole(POSTINGS)

    def _is_whole(self, name: str) -> bool:
        with contextlib.suppress(PartitionError):
            return hashlib.sha256(file_bytes(self._address, name)).hexdigest() == self._report.digests.get(name)
        return False

    @cached_property
    def _pages(self) -> dict[str, KeptPage]:
        if self._signers and not self._is_whole(CAPTURES):
            return {}
        with contextlib.suppress(PartitionError):
            return {page.record_id: page for page in kept_pages(file_bytes(self._address, CAPTURES))}
        return {}

    def result(self) -> Salvage:
        lines = list(self._lines())
        if not self._has_whole_postings:
            lines = [confirmed for posting in lines if (confirmed := self._confirm_posting(posting)) is not None]
        missing = self._report.parsed - len(lines)
        again = self._read_again({posting.id for posting in lines}, missing) if missing > 0 else []
        return Salvage(report=self._report, postings=(*lines, *again), derived=len(again), lost=max(0, missing - len(again)))

    def _lines(self) -> Iterator[Posting]:
        """Yield the postings whose lines can be read, up to the first byte that cannot."""
        decoder = msgspec.json.Decoder(Posting)
        with contextlib.suppress(zstandard.ZstdError, PartitionError):
            for line in unpacked_lines(file_bytes(self._address, POSTINGS), _STEP):
                with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                    yield decoder.decode(line)

    def _confirm_posting(self, posting: Posting) -> Posting | None:
        """Return a posting whose line the kept pages confirm; None when they do not."""
        capture = posting.capture
        if posting.source != self._report.source or capture is None:
            return None
        if capture.run is not None:
            known = self._postings_of(capture.run).get(posting.id)
            same = known and (known.title, known.text, known.url) == (posting.title, posting.text, posting.url)
            return posting if same else None
        own = [self._pages[name] for name in (capture.rendered or capture.record_id,) if name in self._pages]
        named = [page for page in self._pages.values() if page not in own and page.text and page.names(posting)]
        confirmed = (self._confirm_by_pages(posting, pages) for pages in (own, own + named) if pages)
        return next(filter(None, confirmed), None)

    def _confirm_by_pages(self, posting: Posting, pages: list[KeptPage]) -> Posting | None:
        readings = [read for page in pages for read in self._readings(page) if read.id == posting.id]
        if readings and not differences(posting, readings):
            # Whatever else its line says may be what was damaged.
            others = {name: getattr(readings[0], name) for name in _READ_ANEW}
            return self._point_at_capture(msgspec.structs.replace(posting, **others), pages[0])
        if not readings and _has_own_id(posting) and not any(absences(posting, pages)):
            return self._point_at_capture(msgspec.structs.replace(posting, contacts=(), links=()), pages[0])
        return None

    def _readings(self, page: KeptPage) -> list[Posting]:
        if page.record_id not in self._read:
            self._read[page.record_id] = list(candidates([page], self._report.source, self._source))
        return self._read[page.record_id]

    def _postings_of(self, run: str) -> dict[str, Posting]:
        if run not in self._earlier:
            address = f"{self._address.rpartition('/')[0]}/{run}"
            self._earlier[run] = {}
            with contextlib.suppress(PartitionError, OSError):
                signer_of(address, report_bytes(address), self._signers)
                self._earlier[run] = {posting.id: posting for posting in read_postings(address)}
        return self._earlier[run]

    def _read_again(self, known: set[str], most: int) -> list[Posting]:
        """Return at most so many postings that no line gives, pages of one advert before lists."""
        found: dict[str, Posting] = {}
        replaced = {page.beside for page in self._pages.values() if page.kind == "conversion"}
        readings = []
        for page in self._pages.values():
            if page.text and page.record_id not in replaced:
                read = {posting.id: posting for posting in self._readings(page)}
                readings.append((len(read) != 1, page, read))
        for _, page, read in sorted(readings, key=lambda reading: reading[0]):
            for posting in read.values():
                if posting.id not in known and len(found) < most:
                    found.setdefault(posting.id, self._point_at_capture(posting, page))
        return list(found.values())

    def _point_at_capture(self, posting: Posting, page: KeptPage) -> Posting:
        response = self._pages.get(page.beside, page) if page.kind == "conversion" else page
        beside = [other for other in self._pages.values() if other.beside == response.record_id and other.kind == "resource"]
        capture = Capture(
            record_id=response.record_id,
            sha256=response.sha256,
            screenshot=beside[0].record_id if beside else None,
            rendered=page.record_id if page is not response else None,
            captured_at=response.at,
        )
        return msgspec.structs.replace(posting, fetched_at=page.at, capture=capture)


def _has_own_id(posting: Posting) -> bool:
    """Whether a posting's id is that of its address or its site's own id: no byte of them was damaged."""
    return posting.id in {posting_id(posting.source, name) for name in (posting.url, posting.native_id) if name}


def _read(rows: Callable[[], Iterator[object]], address: str, faults: list[str]) -> int:
    """Return how many rows can be read; note what is wrong where not all can."""
    count = 0
    try:
        for _ in rows():
            count += 1
    except PartitionError as exc:
        faults.append(_describe_fault(exc, address))
    return count


def _capture_faults(address: str, report: Report, *, whole: bool) -> Iterator[str]:
    fs, folder = fsspec.url_to_fs(address)
    if not fs.exists(f"{folder}/{CAPTURES}"):
        if CAPTURES in report.digests:
            yield f"{CAPTURES}: is missing"
        return
    if not whole or CAPTURES not in report.digests:
        return
    with fs.open(f"{folder}/{CAPTURES}", "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != report.digests[CAPTURES]:
        yield f"{CAPTURES}: not as it was sealed, its SHA-256 differs from {REPORT}"


def _describe_fault(exc: PartitionError, address: str) -> str:
    """Return an error's text without the address and the fix."""
    return str(exc).removeprefix(f"{address.rstrip('/')}/").removeprefix(f"{address}: ").rpartition("; ")[0]
