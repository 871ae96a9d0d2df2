"""Makes Airflow's Celery workers refuse everything but tasks; ``[celery] celery_config_options`` names ``CONFIG``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from airflow.executors.workloads import ExecuteTask
from airflow.providers.celery.executors.default_celery import DEFAULT_CELERY_CONFIG
from celery.signals import heartbeat_sent
from pydantic import ValidationError

ALIVE = Path("/tmp/worker-alive")  # noqa: S108 - the memory of its own container
"""Touched with every heartbeat that a worker sends to its broker; its age is the worker's health (docker-compose.yml)."""


def keep_alive(**_: Any) -> None:
    """Note that the worker lives and its broker listens."""
    ALIVE.touch()


heartbeat_sent.connect(keep_alive)


def run_tasks_only(run: Callable[[str], None]) -> Callable[[Any, str], None]:
    """Return Airflow's ``execute_workload`` limited to tasks.

    A task runs only after Airflow's API has accepted its token. A callback may name any function and runs with any token, and
    so does a connection test; LureWatch's Dags have neither.
    """

    def execute(_task: Any, input: str) -> None:
        try:
            workload = ExecuteTask.model_validate_json(input)
        except ValidationError as exc:
            problems = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in exc.errors())
            raise ValueError(f"refused: this worker runs tasks of Airflow and nothing else ({problems})") from None
        run(workload.model_dump_json())  # what was checked, not what another reader makes of the same bytes

    return execute


CONFIG = DEFAULT_CELERY_CONFIG | {
    # Around `run`, where every way to the task ends: `celery.map` and its like pass `before_start` by.
    "task_annotations": {"execute_workload": {"@run": run_tasks_only}},
}
"""The configuration of a worker's Celery."""
