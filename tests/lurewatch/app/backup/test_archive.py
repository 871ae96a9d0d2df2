"""A backup that is cut, has no manifest, or would write elsewhere is refused; a compressed one is read."""

import errno
import gzip
import io
import tarfile
from datetime import UTC, datetime

import pytest

from lurewatch.app.backup.archive import BackupError, BackupManifest, backup_opened, backup_written

MANIFEST = BackupManifest(
    version="1", made_at=datetime(2026, 11, 24, tzinfo=UTC), engine="sqlite", revision="0005", audit_head="0:0"
)


@pytest.fixture
def backup(tmp_path):
    """Return a backup with one file."""
    with backup_written(tmp_path / "backup.tar") as writer:
        writer.add("seeds/a.yml", io.BytesIO(b"abc" * 10_000), 30_000)
        writer.finish(MANIFEST)
    return tmp_path / "backup.tar"


def refusal(path):
    """Return why a file is no backup."""
    with pytest.raises(BackupError) as caught, backup_opened(path):
        pass
    return str(caught.value)


def test_a_compressed_backup_is_read(backup):
    """As people keep them."""
    packed = backup.with_suffix(".tar.gz")
    packed.write_bytes(gzip.compress(backup.read_bytes()))
    with backup_opened(packed) as reader:
        assert reader.open("seeds/a.yml").read(6) == b"abcabc"
        assert [member.name for member in reader.members("seeds")] == ["seeds/a.yml"] and reader.members("seed") == []


def test_a_cut_backup_is_refused(backup):
    """Wherever it was cut."""
    whole = backup.read_bytes()
    for size in (0, 100, 20_000, 30_720, 31_500):
        backup.write_bytes(whole[:size])
        assert "take another copy" in refusal(backup)
    assert "no such file" in refusal(backup.with_name("nowhere.tar"))


@pytest.mark.parametrize("name", ["../a", "/a", "seeds/../../a", "seeds/./a", "seeds/a.yml", "seeds/b.yml"])
def test_an_entry_that_leads_elsewhere_or_was_added_is_refused(backup, name):
    """The manifest knows every file, and each once."""
    with tarfile.open(backup, "a") as archive:
        archive.addfile(tarfile.TarInfo(name))
    assert name in refusal(backup)


def test_a_link_is_refused(backup):
    """A backup has files alone."""
    with tarfile.open(backup, "a") as archive:
        link = tarfile.TarInfo("seeds/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert "seeds/link" in refusal(backup)


def test_a_backup_of_a_later_format_names_the_fix(tmp_path):
    """Before anything else in its manifest is read."""
    with tarfile.open(tmp_path / "later.tar", "w") as archive:
        info = tarfile.TarInfo("manifest.json")
        info.size = 12
        archive.addfile(info, io.BytesIO(b'{"format":2}'))
    assert "restore it with the release that made it" in refusal(tmp_path / "later.tar")


def test_a_file_that_shrinks_while_it_is_read_leaves_no_backup(tmp_path):
    """Half a file is no backup of it."""
    with pytest.raises(BackupError, match="ended after 3 of 9 bytes"), backup_written(tmp_path / "backup.tar") as writer:
        writer.add("a", io.BytesIO(b"abc"), 9)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_not_told_as_a_file_that_shrank(tmp_path, monkeypatch):
    """`run the backup again` helps nobody then."""

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", refuse)
    with pytest.raises(Exception, match="No space left on device"), backup_written(tmp_path / "backup.tar") as writer:
        writer.add("a", io.BytesIO(b"abc"), 9)


def test_two_backups_to_one_name_do_not_mix(tmp_path):
    """The second one is refused and the first one is whole."""
    with backup_written(tmp_path / "backup.tar") as writer:
        with pytest.raises(BackupError, match="another backup to this name"), backup_written(tmp_path / "backup.tar"):
            pass
        writer.finish(MANIFEST)
    with backup_opened(tmp_path / "backup.tar") as reader:
        assert reader.manifest == MANIFEST


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """Not a traceback."""
    with pytest.raises(BackupError, match="nowhere"), backup_written(tmp_path / "nowhere" / "backup.tar"):
        pass
