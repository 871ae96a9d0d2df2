"""A service that a run's workers share is started once and ends with the run, however that ends."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.services.guardian import MARK
from tests.services.processes import PYTEST, bare_environment, runs, wait_for

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = """
import sys; sys.path.insert(0, {root!r})
pytest_plugins = ['tests.services.guardian', 'tests.services.shared']
"""
ASKED = """
import os, subprocess, time
from pathlib import Path
from tests.services.shared import shared_service
def start(folder, mark):
    process = subprocess.Popen(["sleep", "600"], env=os.environ | mark, start_new_session=True)
    Path({folder!r}, f"{{process.pid}}.service").touch()
    return "an address", process
def test_asks():
    assert shared_service("sleeper", start) == "an address"
    Path({folder!r}, "{name}.asked").touch()
    while {waits}: time.sleep(0.1)
"""


@pytest.mark.parametrize("how", [None, signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_two_workers_share_one_and_nothing_of_it_is_left(tmp_path: Path, how: signal.Signals | None) -> None:
    """Whichever of the two has started it."""
    (tmp_path / "conftest.py").write_text(PLUGINS.format(root=str(ROOT)))
    for name in ("one", "two"):
        (tmp_path / f"test_{name}.py").write_text(ASKED.format(folder=str(tmp_path), name=name, waits=how is not None))
    environment = bare_environment(MARK)
    command = [*PYTEST, "-n", "2", "--dist", "loadfile", "."]
    command = ["env", "--default-signal=INT", *command]  # a run in the background has SIGINT ignored, and hands that on
    tests = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    wait_for(lambda: len(list(tmp_path.glob("*.asked"))) == 2, "two workers that have asked", tests if how else None)
    (started,) = [int(file.stem) for file in tmp_path.glob("*.service")]
    if how:
        assert runs(started)
        os.kill(tests.pid, how)
    wait_for(lambda: not runs(started), "the end of the service")
    assert tests.wait() == 0 or how
