"""`lurewatch backup` and `lurewatch backup --restore` say what they did, and what comes next, in a few lines."""

import hashlib

from click.testing import CliRunner

from desk.database import open_database
from desk.people.accounts import add_user
from lurewatch.cli.contents import cli
from tests.desk.conftest import NOW, PASSWORD
from tests.workplace import work_in


def run(*words, code=0):
    """Return what a command says."""
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output + str(result.exception)
    return result.output


def test_a_backup_and_its_restore_at_the_command_line(tmp_path, monkeypatch):
    """A second restore is one clear line and exit 1."""
    here, there, backup = tmp_path / "here", tmp_path / "there", tmp_path / "backup.tar"
    for folder in (here, there):
        folder.mkdir()
    (here / "runs/board/1").mkdir(parents=True)
    (here / "runs/board/1/report.json").write_text("{}")
    work_in(here, monkeypatch)
    assert run("backup", backup, code=1).startswith("Error: the desk's database is not there")
    engine = open_database(f"sqlite:///{here / 'desk.sqlite'}")
    add_user(engine, name="minh", email="minh@example.org", role="analyst", password=PASSWORD, now=NOW)
    engine.dispose()
    output = run("backup", backup)
    assert hashlib.sha256(backup.read_bytes()).hexdigest() in output
    head = output.split("Audit head: ")[1].split()[0]
    work_in(there, monkeypatch)
    restored = run("backup", "--restore", backup)
    assert f"Audit head, as in the backup: {head}" in restored and restored.endswith("Next: lurewatch index rebuild\n")
    assert "1 partitions are not under LUREWATCH_RUNS" in restored
    assert "minh" in run("users", "list") and head in run("users", "audit", "--anchor", head)
    assert "not empty" in run("backup", "--restore", backup, code=1)
