"""Takedown lists: built each day from confirmed items, and left for a second person to approve."""

from datetime import datetime, timedelta

from airflow.sdk import dag, task
from pendulum import UTC

from lurewatch.app.schedule import LEAD


@dag(
    schedule="30 6 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["desk"],
    default_args={"owner": LEAD, "retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True},
)
def takedown_lists() -> None:
    """Build the lists; nothing leaves before a second person approves it at the desk (``takedown_send`` sends it then)."""

    @task(execution_timeout=timedelta(minutes=15))
    def build() -> list[str]:
        """Write one list per platform that has something new, updated or withdrawn."""
        from lurewatch.tasks import takedowns_built

        return takedowns_built()

    build()


takedown_lists()
