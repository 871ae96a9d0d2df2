"""An interrupted test run leaves no process: not the services, not what they started, in whatever session."""

import os
import signal
import subprocess
import textwrap
from pathlib import Path

import pytest

from tests.services.guardian import MARK
from tests.services.processes import PYTEST, bare_environment, runs, wait_for

ROOT = Path(__file__).resolve().parents[2]
SERVICE = """
import os, subprocess, sys, time, pytest
from pathlib import Path
@pytest.fixture(scope="{scope}")
def service():
    grandchild = "import subprocess; p = subprocess.Popen(['sleep', '600'], start_new_session=True{more})"
    grandchild += "; print(p.pid, flush=True); p.wait()"
    process = subprocess.Popen([sys.executable, "-c", grandchild], stdout=subprocess.PIPE, text=True, start_new_session=True)
    Path({folder!r}, f"{{process.pid}}-{{process.stdout.readline().strip()}}.pids").touch()
    yield process
    process.kill()
@pytest.mark.parametrize("number", range(2))
def test_waits(service, number):
    time.sleep(600)
"""
PLUGIN = "import sys; sys.path.insert(0, {root!r})\npytest_plugins = ['tests.services.guardian']\n"


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_runs_on_after_an_interrupted_run(tmp_path, workers, how):
    """In one process and over two workers; the second process of each service is in a session of its own."""
    (tmp_path / "conftest.py").write_text(PLUGIN.format(root=str(ROOT)))
    for name in ("one", "two"):
        (tmp_path / f"test_{name}.py").write_text(textwrap.dedent(SERVICE.format(scope="session", folder=str(tmp_path), more="")))
    environment = bare_environment(MARK)
    command = [*PYTEST, "-n", str(workers), "--dist", "loadfile", "."]
    # A run in the background has SIGINT ignored, and hands that on.
    interruptible = ["env", "--default-signal=INT", *command]
    tests = subprocess.Popen(interruptible, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    wanted = workers or 1
    wait_for(lambda: len(list(tmp_path.glob("*.pids"))) == wanted, "the services", tests)
    started = [int(pid) for file in tmp_path.glob("*.pids") for pid in file.stem.split("-")]
    assert all(map(runs, started))
    os.kill(tests.pid, how)
    wait_for(lambda: not any(map(runs, started)), "the end of the services")
    tests.wait()


def test_a_dead_worker_takes_its_services_with_it(tmp_path):
    """What writes over its environment, or has none, is known by what started it."""
    (tmp_path / "conftest.py").write_text(PLUGIN.format(root=str(ROOT)))
    (tmp_path / "test_one.py").write_text(textwrap.dedent(SERVICE.format(scope="session", folder=str(tmp_path), more=", env={}")))
    environment = bare_environment(MARK)
    command = [*PYTEST, "-n", "1", "--max-worker-restart=0", "."]
    tests = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    wait_for(lambda: list(tmp_path.glob("*.pids")), "the service", tests)
    started = [int(pid) for file in tmp_path.glob("*.pids") for pid in file.stem.split("-")]
    (service, _) = started
    worker = int(Path(f"/proc/{service}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: not any(map(runs, started)), "the end of its services")
    tests.wait()
