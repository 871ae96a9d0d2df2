"""One Dag per enabled source: fetch, assess, load, check one run's partition. Switched and scheduled in its seed file only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset, Param, get_parsing_context
from pendulum import UTC

from lurewatch.app.schedule import OPERATOR, ScheduledCrawl, scheduled_crawls

RETRIED = {"retries": 3, "retry_delay": timedelta(seconds=30), "retry_exponential_backoff": True}


def watch(name: str) -> dict[str, Any]:
    """Read which adverts are confirmed and where the source may begin, for a worker that may not."""
    from lurewatch.tasks import read_watched

    return read_watched(name)


def fetch(name: str, desk: dict[str, Any] | None = None, params: dict[str, Any] | None = None) -> str:
    """Crawl in a child process; red when the run failed or has no passport, skipped while the source rests."""
    from lurewatch.tasks import fetch_source

    return fetch_source(name, desk, although_blocked=bool((params or {}).get("although_blocked")))


def assess(partition: str) -> dict[str, str]:
    """Score every posting of the partition."""
    from lurewatch.tasks import assess_partition

    return assess_partition(partition)


def load(addresses: dict[str, str]) -> dict[str, int]:
    """Put the partition into the index; red unless every posting arrived."""
    from lurewatch.tasks import load_partition

    return load_partition(addresses)


def check(partition: str) -> str:
    """Red, and not tried again, when the site refused us or changed: a person must look."""
    from lurewatch.tasks import check_run

    return check_run(partition)


def task(work: Callable[..., Any], *arguments: Any, **options: Any) -> PythonOperator:
    """Return the task that calls a function of this file; ``@task`` takes twice the time to make it."""
    return PythonOperator(task_id=work.__name__, python_callable=work, op_args=arguments, doc_md=work.__doc__, **options)


def crawl_dag(scheduled: ScheduledCrawl) -> None:
    """Make the Dag of one source."""
    source, name = scheduled.source, scheduled.source.name
    runs, assessed, index = (Asset(f"{part}/{name}", f"lurewatch://{part}/{name}") for part in ("runs", "assessed", "index"))
    with DAG(
        dag_id=f"crawl_{name}",
        schedule=source.cron,
        start_date=datetime(2026, 1, 1, tzinfo=UTC),
        catchup=False,
        is_paused_upon_creation=False,
        max_active_runs=1,
        tags=["crawl", source.kind, source.crawl.spider],
        doc_md=scheduled.page,
        params={"although_blocked": Param(False, type="boolean", title="Ask the site although it refused the last run")},
        default_args=RETRIED | {"owner": OPERATOR, "execution_timeout": timedelta(minutes=30)},
    ):
        desk = [task(watch, name).output] if source.crawl.render else []
        partition = task(fetch, name, *desk, outlets=runs, **scheduled.placement).output
        task(load, task(assess, partition, outlets=assessed).output, outlets=index) >> task(check, partition)


running = get_parsing_context().dag_id  # in a task's process: the Dag whose task it is
for scheduled_crawl in scheduled_crawls(running.removeprefix("crawl_") if running else None):
    crawl_dag(scheduled_crawl)
