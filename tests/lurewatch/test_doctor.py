"""The doctor names the fix for each part that is missing, one by one, and is content when all are there."""

import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path

import pysqlite3
import pytest

from lurewatch import doctor
from lurewatch.settings import Settings
from tests.services.processes import free_port


@pytest.fixture
def settings(tmp_path: Path, seeds: Path) -> Settings:
    """Return settings whose every written part lies in a folder of the test."""
    return Settings(
        seeds=seeds, runs=str(tmp_path / "runs"), assessed=str(tmp_path / "assessed"), state=tmp_path / "state",
        store=str(tmp_path / "index.sqlite"), database=f"sqlite:///{tmp_path / 'desk.sqlite'}",
        organisation="Test desk", contact_email="desk@example.org", contact_url="https://example.org/bot",
    )


def test_a_new_machine_is_healthy_on_the_embedded_default(settings: Settings) -> None:
    """Mail and the scheduler may be off; nothing else is asked for."""
    found = {finding.part: finding for finding in doctor.findings(settings)}
    assert [finding for finding in found.values() if finding.status == "missing"] == []
    assert doctor.healthy(found.values())
    assert found["mail"].status == "warn" and "LUREWATCH_SMTP" in found["mail"].fix


def broken_seeds(folder: Path, kind: str) -> Path:
    """Return a seeds folder whose only file of a kind is not YAML."""
    for name in ("sources", "lures"):
        (folder / name).mkdir(parents=True)
    (folder / kind / "broken.yml").write_text("title: [", encoding="utf-8")
    return folder


def blocked_folder(folder: Path) -> Path:
    """Return a path that cannot be a folder: a file stands in the way, for root too."""
    (folder / "file").write_text("")
    return folder / "file" / "runs"


MISSING: dict[str, tuple[Callable[[Settings, Path], Settings], str]] = {
    "sources": (lambda s, tmp: s.model_copy(update={"seeds": broken_seeds(tmp, "sources")}), "sources check"),
    "lures": (lambda s, tmp: s.model_copy(update={"seeds": broken_seeds(tmp, "lures")}), "lures check"),
    "runs": (lambda s, tmp: s.model_copy(update={"runs": str(blocked_folder(tmp))}), "LUREWATCH_RUNS"),
    "store": (lambda s, _: s.model_copy(update={"store": f"http://127.0.0.1:{free_port()}"}), "LUREWATCH_STORE"),
    "database": (
        lambda s, _: s.model_copy(update={"database": f"postgresql+psycopg://x@127.0.0.1:{free_port()}/x"}),
        "LUREWATCH_DATABASE",
    ),
    "mail": (lambda s, _: s.model_copy(update={"smtp": f"smtp://127.0.0.1:{free_port()}"}), "LUREWATCH_SMTP"),
}


@pytest.mark.parametrize("part", MISSING)
def test_a_missing_part_is_named_with_its_fix(part: str, settings: Settings, tmp_path: Path) -> None:
    """Found by using it: opening, connecting or writing."""
    take_away, fix = MISSING[part]
    finding = getattr(doctor, part)(take_away(settings, tmp_path / "away" if part in ("sources", "lures") else tmp_path))
    assert (finding.part, finding.status) == (part, "missing")
    assert fix in finding.fix and finding.detail


def test_an_old_python_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that takes another."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert "make setup PY=" in doctor.python(settings).fix


def test_an_sqlite_that_loses_commits_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The WAL-reset race was mended in 3.51.3."""
    monkeypatch.setattr(pysqlite3, "sqlite_version_info", (3, 51, 2))
    assert "pysqlite3" in doctor.sqlite(settings).fix


def test_a_machine_without_a_browser_is_told_how_to_get_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither on the path nor Playwright's own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    finding = doctor.browser(settings)
    assert finding.status == "missing" and "playwright install" in finding.fix


def test_an_operator_without_a_name_is_asked_for_it(settings: Settings) -> None:
    """Site owners and platforms must be able to answer."""
    finding = doctor.identity(settings.model_copy(update={"contact_email": ""}))
    assert finding.status == "warn" and "LUREWATCH_CONTACT_EMAIL" in finding.fix


def test_a_machine_without_airflow_is_told_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """`lurewatch run` works without it."""

    def absent(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    assert "lurewatch run" in doctor.airflow(settings).fix
