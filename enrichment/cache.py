"""Derived data worth keeping between runs: what is read and compiled from the lexicon, named by the hash of what it is made from.

It may be deleted at any time and is made again; a file that is damaged, or cannot be written, is as good as absent.
"""

import os
import tempfile
from pathlib import Path


def folder() -> Path:
    """Return where it is kept: ``LUREWATCH_CACHE``, else ``lurewatch`` in the user's cache folder (XDG base directories)."""
    if given := os.environ.get("LUREWATCH_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lurewatch"


def kept(name: str) -> bytes | None:
    """Return what is kept under ``name``, or None."""
    try:
        return (folder() / name).read_bytes()
    except OSError:
        return None


def keep(name: str, data: bytes) -> None:
    """Keep ``data`` under ``name``, whole or not at all; where nothing can be written, nothing is kept."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder(), prefix=f".{name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(folder() / name)
    except OSError:
        return
