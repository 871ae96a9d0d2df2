"""docker-compose.yml as Compose reads it."""

from pathlib import Path

import pytest

from tests.deploy.compose_file import Service, read_services

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Service]:
    """Return the services of docker-compose.yml with the example's settings."""
    project = tmp_path_factory.mktemp("project")
    (project / "docker-compose.yml").write_bytes((ROOT / "docker-compose.yml").read_bytes())
    (project / ".env").write_bytes((ROOT / ".env.example").read_bytes())
    return read_services(project)
