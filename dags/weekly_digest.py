"""The weekly e-mail: once a week, and never twice for the same week and recipient."""

from datetime import datetime, timedelta

from airflow.sdk import dag, task
from pendulum import UTC

from lurewatch.app.schedule import LEAD


@dag(
    schedule="0 6 * * 1",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["desk"],
    default_args={"owner": LEAD, "retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True},
)
def weekly_digest() -> None:
    """Select, render and send what is new since the last digest."""

    @task(execution_timeout=timedelta(minutes=15))
    def send() -> dict[str, int]:
        """Send to each recipient what has not been sent for this week."""
        from lurewatch.tasks import digest_sent

        return digest_sent()

    send()


weekly_digest()
