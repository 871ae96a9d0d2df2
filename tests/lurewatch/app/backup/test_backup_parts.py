"""Seeds that a release shipped give way to the backup's; what an operator wrote, or lies behind a link, does not."""

import hashlib
from pathlib import Path

import pytest

from lurewatch.app.backup import backup_parts
from lurewatch.app.backup.archive import BackupError, backup_opened
from lurewatch.app.backup.backup_parts import absent, partition_lines
from lurewatch.app.backup.restore import restore
from lurewatch.app.backup.write_backup import back_up


def written(folder, **files):
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def test_seeds_of_the_release_become_those_of_the_backup(filled_stack, new_stack, tmp_path, now, monkeypatch):
    """What the operator had changed is changed again, what was deleted is away again."""
    release, there = tmp_path / "release", new_stack()
    written(release, places="of the release", deleted="of the release")
    written(there.seeds, places="of the release", deleted="of the release")
    (there.seeds / ".shipped.json").write_text("{}")
    monkeypatch.setattr(backup_parts, "SHIPPED_SEEDS", release)
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)
    restore(there, tmp_path / "backup.tar")
    assert sorted(backup_parts.files_of(there.seeds)) == ["places.yml", "sources/board.yml"]
    assert (there.seeds / "places.yml").read_text() == "{}\n"


@pytest.mark.parametrize("linked", [True, False])
def test_the_release_itself_is_never_changed(filled_stack, new_stack, tmp_path, now, monkeypatch, linked):
    """Not through a link, and not where the seeds in use are the release's own."""
    release, there = tmp_path / "release", new_stack()
    written(release / "sample", page="of the release")
    monkeypatch.setattr(backup_parts, "SHIPPED_SEEDS", release)
    if linked:
        there.seeds.mkdir(parents=True)
        (there.seeds / "sample").symlink_to(release / "sample")
    else:
        there = there.model_copy(update={"seeds": release})
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)
    with backup_opened(tmp_path / "backup.tar") as reader:
        assert backup_parts.seeds_conflicts(reader, there) == [there.seeds / "sample" / "page.yml"]


def test_unfinished_files_locks_and_accepted_versions_are_no_part_of_a_folder(tmp_path):
    """Somebody writes them now, or died while writing; versions are accepted again after a restore."""
    for name in (
        "lock",
        ".accepted/board.yml",
        ".registry.json.1.part",
        ".abc.1.part/card.json",
        "abc/card.json",
        "registry.json",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert sorted(backup_parts.files_of(tmp_path)) == ["abc/card.json", "registry.json"]


@pytest.fixture
def runs(tmp_path):
    """Return a folder with a sealed run and one that never ended."""
    for name in ("board/1/report.json", "board/1/postings.jsonl.zst", "board/2/postings.jsonl.zst"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    return str(tmp_path)


def test_sealed_partitions_are_named_with_their_report_and_others_are_not(runs):
    """The report holds the digests of the other files."""
    (line,) = partition_lines(runs)
    assert (line.name, line.address) == ("board/1", f"file://{runs}/board/1")
    assert line.report_sha256 == hashlib.sha256(b"{}").hexdigest()


def test_a_partition_that_is_gone_is_told_and_one_that_differs_is_refused(runs, tmp_path):
    """The first can be brought, the second is somebody else's."""
    lines = list(partition_lines(runs))
    assert absent(lines, runs) == [] and absent(lines, str(tmp_path / "other")) == lines
    (Path(runs) / "board/1/report.json").write_text("{ }")
    with pytest.raises(BackupError, match="LUREWATCH_RUNS"):
        absent(lines, runs)
