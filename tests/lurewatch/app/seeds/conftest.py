"""An installation with seeds of its own."""

import shutil
from pathlib import Path

import pytest

from lurewatch.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, seeds: Path) -> Settings:
    """Return settings whose seeds are one source and the rules of one language."""
    folder = tmp_path / "seeds"
    (folder / "sources").mkdir(parents=True)
    shutil.copy(seeds / "sources" / "sample_board.yml", folder / "sources" / "board.yml")
    (folder / "lures").mkdir()
    shutil.copy(seeds / "lures" / "indicators.yml", folder / "lures")
    shutil.copytree(seeds / "lures" / "sw", folder / "lures" / "sw")
    shutil.copy(seeds / "places.yml", folder)
    return Settings(
        seeds=folder, runs=str(tmp_path / "runs"), state=tmp_path / "state", database=f"sqlite:///{tmp_path / 'desk.sqlite'}"
    )
