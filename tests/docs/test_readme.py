"""README's "Day by day" works word for word after the demo, in windows that know nothing but what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.few_sites import keep_sites

DAY = ROOT.joinpath("README.md").read_text(encoding="utf-8").partition("## Day by day")[2].partition("\n## ")[0]
BLOCKS = re.findall(r"^```\n(.*?)^```", DAY, re.MULTILINE | re.DOTALL)

DRIVER = """
set -eu
ip link set lo up
answers() { until (exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null; do kill -0 $2; sleep 0.2; done; }
window() { env -i HOME="$PWD" PATH=/usr/bin:/bin LANG=C.UTF-8 bash -e "$1"; }
python3 -m http.server 8101 --bind 127.0.0.1 --directory empty & other=$!
answers 8101 $other
echo 'source .venv/bin/activate; lurewatch demo --once' > demo.sh
window demo.sh > demo.txt 2>&1
python3 typed.py first.sh > first.txt 2>&1
window second.sh > second.txt 2>&1 & sample=$!
answers 8102 $sample
window run.sh > run.txt 2>&1
window serve.sh > serve.txt 2>&1 & desk=$!
answers 8080 $desk
"""

TYPED = """
import os, pty, sys
environ = {"HOME": os.getcwd(), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
child, terminal = pty.fork()
if not child:
    os.execve("/bin/bash", ["bash", "-e", sys.argv[1]], environ)
said = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # the terminal is closed
        break
    sys.stdout.buffer.write(part)
    said += part
    if said.endswith(b": ") and (b"Password" in said[-40:] or b"confirmation" in said[-40:]):
        os.write(terminal, b"gravel-lantern-otter-93\\n")
        said = b""
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
"""A window with a person at it, who types a password whenever one is asked for."""


@pytest.fixture
def home(tmp_path: Path, compiled_phrases: Path) -> Path:
    """Return a home with the seeds and nothing else but compiled phrases, which are the same for everybody."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "lurewatch").symlink_to(compiled_phrases)
    return tmp_path


@pytest.mark.slow
def test_the_blocks_of_day_by_day_work_in_clean_windows(home: Path) -> None:
    """In a network of its own, where another program already holds a sample site's port."""
    first, second, third = BLOCKS
    keep_sites(home / "seeds", "jobboard-jsonld", "jobboard-microdata")  # the wheel's test has one that a browser draws
    (home / ".venv").symlink_to(sys.prefix)
    (home / "empty").mkdir()
    head, (run, serve) = "".join(first.splitlines(keepends=True)[:2]), third.splitlines(keepends=True)
    (home / "typed.py").write_text(TYPED, encoding="utf-8")
    for name, text in {"first": first, "second": second, "run": head + run, "serve": head + serve}.items():
        (home / f"{name}.sh").write_text(text, encoding="utf-8")
    alone = ["unshare", "--net", "--pid", "--fork", "--kill-child", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    done = subprocess.run([*alone, "bash", "-c", DRIVER], cwd=home, capture_output=True, text=True, check=False)
    said = {path.stem: path.read_text(encoding="utf-8") for path in home.glob("*.txt")}
    assert done.returncode == 0, f"{done.stderr}\n{said}"
    assert "port 8101 is held by another program" in said["demo"]
    assert re.search(r"^[1-9]\d* of [1-9]\d* for: tag:scam_compound", said["first"], re.MULTILINE), said["first"]


def test_a_sample_source_nobody_serves_says_what_to_do(home: Path) -> None:
    """``run`` names the second window, and the variable where it is not set."""
    source = home / "seeds/sources/sample_feed.yml"
    source.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:9", source.read_text(encoding="utf-8")), encoding="utf-8")
    command = [sys.executable, "-c", "from lurewatch.cli import main; main()", *shlex.split("run sample_feed --json")]
    clean = {"PATH": os.environ["PATH"], "HOME": str(home)}
    for more, words in (({}, "LUREWATCH_ALLOW_LOOPBACK=true"), ({"LUREWATCH_ALLOW_LOOPBACK": "true"}, "second window")):
        done = subprocess.run(command, cwd=home, env=clean | more, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "`lurewatch demo sites`" in done.stdout and words in done.stdout
