"""A release's seeds reach the folder an operator edits, and take nothing away that he did."""

from pathlib import Path

from lurewatch.app.seeds.shipped_seeds import bring


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
