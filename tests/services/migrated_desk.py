"""Work of a desk that tests spare or do once: migrations, hashes of passwords, the n-gram model. A pytest plugin.

A new desk on SQLite begins as a copy of a migrated one, and migrations are read once a process.

No commit of SQLite waits for the disk here, as none of the tests' PostgreSQL does: only a loss of power would need it.

To read and to run them took a fifth of the time of tests of commands, each of which opens the desk. The copy is what the
migrations of the same folder made, with the same function. Passwords are hashed with little memory; one test holds the real
parameters against ASVS.
"""

import sys
import tempfile
from collections.abc import Iterator
from functools import cache, wraps
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from enrichment.ngram_model import NgramModel

HASTY = "PRAGMA synchronous=OFF"


def pytest_collection_finish() -> None:
    """Spare the migrations where some test will open a desk."""
    if (database := sys.modules.get("desk.database")) is not None:
        vars(database)["PRAGMAS"] = (*database.PRAGMAS, HASTY.removeprefix("PRAGMA "))
        read_migrations_once()
        copy_migrated(database)
    if (index := sys.modules.get("index.sqlite.database_file")) is not None:
        vars(index)["_PRAGMAS"] += HASTY
    if (passwords := sys.modules.get("desk.people.passwords")) is not None:
        from argon2 import PasswordHasher

        vars(passwords)["HASHER"] = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    if (ngrams := sys.modules.get("enrichment.ngram_model")) is not None:
        read_model_once(ngrams)


def read_model_once(ngrams: ModuleType) -> None:
    """Keep an n-gram model until its file changes; nothing may write into it."""
    read = ngrams.load

    @cache
    def load(path: Path, _state: tuple[int, ...]) -> "NgramModel":
        model: NgramModel = read(path)
        model.points.flags.writeable = False
        return model

    def load_once(path: Path) -> "NgramModel":
        state = path.stat() if path.is_file() else None
        return load(path.resolve(), (state.st_mtime_ns, state.st_size, state.st_ino) if state else ())

    vars(ngrams)["load"] = load_once


def read_migrations_once() -> None:
    """Keep what alembic reads of a folder until a file of it changes."""
    from alembic.script import Script, ScriptDirectory

    load, kept = ScriptDirectory._load_revisions, dict[object, list[Script]]()

    def load_once(scripts: ScriptDirectory) -> Iterator[Script]:
        files = Path(scripts.dir).glob("versions/*.py")
        key = tuple(sorted((str(file), file.stat().st_mtime_ns) for file in files))
        if key not in kept:
            kept[key] = list(load(scripts))
        return iter(kept[key])

    ScriptDirectory._load_revisions = load_once  # type: ignore[method-assign]


def copy_migrated(database: ModuleType) -> None:
    """Let ``open_database`` fill an empty file with what the migrations made of the first one."""
    migrate, made, lock = database._migrate, dict[Path, bytes](), Lock()

    @wraps(migrate)
    def begin(engine: "Engine") -> None:
        file = Path(engine.url.database or "")
        with lock:
            if engine.dialect.name == "sqlite" and not file.stat().st_size:
                if database.MIGRATIONS not in made:
                    made[database.MIGRATIONS] = copy_migrated_desk()
                file.write_bytes(made[database.MIGRATIONS])
                return
        migrate(engine)

    def copy_migrated_desk() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            first = database.engine_of(f"sqlite:///{folder}/desk.sqlite")
            migrate(first)
            first.dispose()
            return Path(folder, "desk.sqlite").read_bytes()

    database._migrate = begin  # type: ignore[attr-defined]
