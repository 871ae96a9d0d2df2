"""One Dag per enabled source: fetch, assess, load, check one run's partition. Switched and scheduled in its seed file only."""

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Asset, Param, dag, get_parsing_context, task
from pendulum import UTC

from lurewatch.app.schedule import OPERATOR, ScheduledCrawl, scheduled_crawls

RETRIED = {"retries": 3, "retry_delay": timedelta(seconds=30), "retry_exponential_backoff": True}


def crawl_dag(scheduled: ScheduledCrawl) -> None:
    """Make the Dag of one source."""
    source = scheduled.source

    @dag(
        dag_id=f"crawl_{source.name}",
        schedule=source.cron,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        is_paused_upon_creation=False,
        max_active_runs=1,
        tags=["crawl", source.kind, source.crawl.spider],
        doc_md=scheduled.page,
        params={"although_blocked": Param(False, type="boolean", title="Ask the site although it refused the last run")},
        default_args=RETRIED | {"owner": OPERATOR, "execution_timeout": timedelta(minutes=30)},
    )
    def crawl() -> None:
        @task
        def watch() -> list[str]:
            """Read which adverts are confirmed, for a worker that may not."""
            from lurewatch.tasks import watched

            return watched()

        @task(
            execution_timeout=timedelta(seconds=source.crawl.limits.seconds + 300),
            **scheduled.placement,
            outlets=Asset(name=f"runs/{source.name}", uri=f"lurewatch://runs/{source.name}"),
        )
        def fetch(name: str, confirmed: list[str] | None = None, params: dict[str, Any] | None = None) -> str:
            """Crawl in a child process; red when the run failed or has no passport, skipped while the source rests."""
            from lurewatch.tasks import fetched

            return fetched(name, confirmed, although_blocked=bool((params or {}).get("although_blocked")))

        @task(outlets=Asset(name=f"assessed/{source.name}", uri=f"lurewatch://assessed/{source.name}"))
        def assess(partition: str) -> dict[str, str]:
            """Score every posting of the partition."""
            from lurewatch.tasks import assessed

            return assessed(partition)

        @task(outlets=Asset(name=f"index/{source.name}", uri=f"lurewatch://index/{source.name}"))
        def load(addresses: dict[str, str]) -> dict[str, int]:
            """Put the partition into the index; red unless every posting arrived."""
            from lurewatch.tasks import loaded

            return loaded(addresses)

        @task
        def check(partition: str) -> str:
            """Red, and not tried again, when the site refused us or changed: a person must look."""
            from lurewatch.tasks import checked

            return checked(partition)

        partition = fetch(source.name, watch()) if source.crawl.render else fetch(source.name)  # type: ignore[arg-type]
        load(assess(partition)) >> check(partition)  # type: ignore[arg-type]  # Airflow hands results on

    crawl()


running = get_parsing_context().dag_id  # in a task's process: the Dag whose task it is
for scheduled_crawl in scheduled_crawls(running.removeprefix("crawl_") if running else None):
    crawl_dag(scheduled_crawl)
