"""Programs built from their Go modules on first use, and kept."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from tests.services.processes import cache_folder

ALERTMANAGER = "github.com/prometheus/alertmanager/cmd/alertmanager@v0.28.1"
HELM = "helm.sh/helm/v3/cmd/helm@v3.18.4"
VERSITYGW = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"


def go_program(package: str) -> Path:
    """Return the program of a Go package; raise OSError when it cannot be had.

    Built without symbols and optimisation: `go install helm` with empty caches takes 105 s of processor time, with it 136 s.
    """
    path, _, version = package.partition("@")
    name = path.rpartition("/")[2]
    folder = cache_folder() / f"{name}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be building it
        if not program.exists():
            build(package, folder / "building")
            (folder / "building" / name).replace(program)
    return program


def build(package: str, folder: Path) -> None:
    """Build a Go package into a folder. Raises OSError."""
    if shutil.which("go") is None:
        raise OSError(f"go, which builds {package}, is not on this machine")
    environment = os.environ | {"GOBIN": str(folder), "GOFLAGS": "-mod=mod -ldflags=-s '-gcflags=all=-N -l'", "CGO_ENABLED": "0"}
    try:
        subprocess.run(["go", "install", package], check=True, env=environment, cwd="/", capture_output=True, text=True)
    except subprocess.CalledProcessError as exc:
        raise OSError(f"go install {package}: {exc.stderr[-500:]}") from exc
