"""Selects the files of seeds and learned models for a backup, and restores them without overwriting edits."""

import os
import shutil
from pathlib import Path

from lurewatch.app.backup.archive import BackupError, BackupReader, file_digest, sync_folder
from lurewatch.app.seeds.accepted_files import IN_SEEDS
from lurewatch.settings import SHIPPED_SEEDS, Settings


def models_of(settings: Settings) -> Path:
    """Return the folder of learned models; of ``LUREWATCH_STATE`` nothing else is in a backup."""
    return settings.state / "models"


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
    return [path for name, path in files_of(models_of(settings)).items() if digest_of(path) != wanted.get(name)]


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
            _write(reader, member.name, target)
    return len(wanted)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return file_digest(file.read)


def _write(reader: BackupReader, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    with reader.open(name) as source, part.open("wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    sync_folder(target.parent)


def refuse(conflicts: list[Path], setting: str) -> None:
    """Raise BackupError when there are conflicts."""
    if conflicts:
        more = f" and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
        raise BackupError(
            f"{conflicts[0]}{more}: not what the backup has, and a restore overwrites nothing; "
            f"move the folder away or name an empty one in {setting}"
        )
