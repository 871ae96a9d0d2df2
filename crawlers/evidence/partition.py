"""One run's folder, `runs/<source>/<run id>/`, on any fsspec address; sealed by its report, never changed after.

A partition holds ``postings.jsonl.zst``, ``captures.warc.gz``, ``rejects.jsonl.zst``, ``report.json`` and its
signature. The report is written last and atomically: a folder without one is not a run. Stages hand on the
address, never the data.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import fsspec
import msgspec
import zstandard

from crawlers.items import Posting, Reject
from foundation.crawl_errors import PartitionDamaged, PartitionError
from foundation.whole_files import sync, writing_whole

State = Literal["ok", "empty", "blocked", "changed", "partial", "failed"]
POSTINGS, CAPTURES, REJECTS, REPORT = "postings.jsonl.zst", "captures.warc.gz", "rejects.jsonl.zst", "report.json"
RESTORE = "restore it from a backup; `lurewatch load PARTITION` loads what can still be read"
Row = TypeVar("Row", bound=msgspec.Struct)


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What kept pages from being read: the first address it happened at, and how often it did."""

    outcome: str
    """``block/<reason>``, ``robots``, ``robots/unreachable``, ``http/<status>``, ``error/<name>``, ``changed``,
    ``changed/no_preview`` or ``ended/<limit>``."""
    url: str = ""
    """Where it was met; empty when it is no matter of one address."""
    detail: str = ""
    """The status, rule of robots.txt or error, as text for people."""
    record_id: str = ""
    """WARC-Record-ID in this run's evidence of the answer that refused us."""
    count: int = 1


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A list that was not read whole."""

    list: str
    """Address of its first page."""
    announced: int | None = None
    """Items the list says it has; None when it does not say."""
    seen: int = 0
    missing: int = 0
    """Items announced and not seen; 0 when that is not known."""
    unread: tuple[str, ...] = ()
    """The first addresses of pages that belong to the list and were not read."""
    unread_pages: int = 0
    cause: str
    """The cause, as a sentence for the operator."""


class ListCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Announced and seen items over all lists of a run."""

    lists: int = 0
    pages: int = 0
    """Pages of lists that were read."""
    announced: int = 0
    """Sum of the totals that lists announce."""
    seen: int = 0
    """Items of those lists that were seen; lists without a total do not count."""
    missing: int = 0
    unread_pages: int = 0
    gaps: tuple[Gap, ...] = ()
    gaps_in_all: int = 0

    @property
    def reason(self) -> str:
        """Why the run did not see all, as text; "" when it did."""
        entries = [_sentence(gap) for gap in self.gaps[:3]]
        more = self.gaps_in_all - len(entries)
        return "; ".join([*entries, *([f"and {more} more lists, see coverage in the report"] if more > 0 else [])])


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did. ``fetched == parsed + sum(rejected.values()) + duplicate`` or the run is ``failed``."""

    source: str
    run_id: str
    state: State
    reason: str = ""
    """Why the state is not ``ok``, in words for the operator."""
    started_at: datetime
    finished_at: datetime
    fetched: int
    """Items seen: every candidate posting that a page showed."""
    parsed: int
    """Postings written to this partition."""
    rejected: dict[str, int] = {}
    duplicate: int = 0
    pages: int = 0
    """Responses kept as evidence."""
    requests: int = 0
    robots_denied: int = 0
    counters: dict[str, int] = {}
    """Counts of everything that is not fetched or kept (``drop/<reason>``, ``block/<reason>``, ``http/<status>``)."""
    fill_rate: dict[str, float] = {}
    coverage: ListCoverage = ListCoverage()
    """What the lists announced, and how much of it was seen."""
    causes: tuple[Cause, ...] = ()
    """What kept pages from being read, the gravest first; see ``crawlers/sources/causes.py``."""
    digests: dict[str, str] = {}
    """SHA-256 of each file of the partition, hex."""
    user_agent: str = ""
    versions: dict[str, str] = {}
    """SHA-256 of what the run was made by, hex: ``source`` the text of its source file, ``lures`` the files of the lexicon,
    ``parser`` the code that read the pages."""
    resumed: int = 0
    """How often this run was picked up again after its process died."""
    warnings: tuple[str, ...] = ()
    """What the operator should know although the state stays the same."""

    @property
    def reconciles(self) -> bool:
        """Whether every item seen is accounted for."""
        return self.fetched == self.parsed + sum(self.rejected.values()) + self.duplicate


class NotedReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was noted of a report outside its partition, when it was sealed or first loaded."""

    sha256: str
    """SHA-256 of the stored report, hex."""
    report: Report
    """The parts of the report that loading needs."""
    at: datetime | None = None
    """When it was noted; None for now."""
    signed_by: str = ""
    """Whose key had signed it by then; empty for one from before signing."""


