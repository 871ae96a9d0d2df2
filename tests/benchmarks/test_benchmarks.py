"""Every benchmark of `make bench` runs to its end, small: what a rename breaks in one shows here."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "assess": ["--texts", "8"],
    "crawl": ["--rounds", "1", "--pages", "10"],
    "facts": [],
    "fuzz": ["--count", "20"],
    "hostile": ["--size", "2000"],
    "link": ["--records", "200"],
    "parse": ["--pages", "5", "--rounds", "1"],
    "recall": [],
    "render": ["--rounds", "1", "--pages", "1"],
    "search": ["--records", "200", "--repeats", "1"],
    "warc": ["1"],
}
"""What keeps each small."""


def test_each_benchmark_of_make_bench_has_a_small_run() -> None:
    (line,) = re.findall(r"^BENCHES \?= (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(line.split()) == sorted(SMALL)


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_to_its_end(name: str, compiled_phrases: Path) -> None:
    """Its figures are of no use so small; that there are some is what is asked."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *SMALL[name]]
    done = subprocess.run(command, cwd=ROOT, env=os.environ.copy(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"\d", done.stdout)
