"""A message on a worker's broker begins a task and nothing else, and the browser's worker reaches only its own broker."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.stack.airflow_worker import ALIVE
from deploy.stack.secret_files import secret_values
from lurewatch.app.doctor.service_checks import service_findings
from lurewatch.settings import Settings
from tests.services.guardian import MARK
from tests.services.processes import end, wait_for
from tests.services.valkey import Broker

ROOT = Path(__file__).resolve().parents[3]
APP = "airflow.providers.celery.executors.celery_executor.app"
ENVELOPE = {
    "dag_rel_path": "crawl.py",
    "bundle_info": {"name": "dags-folder", "version": None},
    "log_path": None,
    "token": "anything",
}
ID = "01900000-0000-7000-8000-000000000000"
SEND = """
import json, sys
from airflow.providers.celery.executors.celery_executor_utils import app
for line in sys.stdin:
    messages, end = json.loads(line)
    answers = []
    for name, words in messages:
        sent = app.send_task(name, args=words, queue="default")
        if end == "answered":
            sent.get(timeout=600, propagate=False)
        answers.append([sent.state, repr(sent.result)])
    print("ANSWERS", json.dumps(answers), flush=True)
"""
"""Sends the messages of each line: to load Airflow for each takes 3 s of a processor."""
Send = Callable[..., list[list[str]]]


def environment_of(service: str, folder: Path, brokers: dict[str, Broker]) -> dict[str, str]:
    """Return the Celery variables of a service of docker-compose.yml with the secrets it holds, the brokers' names resolved."""
    compose = YAML(typ="safe").load(ROOT / "docker-compose.yml")
    found = compose["services"][service]
    given = {"PATH": os.environ["PATH"], "HOME": str(folder), "AIRFLOW_HOME": str(folder / "airflow")}
    given[MARK] = os.environ[MARK]
    for name, value in found["environment"].items():
        if "CELERY" in name or "BROKER" in name or name == "AIRFLOW__CORE__EXECUTOR":
            given[name] = str(value).replace("$$", "$").replace("/run/secrets", str(folder / service))
    (folder / service).mkdir(exist_ok=True)
    values = secret_values({f"{name.replace('-', '_')}_password": broker.password for name, broker in brokers.items()})
    for name in found["secrets"]:
        text = values[name]
        for host, broker in brokers.items():
            text = text.replace(f"@{host}:6379", f"@127.0.0.1:{broker.port}")
        (folder / service / name).write_text(text)
    return given


@pytest.fixture(scope="module")
def brokers(service_folder: Callable[[str], Path]) -> Iterator[dict[str, Broker]]:
    """Return the stack's two brokers, with the passwords that `make secrets` writes."""
    folder, values = service_folder("brokers"), secret_values({})
    found = {
        "broker": Broker(folder / "broker", values["broker_password"]),
        "render-broker": Broker(folder / "render-broker", values["render_broker_password"]),
    }
    for broker in found.values():
        broker.start()
    yield found
    for broker in found.values():
        broker.stop()


