"""A hostile internet for the safety tests: see world/. It runs in a network namespace, so no packet leaves the machine."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WORLD = Path(__file__).parent / "world"
ROOT = Path(__file__).resolve().parents[3]

NAMES: dict[str, Any] = {
    "site.test": ["93.184.216.34", "2606:2800:220:1::34"],
    "*.site.test": ["93.184.216.34"],
    **{f"{name}.test": ["93.184.216.34"] for name in ("other", "third", "fourth", "fifth", "sixth", "seventh")},
}
"""The honest part of the DNS; tests add the rest."""


@pytest.fixture(scope="session")
def world() -> Callable[..., dict[str, Any]]:
    """Return a function that crawls ``requests`` in a world of ``routes`` and ``names`` and tells what happened."""
    why = _no_namespaces()
    if why:
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)

    def run(
        requests: list[dict[str, Any]], routes: dict[str, Any], *, names: dict[str, Any] | None = None, **job: Any
    ) -> dict[str, Any]:
        job = {"requests": requests, "routes": routes, "names": {**NAMES, **(names or {})}, **job}
        done = subprocess.run(
            [*_unshare(), sys.executable, str(WORLD)], input=json.dumps(job).encode(), stdout=subprocess.PIPE, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode == 0, done
        answer: dict[str, Any] = json.loads(done.stdout)
        assert answer["exit"] == 0, answer
        return answer

    return run


@pytest.fixture(scope="session")
def chromium(missing_browser: str | None) -> str:
    """Return the browser the lane would use."""
    assert missing_browser is not None
    return missing_browser


@pytest.fixture(scope="session")
def missing_browser() -> str | None:
    """Return the Chromium installed here; skip (in CI: fail) when there is none."""
    from crawlers.fetch.handlers.chromium import browser_path

    path = browser_path()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("service missing in CI: chromium")
        pytest.skip("service missing: chromium")
    return path


def _unshare() -> list[str]:
    return ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def _no_namespaces() -> str | None:
    if not shutil.which("unshare") or not shutil.which("ip"):
        return "service missing: network namespaces (unshare, ip of util-linux and iproute2)"
    tried = subprocess.run([*_unshare(), "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else f"service missing: network namespaces ({tried.stderr.decode().strip()})"
