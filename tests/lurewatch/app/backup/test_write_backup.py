"""A backup is of one moment, whole or not there, and says what it holds."""

import json
import os
import signal
import stat
import tarfile

import pytest
from sqlalchemy import text

from desk.database import open_database, writing
from desk.people import saved_searches
from desk.people.accounts import user
from lurewatch.app.backup import write_backup as module
from lurewatch.app.backup.archive import BackupError
from lurewatch.app.backup.restore import restore
from lurewatch.app.backup.write_backup import back_up
from tests.services.processes import die, end_of_copy


def test_a_backup_lists_what_it_holds_and_only_its_owner_can_read_it(filled_stack, tmp_path, now):
    """Counts, digests, revision, head; the index by the command that makes it."""
    target = tmp_path / "backup.tar"
    manifest = back_up(filled_stack(), target, now=now)
    with tarfile.open(target) as archive:
        written = json.load(archive.extractfile("manifest.json"))
        names = archive.getnames()
        lines = archive.extractfile("partitions.jsonl").read().splitlines()
    assert names[-1] == "manifest.json" and names[:-1] == [member.name for member in manifest.members]
    assert {"database/decisions.jsonl", "seeds/sources/board.yml", "models/registry.json"} < set(names)
    assert not [name for name in names if "sessions" in name or name.endswith("/lock") or "board.sqlite" in name]
    assert (written["revision"], written["engine"], written["faults"]) == (manifest.revision, "sqlite", [])
    assert "lurewatch index rebuild" in written["index"]
    assert [json.loads(line)["name"] for line in lines] == ["board/20261123T030000Z"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_written_meanwhile_is_not_in_it(filled_stack, new_stack, tmp_path, now, monkeypatch, kind):
    """The tables are of one moment, or the log and what it tells of would differ."""
    settings = filled_stack(kind)

    def write_meanwhile(connection, table, file):
        if table.name == "users":
            engine = open_database(settings.database)
            with engine.connect() as other:
                minh = user(other, "minh")
            saved_searches.save(engine, "meanwhile", "x", shared=False, by=minh, now=now)
            engine.dispose()
        return original(connection, table, file)

    original = module.write_rows
    monkeypatch.setattr(module, "write_rows", write_meanwhile)
    manifest = back_up(settings, tmp_path / "backup.tar", now=now)
    assert {member.name: member.rows for member in manifest.members}["database/saved_searches.jsonl"] == 1
    restore(new_stack(), tmp_path / "backup.tar")


def test_a_broken_log_is_backed_up_and_said(filled_stack, new_stack, tmp_path, now):
    """A restore brings back what there was, and is not refused for a fault the backup names."""
    settings = filled_stack()
    engine = open_database(settings.database)
    with writing(engine) as connection:
        connection.execute(text("UPDATE users SET role = 'admin' WHERE name = 'viewer'"))
    engine.dispose()
    manifest = back_up(settings, tmp_path / "backup.tar", now=now)
    assert [fault.partition(":")[0] for fault in manifest.faults] == ["person viewer"]
    assert restore(new_stack(), tmp_path / "backup.tar").manifest.faults == manifest.faults


def test_nothing_is_overwritten(filled_stack, tmp_path, now):
    """Neither an earlier backup nor any other file."""
    (tmp_path / "backup.tar").write_text("earlier")
    with pytest.raises(BackupError, match="exists already"):
        back_up(filled_stack(), tmp_path / "backup.tar", now=now)
    assert (tmp_path / "backup.tar").read_text() == "earlier" and not (tmp_path / ".backup.tar.part").exists()


def test_a_database_that_is_not_there_or_of_another_release_is_not_backed_up(new_stack, filled_stack, tmp_path, now):
    """It is neither made nor migrated by a backup."""
    with pytest.raises(BackupError, match="LUREWATCH_DATABASE"):
        back_up(new_stack(), tmp_path / "backup.tar", now=now)
    settings = filled_stack()
    engine = open_database(settings.database)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    engine.dispose()
    with pytest.raises(BackupError, match="revision 0005"):
        back_up(settings, tmp_path / "backup.tar", now=now)
    assert not list(tmp_path.glob("*backup.tar*"))


@pytest.mark.parametrize(("owner", "name"), [(module, "_add_partitions"), (os, "fsync")], ids=["half", "end"])
def test_killed_no_backup_is_there_and_the_next_one_is_whole(filled_stack, new_stack, tmp_path, now, owner, name):
    """What the dead one left is written anew."""
    settings, target = filled_stack(), tmp_path / "backup.tar"
    assert end_of_copy(lambda: (setattr(owner, name, die), back_up(settings, target, now=now))) == -signal.SIGKILL
    assert not target.exists() and (tmp_path / ".backup.tar.part").exists()
    back_up(settings, target, now=now)
    assert not (tmp_path / ".backup.tar.part").exists()
    restore(new_stack(), target)
