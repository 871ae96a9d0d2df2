"""Opens the SQLite file: its library, pragmas and tables.

Values from the SQLite documentation and our fault tests: WAL with ``synchronous=FULL`` keeps every acknowledged record over
a power cut, ``trusted_schema=OFF`` and ``cell_size_check=ON`` are what a file from elsewhere calls for. FTS5 gathers a whole
transaction before it writes (``hashsize``, in bytes) and merges eight of its runs at a time, not four (``automerge``).
"""

import sqlite3 as types
from pathlib import Path

import pysqlite3.dbapi2 as sqlite3

from crawlers.frontier import sqlite_library
from index.base import StoreError, StoreUnavailable
from index.fields import SCHEMA, schema_problem

APPLICATION, VERSION, OLDEST = 0x4C757265, 6, 3
"""What marks our files, the version written now, and the oldest whose records can still be read (to migrate it)."""
Connection = types.Connection

_PRAGMAS = """
PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON; PRAGMA mmap_size=0;
PRAGMA wal_autocheckpoint=16000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;
"""
_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE combinations (id INTEGER PRIMARY KEY, facets TEXT NOT NULL UNIQUE, held INTEGER NOT NULL, changed INTEGER NOT NULL);
CREATE INDEX combinations_changed ON combinations (changed);
CREATE TABLE docs (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, score REAL NOT NULL,
                   rank REAL NOT NULL, priority REAL NOT NULL, gravity REAL NOT NULL, flagged INTEGER NOT NULL,
                   growth INTEGER NOT NULL, campaign TEXT, content INTEGER NOT NULL,
                   combination INTEGER NOT NULL REFERENCES combinations (id));
CREATE INDEX docs_narrow ON docs (position, score, combination);
CREATE INDEX docs_campaign ON docs (campaign) WHERE campaign IS NOT NULL;
CREATE INDEX docs_moved ON docs (rank DESC, position DESC) WHERE rank > score;
CREATE INDEX docs_growth ON docs (growth DESC, position DESC) WHERE growth > 0;
CREATE TABLE records (position INTEGER PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE parts (part INTEGER PRIMARY KEY, held INTEGER NOT NULL);
CREATE TABLE bands (part INTEGER NOT NULL, band INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (part, band, position))
    WITHOUT ROWID;
CREATE TABLE words (initial TEXT NOT NULL, length INTEGER NOT NULL, word TEXT NOT NULL, letters INTEGER NOT NULL,
                    PRIMARY KEY (initial, length, word)) WITHOUT ROWID;
CREATE TABLE partitions (address TEXT PRIMARY KEY, outcome TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE campaigns (id TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO settings VALUES ('fields', '%s');
CREATE VIRTUAL TABLE terms USING fts5 (title, body, keys, content='', contentless_delete=1, tokenize="ascii tokenchars '_'");
INSERT INTO terms (terms, rank) VALUES ('hashsize', 67108864), ('automerge', 8);
PRAGMA application_id=%d;
PRAGMA user_version=%d;
COMMIT;
"""


def connect(path: Path, *, older: bool = False) -> Connection:
    """Return a connection to the index file, made with its tables when it is new; ``older`` takes files of earlier versions too.

    Raises StoreError for a library or file that must not be used, StoreUnavailable when the file cannot be opened now.
    """
    if reason := sqlite_library.refusal():
        raise StoreError(reason)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        connection: Connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.executescript(_PRAGMAS)
        _prepare(connection, path, older=older)
    except OSError as exc:
        fix = "set LUREWATCH_STORE to a file you may write"
        raise StoreUnavailable(f"{path}: cannot open the index ({exc.strerror}); {fix}") from exc
    except sqlite3.OperationalError as exc:
        raise StoreUnavailable(f"{path}: {exc}; is the disk full or another process writing? Try again") from exc
    except sqlite3.DatabaseError as exc:
        raise StoreError(
            f"{path}: {exc}; this is no index of LureWatch, or it is damaged: move it away, then `lurewatch index rebuild`"
        ) from exc
    return connection


def _prepare(connection: Connection, path: Path, *, older: bool) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application == APPLICATION:
        before = OLDEST <= version < VERSION
        if (version == VERSION or before) and older:
            return
        if version == VERSION:
            if problem := schema_problem(str(path), written_fields(connection)):
                raise StoreError(problem)
            return
        fix = "run `lurewatch index migrate`" if before else "move it away, then `lurewatch index rebuild`"
        raise StoreError(f"{path}: index of version {version}, this LureWatch writes {VERSION}; {fix}")
    if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise StoreError(f"{path}: holds another program's tables; set LUREWATCH_STORE to a file of its own")
    try:
        connection.executescript(_TABLES % (SCHEMA, APPLICATION, VERSION))
    except sqlite3.OperationalError:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        # Another process may have made the tables while we waited for its lock.
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            raise


def written_fields(connection: Connection) -> str | None:
    """Return the schema of search fields that the file was written with, or None in one that does not say."""
    row = connection.execute("SELECT value FROM settings WHERE name = 'fields'").fetchone()
    return str(row[0]) if row else None
