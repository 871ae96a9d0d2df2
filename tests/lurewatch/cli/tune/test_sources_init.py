"""`lurewatch sources init` writes the seeds of the release, never over what a person wrote."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from lurewatch.cli.contents import cli
from lurewatch.settings import SHIPPED_SEEDS, load_settings


def test_it_copies_the_seeds_and_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["sources", "init"])
    assert result.exit_code == 0, result.output
    assert "lurewatch demo --once" in result.stdout
    names = {path.relative_to(SHIPPED_SEEDS) for path in SHIPPED_SEEDS.rglob("*") if path.is_file()}
    assert names <= {path.relative_to(tmp_path / "seeds") for path in (tmp_path / "seeds").rglob("*")}


def test_what_a_person_wrote_is_kept_and_named(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    mine = tmp_path / "seeds" / "places.yml"
    mine.write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(cli, ["sources", "init", str(tmp_path)])
    assert (result.exit_code, mine.read_text(encoding="utf-8")) == (0, "mine")
    assert f"compare {mine}" in result.stdout


def test_the_source_code_is_not_written_to() -> None:
    result = CliRunner().invoke(cli, ["sources", "init", str(SHIPPED_SEEDS.parent)])
    assert result.exit_code == 1
    assert "name another folder" in result.stderr


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "seeds").write_text("", encoding="utf-8")
    result = CliRunner().invoke(cli, ["sources", "init", str(tmp_path)])
    assert result.exit_code == 1
    assert "name a folder that can be written" in result.stderr


def test_commands_use_the_folder_here_else_the_seeds_of_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).seeds == SHIPPED_SEEDS
    (tmp_path / "seeds").mkdir()
    assert load_settings({}).seeds == Path("seeds")
    assert load_settings({"LUREWATCH_SEEDS": "other"}).seeds == Path("other")


def test_the_seeds_of_the_release_are_not_written_by_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUREWATCH_SEEDS", raising=False)
    result = CliRunner().invoke(cli, ["sources", "new", "http://127.0.0.1:1/", "--yes"])
    assert result.exit_code == 1
    assert "`lurewatch sources init` makes a seeds folder of your own" in result.stderr
