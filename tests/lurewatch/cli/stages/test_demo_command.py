"""The demo's settings are enough for its desk, and for every command that works on its data."""

from pathlib import Path

import pytest

from lurewatch.app.takedown_lists import notifier_of
from lurewatch.cli.stages.demo_command import _settings_file, demo_settings
from lurewatch.settings import SHIPPED_SEEDS, load_settings


def test_the_desk_of_the_demo_can_build_a_list(tmp_path: Path) -> None:
    """Desk and settings.sh name the same contact."""
    settings = demo_settings(tmp_path)
    assert notifier_of(settings).email == "demo@example.org"
    assert "export LUREWATCH_CONTACT_EMAIL=demo@example.org\n" in _settings_file(settings, tmp_path).read_text(encoding="utf-8")


def test_seeds_of_the_checkout_one_works_in_are_written_by_whatever_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """`source data/demo/settings.sh` names them whole, and `lurewatch sources new` writes there; those of a package stay."""
    settings = load_settings({"LUREWATCH_SEEDS": str(SHIPPED_SEEDS)})
    monkeypatch.chdir(SHIPPED_SEEDS.parent)
    assert settings.read_only_seeds == ""
    monkeypatch.chdir(tmp_path)
    assert "`lurewatch sources init`" in settings.read_only_seeds
