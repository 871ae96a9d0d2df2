"""The contributors' guides work: a newcomer who knows only docs/guides.md applies each diff and runs the commands below it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_tree import tracked

PAGE = (ROOT / "docs" / "guides.md").read_text(encoding="utf-8")
GUIDES = {section.partition("\n")[0]: section for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}
WANTED = ("rule", "source", "page family", "spider", "search field", "contact type", "alert", "takedown format")
PROGRAMS = {"lurewatch": ["-c", "from lurewatch.cli import main; main()"], "pytest": ["-m", "pytest", "-q", "-n0"]}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tree, with the rules of one language: proving those of all takes minutes."""
    copy = tmp_path_factory.mktemp("tree")
    for path in tracked("*.py", "*.toml", "*.json", "*.html", "*.npz", "*.yml", "*.sh", "*.md", "*.xml", "*.txt", "*.typed"):
        place = path.relative_to(ROOT)
        languages = place.parts[2:3] if place.parts[:2] == ("seeds", "lures") and len(place.parts) == 4 else ()
        if place.parts[0] in ("benchmarks", ".ci") or (languages and languages != ("en",)):
            continue
        (copy / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy / place)
    return copy


def blocks(guide: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDES[guide], re.MULTILINE | re.DOTALL)


def test_there_is_a_guide_for_each_kind_of_change() -> None:
    """Nothing else stands on the page."""
    assert sorted(re.sub("^Add an? ", "", title) for title in GUIDES) == sorted(WANTED)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_newcomer_who_follows_the_guide_gets_there(guide: str, tree: Path, compiled_phrases: Path) -> None:
    """The diff applies to the tree as it is; each command succeeds and prints what the guide says it prints."""
    (diff,) = blocks(guide, "diff")
    applied = subprocess.run(["git", "apply", "-"], cwd=tree, input=diff, capture_output=True, text=True, check=False)
    assert applied.returncode == 0, applied.stderr
    lines = [line for block in blocks(guide, "bash") for line in block.splitlines()]
    assert lines
    environ = os.environ | {"PYTHONPATH": str(tree), "LUREWATCH_CACHE": str(compiled_phrases)}
    for line in lines:
        command, _, printed = line.partition("# prints: ")
        program, *words = shlex.split(command)
        done = subprocess.run(
            [sys.executable, *PROGRAMS[program], *words], cwd=tree, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert printed in done.stdout
