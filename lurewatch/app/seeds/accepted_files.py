"""Stores the last valid version of each seed file, which stays in force while the file is broken.

The folder must be one that every service reads (docs/deploy.md). A process that may not write there only reads.
"""

import errno
import logging
from pathlib import Path

from foundation.whole_files import replace_file
from lurewatch.settings import Settings

IN_SEEDS = ".accepted"
"""Name of the folder where it lies in the seeds folder, which is the one that services on several machines share."""
LOG = logging.getLogger("lurewatch.app.seeds.accepted_files")
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
"""A service that may only read; another one keeps the version."""


def accepted_folder(settings: Settings) -> Path:
    """Return the folder of the accepted versions; it may not be there yet."""
    return settings.accepted or settings.state / "accepted"


def keep_accepted(path: Path, content: bytes) -> None:
    """Write a file below the folder, whole or not at all, unless it says this already."""
    try:
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
    except OSError as exc:
        log = LOG.info if exc.errno in READ_ONLY else LOG.warning
        log("%s is not kept (%s): of a file that breaks now, an older version would be in force", path, exc.strerror)


def forget_accepted(path: Path) -> None:
    """Remove a file below the folder: its original was deleted."""
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        log = LOG.info if exc.errno in READ_ONLY else LOG.warning
        log("%s is not removed (%s)", path, exc.strerror)
