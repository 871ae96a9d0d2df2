"""The ten-minute guide works as it stands: every command and every YAML block of CONTRIBUTING.md is run, in order."""

import os
import re
import subprocess
import sys
from pathlib import Path

from crawlers.sample_sites import seeds_for, serve
from lurewatch.settings import SHIPPED_SEEDS

GUIDE = Path(__file__).resolve().parents[3] / "CONTRIBUTING.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks() -> list[tuple[str, str]]:
    """Return (language, text) of every fenced block, in order."""
    return BLOCK.findall(GUIDE.read_text(encoding="utf-8"))


def test_every_block_is_of_a_kind_that_is_run() -> None:
    """A block that nobody runs would rot."""
    assert {language for language, _ in blocks()} == {"bash", "yaml"}


def test_the_guide_works_from_top_to_bottom(tmp_path: Path) -> None:
    """A YAML block is the source file at that point; each line of a bash block must succeed."""
    with serve(SHIPPED_SEEDS / "sample", {}) as urls:
        seeds_for(urls, tmp_path / "seeds", SHIPPED_SEEDS)
        environ = os.environ | {"LUREWATCH_ALLOW_LOOPBACK": "true", "PYTHONPATH": str(GUIDE.parent)}
        for language, text in blocks():
            text = text.replace("http://127.0.0.1:8102", urls["jobboard-microdata"])
            if language == "yaml":
                (tmp_path / "seeds/sources/my_board.yml").write_text(text, encoding="utf-8")
                continue
            for line in text.strip().splitlines():
                words = line.split()
                assert words[0] == "lurewatch"
                command = [sys.executable, "-c", "from lurewatch.cli import main; main()", *words[1:]]
                ended = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)  # noqa: PLW1510 - judged below
                assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
    assert (tmp_path / "tests/sources/my_board/case.json").is_file()
