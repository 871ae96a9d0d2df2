"""A real PostgreSQL server on 127.0.0.1. ``LUREWATCH_TEST_PG_URL`` points the tests at a server of your own instead."""

import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy

from tests.services.processes import free_port, give, skip_service, unprivileged, wait_for
from tests.services.shared import shared_service


def binaries() -> Path | None:
    """Return the folder of the newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config, worker_id: str) -> str:
    """Return the SQLAlchemy URL of an empty database of this worker's own, on the server that all workers of a run share."""
    skip_service(pytestconfig)
    if given := os.environ.get("LUREWATCH_TEST_PG_URL"):
        return given
    programs = binaries()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL missing in CI")
        pytest.skip("PostgreSQL missing: install the package postgresql")
    address = shared_service("postgres", partial(_start, programs))
    server = sqlalchemy.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {worker_id}"))
    server.dispose()
    return f"{address}/{worker_id}"


def _start(programs: Path, folder: Path, mark: dict[str, str]) -> tuple[str, "subprocess.Popen[bytes]"]:
    give(folder)
    data, port, given = str(folder / "data"), str(free_port()), os.environ | mark
    init = [str(programs / "initdb"), "-D", data, "-U", "lurewatch", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(unprivileged([*init, "--no-sync"]), check=True, stdout=subprocess.DEVNULL, cwd=folder)
    hasty = [word for name in ("fsync", "synchronous_commit", "full_page_writes") for word in ("-c", f"{name}=off")]
    serve = [str(programs / "postgres"), "-D", data, "-h", "127.0.0.1", "-p", port, "-k", str(folder), *hasty]
    serve += ["-c", "max_connections=300", "-c", "max_wal_size=128MB"]
    process = subprocess.Popen(
        unprivileged(serve), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, env=given, start_new_session=True
    )
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port]
    wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL", process)
    return f"postgresql+psycopg://lurewatch@127.0.0.1:{port}", process
