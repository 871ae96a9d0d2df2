"""Sealed run partitions in a backup: a line for each, with the digest of its report, and on demand their files."""

from collections.abc import Iterator
from typing import IO

import fsspec
import msgspec

from crawlers.evidence.partition import REPORT, partitions, put_file
from lurewatch.app.backup.archive import BackupError, BackupReader, BackupWriter, file_digest

LIST = "partitions.jsonl"


class PartitionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed partition as a backup names it."""

    name: str
    """``<source>/<run id>``, below the folder of runs."""
    address: str
    """Where it lay when the backup was made."""
    report_sha256: str
    """SHA-256 of its report, which holds the digests of its other files; hex."""


def partition_lines(runs: str) -> Iterator[PartitionLine]:
    """Yield all sealed partitions under ``runs``."""
    for address in partitions(runs):
        with fsspec.open(f"{address}/{REPORT}", "rb") as file:
            digest = file_digest(file.read)
        yield PartitionLine(name="/".join(address.rsplit("/", 2)[1:]), address=address, report_sha256=digest)


def add_files(writer: BackupWriter, line: PartitionLine) -> None:
    """Add the files of a partition, its report last, so that a restore seals it last."""
    fs, folder = fsspec.url_to_fs(line.address)
    names = [path.rstrip("/").rsplit("/", 1)[-1] for path in fs.ls(folder, detail=False)]
    for name in sorted((name for name in names if not name.endswith(".part")), key=lambda name: (name == REPORT, name)):
        with fs.open(f"{folder}/{name}", "rb") as file:
            writer.add(f"partitions/{line.name}/{name}", file, fs.size(f"{folder}/{name}"))


def lines_in(reader: BackupReader) -> list[PartitionLine]:
    """Return the partitions a backup names."""
    decoder = msgspec.json.Decoder(PartitionLine)
    with reader.open(LIST) as file:
        return [decoder.decode(line) for line in file]


def absent(lines: list[PartitionLine], runs: str) -> list[PartitionLine]:
    """Return the partitions missing under ``runs``; raise BackupError for one that has another report there."""
    here = {line.name: line for line in partition_lines(runs)}
    for line in lines:
        if line.name in here and here[line.name].report_sha256 != line.report_sha256:
            address = here[line.name].address
            raise BackupError(f"{address}: not the partition of that name in the backup; name another folder in LUREWATCH_RUNS")
    return [line for line in lines if line.name not in here]


def restore_files(reader: BackupReader, line: PartitionLine, runs: str) -> None:
    """Write the files of a partition below ``runs``; its report comes last and seals it."""
    for member in reader.members(f"partitions/{line.name}"):
        with reader.open(member.name) as file:
            put_file(f"{runs.rstrip('/')}/{line.name}", member.name.rsplit("/", 1)[-1], _chunks(file))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(1 << 20):
        yield chunk
