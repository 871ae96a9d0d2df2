"""Writes a file whole or not at all: after a kill the old file or none is there, and a written file survives a crash."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

MODE = 0o644
"""Mode of a new file."""


def create_file(path: Path, content: str | bytes, mode: int = MODE) -> None:
    """Write a new file; raise FileExistsError when there is one."""
    draft = _draft(path, content, mode)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    sync(path.parent)


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file, or replace an existing one and keep its mode."""
    draft = _draft(path, content, path.stat().st_mode & 0o777 if path.exists() else MODE)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)


@contextmanager
def writing_whole(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Give a file to write, ``.<name>.part`` beside ``path``; at the end it is on the disk and stands in the place of ``path``.

    After an error it is gone, and an OSError names ``path``; what a kill left is written over by the next call.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
    except BaseException as exc:
        if isinstance(exc, OSError) and exc.filename is None:
            exc.filename = str(path)
        part.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Return when the content of a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _draft(path: Path, content: str | bytes, mode: int) -> Path:
    """Return a file beside ``path`` that holds ``content`` and is on the disk."""
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
        try:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
            draft.chmod(mode)
        except BaseException:
            draft.unlink()
            raise
    return draft
