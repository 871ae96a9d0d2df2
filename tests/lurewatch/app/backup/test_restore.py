"""What a backup holds comes back into an empty stack as it was, on and between both engines; anything else is refused."""

import hashlib
import io
import json
import signal
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from desk.cases import approvals, case_decisions
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import open_database, writing
from desk.people import saved_searches
from desk.people.accounts import user
from desk.tables import metadata
from desk.takedown import repository
from foundation import whole_files
from lurewatch.app.backup import restore as restore_module
from lurewatch.app.backup.archive import BackupError
from lurewatch.app.backup.restore import restore
from lurewatch.app.backup.table_rows import row_counts
from lurewatch.app.backup.write_backup import back_up
from tests.desk.conftest import NOTIFIER
from tests.lurewatch.app.backup.conftest import CONTENT, RECEIVERS
from tests.services.processes import die, end_of_copy

ENGINES = ("sqlite", "postgresql")


def content(settings):
    """Return what the database holds, table by table, and the head of its log."""
    engine = open_database(settings.database)
    with engine.connect() as connection:
        tables = {table.name: sorted(map(repr, connection.execute(table.select()).all())) for table in metadata.sorted_tables}
        head = audit.head(connection)
    engine.dispose()
    return tables, head


def rows(settings):
    """Return the number of rows in the database."""
    engine = open_database(settings.database)
    with engine.connect() as connection:
        number = sum(row_counts(connection).values())
    engine.dispose()
    return number


def changed(backup, edit, *, digests=True):
    """Return a copy of a backup with files edited, its manifest made to fit them or not."""
    with tarfile.open(backup) as archive:
        files = {info.name: archive.extractfile(info).read() for info in archive}
    edit(files)
    if digests:
        manifest = json.loads(files["manifest.json"])
        for member in manifest["members"]:
            member |= {"sha256": hashlib.sha256(files[member["name"]]).hexdigest(), "size": len(files[member["name"]])}
        files["manifest.json"] = json.dumps(manifest).encode()
    copy = backup.with_name("changed.tar")
    with tarfile.open(copy, "w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return copy


@pytest.mark.parametrize("into", ENGINES)
@pytest.mark.parametrize("out_of", ENGINES)
def test_a_restored_desk_is_the_one_backed_up(filled_stack, new_stack, record, tmp_path, now, out_of, into):
    """Every row, the audit head, decisions, approvals and files; the log is whole, its triggers refuse, numbers go on."""
    here, there, backup = filled_stack(out_of), new_stack(into), tmp_path / "backup.tar"
    manifest = back_up(here, backup, now=now)
    result = restore(there, backup)
    assert content(there) == content(here) and manifest.audit_head == content(there)[1]
    assert result.rows == rows(here) > 10
    engine = open_database(there.database)
    item = record()
    with engine.connect() as connection:
        assert check_ledger(connection).faults == ()
        case = case_decisions.cases(connection, [item.id])[item.id]
        assert (case.in_force.note, case.in_force.kind) == ("ăn ở ✓", "confirm")
        approvals.check_approval(connection, RECEIVERS, repository.one_list(connection, 1), NOTIFIER)
        assert repository.files(connection, 1)["list.json"] == CONTENT
        minh = user(connection, "minh")
    for table in ("decisions", "audit", "approvals", "openings"):
        with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
            connection.execute(text(f"DELETE FROM {table}"))
    (undone,) = case_decisions.undo(engine, [item.id], by=minh, now=now, seen={item.id: 1})
    assert undone.id == case.in_force.id + 1
    saved_searches.save(engine, "more", "x", shared=False, by=minh, now=now)
    with engine.connect() as connection:
        assert check_ledger(connection).faults == ()
    engine.dispose()


def test_seeds_models_and_partitions_come_back_and_crawl_queues_do_not(filled_stack, new_stack, tmp_path, now):
    """With their files or, without --with-partitions, as a list of what must be brought."""
    here, there, lean = filled_stack(), new_stack(), new_stack()
    back_up(here, tmp_path / "lean.tar", now=now)
    back_up(here, tmp_path / "backup.tar", now=now, with_partitions=True)
    result = restore(there, tmp_path / "backup.tar")
    assert (result.seeds, result.models, result.partitions, result.missing) == (2, 2, 1, ())
    listed = {
        str(path.relative_to(there.seeds.parent)): path.read_text()
        for path in sorted(there.seeds.parent.rglob("*")) if path.is_file()
    }  # fmt: skip
    assert listed == {
        "runs/board/20261123T030000Z/captures.warc.gz": "warc", "runs/board/20261123T030000Z/report.json": "{}",
        "seeds/places.yml": "{}\n", "seeds/sources/board.yml": "enabled: true\n",
        "state/models/abc/card.json": "{}", "state/models/registry.json": "{}",
    }  # fmt: skip
    missing = restore(lean, tmp_path / "lean.tar").missing
    assert [address.rsplit("/", 2)[1:] for address in missing] == [["board", "20261123T030000Z"]]


def test_a_file_that_was_changed_is_refused_before_anything_is_written(filled_stack, new_stack, tmp_path, now):
    """Its digest tells."""
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)
    there = new_stack()

    def edit(files):
        files["database/decisions.jsonl"] = files["database/decisions.jsonl"].replace(b"high", b"grave")

    with pytest.raises(BackupError, match=r"decisions\.jsonl differs from its SHA-256"):
        restore(there, changed(tmp_path / "backup.tar", edit, digests=False))
    assert not there.seeds.parent.exists() and not Path(there.database.removeprefix("sqlite:///")).exists()


