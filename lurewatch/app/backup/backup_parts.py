"""Selects the files of seeds and learned models for a backup, and restores them without overwriting edits."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import fsspec
import msgspec

from crawlers.evidence.partition import REPORT, partitions, put_file
from foundation.whole_files import writing_whole
from lurewatch.app.backup.archive import BackupError, BackupReader, BackupWriter
from lurewatch.app.seeds.accepted_files import IN_SEEDS
from lurewatch.settings import SHIPPED_SEEDS, Settings


def files_of(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by name; links are followed, unfinished files, locks and accepted versions left out."""
    return {
        name: path
        for root, _, names in os.walk(folder, followlinks=True)
        for path in (Path(root, name) for name in sorted(names))
        if not (name := str(path.relative_to(folder))).endswith(".part")
        and name != "lock"
        and ".part/" not in name
        and not name.startswith(f"{IN_SEEDS}/")
    }


def seeds_conflicts(reader: BackupReader, settings: Settings) -> list[Path]:
    """Return the operator's files in the seeds folder that a restore would overwrite or remove.

    A file equal to the backup's or to this release's is no conflict, unless the release itself would be changed.
    """
    wanted = {member.name.removeprefix("seeds/"): member.sha256 for member in reader.members("seeds")}
    own = settings.seeds.resolve() == SHIPPED_SEEDS.resolve()
    shipped = {} if own else files_of(SHIPPED_SEEDS)
    conflicts = []
    for name, path in files_of(settings.seeds).items():
        here = digest_of(path)
        released = name == ".shipped.json" or (name in shipped and digest_of(shipped[name]) == here)
        inside = path.resolve().is_relative_to(settings.seeds.resolve())
        if here != wanted.get(name) and not (released and inside):
            conflicts.append(path)
    return conflicts


def models_conflicts(reader: BackupReader, settings: Settings) -> list[Path]:
    """Return the files of learned models here that are not the backup's."""
    wanted = {member.name.removeprefix("models/"): member.sha256 for member in reader.members("models")}
    return [path for name, path in files_of(settings.models).items() if digest_of(path) != wanted.get(name)]


def restore_folder(reader: BackupReader, name: str, folder: Path) -> int:
    """Make ``folder`` hold exactly the files that the backup has under ``name``; return how many.

    Each file is written whole or not at all; a second call completes an interrupted one.
    """
    wanted = {member.name.removeprefix(f"{name}/"): member for member in reader.members(name)}
    for extra, path in files_of(folder).items():
        if extra not in wanted:
            path.unlink()
    for file, member in wanted.items():
        target = folder / file
        if not (target.is_file() and digest_of(target) == member.sha256):
            with reader.open(member.name) as source, writing_whole(target) as whole:
                shutil.copyfileobj(source, whole)
    return len(wanted)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse(conflicts: list[Path], setting: str) -> None:
    """Raise BackupError when there are conflicts."""
    if conflicts:
        more = f" and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
        raise BackupError(
            f"{conflicts[0]}{more}: not what the backup has, and a restore overwrites nothing; "
            f"move the folder away or name an empty one in {setting}"
        )


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
            digest = hashlib.file_digest(file, "sha256").hexdigest()
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
            put_file(f"{runs.rstrip('/')}/{line.name}", member.name.rsplit("/", 1)[-1], _read_chunks(file))


def _read_chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(1 << 20):
        yield chunk
