"""Derived data worth keeping between runs: what is read from lexicon and places, named by the hash of what it is made from.

It may be deleted at any time and is made again; a file that is damaged, another user's or cannot be written is as good as
absent. Every edit of the lexicon leaves older files behind: beyond ``MOST`` bytes those that were not used for longest go.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

MOST = 256 << 20
"""Bytes kept at most; the shipped lexicon takes about 11 MB."""
_OWN: dict[str, bytes] = {}
"""SHA-256 of what this process kept, by its name."""


def folder() -> Path:
    """Return where it is kept: ``LUREWATCH_CACHE``, else ``lurewatch`` in the user's cache folder (XDG base directories)."""
    if value := os.environ.get("LUREWATCH_CACHE"):
        return Path(value)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lurewatch"


def lookup(name: str, *, own: bool = False) -> bytes:
    """Return what this user, or root, kept under ``name``, or with ``own`` this very process; empty where they kept nothing."""
    file = folder() / name
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            if status.st_uid not in (0, os.geteuid()) or status.st_mode & stat.S_IWOTH:
                return b""
            data = opened.read()
        os.utime(file)  # used now
    except OSError:
        return b""
    return data if not own or hashlib.sha256(data).digest() == _OWN.get(name) else b""


def keep(name: str, data: bytes) -> None:
    """Keep ``data`` under ``name``, whole or not at all; where nothing can be written, nothing is kept."""
    _OWN[name] = hashlib.sha256(data).digest()
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder(), prefix=f".{name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(folder() / name)
        _prune()
    except OSError:
        return


def _prune() -> None:
    """Remove what was not used for longest until no more than ``MOST`` bytes are left."""
    files = [(entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(folder())]
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= MOST:
            return
        Path(path).unlink(missing_ok=True)
        total -= size
