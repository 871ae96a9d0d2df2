"""Approved takedown lists: sent each hour, each list once. What no second person approved is not touched."""

from datetime import datetime, timedelta

from airflow.sdk import dag, task
from pendulum import UTC

from lurewatch.app.schedule import LEAD


@dag(
    schedule="15 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["desk"],
    default_args={"owner": LEAD, "retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True},
)
def takedown_send() -> None:
    """Send what two people answer for: one who confirmed each item, and another who approved the list."""

    @task(execution_timeout=timedelta(minutes=15))
    def send() -> dict[str, int]:
        """Hand each approved list to the mail server, exactly as it was approved."""
        from lurewatch.tasks import takedowns_sent

        return takedowns_sent()

    send()


takedown_send()
