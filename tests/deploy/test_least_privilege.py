"""Each service of docker-compose.yml may reach, read and use what it needs, and no more. In force: test_stack.py."""

from typing import Any

import pytest

from tests.deploy.compose_file import Service

AIRFLOW = {
    "airflow-init", "airflow-accounts", "airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer",
    "airflow-clean",
}  # fmt: skip
"""Services that know Airflow's database: neither worker does."""


def reaching(services: dict[str, Service], other: str) -> set[str]:
    """Return who shares a network with a service."""
    networks = set(services[other].networks) - {"published"}  # where nobody reaches anybody
    return {name for name, service in services.items() if networks & set(service.networks)} - {other}


@pytest.mark.parametrize(
    ("server", "clients"),
    [
        ("postgres", {"backup", "database-roles", "prepare", "desk", "door", "airflow-worker", "exporter", "doctor"} | AIRFLOW),
        ("broker", {"airflow-scheduler", "airflow-worker", "exporter", "doctor"}),
        ("render-broker", {"airflow-scheduler", "render-worker", "exporter", "doctor"}),
        ("elasticsearch", {"index-key", "prepare", "desk", "airflow-worker", "exporter", "doctor"}),
        ("objects", {"prepare", "desk", "airflow-worker", "render-worker", "exporter", "doctor"}),
        ("mail", {"airflow-worker", "exporter", "alertmanager", "doctor"}),
        ("prometheus", {"exporter", "alertmanager", "grafana", "doctor"}),
    ],
)
def test_a_server_is_reached_by_those_who_use_it(server: str, clients: set[str], services: dict[str, Service]) -> None:
    """Clients of one server see each other on its network: none of them listens there but the desk and the API server."""
    assert reaching(services, server) - {server} == clients


def test_only_services_that_crawl_reach_the_outside(services: dict[str, Service]) -> None:
    """Those who speak to your mail server, too. What publishes a port is on a network that leads nowhere."""
    assert {name for name, service in services.items() if "outside" in service.networks} == {
        "airflow-worker", "render-worker", "exporter", "alertmanager", "doctor",
    }  # fmt: skip
    assert {name for name, service in services.items() if service.raw.get("ports")} == {
        name for name, service in services.items() if "published" in service.networks
    }


@pytest.mark.parametrize(
    ("secret", "holders"),
    [
        ("postgres_password", {"postgres", "database-roles"}),
        ("broker_password", {"broker"}),
        ("render_broker_password", {"render-broker"}),
        ("elastic_password", {"owners"}),
        ("s3_credentials", {"objects", "prepare"}),
        ("s3_users", {"objects"}),
        ("s3_work", {"prepare", "airflow-worker", "doctor"}),
        ("s3_render", {"prepare", "render-worker"}),
        ("s3_desk", {"prepare", "desk", "exporter"}),
        ("restic_password", {"backup"}),
        ("desk_database", {"backup", "database-roles", "prepare", "desk", "airflow-worker", "exporter", "doctor"}),
        ("crawl_database", {"database-roles", "airflow-worker", "doctor"}),
        ("door_database", {"database-roles", "door"}),
        ("airflow_database", {"database-roles"} | AIRFLOW),
        ("airflow_fernet_key", AIRFLOW),
        ("airflow_jwt_secret", {"airflow-api-server", "airflow-scheduler"}),
        ("airflow_api_secret", {"airflow-api-server"}),
        ("airflow_admin_password", {"airflow-accounts"}),
        ("airflow_operator_password", {"airflow-accounts"}),
        ("airflow_viewer_password", {"airflow-accounts"}),
        ("celery_broker", {"airflow-scheduler", "airflow-worker", "exporter", "doctor"}),
        ("celery_results", {"airflow-scheduler", "airflow-worker"}),
        ("render_celery_broker", {"airflow-scheduler", "render-worker", "exporter", "doctor"}),
        ("render_celery_results", {"airflow-scheduler", "render-worker"}),
        ("grafana_admin_password", {"grafana"}),
    ],
)
def test_a_secret_is_held_by_those_who_use_it(secret: str, holders: set[str], services: dict[str, Service]) -> None:
    """And a variable that names its file stands nowhere else."""
    path = f"/run/secrets/{secret}"
    assert {name for name, service in services.items() if secret in service.raw.get("secrets", [])} == holders
    named = {name for name, service in services.items() if any(path in value for value in service.environment.values())}
    assert named <= holders


