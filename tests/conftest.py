"""Fixtures every test may use. Services that several areas need are plugins in tests/services/."""

import asyncio
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.services.processes import PATIENCE, make_folder

SERVICES = ("guardian", "shared", "compiled_phrases", "migrated_desk", "elasticsearch", "postgres")
pytest_plugins = [*(f"tests.services.{name}" for name in SERVICES), "tests.progress", "tests.order"]

ROOT = Path(__file__).resolve().parent.parent

# Hypothesis would fail an example that takes over 200 ms, and a test that makes examples slowly: a busy machine is no fault.
settings.register_profile("lurewatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lurewatch")


def pytest_configure() -> None:
    """Keep Airflow, which makes its home when it is imported, out of the home of whoever runs the tests.

    Keep byte code too, where the environment says not to: each of some hundred child processes would compile all it imports.
    """
    gc.disable()  # until the tests begin: what is imported stays
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="lurewatch-airflow-")
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
    os.environ["AIOSMTPD_CONTROLLER_TIMEOUT"] = str(PATIENCE)  # else a mail server that needs 5 s to start fails its test


def pytest_collection_finish() -> None:
    """Take what is imported by now from the collector of garbage, and let it look seldom through what tests load besides."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure() -> None:
    """Remove it again."""
    shutil.rmtree(os.environ["AIRFLOW_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True, scope="module")
def _no_loop_is_left() -> Iterator[None]:
    """Fail the file that leaves an event loop running in this thread, not the next one of the worker that starts its own."""
    yield
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real texts and pages we judge with; skip where a checkout has none (it is never carried)."""
    folder = Path(os.environ.get("LUREWATCH_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"judging data not here: {folder}; set LUREWATCH_SHARED to the folder that holds data/")
    return folder


@pytest.fixture(scope="session")
def seeds() -> Path:
    """Return the seeds folder of this checkout."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def missing_service() -> Callable[[str], None]:
    """Return a function that skips for a missing service on a laptop and fails in CI, where every service must be there."""

    def missing(what: str) -> None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"service missing in CI: {what}")
        pytest.skip(f"service missing: {what}")

    return missing


@pytest.fixture(scope="session")
def service_folder() -> Iterator[Callable[..., Path]]:
    """Return a function that makes a folder a service may run in as another user (``make_folder``); all are removed at the end.

    pytest's own temporary folders are closed to everyone but their owner, so a server that is not root cannot enter them.
    """
    made: list[Path] = []

    def make(name: str, *, in_memory: bool = False) -> Path:
        made.append(make_folder(name, in_memory=in_memory))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
