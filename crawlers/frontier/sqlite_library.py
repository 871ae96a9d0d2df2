"""The SQLite library that writes all files of LureWatch: pysqlite3's own, because the interpreter's may be too old.

Releases before 3.51.3 carry the WAL-reset race (sqlite.org/wal.html): a checkpoint beside a writer can lose commits or damage
the file.
"""

import pysqlite3.dbapi2 as sqlite

OLDEST = (3, 51, 3)


def refusal(version: tuple[int, ...] | None = None) -> str | None:
    """Return why a version of SQLite (default: the one in use) must not be used, or None."""
    version = version or sqlite.sqlite_version_info
    if version >= OLDEST:
        return None
    have, need = ".".join(map(str, version)), ".".join(map(str, OLDEST))
    return f"SQLite {have} can lose commits or damage its file; install pysqlite3 >= 0.6.1 (SQLite >= {need})"
