"""A backup as a file: a tar of plain files and, as its last member, a manifest with the size and SHA-256 of each."""

import fcntl
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from foundation.whole_files import sync
from lurewatch.app.app_errors import PermanentError

MANIFEST = "manifest.json"
FORMAT = 1


class BackupError(PermanentError):
    """A backup cannot be made or restored; the message says why and what to do."""


class BackupMember(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a backup."""

    name: str
    size: int
    """Bytes."""
    sha256: str
    """Hex."""
    rows: int | None = None
    """Rows of a table; None for any other file."""


class BackupManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The content and origin of a backup."""

    format: int = FORMAT
    version: str
    """LureWatch that made it."""
    made_at: datetime
    engine: str
    """Database engine it was read from: ``sqlite`` or ``postgresql``."""
    revision: str
    """Revision of the desk's tables."""
    audit_head: str
    """``<seq>:<hash>`` of the audit log's last entry."""
    faults: tuple[str, ...] = ()
    """Faults of the audit log when the backup was made; empty when it was valid."""
    partitions_included: bool = False
    index: str = "not included: `lurewatch index rebuild` makes it from the partitions"
    members: tuple[BackupMember, ...] = ()


class BackupWriter:
    """Adds files to a backup that is being made."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        """Write into ``archive``."""
        self._archive = archive
        self.members: list[BackupMember] = []

    def add(self, name: str, file: IO[bytes], size: int, rows: int | None = None) -> None:
        """Add ``size`` bytes of a file; raise BackupError when it ends before."""
        reader = _DigestReader(file)
        try:
            self._archive.addfile(_header(name, size), reader)
        except OSError as exc:
            if reader.size < size and exc.errno is None:  # tarfile's own; a disk that is full has a number
                raise BackupError(f"{name}: ended after {reader.size} of {size} bytes; run the backup again") from exc
            raise
        self.members.append(BackupMember(name=name, size=size, sha256=reader.digest.hexdigest(), rows=rows))

    def finish(self, manifest: BackupManifest) -> BackupManifest:
        """Add the manifest with all members, and return it."""
        manifest = msgspec.structs.replace(manifest, members=tuple(self.members))
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
        self._archive.addfile(_header(MANIFEST, len(content)), io.BytesIO(content))
        return manifest


class _DigestReader(io.RawIOBase):
    """A file whose SHA-256 is taken while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        self.size += len(chunk)
        return chunk


@contextmanager
def backup_written(target: Path) -> Iterator[BackupWriter]:
    """Give a writer of a new backup at ``target``, which is written whole or not at all and readable only by its owner.

    It is written beside as ``.<name>.part``, synced, renamed. Raises BackupError when ``target`` exists or cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            _lock(handle, part)
            if target.exists():
                part.unlink()
                raise BackupError(f"{target}: exists already, and a backup overwrites nothing; name a new file")
            file.truncate()
            try:
                with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                    yield BackupWriter(archive)
                file.flush()
                os.fsync(handle)
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            sync(target.parent)
    except OSError as exc:
        raise BackupError(f"{exc.filename or target}: {exc.strerror or exc}; mend that and run the backup again") from exc


def _lock(handle: int, part: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        raise BackupError(f"{part}: another backup to this name is being made; wait for it or name another file") from exc


class BackupReader:
    """The files of a backup whose digests were checked."""

    def __init__(self, archive: tarfile.TarFile, manifest: BackupManifest, infos: dict[str, tarfile.TarInfo]) -> None:
        """Read from ``archive``; ``infos`` are its entries by name."""
        self._archive, self._infos = archive, infos
        self.manifest = manifest

    def members(self, folder: str) -> list[BackupMember]:
        """Return the files below a folder, in the order of the archive."""
        return [member for member in self.manifest.members if member.name.startswith(f"{folder}/")]

    def open(self, name: str) -> io.BufferedReader:
        """Open one file."""
        file = self._archive.extractfile(self._infos[name])
        assert isinstance(file, io.BufferedReader)
        return file


@contextmanager
def backup_opened(source: Path) -> Iterator[BackupReader]:
    """Give a reader of the backup at ``source`` (tar, plain or compressed) after every digest in it was checked.

    Raises BackupError when it is no backup, of a later format, incomplete, or differs from its manifest.
    """
    try:
        with tarfile.open(source, mode="r:*") as archive:
            infos = _entries(source, archive)
            manifest = _manifest(source, archive, infos)
            reader = BackupReader(archive, manifest, infos)
            _check(source, reader, infos)
            yield reader
    except (tarfile.TarError, EOFError) as exc:
        raise BackupError(f"{source}: no whole tar file ({exc}); take another copy of the backup") from exc
    except FileNotFoundError as exc:
        raise BackupError(f"{exc.filename or source}: no such file; name the file that `lurewatch backup` wrote") from exc
    except OSError as exc:
        raise BackupError(f"{exc.filename or source}: {exc.strerror or exc}; mend that and run the restore again") from exc


def _entries(source: Path, archive: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    infos: dict[str, tarfile.TarInfo] = {}
    for info in archive:
        path = PurePosixPath(info.name)
        if not info.isreg() or path.is_absolute() or ".." in path.parts or str(path) != info.name or info.name in infos:
            raise BackupError(f"{source}: {info.name!r} is no entry `lurewatch backup` writes; take another copy of the backup")
        infos[info.name] = info
    return infos


def _manifest(source: Path, archive: tarfile.TarFile, infos: dict[str, tarfile.TarInfo]) -> BackupManifest:
    if MANIFEST not in infos:
        raise BackupError(f"{source}: no {MANIFEST} in it: not a backup of LureWatch, or cut off; take another copy")
    file = archive.extractfile(infos[MANIFEST])
    assert file is not None
    try:
        content = file.read()
        if (number := msgspec.json.decode(content, type=_FormatOnly).format) != FORMAT:
            raise BackupError(
                f"{source}: format {number}, this LureWatch reads {FORMAT}; restore it with the release that made it"
            )
        return msgspec.json.decode(content, type=BackupManifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise BackupError(f"{source}: {MANIFEST} cannot be read ({exc}); take another copy of the backup") from exc


class _FormatOnly(msgspec.Struct, frozen=True):
    format: int


def _check(source: Path, reader: BackupReader, infos: dict[str, tarfile.TarInfo]) -> None:
    names = [member.name for member in reader.manifest.members]
    if sorted([*names, MANIFEST]) != sorted(infos):
        differing = sorted({*names, MANIFEST} ^ infos.keys())
        raise BackupError(f"{source}: {', '.join(differing[:3])}: in the manifest or in the archive alone; take another copy")
    for member in reader.manifest.members:
        with reader.open(member.name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != member.sha256:
                raise BackupError(
                    f"{source}: {member.name} differs from its SHA-256 in the manifest; take another copy of the backup"
                )


def _header(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info
