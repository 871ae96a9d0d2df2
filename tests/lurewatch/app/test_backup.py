"""The restore drill: what is dumped and kept by restic comes back with equal rows and an equal head, on both engines."""
# ruff: noqa: F811 - fixtures

import hashlib
import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from desk import tables
from desk.cases import approvals, openings
from desk.custody import audit
from desk.custody.published_heads import MANIFEST_KEY
from desk.database import open_database, writing
from desk.people import saved_searches
from desk.platforms import Platforms
from desk.takedown import repository
from lurewatch.app.backup import LEFT_OUT, RECORD, BackupError, back_up, verify_restored
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings
from tests.desk.conftest import NOTIFIER, cheap_hashes, confirm_item, now, record, staff  # noqa: F401 - fixtures

BOARD = {
    "title": "Board", "enabled": True, "item": r"^https://board\.example\.org/jobs/\d+$", "formats": ["json"],
    "contact": "abuse@board.example.org",
}  # fmt: skip
CLAUSE = {"title": "Forced labour", "law": "Palermo Protocol", "means": "People cannot leave."}
RECEIVERS = Platforms.model_validate({"clauses": {"forced_labour": CLAUSE}, "platforms": {"board": BOARD}})
CONTENT = b"\x00\xff list"


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Return a function that gives the address of a new, empty database on an engine."""
    names: list[str] = []

    def make(kind: str) -> str:
        name = f"backup_{uuid.uuid4().hex}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite"
        _execute(request, f"CREATE DATABASE {name}")
        names.append(name)
        server = make_url(request.getfixturevalue("postgres_url"))
        return server.set(database=name).render_as_string(hide_password=False)

    yield make
    for name in names:
        _execute(request, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(request: pytest.FixtureRequest, statement: str) -> None:
    admin = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[str], str], staff: Any, record: Any, now: Any
) -> Settings:
    """Return the settings of a stack with decisions, an approved list, a log-in, an edited seed and a sealed run."""
    here = tmp_path / "here"
    settings = Settings(seeds=here / "seeds", runs=str(here / "runs"), state=here / "state", database=new_database(request.param))
    engine = open_database(settings.database)
    people = staff(engine)
    _decide(engine, people, record(), now)
    with writing(engine) as connection:
        connection.execute(tables.leases.insert().values(item_id="x", by_id=1, since=now, until=now))
    engine.dispose()
    for name in ("seeds/places.yml", "runs/board/20261123T030000Z/report.json"):
        (here / name).parent.mkdir(parents=True)
        (here / name).write_text("{}")
    return settings


def restic(repository: Path, *words: str | Path) -> None:
    """Run restic on a repository, as the service does."""
    if shutil.which("restic") is None:
        pytest.fail("restic missing in CI") if os.environ.get("CI") == "true" else pytest.skip("restic missing: install restic")
    environ = os.environ | {
        "RESTIC_REPOSITORY": str(repository), "RESTIC_PASSWORD": "drill", "RESTIC_CACHE_DIR": f"{repository}-cache",
    }  # fmt: skip
    subprocess.run(["restic", "--quiet", *words], env=environ, check=True)


def put_back(dump: Path, database: str) -> None:
    """Put a dump into an empty database with the engine's own tool."""
    if database.startswith("sqlite"):
        shutil.copy(dump / "desk.sqlite", database.removeprefix("sqlite:///"))
        return
    address = make_url(database).set(drivername="postgresql").render_as_string()
    subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", "-d", address, dump / "desk.dump"], check=True)


def test_the_restore_drill(filled: Settings, tmp_path: Path, new_database: Any, now: Any) -> None:
    """Everything of the old stack is gone but the repository; decisions made after the dump are not in it."""
    began, repository, dump = time.monotonic(), tmp_path / "repository", tmp_path / "dump"
    restic(repository, "init")
    record = back_up(filled, dump, now=now)
    restic(repository, "backup", dump, filled.seeds, filled.runs)
    assert (record.faults, record.rows["decisions"], record.rows["leases"]) == ((), 1, 0)
    shutil.rmtree(dump)
    shutil.rmtree(filled.seeds.parent)
    restic(repository, "restore", "latest", "--target", "/")
    there = filled.model_copy(update={"database": new_database(make_url(filled.database).get_backend_name())})
    put_back(dump, there.database)
    assert verify_restored(there, dump) == record
    assert contents(there) == contents(filled)
    assert (filled.seeds / "places.yml").read_text() == "{}"
    assert (Path(filled.runs) / "board/20261123T030000Z/report.json").exists()
    assert time.monotonic() - began < 300