def test_the_partners_door_holds_one_secret_and_reaches_the_database_alone(services: dict[str, Service]) -> None:
    """It is open only where it is asked for, mounts nothing, and reads no sources."""
    door = services["door"]
    assert (door.raw["secrets"], door.networks, door.mounts) == (["door_database"], ["database", "published"], [])
    assert door.profiles == ["partners"] and "LUREWATCH_SEEDS" not in door.environment


def test_the_mail_servers_password_is_known_to_those_who_send(services: dict[str, Service]) -> None:
    """It stands in LUREWATCH_SMTP and in Alertmanager's file; where a browser reads pages of others it does not."""
    holders = {name for name, service in services.items() if "LUREWATCH_SMTP" in service.environment}
    assert holders == {"airflow-worker", "exporter", "doctor"}
    assert {name for name, service in services.items() if any(volume == "alert-files" for volume, _, _ in service.mounts)} == {
        "owners", "exporter", "prometheus", "alertmanager",
    }  # fmt: skip


def test_the_keys_of_elasticsearch_are_its_own_and_others_have_the_authoritys_certificate(services: dict[str, Service]) -> None:
    """Who may read the server's key can stand in for the index; nobody needs that of the authority."""
    mounts = {name: {volume: read_only for volume, _, read_only in service.mounts} for name, service in services.items()}
    assert {name for name, found in mounts.items() if "certs" in found} == {"owners", "certificates", "elasticsearch"}
    clients = {name for name, service in services.items() if "LUREWATCH_STORE" in service.environment}
    assert {name for name, found in mounts.items() if "index-ca" in found} == clients | {"owners", "certificates"}
    assert all(mounts[name]["index-ca"] for name in clients) and mounts["elasticsearch"]["certs"]


def test_the_browsers_worker_and_the_other_share_no_broker(services: dict[str, Service]) -> None:
    """Their networks meet at the API server, the object store and outside, and no secret of one is a secret of the other."""
    browser, other = services["render-worker"], services["airflow-worker"]
    assert set(browser.networks) & set(other.networks) == {"tasks", "objects", "outside"}
    assert not set(browser.raw["secrets"]) & set(other.raw["secrets"])


def test_what_watches_waits_for_nothing_that_it_must_miss(services: dict[str, Service]) -> None:
    """It holds no secret of Airflow's and no key that erases; Prometheus and Alertmanager wait for their files alone."""
    exporter = services["exporter"]
    assert set(exporter.depends_on) == {"owners"} and not [secret for secret in exporter.raw["secrets"] if "airflow" in secret]
    assert "index-key-daily" in {volume for volume, _, _ in exporter.mounts}
    for name in ("prometheus", "alertmanager"):
        assert services[name].raw["depends_on"] == {"exporter": {"condition": "service_healthy", "restart": True}}


def test_every_root_is_read_only_but_that_of_elasticsearch(services: dict[str, Service]) -> None:
    """Its entry point writes the keystore beside the configuration its image brings."""
    assert [name for name, service in services.items() if not service.read_only] == ["elasticsearch"]
    assert [name for name, service in services.items() if not service.tmpfs] == ["elasticsearch"]


def test_every_service_has_limits_that_fit_on_a_machine_of_sixteen_gigabytes(services: dict[str, Service]) -> None:
    """Those that last, together, and half a gigabyte for what is switched on besides; Elasticsearch has twice its heap."""
    lasting: list[Any] = [service for service in services.values() if not service.one_shot]
    assert sum(service.memory_bytes for service in lasting if not service.profiles) <= 61 << 28  # 15.25 GB
    assert sum(service.memory_bytes for service in lasting if service.profiles) <= 512 << 20
    assert all(0 < service.pids <= 2048 for service in services.values())
    assert services["elasticsearch"].memory_bytes >= 2 << 30
