"""A real `airflow standalone` on 127.0.0.1 with our Dags, spoken to over its REST API as an operator's browser does."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.services.guardian import MARK
from tests.services.processes import end, free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.5
"""Seconds between two questions to Airflow: an answer costs it 20 ms of a processor that its tasks need."""
POLICY = """
from datetime import timedelta

def task_policy(task):
    task.retry_delay, task.max_retry_delay, task.retries = timedelta(seconds=5), timedelta(seconds=15), 4 * task.retries
"""
"""A task that failed is tried again soon and so, in the time its retries took, more often: ``airflow_local_settings.py``."""
PAUSED = """
def dag_policy(dag):
    dag.is_paused_upon_creation = True
"""
"""Our Dags are born running; a test starts each when it is ready for it."""


class Airflow:
    """One standalone instance with a home of its own; ``environment`` adds the LUREWATCH_* settings its tasks see."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        scripts = str(Path(sys.executable).parent)
        self.environment = {
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            MARK: os.environ[MARK],
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",  # no file changes while it runs
            "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            # A log server port of its own, so that two runs on one machine do not meet.
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(free_port()),
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.token = ""

    def start(self) -> "Airflow":
        """Start all components and wait until the scheduler and the Dag processor report healthy."""
        policy = self.home / "config" / "airflow_local_settings.py"
        policy.parent.mkdir(exist_ok=True)
        policy.write_text(POLICY + PAUSED)
        log = (self.home / "standalone.log").open("ab")
        self.process = subprocess.Popen(
            ["airflow", "standalone"],
            env=self.environment,
            cwd=self.home,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        wait_for(self.healthy, f"Airflow (see {self.home / 'standalone.log'})", self.process, pause=PAUSE)
        password = json.loads((self.home / "simple_auth_manager_passwords.json.generated").read_text())["admin"]
        self.token = self._ask("/auth/token", {"username": "admin", "password": password})["access_token"]
        return self

    def stop(self) -> None:
        """End all components."""
        if self.process is not None:
            end(self.process)

    def healthy(self) -> bool:
        """Whether scheduler and Dag processor have a heartbeat."""
        try:
            state = self._ask("/api/v2/monitor/health")
        except OSError:
            return False
        return all(state[part]["status"] == "healthy" for part in ("scheduler", "dag_processor"))

    def dags(self) -> set[str]:
        """Return the ids of the Dags it has parsed."""
        return {dag["dag_id"] for dag in self._ask("/api/v2/dags?limit=200")["dags"]}

    def unpause(self, dag_id: str) -> str:
        """Let the scheduler run a Dag; return the id of the run it starts by itself for the interval that is due."""
        wait_for(lambda: dag_id in self.dags(), f"Dag {dag_id}", pause=PAUSE)
        self._ask(f"/api/v2/dags/{dag_id}", {"is_paused": False}, method="PATCH")
        wait_for(lambda: self.runs(dag_id), f"a scheduled run of {dag_id}", pause=PAUSE)
        return self.runs(dag_id)[0]

    def run_now(self, dag_id: str) -> str:
        """Let the scheduler run a Dag and start a run now; return its id."""
        wait_for(lambda: dag_id in self.dags(), f"Dag {dag_id}", pause=PAUSE)
        self._ask(f"/api/v2/dags/{dag_id}", {"is_paused": False}, method="PATCH")
        return self.trigger(dag_id)

    def trigger(self, dag_id: str) -> str:
        """Start a run now; return its id."""
        return str(self._ask(f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None})["dag_run_id"])

    def runs(self, dag_id: str) -> list[str]:
        """Return the ids of a Dag's runs, oldest first."""
        return [run["dag_run_id"] for run in self._ask(f"/api/v2/dags/{dag_id}/dagRuns?order_by=run_after")["dag_runs"]]

    def state(self, dag_id: str, run_id: str) -> str:
        """Return the state of a run."""
        return str(self._ask(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def tasks(self, dag_id: str, run_id: str) -> dict[str, dict[str, Any]]:
        """Return task id -> its instance (state, try_number)."""
        listed = self._ask(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]
        return {task["task_id"]: task for task in listed}

    def finished(self, dag_id: str, run_id: str) -> str:
        """Wait for the end of a run; return its state."""
        wait_for(
            lambda: self.state(dag_id, run_id) in ("success", "failed"),
            lambda: f"the end of {dag_id} {run_id}: {self.tasks(dag_id, run_id)}",
            self.process,
            pause=PAUSE,
        )
        return self.state(dag_id, run_id)

    def log(self, dag_id: str, run_id: str, task_id: str, attempt: int = 1) -> str:
        """Return the log of one try of a task."""
        answer = self._ask(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/logs/{attempt}?full_content=true")
        return json.dumps(answer["content"], ensure_ascii=False)

    def _ask(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as exc:
            raise OSError(f"{method or 'GET'} {path}: {exc.code} {exc.read()[:500]!r}") from exc
