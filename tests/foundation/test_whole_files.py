"""A file is written whole or not at all; one that is there is never written over by accident, and keeps its mode."""

import errno
import os
from pathlib import Path

import pytest

from foundation.whole_files import create_file, replace_file, writing_whole


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a mode of its own."""
    path = tmp_path / "seed.yml"
    path.write_text("title: x\n", encoding="utf-8")
    path.chmod(0o640)
    return path


def test_a_file_is_replaced_with_the_mode_it_has(file: Path) -> None:
    """And nothing else is left in the folder."""
    replace_file(file, "title: y\n")
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("title: y\n", 0o640)
    assert list(file.parent.iterdir()) == [file]


def test_a_new_file_can_be_read_by_all(tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"\x00")
    create_file(tmp_path / "b", "b")
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("a", "b")] == [0o644, 0o644]
    assert (tmp_path / "a").read_bytes() == b"\x00"


def test_a_disk_that_is_full_is_named_by_the_file(tmp_path: Path) -> None:
    """A run whose partition found no room named its state folder, on another disk."""
    with pytest.raises(OSError, match="No space left") as raised, writing_whole(tmp_path / "report.json"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (raised.value.filename, list(tmp_path.iterdir())) == (str(tmp_path / "report.json"), [])


def test_a_file_that_is_there_is_not_written_over(file: Path) -> None:
    with pytest.raises(FileExistsError):
        create_file(file, "title: y\n")
    assert file.read_text(encoding="utf-8") == "title: x\n"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("write", [create_file, replace_file])
def test_a_full_disk_leaves_the_old_file_and_nothing_besides(write, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(file if write is replace_file else file.with_name("new.yml"), "title: y\n")
    assert file.read_text(encoding="utf-8") == "title: x\n"
    assert list(file.parent.iterdir()) == [file]
