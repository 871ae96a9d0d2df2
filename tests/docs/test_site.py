"""The documentation site builds without a warning, and the pages made from code are up to date."""

import subprocess
import sys
from pathlib import Path

from lurewatch.cli.reference import reference
from tests.conftest import ROOT


def test_the_command_reference_is_what_the_commands_say() -> None:
    """``python -m lurewatch.cli.reference > docs/cli.md`` writes it anew."""
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference()


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """``strict`` is set: a link that leads nowhere or a page outside the navigation ends the build."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "site" / "architecture" / "index.html").exists()
    assert "WARNING" not in built.stderr