def contents(settings: Settings) -> tuple[dict[str, list[str]], str]:
    """Return what the database holds, table by table, but what a dump leaves out, and the head of its log."""
    engine = open_database(settings.database)
    with engine.connect() as connection:
        kept = [table for table in tables.metadata.sorted_tables if table not in LEFT_OUT]
        found = {table.name: sorted(map(repr, connection.execute(table.select()).all())) for table in kept}
        head = audit.head(connection)
    engine.dispose()
    return found, head


@pytest.mark.parametrize(
    ("statement", "said"),
    [("DELETE FROM saved_searches", "table saved_searches: 0 rows, the dump had 1"), ("DROP TRIGGER audit_no_update", "trigger")],
)
@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_what_was_restored_and_is_not_what_was_dumped_is_named(
    filled: Settings, tmp_path: Path, new_database: Any, now: Any, statement: str, said: str
) -> None:
    """A row, a trigger; and a dump of another release."""
    back_up(filled, tmp_path / "dump", now=now)
    there = filled.model_copy(update={"database": new_database("sqlite")})
    put_back(tmp_path / "dump", there.database)
    engine = create_engine(there.database)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    with pytest.raises(BackupError, match=said):
        verify_restored(there, tmp_path / "dump")
    record = json.loads((tmp_path / "dump" / RECORD).read_text())
    (tmp_path / "dump" / RECORD).write_text(json.dumps(record | {"revision": "0021"}))
    with pytest.raises(BackupError, match="the dump's of 0021"):
        verify_restored(there, tmp_path / "dump")


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_command_dumps_notes_and_verifies(filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log notes the dump; the folder is its owner's alone; without a record, or a database, the fault is one line."""
    monkeypatch.chdir(filled.seeds.parent)
    monkeypatch.setenv("LUREWATCH_DATABASE", filled.database)
    made = CliRunner().invoke(cli, ["backup", str(tmp_path / "dump")])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "dump").stat().st_mode & 0o777 == 0o700
    head = json.loads((tmp_path / "dump" / RECORD).read_text())["audit_head"]
    assert f"Audit head: {head}" in made.output
    refused = CliRunner().invoke(cli, ["backup", "--verify", str(tmp_path / "dump")])
    assert "table audit: " in refused.output, "the note of the dump came after it"
    assert "cannot be read" in CliRunner().invoke(cli, ["backup", "--verify", str(tmp_path)]).output
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{tmp_path}/none.sqlite")
    assert "of revision none" in CliRunner().invoke(cli, ["backup", str(tmp_path / "dump")]).output


def _decide(engine: Engine, people: Any, item: Any, moment: Any) -> None:
    minh, lead = people["minh"], people["lead"]
    openings.note_opening(engine, item, by=minh, now=moment)
    saved_searches.save(engine, "Bavet", "place:bavet", shared=True, by=minh, now=moment)
    decision = confirm_item(engine, item, by=minh, now=moment, note="ăn ở ✓")
    with engine.connect() as connection:
        manifest = json.dumps({MANIFEST_KEY: audit.head(connection)}).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    contents = {"manifest.json": (digest, manifest), "list.json": (hashlib.sha256(CONTENT).hexdigest(), CONTENT)}
    body = {
        "url": "x", "số": "một", "clause": {"key": "forced_labour"},
        "grounds": [{"indicator": "named_by_analyst", "quote": "một"}],
    }  # fmt: skip
    entry = repository.ListEntry(item_id=item.id, change="new", decision_id=decision.id, body=body)
    with writing(engine) as connection:
        number = repository.keep(
            connection, platform="board", number=1, previous=None, manifest_sha256=digest, by="dag:takedown_lists", now=moment,
            found=[entry], contents=contents,
        )  # fmt: skip
    approvals.approve(engine, RECEIVERS, number, by=lead, now=moment, ticked=[item.id], notifier=NOTIFIER)
    with writing(engine) as connection:
        repository.mark_sent(connection, number, moment, "abuse@board.example.org")
