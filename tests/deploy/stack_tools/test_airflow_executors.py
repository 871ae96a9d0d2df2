"""A broker that is away uses up no try: Airflow's real scheduler, API server and worker, over PostgreSQL and Valkey."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from ruamel.yaml import YAML

from tests.services.guardian import MARK
from tests.services.processes import end, free_port, wait_for
from tests.services.valkey import Broker

ROOT = Path(__file__).resolve().parents[3]
PAUSE = 0.5
"""Seconds between two questions to Airflow: an answer costs it 20 ms of a processor that its tasks need."""
OUTAGE = 20 * 60
"""Seconds that the broker is away, at the time limits of docker-compose.yml."""
OUTAGE_SCALE, SCALE = 40, 16
"""How many times shorter these limits are here: in the outage, when nothing can begin, and after it."""
QUEUED_TIMEOUT = "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT"
WINDOW = """
import sys
from airflow.cli.cli_parser import get_parser
parser = get_parser()
for line in sys.stdin:
    given = parser.parse_args(line.split())
    given.func(given)
    print("done", flush=True)
"""
"""Runs one command of Airflow a line, as `airflow` does: to load Airflow for each takes 4 s of a processor."""
DONE = b"done\n"
DAG = """
from airflow.sdk import dag, task
for name in ("sent_before", "sent_never", "unbegun"):
    @dag(dag_id=name, schedule=None, is_paused_upon_creation=False, default_args={"retries": 1, "retry_delay": 0.1})
    def made():
        @task
        def work():
            return "done"
        work()
    made()
"""


class Parts:
    """Airflow's parts as processes of their own, and its database."""

    def __init__(self, folder: Path, database: str, broker: Broker) -> None:
        compose = YAML(typ="safe").load(ROOT / "docker-compose.yml")
        schedule = compose["x-schedule"]
        limit = int(schedule[QUEUED_TIMEOUT])
        self.limit_after_outage = str(limit / SCALE)
        self.folder, self.engine = folder, sqlalchemy.create_engine(database)
        self.requeued = OUTAGE // limit
        """How often a task that waits is queued anew in the outage."""
        self.port = free_port()
        (folder / "dags").mkdir(parents=True)
        (folder / "dags" / "waiting.py").write_text(DAG)
        self.environment = {key: value for key, value in schedule.items() if key.startswith("AIRFLOW__")} | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            MARK: os.environ[MARK],
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{self.port}/execution/",
            "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this test alone, long enough for HS512, which wants sixty-four bytes",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
            QUEUED_TIMEOUT: str(limit / OUTAGE_SCALE),
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "0.5",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database.replace("+psycopg:", "+psycopg2:"),
            "AIRFLOW__CELERY__BROKER_URL": broker.url,
            "AIRFLOW__CELERY__RESULT_BACKEND": broker.url.removesuffix("0") + "1",
            "AIRFLOW__RENDER___CELERY__BROKER_URL": "redis://127.0.0.1:1/0",
            "AIRFLOW__RENDER___CELERY__RESULT_BACKEND": "redis://127.0.0.1:1/1",
            "AIRFLOW__CELERY__CELERY_CONFIG_OPTIONS": compose["x-worker"]["AIRFLOW__CELERY__CELERY_CONFIG_OPTIONS"],
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *words: str) -> None:
        """Run a command of Airflow to its end."""
        if "window" not in self.processes:
            with (self.folder / "window.log").open("ab") as log:
                self.processes["window"] = subprocess.Popen(
                    [sys.executable, "-c", WINDOW], env=self.environment, cwd=self.folder, stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, stderr=log, start_new_session=True,
                )  # fmt: skip
        window = self.processes["window"]
        assert window.stdin is not None and window.stdout is not None
        window.stdin.write(f"{' '.join(words)}\n".encode())
        window.stdin.flush()
        assert DONE in iter(window.stdout.readline, b""), (self.folder / "window.log").read_text()[-2000:]

    def start(self, name: str, *words: str) -> None:
        """Start a part."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                ["airflow", *(words or [name])], env=self.environment, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query on Airflow's database."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sqlalchemy.text(query))]

    def reaches(self, query: str, wanted: object) -> None:
        """Wait until a query has an answer."""

        def state() -> str:
            tasks = self.rows("SELECT dag_id, state, try_number FROM task_instance")
            return f"{query}: {self.rows(query)}; {tasks}\n{(self.folder / 'scheduler.log').read_text()[-3000:]}"

        wait_for(lambda: self.rows(query) == wanted, state, self.processes["scheduler"], pause=PAUSE)


@pytest.fixture
def broker(service_folder: Callable[[str], Path]) -> Iterator[Broker]:
    """Return a broker that does not run yet."""
    made = Broker(service_folder("broker"), "a-password")
    yield made
    made.stop()


@pytest.fixture
def parts(service_folder: Callable[[str], Path], postgres_url: str, broker: Broker) -> Iterator[Parts]:
    """Return Airflow's parts with a new database and nothing started."""
    server = sqlalchemy.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sqlalchemy.text("CREATE DATABASE airflow_outage"))
    made = Parts(service_folder("parts"), postgres_url.rpartition("/")[0] + "/airflow_outage", broker)
    made.run("db", "migrate")
    yield made
    for process in made.processes.values():
        end(process)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_broker_away_for_twenty_minutes_costs_no_try(parts: Parts, broker: Broker) -> None:
    """Whether the message was sent before or never; a scheduler that is killed meanwhile changes nothing.

    Twenty minutes are so many turns of ``task_queued_timeout``; these are shorter here by ``SCALE``. Then the API server is away.
    """
    broker.start()
    for name in ("scheduler", "dag-processor"):
        parts.start(name)
    parts.reaches("SELECT count(*) FROM dag", [(3,)])
    parts.run("dags", "trigger", "sent_before")
    wait_for(
        lambda: broker.ask("LLEN", "default").strip() not in ("", "0"), "the message", parts.processes["scheduler"], pause=PAUSE
    )
    broker.stop()
    parts.run("dags", "trigger", "sent_never")
    turns = "SELECT dag_id FROM log WHERE event = 'stuck in queued reschedule' GROUP BY 1 HAVING count(*) >= {} ORDER BY 1"
    both = [("sent_before",), ("sent_never",)]
    parts.reaches(turns.format(parts.requeued - 1), both)
    end(parts.processes.pop("scheduler"), seconds=0)
    parts.environment[QUEUED_TIMEOUT] = parts.limit_after_outage
    parts.start("scheduler")
    parts.start("worker", "celery", "worker", "--concurrency", "1", "--skip-serve-logs")
    parts.reaches(turns.format(parts.requeued), both)
    assert parts.rows("SELECT DISTINCT try_number FROM task_instance") == [(1,)]
    broker.start()  # and no API server yet: a worker takes what it cannot begin
    wait_for(lambda: b"Connection refused" in (parts.folder / "worker.log").read_bytes(), "a task", parts.processes["worker"])
    parts.run("dags", "trigger", "unbegun")
    parts.reaches(turns.format(1), [("sent_before",), ("sent_never",), ("unbegun",)])
    parts.start("api-server", "api-server", "--port", str(parts.port), "--host", "127.0.0.1", "--workers", "1")
    parts.reaches("SELECT count(*) FROM dag_run WHERE state IN ('success', 'failed')", [(3,)])
    ended = parts.rows("SELECT dag_id, state, try_number FROM task_instance ORDER BY 1")
    assert ended == [("sent_before", "success", 1), ("sent_never", "success", 1), ("unbegun", "success", 1)]
