"""A real PostgreSQL server on 127.0.0.1. ``LUREWATCH_TEST_PG_URL`` points the tests at a server of your own instead."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.processes import end, free_port, give, skip_service, unprivileged, wait_for


def binaries() -> Path | None:
    """Return the folder of the newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config, service_folder: Callable[[str], Path]) -> Iterator[str]:
    """Return the SQLAlchemy URL of an empty database on a server of this session's own."""
    skip_service(pytestconfig)
    if given := os.environ.get("LUREWATCH_TEST_PG_URL"):
        yield given
        return
    programs = binaries()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL missing in CI")
        pytest.skip("PostgreSQL missing: install the package postgresql")
    folder, port = service_folder("postgres"), free_port()
    give(folder)
    data = str(folder / "data")
    init = [str(programs / "initdb"), "-D", data, "-U", "lurewatch", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(unprivileged([*init, "--no-sync"]), check=True, stdout=subprocess.DEVNULL, cwd=folder)
    hasty = [word for name in ("fsync", "synchronous_commit", "full_page_writes") for word in ("-c", f"{name}=off")]
    serve = [str(programs / "postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", str(folder), *hasty]
    process = subprocess.Popen(
        unprivileged(serve), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True
    )
    ready = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL", process)
    yield f"postgresql+psycopg://lurewatch@127.0.0.1:{port}/postgres"
    end(process)
