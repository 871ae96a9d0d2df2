"""The registry of models: a folder of models and one file that names champion, challenger and all changes.

``<state>/models/<version>/`` holds a model each and is never changed; ``registry.json`` is replaced in one step, so a process
that is killed leaves the old state or the new one. Without a registry the shipped model judges.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from foundation.whole_files import replace_file, sync

SHIPPED = "shipped"
"""Name of the model that comes with the program (``enrichment.model.SHIPPED``)."""
FILE = "registry.json"
What = Literal["learned", "shadowed", "shadow ended", "promoted", "rolled back"]


class RegistryError(Exception):
    """The registry or a model in it cannot be used; the message says what to do."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what to which model, when and why."""

    at: datetime
    by: str
    what: What
    model: str
    before: str = ""
    """The champion until then, where that changed."""
    reason: str = ""
    overrode: tuple[str, ...] = ()
    """Findings that spoke against a promotion and were overridden."""
    audit: int = 0
    """Number of the entry of the audit log that says the same."""


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """The state of all models; ``champions`` is a stack, so that a rollback has somewhere to go."""

    champions: tuple[str, ...] = ()
    """Models promoted one after the other; the last one judges, the shipped one when there is none."""
    shadow: str | None = None
    history: tuple[Event, ...] = ()

    @property
    def champion(self) -> str:
        """The version that judges, or ``SHIPPED``."""
        return self.champions[-1] if self.champions else SHIPPED


def read(models: Path) -> Registry:
    """Return the registry of a folder, an empty one where there is none; raise RegistryError for a damaged one."""
    file = models / FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Registry)
    except FileNotFoundError:
        return Registry()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise RegistryError(
            f"{file}: cannot be read ({exc}); put its backup back, or move it away to judge with the shipped model"
        ) from exc


def folder_of(models: Path, name: str) -> Path | None:
    """Return where a model lies, None for the shipped one; raise RegistryError when it is gone."""
    if name == SHIPPED:
        return None
    folder = models / name
    if not name.isalnum() or not (folder / "card.json").is_file():
        raise RegistryError(f"{folder}: no such model; `lurewatch models list` shows those there are, `rollback` leaves this one")
    return folder


def names(models: Path) -> list[str]:
    """Return the versions that were learned here."""
    return sorted(file.parent.name for file in models.glob("*/card.json") if file.parent.name.isalnum())


def keep(models: Path, version: str, write: Callable[[Path], None]) -> Path:
    """Make the folder of a model with what ``write`` puts into it, whole or not at all; return it. One that is there stays."""
    folder = models / version
    if folder.exists():
        return folder
    models.mkdir(parents=True, exist_ok=True)
    part = models / f".{version}.{os.getpid()}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    write(part)
    for file in part.iterdir():
        sync(file)
    sync(part)
    part.rename(folder)
    sync(models)
    return folder


@contextmanager
def writing(models: Path) -> Iterator[Callable[[Registry], None]]:
    """Keep other writers out, and give a function that replaces the registry."""
    models.mkdir(parents=True, exist_ok=True)
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lambda registry: replace_file(models / FILE, msgspec.json.format(msgspec.json.encode(registry), indent=1) + b"\n")