@pytest.fixture(scope="module")
def send(brokers: dict[str, Broker], service_folder: Callable[[str], Path]) -> Iterator[Send]:
    """Return what sends messages with the variables of a service, while the ordinary worker runs."""
    folder = service_folder("workers")
    worker = environment_of("airflow-worker", folder, brokers)
    log = (folder / "worker.log").open("wb")
    options = ["--pool", "solo", "--queues", "default", "--loglevel", "info"]
    words = [sys.executable, "-m", "celery", "--app", APP, "worker", *options]
    process = subprocess.Popen(words, env=worker, cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    log.close()
    wait_for(lambda: b" ready." in (folder / "worker.log").read_bytes(), "the worker", process)

    senders: dict[str, subprocess.Popen[str]] = {}

    def sent(service: str, messages: list[tuple[str, list[Any]]], end: str = "answered") -> list[list[str]]:
        if service not in senders:
            senders[service] = subprocess.Popen(
                [sys.executable, "-c", SEND], env=environment_of(service, folder, brokers), cwd=folder,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
            )  # fmt: skip
        sender = senders[service]
        assert sender.stdin is not None and sender.stdout is not None
        print(json.dumps([messages, end]), file=sender.stdin, flush=True)
        answers = next(line for line in sender.stdout if line.startswith("ANSWERS "))
        return list(json.loads(answers.removeprefix("ANSWERS ")))

    yield sent
    for each in (process, *senders.values()):
        end(each)


def callback(path: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return a callback as Airflow 3.3 takes it from a broker."""
    data = {"path": path, "kwargs": kwargs}
    return ENVELOPE | {"type": "ExecuteCallback", "callback": {"id": ID, "fetch_method": "import_path", "data": data}}


def test_a_callback_of_any_path_is_refused_by_a_worker_and_nothing_of_it_runs(send: Send, tmp_path: Path) -> None:
    """Whichever way the message takes, and whatever it calls itself besides."""
    mark = tmp_path / "ran"
    touch = {"args": ["touch", str(mark)]}
    plain = json.dumps(callback("subprocess.call", touch))
    doubled = plain.replace('"type": "ExecuteCallback"', '"type": "ExecuteTask", "type": "ExecuteCallback"')
    swapped = plain.replace('"type": "ExecuteCallback"', '"type": "ExecuteCallback", "type": "ExecuteTask"')
    nameless = plain.replace('"type": "ExecuteCallback", ', "")
    tested = json.dumps({"type": "TestConnection", "token": "x", "connection_test_id": ID, "connection_id": "c", "timeout": 5})
    inner = {"task": "execute_workload", "args": [], "kwargs": {}, "options": {}, "subtask_type": None, "immutable": False}
    messages: list[tuple[str, list[Any]]] = [
        *(("execute_workload", [text]) for text in (plain, doubled, swapped, nameless, tested)),
        *(
            ("execute_workload", [json.dumps(callback(path, touch))])
            for path in ("os.system", "subprocess.Popen", "builtins.exec", "")
        ),
        ("celery.map", [inner, [plain]]),
        ("celery.starmap", [inner, [[plain]]]),
    ]
    answers = send("airflow-worker", messages)
    assert not mark.exists()
    assert {state for state, _ in answers} == {"FAILURE"}, answers
    assert all("runs tasks of Airflow and nothing else" in result for _, result in answers), answers


def test_a_task_still_reaches_airflows_own_code(send: Send) -> None:
    """It asks the API server, which is not there."""
    ti = {
        "id": ID, "dag_version_id": ID, "task_id": "fetch",
        "dag_id": "crawl_board", "run_id": "r", "try_number": 1, "map_index": -1, "pool_slots": 1, "queue": "default",
        "priority_weight": 1,
    }  # fmt: skip
    ((state, result),) = send(
        "airflow-worker", [("execute_workload", [json.dumps(ENVELOPE | {"type": "ExecuteTask", "ti": ti})])]
    )
    assert state == "FAILURE" and result.startswith("ConnectError"), result


def test_the_doctor_asks_each_broker_for_its_worker(send: Send, brokers: dict[str, Broker], tmp_path: Path) -> None:
    """The ordinary worker runs; the browser's does not, and then its broker does not either."""
    send("airflow-worker", [("execute_workload", ["{}"])])
    held = environment_of("doctor", tmp_path, brokers)
    addresses = {name: Path(held[f"LUREWATCH_{name.upper()}_FILE"]).read_text() for name in ("broker", "render_broker")}
    settings = Settings(**addresses, smtp="", desk_health_url="", airflow_health_url="", alertmanager_url="")

    def findings() -> dict[str, tuple[str, str]]:
        return {finding.part: (finding.status, finding.fix) for finding in service_findings(settings)}

    found = findings()
    assert {part: found[part][0] for part in ("broker", "worker", "render broker", "render worker")} == {
        "broker": "ok", "worker": "ok", "render broker": "ok", "render worker": "missing",
    }  # fmt: skip
    assert "up -d render-worker" in found["render worker"][1]
    brokers["render-broker"].stop()
    found = findings()
    assert (found["worker"][0], found["render broker"][0]) == ("ok", "missing")
    assert "up -d render-broker" in found["render broker"][1]
    brokers["render-broker"].start()


def test_a_worker_touches_the_file_that_its_health_check_reads_while_its_broker_listens(send: Send) -> None:
    """With each heartbeat, every two seconds; it ages when the worker or its broker is gone."""
    send("airflow-worker", [("execute_workload", ["{}"])])
    ALIVE.unlink(missing_ok=True)
    wait_for(ALIVE.exists, "a heartbeat")


def test_what_the_browsers_worker_holds_puts_nothing_on_the_other_workers_broker(
    send: Send, brokers: dict[str, Broker], tmp_path: Path
) -> None:
    """Sent with exactly its variables and secrets it lands on its own broker; the other one refuses each of its passwords."""
    mark = tmp_path / "ran"
    brokers["broker"].ask("CONFIG", "RESETSTAT")
    message = json.dumps(callback("subprocess.call", {"args": ["touch", str(mark)]}))
    send("render-worker", [("execute_workload", [message])], "unanswered")
    assert brokers["render-broker"].ask("LLEN", "default").strip() == "1"
    send("airflow-worker", [("execute_workload", ["{}"])])  # what came before it was taken before it
    assert not mark.exists()
    assert "cmdstat_lpush:calls=1," in brokers["broker"].ask("INFO", "commandstats")
    held = environment_of("render-worker", tmp_path, brokers)
    assert not any(brokers["broker"].password in value for value in held.values())
    for file in (tmp_path / "render-worker").iterdir():
        assert brokers["broker"].password not in file.read_text()
        for command in (
            ("LPUSH", "default", message),
            ("PUBLISH", "/0.celery.pidbox", "{}"),
            ("CONFIG", "SET", "requirepass", "x"),
        ):
            answer = brokers["broker"].ask(*command, password=file.read_text())
            assert "WRONGPASS" in answer and "NOAUTH" in answer, answer
    assert brokers["broker"].ask("LPUSH", "default", message, password=brokers["render-broker"].password).count("NOAUTH") == 1
