"""A folder to work in: where everything the settings name lies below it."""

from pathlib import Path

import pytest


def work_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make ``folder`` the working folder and the place of seeds, runs, state, index file, assessments and database."""
    places = {"SEEDS": "seeds", "RUNS": "runs", "STATE": "state", "STORE": "index.sqlite", "ASSESSED": "assessed"}
    for name, value in places.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", str(folder / value))
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{folder / 'desk.sqlite'}")
    monkeypatch.chdir(folder)
