"""One run's folder, `runs/<source>/<run id>/`, on any fsspec address; sealed by its report, never changed after.

A partition holds ``postings.jsonl.zst``, ``captures.warc.gz``, ``rejects.jsonl.zst`` and ``report.json``. The report is
written last and atomically: a folder without one is not a run. Stages hand on the address, never the data.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import fsspec
import msgspec
import zstandard

from crawlers.errors import PartitionError
from crawlers.frontier.list_coverage import ListCoverage
from crawlers.items import Posting, Reject

State = Literal["ok", "empty", "blocked", "changed", "partial", "failed"]
POSTINGS, CAPTURES, REJECTS, REPORT = "postings.jsonl.zst", "captures.warc.gz", "rejects.jsonl.zst", "report.json"


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """What kept pages from being read: the first address it happened at, and how often it did."""

    outcome: str
    """``block/<reason>``, ``robots``, ``robots/unreachable``, ``http/<status>``, ``error/<name>``, ``changed``,
    ``changed/no_preview`` or ``ended/<limit>``."""
    url: str = ""
    """Where it was met; empty when it is no matter of one address."""
    detail: str = ""
    """What was said there (status, rule of robots.txt, error), as text for people."""
    record_id: str = ""
    """WARC-Record-ID in this run's evidence of the answer that refused us."""
    count: int = 1


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
    """Every other silent branch by name (``drop/<reason>``, ``block/<reason>``, ``http/<status>``)."""
    fill_rate: dict[str, float] = {}
    coverage: ListCoverage = ListCoverage()
    """What the lists announced against what of them was seen."""
    causes: tuple[Cause, ...] = ()
    """What kept pages from being read, the gravest first; see ``crawlers/sources/causes.py``."""
    digests: dict[str, str] = {}
    """SHA-256 of each file of the partition, hex."""
    user_agent: str = ""
    versions: dict[str, str] = {}
    """SHA-256 of what the run was made by, hex: ``source`` the text of its source file, ``lures`` the files of the lexicon."""
    resumed: int = 0
    """How often this run was picked up again after its process died."""
    warnings: tuple[str, ...] = ()
    """What the operator should know although the state does not change for it."""

    @property
    def reconciles(self) -> bool:
        """Whether every item seen is accounted for."""
        return self.fetched == self.parsed + sum(self.rejected.values()) + self.duplicate


def address_of(runs: str, source: str, run_id: str) -> str:
    """Return the address of a run's partition, absolute and with its protocol, as :func:`partitions` lists it."""
    fs, root = fsspec.url_to_fs(runs)
    return str(fs.unstrip_protocol(f"{root.rstrip('/')}/{source}/{run_id}"))


def put_file(address: str, name: str, chunks: Iterable[bytes]) -> str:
    """Write one file of a partition, whole or not at all; return its SHA-256, hex.

    On a file system: temporary name beside it, fsync, rename, fsync of the folder. An object store takes objects whole; one
    cut off by a failure belongs to a folder without a report, which is not a run. Raises OSError (disk full, no permission).
    """
    fs, folder = fsspec.url_to_fs(address)
    digest = hashlib.sha256()
    if not is_local(fs):
        with fs.open(f"{folder}/{name}", "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
        return digest.hexdigest()
    target = Path(folder) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{name}.part")
    try:
        with part.open("wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o444)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return digest.hexdigest()


def is_sealed(address: str) -> bool:
    """Whether the partition has its report: from then on nothing in it changes."""
    fs, folder = fsspec.url_to_fs(address)
    return bool(fs.exists(f"{folder}/{REPORT}"))


def is_local(fs: fsspec.AbstractFileSystem) -> bool:
    """Whether ``fs`` is this machine's file system."""
    return "file" in ((fs.protocol,) if isinstance(fs.protocol, str) else fs.protocol)


def read_report(address: str) -> Report:
    """Return the report of the partition at ``address``; raise PartitionError when it is not sealed."""
    try:
        with fsspec.open(f"{address.rstrip('/')}/{REPORT}", "rb") as file:
            return msgspec.json.decode(file.read(), type=Report)
    except FileNotFoundError as exc:
        raise PartitionError(f"{address}: no {REPORT}, so the run never finished; run `lurewatch crawl` again") from exc
    except msgspec.DecodeError as exc:
        raise PartitionError(f"{address}/{REPORT}: not a report ({exc}); run `lurewatch crawl` again") from exc


def read_postings(address: str) -> Iterator[Posting]:
    """Yield the postings of a sealed partition in the order they were written."""
    read_report(address)
    decoder = msgspec.json.Decoder(Posting)
    for line in _lines(f"{address.rstrip('/')}/{POSTINGS}"):
        yield decoder.decode(line)


def read_rejects(address: str) -> Iterator[Reject]:
    """Yield what a sealed partition saw and did not keep."""
    read_report(address)
    decoder = msgspec.json.Decoder(Reject)
    for line in _lines(f"{address.rstrip('/')}/{REJECTS}"):
        yield decoder.decode(line)


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
    """Delete a partition, its report last: cut off in between it is still a run, and the same call again completes it."""
    fs, folder = fsspec.url_to_fs(address)
    if not fs.exists(folder):
        return
    names = [path.rstrip("/").rsplit("/", 1)[-1] for path in fs.ls(folder, detail=False)]
    for name in sorted(names, key=lambda name: name == REPORT):
        fs.rm_file(f"{folder}/{name}")
    if is_local(fs):
        Path(folder).rmdir()
        _sync_folder(Path(folder).parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(address: str) -> Iterator[bytes]:
    with fsspec.open(address, "rb") as file, zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as data:
        rest = b""
        while chunk := data.read(1 << 20):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line for line in lines if line)
        if rest:
            yield rest
