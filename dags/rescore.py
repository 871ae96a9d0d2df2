"""Kept runs judged again, by hand: after the lexicon or the model changed, or when a load went wrong. Nothing is fetched."""

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, task
from pendulum import UTC

from lurewatch.app.schedule import OPERATOR


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    is_paused_upon_creation=False,
    max_active_runs=1,
    tags=["desk"],
    params={
        "source": Param("", type="string", title="Source", description="Its name; empty: every source."),
        "run": Param("", type="string", title="Run", description="One run of that source; empty: the newest ones."),
        "newest": Param(1, type="integer", minimum=1, maximum=1000, title="Newest runs of each source"),
    },
    default_args={"owner": OPERATOR, "retries": 3, "retry_delay": timedelta(seconds=30), "retry_exponential_backoff": True},
)
def rescore() -> None:
    """Assess, load and link again, one task a run and two at a time; records that come out the same are not touched."""

    @task(execution_timeout=timedelta(minutes=10))
    def choose(params: dict[str, Any] | None = None) -> list[str]:
        """Name the runs; red for a source or run that is not there."""
        from lurewatch.tasks import runs_chosen

        values = params or {}
        return runs_chosen(values["source"], values["run"], values["newest"])

    @task(execution_timeout=timedelta(hours=1), max_active_tis_per_dagrun=2)
    def judge_again(partition: str) -> dict[str, int]:
        """Judge one run again; red unless every posting arrived."""
        from lurewatch.tasks import taken_again

        return taken_again(partition)

    judge_again.expand(partition=choose())


rescore()