def address_of(runs: str, source: str, run_id: str) -> str:
    """Return the address of a run's partition, absolute and with its protocol, as :func:`partitions` lists it."""
    fs, root = fsspec.url_to_fs(runs)
    return str(fs.unstrip_protocol(f"{root.rstrip('/')}/{source}/{run_id}"))


def put_file(address: str, name: str, chunks: Iterable[bytes]) -> str:
    """Write one file of a partition, whole or not at all; return its SHA-256, hex.

    On a file system: temporary name beside it, fsync, rename, fsync of the folder. An object store takes only whole objects; a
    folder without a report is no run. Raises OSError (disk full, no permission).
    """
    fs, folder = fsspec.url_to_fs(address)
    digest, where = hashlib.sha256(), f"{folder}/{name}"
    with writing_whole(Path(where), 0o444) if is_local(fs) else fs.open(where, "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def is_sealed(address: str) -> bool:
    """Whether the partition has its report: from then on nothing in it changes."""
    fs, folder = fsspec.url_to_fs(address)
    return bool(fs.exists(f"{folder}/{REPORT}"))


def is_local(fs: fsspec.AbstractFileSystem) -> bool:
    """Whether ``fs`` is this machine's file system."""
    return "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


def report_bytes(address: str) -> bytes:
    """Return the stored bytes of the report of the partition at ``address``; raise PartitionError when there is none."""
    try:
        with fsspec.open(f"{address.rstrip('/')}/{REPORT}", "rb") as file:
            return bytes(file.read())
    except NotADirectoryError as exc:
        raise PartitionError(f"{address}: a file, and a run is a folder; name one such as data/runs/SOURCE/RUN") from exc
    except PermissionError as exc:
        raise PartitionError(f"{address}: may not be read by this user; give it the right to, or name another run") from exc
    except FileNotFoundError as exc:
        fs, folder = fsspec.url_to_fs(address)
        if not fs.exists(folder):
            raise PartitionError(f"{address}: there is no such run; restore it from a backup") from exc
        raise PartitionError(f"{address}: no {REPORT}, so the run never finished; run `lurewatch crawl` again") from exc


def read_report(address: str) -> Report:
    """Return the report of the partition at ``address``; raise PartitionError when it is not sealed."""
    try:
        return msgspec.json.decode(report_bytes(address), type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise PartitionDamaged(f"{address}/{REPORT}: not a report ({exc}); {RESTORE}") from exc


def own_report(address: str) -> Report:
    """Return the report of a partition as ``read_report`` does; raise PartitionDamaged when it is that of another run."""
    report = read_report(address)
    if (report.source, report.run_id) != source_and_run(address):
        raise PartitionDamaged(
            f"{address}/{REPORT}: says that it is run {report.run_id} of {report.source}, so this folder was copied or renamed; "
            "move it out of LUREWATCH_RUNS, and restore what stood here from a backup"
        )
    return report


def reports(runs: str, source: str | None = None) -> Iterator[tuple[str, Report | PartitionError]]:
    """Yield the address of each sealed partition with its report, or with what is wrong with that."""
    for address in partitions(runs, source):
        try:
            yield address, read_report(address)
        except PartitionError as exc:
            yield address, exc


def read_postings(address: str) -> Iterator[Posting]:
    """Yield the postings of a sealed partition in the order they were written.

    Raises PartitionDamaged, before the first is yielded, when the file is not the one that was sealed.
    """
    return _rows(address, POSTINGS, Posting)


def read_rejects(address: str) -> Iterator[Reject]:
    """Yield what a sealed partition saw and did not keep; raises as ``read_postings`` does."""
    return _rows(address, REJECTS, Reject)


def _rows(address: str, name: str, kind: type[Row]) -> Iterator[Row]:
    report, where = read_report(address), f"{address.rstrip('/')}/{name}"
    content = file_bytes(address, name)
    if (wanted := report.digests.get(name)) and hashlib.sha256(content).hexdigest() != wanted:
        raise PartitionDamaged(f"{where}: not as it was sealed, its SHA-256 differs from {REPORT}; {RESTORE}")
    decoder, read = msgspec.json.Decoder(kind), 0
    try:
        for line in unpacked_lines(content):
            yield decoder.decode(line)
            read += 1
    except (zstandard.ZstdError, msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise PartitionDamaged(f"{where}: line {read + 1} cannot be read ({exc}); {RESTORE}") from exc


def file_bytes(address: str, name: str) -> bytes:
    """Return a file of a sealed partition; raise PartitionDamaged when it is not there."""
    try:
        with fsspec.open(f"{address.rstrip('/')}/{name}", "rb") as file:
            return bytes(file.read())
    except FileNotFoundError as exc:
        raise PartitionDamaged(f"{address.rstrip('/')}/{name}: is missing; {RESTORE}") from exc


def unpacked_lines(content: bytes, step: int = 1 << 16) -> Iterator[bytes]:
    """Yield the lines of Zstandard frames, unpacked ``step`` bytes at a time; raise ZstdError where they are cut or damaged."""
    rest = b""
    while True:
        unpacker, at = zstandard.ZstdDecompressor().decompressobj(), 0
        while at < len(content) and not unpacker.eof:
            *lines, rest = (rest + unpacker.decompress(content[at : at + step])).split(b"\n")
            at += step
            yield from (line for line in lines if line)
        if not unpacker.eof:
            raise zstandard.ZstdError("it ends too early")
        if not (content := unpacker.unused_data + content[at:]):
            break
    if rest:
        yield rest


def partitions(runs: str, source: str | None = None) -> list[str]:
    """Return the addresses of all sealed partitions under ``runs``, oldest first within each source."""
    fs, root = fsspec.url_to_fs(runs)
    pattern = f"{root}/{source or '*'}/*/{REPORT}"
    return [fs.unstrip_protocol(path.rsplit("/", 1)[0]) for path in sorted(fs.glob(pattern))]


def source_and_run(address: str) -> tuple[str, str]:
    """Return the source and the run id that the address of a partition ends in."""
    source, run_id = address.rstrip("/").rsplit("/", 2)[-2:]
    return source, run_id


def remove(address: str) -> None:
    """Delete a partition, its report last: after an interruption the same call completes it."""
    fs, folder = fsspec.url_to_fs(address)
    if not fs.exists(folder):
        return
    names = [path.rstrip("/").rsplit("/", 1)[-1] for path in fs.ls(folder, detail=False)]
    for name in sorted(names, key=lambda name: name == REPORT):
        fs.rm_file(f"{folder}/{name}")
    if is_local(fs):
        Path(folder).rmdir()
        sync(Path(folder).parent)


def _sentence(gap: Gap) -> str:
    url = "".join(letter for letter in gap.list if letter.isprintable())[:200]
    said = f"the list {url} announces {gap.announced}, {gap.seen} were seen, {gap.missing} are missing" if gap.missing else ""
    pages = f"{gap.unread_pages} {'page' if gap.unread_pages == 1 else 'pages'} of it not read" if gap.unread_pages else ""
    if not said:
        said = f"the list {url} was not read whole"
    return " ".join([", ".join(filter(None, (said, pages))), f"({gap.cause})"])
