"""What tests ask the running stack: its database, mails, index, doctor and accounts."""

import base64
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from deploy.stack.airflow_accounts import ROLES
from tests.deploy.images_here import ROOT
from tests.deploy.stack import Stack

START_RUN = """
import httpx, sys
airflow = httpx.Client(base_url="http://127.0.0.1:8080", timeout=300)
account = {"username": "admin", "password": sys.argv[2]}
token = airflow.post("/auth/token", json=account).raise_for_status().json()["access_token"]
asked = {"json": {"logical_date": None}, "headers": {"authorization": f"Bearer {token}"}}
airflow.post(f"/api/v2/dags/{sys.argv[1]}/dagRuns", **asked).raise_for_status()
"""


def read_output(process: "subprocess.CompletedProcess[str]") -> str:
    """Return what a command printed that must end well."""
    assert process.returncode == 0, f"{process.args[-3:]}: {process.stdout[-1500:]}{process.stderr[-1500:]}"
    return process.stdout


def await_answer(answer: Callable[[], Any], wanted: Callable[[Any], bool], what: Callable[[], str]) -> Any:
    """Return an answer once it is as wanted; the end is generous, for a busy machine."""
    until = time.monotonic() + 840
    while not wanted(found := answer()):
        assert time.monotonic() < until, f"{found}: {what()}"
        time.sleep(1)
    return found


def query_airflow(stack: Stack, query: str) -> list[str]:
    """Return the rows of a query on Airflow's database, once it answers."""
    words = ("psql", "-U", "lurewatch", "-d", "airflow", "-Atc", query)
    asked: subprocess.CompletedProcess[str] = await_answer(
        lambda: stack.exec("postgres", *words), lambda tried: tried.returncode == 0, lambda: stack.log("postgres")[-1500:]
    )
    return asked.stdout.splitlines()


def read_dags_anew(stack: Stack) -> None:
    """Ask the Dag processor to read the files of Dags now, as Airflow's own page does; it reads them by itself now and then."""
    names = sorted(file.name for file in (ROOT / "dags").glob("*.py"))
    values = ", ".join(f"(md5('dags-folder:{name}'), 'dags-folder', '{name}')" for name in names)
    asked = f"INSERT INTO dag_priority_parsing_request (id, bundle_name, relative_fileloc) VALUES {values} ON CONFLICT DO NOTHING"
    query_airflow(stack, asked)


def wait_for_run(stack: Stack, dag: str) -> str:
    """Return how the first run of a Dag ended; nobody unpaused or started it."""
    query = f"SELECT state FROM dag_run WHERE dag_id = '{dag}' AND run_type = 'scheduled' ORDER BY id LIMIT 1"

    def details() -> str:
        tasks = query_airflow(stack, f"SELECT task_id, state, try_number FROM task_instance WHERE dag_id = '{dag}'")
        return f"{dag}: {tasks}\n{stack.log('airflow-scheduler')[-1500:]}\n{stack.log('airflow-worker')[-1500:]}"

    (state,) = await_answer(lambda: query_airflow(stack, query), lambda rows: rows in (["success"], ["failed"]), details)
    return str(state)


def start_run(stack: Stack, dag: str) -> "subprocess.CompletedProcess[str]":
    """Ask the API server for a run of a Dag now, as a program does; Airflow's own command loads all of Airflow for it."""
    password = (stack.project / "secrets" / "airflow_admin_password").read_text().strip()
    return stack.exec("airflow-api-server", "python", "-", dag, password, given=START_RUN)


def trigger_dag(stack: Stack, dag: str) -> None:
    """Run a Dag now; return once that run has ended well."""
    read_output(start_run(stack, dag))
    query = f"SELECT state FROM dag_run WHERE dag_id = '{dag}' AND run_type = 'manual' ORDER BY id DESC LIMIT 1"
    over = (["success"], ["failed"])
    ended = await_answer(
        lambda: query_airflow(stack, query), lambda rows: rows in over, lambda: stack.log("airflow-worker")[-3000:]
    )
    assert ended == ["success"], stack.log("airflow-worker")[-3000:]


def read_mails(stack: Stack) -> list[EmailMessage]:
    """Return what the mail catcher holds."""
    lines = read_output(
        stack.exec("mail", "sh", "-c", "for file in /tmp/mail/new/*; do base64 -w0 $file; echo; done")
    ).splitlines()
    return [message_from_bytes(base64.b64decode(line), policy=default) for line in lines if line]


def list_busy_dags(stack: Stack, sources: Iterable[str]) -> set[str]:
    """Return which Dags of these sources have a run that has not ended."""
    wanted = ", ".join(f"'crawl_{name}'" for name in sources)
    query = f"SELECT DISTINCT dag_id FROM dag_run WHERE dag_id IN ({wanted}) AND state IN ('queued', 'running')"
    return set(query_airflow(stack, query))


def count_indexed(stack: Stack) -> Counter[tuple[str, str]]:
    """Return how often each address of each source is in the index."""
    lines = read_output(stack.exec("desk", "lurewatch", "search", "", "--json", "--size", "200")).splitlines()
    return Counter((item["source"], item["url"]) for item in map(json.loads, lines))


def check_health(stack: Stack) -> None:
    """Wait until every lasting service runs and is healthy by its own check."""
    lasting = [name for name, service in stack.services.items() if not service.one_shot]

    def check(name: str) -> None:
        await_answer(lambda: stack.healthy(name), bool, lambda: stack.log(name)[-3000:])
        assert stack.processes[name].poll() is None, stack.log(name)[-3000:]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(check, lasting))


def ask_doctor(stack: Stack) -> dict[str, dict[str, str]]:
    """Return part -> finding, as the operator is told to ask for it."""
    code, output = stack.run("doctor", "lurewatch", "doctor", "--json")
    assert code in (0, 1) and "Traceback" not in output, output[-2000:]
    found = [json.loads(line) for line in output.splitlines() if line.startswith('{"part"')]
    return {finding["part"]: finding for finding in found}


def try_airflow_accounts(stack: Stack, dag: str) -> dict[str, dict[str, Any]]:
    """Return account -> what came of each thing it tried, after a log-in at Airflow's form with the password of its file."""
    files = {account: stack.project / "secrets" / f"airflow_{account}_password" for account in ROLES}
    person = (ROOT / "tests" / "deploy" / "airflow_person.py").read_text(encoding="utf-8")
    words = ("python", "-", dag, *(f"{account}={file.read_text()}" for account, file in files.items()))
    answers: dict[str, dict[str, Any]] = json.loads(read_output(stack.exec("airflow-api-server", *words, given=person)))
    return answers
