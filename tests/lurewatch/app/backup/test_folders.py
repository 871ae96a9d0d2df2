"""Seeds that a release shipped give way to the backup's; what an operator wrote, or lies behind a link, does not."""

import pytest

from lurewatch.app.backup import folders
from lurewatch.app.backup.archive import backup_opened
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
    monkeypatch.setattr(folders, "SHIPPED_SEEDS", release)
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)
    restore(there, tmp_path / "backup.tar")
    assert sorted(folders.files_of(there.seeds)) == ["places.yml", "sources/board.yml"]
    assert (there.seeds / "places.yml").read_text() == "{}\n"


@pytest.mark.parametrize("linked", [True, False])
def test_the_release_itself_is_never_changed(filled_stack, new_stack, tmp_path, now, monkeypatch, linked):
    """Not through a link, and not where the seeds in use are the release's own."""
    release, there = tmp_path / "release", new_stack()
    written(release / "sample", page="of the release")
    monkeypatch.setattr(folders, "SHIPPED_SEEDS", release)
    if linked:
        there.seeds.mkdir(parents=True)
        (there.seeds / "sample").symlink_to(release / "sample")
    else:
        there = there.model_copy(update={"seeds": release})
    back_up(filled_stack(), tmp_path / "backup.tar", now=now)
    with backup_opened(tmp_path / "backup.tar") as reader:
        assert folders.seeds_conflicts(reader, there) == [there.seeds / "sample" / "page.yml"]


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
    assert sorted(folders.files_of(tmp_path)) == ["abc/card.json", "registry.json"]
