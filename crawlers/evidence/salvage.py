"""Checks the files of a sealed partition, and recovers its postings when a file is damaged.

A line of a damaged file counts only when the kept pages, or the run it was taken over from, confirm it: a flipped byte may leave
readable text that says something else. Postings without a readable line are read again from the kept pages.
"""

import contextlib
import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
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
        with _noting(faults, address):
            if noted and not _is_noted(address, noted):
                faults.append(f"{REPORT} is not the one the ledger noted")
            report = own_report(address)
            signer_of(address, report_bytes(address), signers, noted)
            if not report.reconciles and report.state != "failed":
                faults.append(f"{REPORT}: its counts do not add up, as those of no sealed run do")
            with _noting(faults, address):
                readable = sum(1 for _ in read_postings(address))
            with _noting(faults, address):
                deque(read_rejects(address) if REJECTS in report.digests else (), maxlen=0)
            faults += _capture_faults(address, report, whole=captures)
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

    def result(self) -> Salvage:
        lines = self._lines()
        if not self._is_whole(POSTINGS):
            lines = filter(None, map(self._confirm_posting, lines))
        found = {posting.id: posting for posting in lines}
        confirmed, parsed = len(found), self._report.parsed
        for posting in self._read_again() if confirmed < parsed else ():
            if len(found) < parsed:
                found.setdefault(posting.id, posting)
        lost = max(0, parsed - len(found))
        return Salvage(report=self._report, postings=tuple(found.values()), derived=len(found) - confirmed, lost=lost)

    def _is_whole(self, name: str) -> bool:
        """Whether a file is as it was sealed."""
        with contextlib.suppress(FileNotFoundError):
            return _digest(f"{self._address}/{name}") == self._report.digests.get(name)
        return False

    @cached_property
    def _pages(self) -> dict[str, KeptPage]:
        with contextlib.suppress(PartitionError):
            if not self._signers or self._is_whole(CAPTURES):
                return {page.record_id: page for page in kept_pages(file_bytes(self._address, CAPTURES))}
        return {}

    @cached_property
    def _readings(self) -> dict[str, list[Posting]]:
        """What is read again in each kept page, by its record id."""
        return {name: list(candidates([page], self._report.source, self._source)) for name, page in self._pages.items()}

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
        own = [page for name, page in self._pages.items() if name == (capture.rendered or capture.record_id)]
        for beside in (False, True):
            pages = own + [page for page in self._pages.values() if beside and page not in own and page.names(posting)]
            readings = [read for page in pages for read in self._readings[page.record_id] if read.id == posting.id]
            if readings and not differences(posting, readings):
                # Whatever else its line says may be what was damaged.
                others = {name: getattr(readings[0], name) for name in _READ_ANEW}
                return self._point_at_capture(msgspec.structs.replace(posting, **others), pages[0])
            if pages and not readings and _has_own_id(posting) and not any(absences(posting, pages)):
                return self._point_at_capture(msgspec.structs.replace(posting, contacts=(), links=()), pages[0])
        return None

    def _postings_of(self, run: str) -> dict[str, Posting]:
        if run not in self._earlier:
            address = f"{self._address.rpartition('/')[0]}/{run}"
            self._earlier[run] = {}
            with contextlib.suppress(PartitionError, OSError):
                signer_of(address, report_bytes(address), self._signers)
                self._earlier[run] = {posting.id: posting for posting in read_postings(address)}
        return self._earlier[run]

    def _read_again(self) -> Iterator[Posting]:
        """Yield the postings that the pages give, pages of one advert before lists."""
        replaced = {page.beside for page in self._pages.values() if page.kind == "conversion"}
        for name, read in sorted(self._readings.items(), key=lambda item: len({posting.id for posting in item[1]}) != 1):
            if name not in replaced:
                yield from (self._point_at_capture(posting, self._pages[name]) for posting in read)

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


def _digest(address: str) -> str:
    with fsspec.open(address, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _capture_faults(address: str, report: Report, *, whole: bool) -> Iterator[str]:
    fs, folder = fsspec.url_to_fs(address)
    if CAPTURES not in report.digests:
        return
    if not fs.exists(f"{folder}/{CAPTURES}"):
        yield f"{CAPTURES}: is missing"
    elif whole and _digest(f"{address.rstrip('/')}/{CAPTURES}") != report.digests[CAPTURES]:
        yield f"{CAPTURES}: not as it was sealed, its SHA-256 differs from {REPORT}"


@contextlib.contextmanager
def _noting(faults: list[str], address: str) -> Iterator[None]:
    """Note what is wrong with a partition, without the address and the fix."""
    try:
        yield
    except PartitionError as exc:
        faults.append(str(exc).removeprefix(f"{address.rstrip('/')}/").removeprefix(f"{address}: ").rpartition("; ")[0])
