"""docker-compose.yml is valid, hardened, and speaks only of settings and secrets that exist."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import jsonschema
import pytest
from fastapi.routing import APIRoute
from ruamel.yaml import YAML

from deploy.stack.airflow_accounts import ROLES
from deploy.stack.airflow_worker import ALIVE
from deploy.stack.secret_files import secret_values, write_secrets
from desk.people.sessions import IDLE, LONGEST
from desk.web.app import create_app
from desk.web.context import Desk
from lurewatch.app.schedule import RENDER_QUEUE
from lurewatch.cli.administer.serve_command import command
from lurewatch.settings import NOT_SETTINGS, Settings
from tests.deploy.images_here import facts
from tests.services import postgres
from tests.services.processes import end, free_port, give, unprivileged, wait_for

ROOT = Path(__file__).resolve().parents[2]
SCHEMA_MODULE = "github.com/compose-spec/compose-go/v2@v2.16.2"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Return the parsed file, anchors merged."""
    loaded: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    return loaded


def variables(compose: dict[str, Any], prefix: str) -> set[str]:
    """Return the environment variables with a prefix that any service is given, without the prefix."""
    names = {name for service in compose["services"].values() for name in service.get("environment", {})}
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


def test_it_is_valid_under_the_compose_specification(compose: dict[str, Any], missing_service: Callable[[str], None]) -> None:
    """The schema is the specification's own, from its Go module."""
    if shutil.which("go") is None:
        missing_service("go, which brings the Compose schema")
    answer = subprocess.run(["go", "mod", "download", "-json", SCHEMA_MODULE], capture_output=True, check=True, cwd="/")
    schema = json.loads((Path(json.loads(answer.stdout)["Dir"]) / "schema" / "compose-spec.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    assert [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(compose)] == []


def test_every_reader_of_seeds_finds_the_accepted_commit_in_the_volume_it_reads_them_from(compose: dict[str, Any]) -> None:
    """And who runs the tasks of every source may write there."""
    readers = {
        name: service for name, service in compose["services"].items() if "LUREWATCH_SEEDS" in service.get("environment", {})
    }
    assert {"desk", "airflow-dag-processor", "airflow-worker", "render-worker", "doctor"} <= readers.keys()
    for service in readers.values():
        assert service["environment"]["LUREWATCH_ACCEPTED"] == f"{service['environment']['LUREWATCH_SEEDS']}/.accepted"
        assert [mount for mount in service["volumes"] if mount.startswith("seeds:/seeds")]
    assert {"seeds:/seeds"} <= set(readers["airflow-worker"]["volumes"]) & set(readers["desk"]["volumes"])


def test_every_long_running_service_has_a_health_check(compose: dict[str, Any]) -> None:
    """One-shot services end instead (``restart: "no"``)."""
    lasting = {name: service for name, service in compose["services"].items() if service["restart"] != "no"}
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []


def test_a_health_check_asks_and_loads_nothing(compose: dict[str, Any]) -> None:
    """Five that loaded Airflow cost a third of a processor on an idle machine. What each calls is in the image."""
    lasting = {name: service for name, service in compose["services"].items() if "healthcheck" in service}
    checks = {name: " ".join(service["healthcheck"]["test"]) for name, service in lasting.items()}
    assert [name for name, words in checks.items() if re.search(r"python|airflow jobs|celery|lurewatch (?!-d)", words)] == []
    ours = [name for name, service in lasting.items() if service["image"].startswith("lurewatch:")]
    called = {re.search(r"curl|find", checks[name])[0] for name in ours}
    assert called == {"curl", "find"} and " curl " in (ROOT / "Dockerfile").read_text()
    assert all(str(ALIVE) in checks[name] for name in ("airflow-worker", "render-worker"))


def test_the_database_is_healthy_only_where_its_clients_reach_it(
    compose: dict[str, Any], service_folder: Callable[[str], Path], missing_service: Callable[[str], None]
) -> None:
    """On its first start the image makes the database with a server on its socket alone (images.yml); clients are refused."""
    programs = postgres.binaries()
    if programs is None:
        missing_service("PostgreSQL")
    folder, port = service_folder("first-start"), free_port()
    give(folder)
    data = str(folder / "data")
    init = [f"{programs}/initdb", "-D", data, "-U", "lurewatch", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(unprivileged(init), check=True, stdout=subprocess.DEVNULL, cwd=folder)
    serve = [f"{programs}/postgres", "-D", data, "-c", "fsync=off", "-c", f"port={port}", "-k", str(folder)]
    environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "PGPORT": str(port), "PGHOST": str(folder)}
    health_check = compose["services"]["postgres"]["healthcheck"]["test"][1:]

    def succeeds(*command: str) -> bool:
        return subprocess.run(command, env=environment, cwd=folder, check=False).returncode == 0

    healthy = {}
    for addresses in ("", "127.0.0.1"):
        process = subprocess.Popen(
            unprivileged([*serve, "-c", f"listen_addresses={addresses}"]), stderr=subprocess.DEVNULL, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
        wait_for(lambda: succeeds("pg_isready", "-q"), "PostgreSQL on its socket", process)
        healthy[addresses] = succeeds(*health_check)
        end(process)
    assert healthy == {"": False, "127.0.0.1": True}


def test_only_the_service_that_hands_out_volumes_is_root(compose: dict[str, Any]) -> None:
    """And it has no capability but to change owners."""
    root = [name for name, service in compose["services"].items() if service["user"].split(":")[0] in ("0", "root")]
    assert root == ["owners"]
    assert compose["services"]["owners"]["cap_add"] == ["CHOWN"]
    assert all(service["cap_drop"] == ["ALL"] for service in compose["services"].values())


def test_published_ports_are_on_loopback_only(compose: dict[str, Any]) -> None:
    """Nothing is open to the network before an operator decides so."""
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


def test_the_desk_listens_for_its_proxy_and_is_asked_for_a_page_it_has(compose: dict[str, Any]) -> None:
    """Its own command line takes the command, and its health check asks for one of its routes."""
    desk = compose["services"]["desk"]
    assert desk["command"][:2] == ["lurewatch", "serve"]
    asked = command.make_context("serve", desk["command"][2:]).params
    assert asked["behind_proxy"]
    path = re.search(r"http://127\.0\.0\.1:8080(/\w+)$", desk["healthcheck"]["test"][-1])
    desk_parts = SimpleNamespace(
        public_url="http://127.0.0.1:8080", trusted_proxies=(), api_rate=1, zone="UTC"
    )  # routes need no more of a desk
    app = create_app(cast(Desk, desk_parts))
    assert path and path[1] in {route.path for route in app.routes if isinstance(route, APIRoute)}


def test_every_setting_is_one_the_code_reads(compose: dict[str, Any]) -> None:
    """``LUREWATCH_X`` and ``LUREWATCH_X_FILE`` name a field of Settings."""
    fields = {name.removesuffix("_FILE").lower() for name in variables(compose, "LUREWATCH_")}
    elsewhere = {name.removeprefix("LUREWATCH_").lower() for name in NOT_SETTINGS}
    assert fields - Settings.model_fields.keys() <= elsewhere


def test_every_airflow_option_exists(compose: dict[str, Any]) -> None:
    """A misspelt option would be ignored in silence. One is undocumented by intent: the scheduler's source has it."""
    from airflow.configuration import conf
    from airflow.jobs import scheduler_job_runner

    known = conf.configuration_description
    unknown = []
    for name in variables(compose, "AIRFLOW__"):
        section, option = name.lower().removeprefix("render___").split("__")  # the render executor's own
        plain = option.removesuffix("_cmd")
        # Only a sensitive option is ever read from a command.
        read = plain == option or (section, plain) in conf.sensitive_config_values
        if not read or plain not in known.get(section, {"options": {}})["options"]:
            unknown.append(name)
    assert unknown == ["SCHEDULER__NUM_STUCK_IN_QUEUED_RETRIES"]
    source = Path(scheduler_job_runner.__file__).read_text(encoding="utf-8")
    assert 'section="scheduler",\n            key="num_stuck_in_queued_retries"' in source


def test_a_dead_workers_task_is_queued_again_within_ninety_seconds(compose: dict[str, Any]) -> None:
    """Whether it had begun, and its heartbeats end, or had not; the stack's tests see it happen with faster clocks."""
    from airflow.configuration import AirflowConfigParser

    interval = AirflowConfigParser().get_default_value("scheduler", "task_instance_heartbeat_timeout_detection_interval")
    given = {name.removeprefix("AIRFLOW__SCHEDULER__"): value for name, value in compose["x-schedule"].items()}
    assert int(given["TASK_INSTANCE_HEARTBEAT_TIMEOUT"]) + float(interval) <= 90
    assert int(given["TASK_QUEUED_TIMEOUT"]) + int(given["TASK_QUEUED_TIMEOUT_CHECK_INTERVAL"]) <= 90


def test_airflow_asks_a_real_auth_manager_and_reads_its_log_in_from_the_image(compose: dict[str, Any]) -> None:
    """Where people reach it, and where the accounts are made; the API server waits for these."""
    services = compose["services"]
    users = {name for name, service in services.items() if "AIRFLOW__CORE__AUTH_MANAGER" in service.get("environment", {})}
    assert users == {"airflow-api-server", "airflow-accounts", "airflow-clean"}  # the last finds the table of sessions by it
    environment = services["airflow-api-server"]["environment"]
    image = Path("/srv/lurewatch")  # the Dockerfile's folder
    file = ROOT / Path(environment["AIRFLOW__FAB__CONFIG_FILE"]).relative_to(image)
    assert f"WORKDIR {image}" in (ROOT / "Dockerfile").read_text()
    assert file == ROOT / "deploy" / "stack" / "airflow_login.py" and file.is_file()
    # A token is renewed while its session lasts, or an open page would be logged out.
    idle = 60 * int(environment["AIRFLOW__FAB__SESSION_LIFETIME_MINUTES"])
    assert int(environment["AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME"]) < idle == IDLE.total_seconds()
    assert 60 * int(environment["AIRFLOW__FAB__SESSION_MAX_LIFETIME_MINUTES"]) == LONGEST.total_seconds()
    assert "airflow-accounts" in services["airflow-api-server"]["depends_on"]
    files = [Path(word).name for word in services["airflow-accounts"]["command"][3:]]
    assert files == [f"airflow_{account}_password" for account in ROLES]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_airflow_reads_a_secret_without_its_line_end(compose: dict[str, Any], end: str, tmp_path: Path) -> None:
    """``cat`` would keep it, and so does Airflow: a database named "airflow\\n" does not exist."""
    from airflow.configuration import run_command

    given = [service.get("environment", {}) for service in compose["services"].values()]
    commands = {
        name: words.replace("$$", "$") for environment in given for name, words in environment.items() if name.endswith("_CMD")
    }
    assert len(commands) == 8
    secret = tmp_path / "secret"
    secret.write_bytes(f"postgresql://x@postgres/airflow{end}".encode())
    for words in commands.values():
        *reads, path = words.split()
        assert path.startswith("/run/secrets/")
        assert run_command(" ".join([*reads, str(secret)])) == "postgresql://x@postgres/airflow"


def test_what_every_other_projects_image_does_is_on_record(compose: dict[str, Any]) -> None:
    """With its source: the process test relies on it."""
    images = {service["image"] for service in compose["services"].values()}
    theirs = dict(image.partition("@")[::2] for image in images if not image.startswith("lurewatch:"))
    assert theirs == {image: fact.get("digest", "") for image, fact in facts().items()}
    assert all(fact["sources"] and fact["does"] for fact in facts().values())
    assert all(fact["digest_sources"] for fact in facts().values() if "digest" in fact)


def test_our_own_image_begins_with_one_that_is_pinned_by_digest() -> None:
    (base,) = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert re.fullmatch(r"python:3\.12\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", base)


def test_a_program_is_called_by_its_name_only_where_its_image_has_it_on_path(compose: dict[str, Any]) -> None:
    """versitygw lay in /app until its release 1.1."""
    objects = compose["services"]["objects"]
    assert "exec versitygw" in objects["command"][0]
    release = objects["image"].partition("@")[0].partition(":v")[2]
    assert tuple(map(int, release.split("."))) >= (1, 1, 0)


def test_elasticsearch_is_given_its_password_with_the_mode_it_takes(compose: dict[str, Any]) -> None:
    """A secret's file has the host's owner and mode, whatever Compose is told; this one is copied for its user."""
    path = compose["services"]["elasticsearch"]["environment"]["ELASTIC_PASSWORD_FILE"]
    assert not path.startswith("/run/secrets/")
    assert f"install -m 400 /run/secrets/elastic_password {path}" in compose["services"]["owners"]["command"][-1]


def test_nobody_writes_to_a_volume_before_it_is_handed_over(compose: dict[str, Any]) -> None:
    """Who mounts what ``owners`` hands to users starts after it, or after one who does."""
    services = compose["services"]
    handed = {volume.split(":")[0] for volume in services["owners"]["volumes"]}

    def waits(name: str) -> bool:
        needed = services[name].get("depends_on", {})
        return "owners" in needed or any(waits(one) for one in needed)

    mounting = [name for name, one in services.items() if handed & {volume.split(":")[0] for volume in one.get("volumes", [])}]
    assert [name for name in mounting if name != "owners" and not waits(name)] == []


def test_neither_mail_nor_the_doctor_keeps_the_stack_from_starting(compose: dict[str, Any]) -> None:
    """Both are red when the mail server is down."""
    services = compose["services"]
    assert [name for name, service in services.items() if "mail" in service.get("depends_on", {})] == []
    checks = [name for name, service in services.items() if "doctor" in str(service.get("command"))]
    assert checks == ["exporter", "doctor"] and "metrics --serve" in services["exporter"]["command"][-1]
    assert services["doctor"]["profiles"] and not any("doctor" in service.get("depends_on", {}) for service in services.values())


def test_chromium_runs_under_its_own_seccomp_profile_and_nothing_else_does(compose: dict[str, Any]) -> None:
    """It is the worker of the queue that rendered sources are fetched from; the file is there."""
    profiles = {
        name: option.partition("=")[2]
        for name, service in compose["services"].items() for option in service["security_opt"] if option.startswith("seccomp")
    }  # fmt: skip
    assert list(profiles) == ["render-worker"]
    assert (ROOT / profiles["render-worker"]).is_file()
    command = compose["services"]["render-worker"]["command"]
    assert command[command.index("--queues") + 1] == RENDER_QUEUE
    assert "--queues" not in compose["services"]["airflow-worker"]["command"]


def test_every_secret_is_made_by_make_secrets(compose: dict[str, Any]) -> None:
    """The file each secret points at is one the command writes."""
    assert set(compose["secrets"]) == set(secret_values({}))
    assert all(entry["file"] == f"./secrets/{name}" for name, entry in compose["secrets"].items())


def test_secrets_used_are_declared_and_no_value_stands_in_the_file(compose: dict[str, Any]) -> None:
    """Addresses carry no password; what is secret comes from a file."""
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    assert not re.search(r"://[^/\s:]+:[^@\s]+@", (ROOT / "docker-compose.yml").read_text())


def test_variables_it_demands_stand_in_the_example(compose: dict[str, Any]) -> None:
    """``.env.example`` names every variable docker-compose.yml interpolates."""
    wanted = set(re.findall(r"(?<!\$)\$\{(LUREWATCH_\w+)", (ROOT / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^(LUREWATCH_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert wanted == offered


def test_secrets_are_never_overwritten(tmp_path: Path) -> None:
    """A second run writes only what is missing, with the same database password."""
    first = write_secrets(tmp_path / "secrets")
    assert set(first) == set(secret_values({}))
    for address in ("celery_broker", "celery_results"):
        (tmp_path / "secrets" / address).unlink()
        assert write_secrets(tmp_path / "secrets") == [address]
        assert (tmp_path / "secrets" / "broker_password").read_text() in (tmp_path / "secrets" / address).read_text()


def test_no_secret_ends_in_a_line_end(tmp_path: Path) -> None:
    """Not every program takes it off."""
    write_secrets(tmp_path / "secrets")
    texts = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert [name for name, text in texts.items() if text != text.strip()] == []
