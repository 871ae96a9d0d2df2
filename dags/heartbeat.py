"""The schedule's heartbeat: every five minutes one small task, which `lurewatch notify` misses when none ends any more."""

from datetime import datetime, timedelta

from airflow.sdk import dag, task
from pendulum import UTC

from lurewatch.app.schedule import OPERATOR


@dag(
    schedule="*/5 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["desk"],
    default_args={"owner": OPERATOR, "retries": 0, "priority_weight": 1000},
)
def heartbeat() -> None:
    """Go the way of every task: Dag processor, scheduler, broker, worker, API server. Whatever of it is down is missed."""

    @task(execution_timeout=timedelta(minutes=2))
    def beat() -> None:
        """Write down when it ran, for the notifier and for Prometheus."""
        from lurewatch.tasks import heartbeat_kept

        heartbeat_kept()

    beat()


heartbeat()
