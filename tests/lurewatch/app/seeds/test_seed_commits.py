"""`prepare` makes the repository of seeds, and brings a release onto a branch that people merge."""

import shutil
from pathlib import Path

import pytest

from lurewatch.app.seeds import seed_commits as module
from lurewatch.app.seeds.seed_commits import bring, prepare_seeds
from tests.seed_house import run_git


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the small seeds of a release."""
    folder = tmp_path / "shipped"
    (folder / "sources").mkdir(parents=True)
    for name in ("places.yml", "sources/a.yml", "sources/b.yml"):
        (folder / name).write_text(f"{name} of 0.3\n", encoding="utf-8")
    monkeypatch.setattr(module, "SHIPPED_SEEDS", folder)
    return folder


def test_a_new_repository_holds_the_release_and_a_later_one_comes_on_a_branch(shipped: Path, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    assert "a repository with the seeds of 0.3, 0 files otherwise" in prepare_seeds(seeds, "0.3")
    first = run_git(seeds, "rev-parse", "main")
    assert first == run_git(seeds, "rev-parse", "release") and run_git(seeds, "status", "--porcelain") == ""
    (seeds / ".accepted").mkdir()
    (seeds / ".accepted" / "in-force.json").write_text("null")
    assert run_git(seeds, "status", "--porcelain") == "" and "already" in prepare_seeds(seeds, "0.3")
    (shipped / "sources" / "c.yml").write_text("new\n", encoding="utf-8")
    (shipped / "sources" / "b.yml").unlink()
    assert "git merge -S release" in prepare_seeds(seeds, "0.4")
    assert run_git(seeds, "rev-parse", "main") == first and run_git(seeds, "rev-parse", "release^") == first
    assert run_git(seeds, "diff", "--name-status", "main", "release").split() == ["D", "sources/b.yml", "A", "sources/c.yml"]
    assert run_git(seeds, "status", "--porcelain") == "", "the work tree is people's"


def test_what_an_operator_did_before_stands_beside_the_release(shipped: Path, tmp_path: Path) -> None:
    """As release 0.2 laid it out, with a file edited, one removed and one added."""
    seeds, earlier = tmp_path / "seeds", shutil.copytree(shipped, tmp_path / "earlier")
    (earlier / "places.yml").write_text("places of 0.2\n", encoding="utf-8")
    bring(earlier, seeds)
    (seeds / "sources" / "a.yml").write_text("mine\n", encoding="utf-8")
    (seeds / "sources" / "b.yml").unlink()
    (seeds / "sources" / "own.yml").write_text("own\n", encoding="utf-8")
    assert ", 3 files otherwise than shipped" in prepare_seeds(seeds, "0.3")
    edited = run_git(seeds, "status", "--porcelain").split()[1::2]
    assert edited == ["sources/a.yml", "sources/b.yml", "sources/own.yml"]
    assert (seeds / "places.yml").read_text(encoding="utf-8") == "places.yml of 0.3\n"


def write(folder: Path, **files: str) -> Path:
    """Write ``<name>.yml`` files below ``folder/sources``."""
    for name, text in files.items():
        path = folder / "sources" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def read(folder: Path) -> dict[str, str]:
    """Return name -> text of the source files."""
    return {path.stem: path.read_text() for path in (folder / "sources").iterdir()}


def test_an_empty_folder_gets_everything_and_a_second_call_changes_nothing(tmp_path: Path) -> None:
    """In full, with its folders."""
    shipped = write(tmp_path / "shipped", a="1", b="1")
    folder = tmp_path / "seeds"
    folder.mkdir()
    assert bring(shipped, folder) == (["sources/a.yml", "sources/b.yml"], [])
    assert read(folder) == {"a": "1", "b": "1"}
    assert bring(shipped, folder) == ([], [])


def test_an_upgrade_brings_what_is_new_and_keeps_what_the_operator_did(tmp_path: Path) -> None:
    """An edit, a deletion and an addition stay; the edit that differs from the new release is named."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    bring(write(tmp_path / "first", untouched="1", edited="1", deleted="1", withdrawn="1", same="1", quiet="1"), folder)
    write(folder, edited="mine", own="mine", same="2", quiet="mine")
    (folder / "sources" / "deleted.yml").unlink()
    second = write(tmp_path / "second", untouched="2", edited="2", deleted="1", fresh="2", same="2", quiet="1")
    assert bring(second, folder) == (
        ["sources/fresh.yml", "sources/untouched.yml", "sources/withdrawn.yml"], ["sources/edited.yml"],
    )  # fmt: skip
    assert read(folder) == {"untouched": "2", "edited": "mine", "fresh": "2", "same": "2", "own": "mine", "quiet": "mine"}
    assert bring(second, folder) == ([], [])


def test_a_folder_that_was_there_before_is_not_overwritten(tmp_path: Path) -> None:
    """No record of what was shipped: every file that differs may be an edit."""
    folder = write(tmp_path / "seeds", a="mine")
    assert bring(write(tmp_path / "shipped", a="1", b="1"), folder) == (["sources/b.yml"], ["sources/a.yml"])
    assert read(folder) == {"a": "mine", "b": "1"}
