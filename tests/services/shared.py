"""Services that all workers of a test run share: whoever asks first starts one, the end of the run ends it. A pytest plugin."""

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.services.guardian import MARK
from tests.services.processes import make_folder, runs, wait_for

RUN_FOLDER, RUN_MARK = "TEST_RUN_FOLDER", "TEST_RUN_MARK"
"""Variables that a run's main process hands to its workers: a folder for all, and the mark of what ends with the run."""

Start = Callable[[Path, dict[str, str]], tuple[str, subprocess.Popen[bytes]]]
"""Starts a service in a folder, with the mark its environment must carry; gives its address and process."""


def shared_service(name: str, start: Start) -> str:
    """Return the address of this run's service of a name; the first that asks starts it, the others wait."""
    folder = Path(os.environ[RUN_FOLDER])
    told = folder / f"{name}.address"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            data = folder / name
            data.mkdir(mode=0o755)
            address, process = start(data, {MARK: os.environ[RUN_MARK]})
            (folder / f"{name}.pid").write_text(str(process.pid))
            told.write_text(address)
        return told.read_text()


def shared_folder(name: str, fill: Callable[[Path], None]) -> Path:
    """Return this run's folder of a name, to be copied; the first that asks fills it, the others wait."""
    folder = Path(os.environ[RUN_FOLDER]) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            fill(made := folder.with_suffix(".part"))
            made.rename(folder)
    return folder


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder in its main process; other users enter it, as servers that refuse root do."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN_FOLDER], os.environ[RUN_MARK] = str(make_folder("run", in_memory=True)), os.environ[MARK]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the services, in the main process; what is interrupted before this is ended by its guardian."""
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ[RUN_FOLDER])
        pids = [int(file.read_text()) for file in folder.glob("*.pid")]
        for pid in pids:
            for sign in (signal.SIGTERM, signal.SIGINT):  # to the first alone PostgreSQL ends when its last client has gone
                with suppress(ProcessLookupError):
                    os.killpg(pid, sign)
        wait_for(lambda: not any(map(runs, pids)), "the end of shared services")
        shutil.rmtree(folder, ignore_errors=True)
