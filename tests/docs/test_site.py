"""The documentation site builds without a warning and loads nothing from elsewhere; its home leads every role to its page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.site.command_reference import reference
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site; ``strict`` is set, so a link that leads nowhere ends the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    return folder


def test_pages_made_from_elsewhere_are_there(site: Path) -> None:
    """The command reference says what the commands say."""
    page = (site / "cli" / "index.html").read_text(encoding="utf-8")
    names = re.findall(r"^## (lurewatch \S+)$", reference(), re.MULTILINE)
    assert names and [name for name in names if f">{name}<" not in page] == []
    assert (site / "contributing" / "index.html").exists()


def test_no_page_loads_anything_from_another_server(site: Path) -> None:
    """No font, script, style or picture: a reader's visit is nobody else's business."""
    loaded = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"?(https?:[^\"\s>]+)")
    pages = {page: loaded.findall(page.read_text(encoding="utf-8")) for page in site.rglob("*.html")}
    assert len(pages) > 40
    assert {url for urls in pages.values() for url in urls} == set()


def test_the_home_shows_a_picture_the_first_command_and_a_way_for_each_role(site: Path) -> None:
    """Search stands in the header, and the reader may switch to the dark."""
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "flow.svg" in home and "make demo" in home
    for page in ("for-analysts", "for-readers", "for-operators", "for-partners", "evidence", "deploy", "contributing"):
        assert f'href="{page}/"' in home
    assert 'data-md-component="search"' in home
    assert 'data-md-color-scheme="slate"' in home
