"""Notifications: every five minutes, operators are told what opened and what is well again."""

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
    default_args={"owner": OPERATOR, "retries": 0},
)
def notifications() -> None:
    """Evaluate the conditions and send one message for each that opened or was cured; the next run is the retry."""

    @task(execution_timeout=timedelta(minutes=4))
    def notify() -> dict[str, int]:
        """Tell what has to be told; red while a message waits or was refused."""
        from lurewatch.tasks import operators_notified

        return operators_notified()

    notify()


notifications()