EDITS = {
    "a decision": ("decisions", b"high", b"low", "decision 1: "),
    "an entry": ("audit", b"minh", b"lead", "its content was changed"),
    "a row too many": ("attempts", b"", b"", "rows, the backup says"),
    "a field": ("users", b'"role"', b'"rule"', "table users, line 1: "),
}


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize(("table", "old", "new", "words"), EDITS.values(), ids=EDITS)
def test_a_backup_made_to_fit_its_manifest_is_refused_by_the_log(
    filled_stack, new_stack, tmp_path, now, kind, table, old, new, words
):
    """Nothing of it is in the database afterwards."""
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)

    def edit(files):
        name = f"database/{table}.jsonl"
        files[name] = files[name].replace(old, new, 1) if old else files[name] + ATTEMPT

    there = new_stack(kind)
    with pytest.raises(BackupError, match=words):
        restore(there, changed(tmp_path / "backup.tar", edit))
    assert rows(there) == 0
    restore(there, tmp_path / "backup.tar")


ATTEMPT = b'{"id":9,"name":"x","address":"x","at":"2026-11-24T09:00:00Z"}\n'


def test_a_stack_that_is_not_empty_is_refused_and_stays_as_it_is(filled_stack, new_stack, tmp_path, now):
    """Rows, an edited seed, a learned model, another partition of the same name."""
    backup, here = tmp_path / "backup.tar", filled_stack()
    back_up(here, backup, now=now, with_partitions=True)
    before = content(here)
    with pytest.raises(BackupError, match=r"not empty: .*LUREWATCH_DATABASE"):
        restore(here, backup)
    assert content(here) == before
    for name, setting in {
        "seeds/places.yml": "LUREWATCH_SEEDS", "seeds/sources/mine.yml": "LUREWATCH_SEEDS",
        "state/models/xyz/card.json": "LUREWATCH_STATE", "runs/board/20261123T030000Z/report.json": "LUREWATCH_RUNS",
    }.items():  # fmt: skip
        there = new_stack()
        path = there.seeds.parent / name
        path.parent.mkdir(parents=True)
        path.write_text("mine")
        with pytest.raises(BackupError, match=setting):
            restore(there, backup)
        assert [found for found in there.seeds.parent.rglob("*") if found.is_file()] == [path] and path.read_text() == "mine"
        assert not Path(there.database.removeprefix("sqlite:///")).exists()


def test_a_backup_of_another_revision_is_refused(filled_stack, new_stack, tmp_path, now):
    """It names the release that can restore it."""
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)

    def edit(files):
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | {"revision": "0001", "version": "0.1"}).encode()

    with pytest.raises(BackupError, match=r"restore it with LureWatch 0\.1, then upgrade"):
        restore(new_stack(), changed(tmp_path / "backup.tar", edit))


def test_what_postgresql_cannot_hold_is_said(filled_stack, new_stack, tmp_path, now):
    """SQLite takes a zero byte in a text."""
    here, there = filled_stack(), new_stack("postgresql")
    engine = open_database(here.database)
    with writing(engine) as connection:
        connection.execute(text("UPDATE saved_searches SET typed = :typed"), {"typed": "a\0b"})
    engine.dispose()
    back_up(here, tmp_path / "backup.tar", now=now)
    with pytest.raises(BackupError, match=r"table saved_searches: postgresql refuses a row .* the engine it came from"):
        restore(there, tmp_path / "backup.tar")
    assert rows(there) == 0


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.parametrize(
    ("owner", "name"), [(whole_files, "sync"), (restore_module, "_restore_database"), (restore_module, "check_ledger")]
)
def test_killed_anywhere_nothing_is_half_written_and_the_same_command_completes(
    filled_stack, new_stack, tmp_path, now, kind, owner, name
):
    """While files are written, before the database, and after its last row."""
    here, there, backup = filled_stack(), new_stack(kind), tmp_path / "backup.tar"
    back_up(here, backup, now=now, with_partitions=True)
    assert end_of_copy(lambda: (setattr(owner, name, die), restore(there, backup))) == -signal.SIGKILL
    assert rows(there) == 0
    restore(there, backup)
    assert content(there) == content(here)
    assert not list(there.seeds.parent.rglob("*.part"))
