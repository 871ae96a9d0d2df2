"""Retention: each day, what no run has seen for its source's ``retention_days`` is erased and the erasure certified."""

from datetime import datetime, timedelta

from airflow.sdk import dag, task
from pendulum import UTC

from lurewatch.app.schedule import OPERATOR


@dag(
    schedule="40 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["desk"],
    default_args={"owner": OPERATOR, "retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True},
)
def retention() -> None:
    """Erase what is due; what people confirmed or hold stays."""

    @task(execution_timeout=timedelta(hours=6))
    def purge() -> dict[str, int]:
        """Delete from index, partitions and assessments; broken off, the next try completes it."""
        from lurewatch.tasks import retention_purged

        return retention_purged()

    purge()


retention()
