"""The scheduled jobs beside the crawls, one row of ``JOBS`` each, and ``rescore``, which a person starts."""

from datetime import timedelta
from typing import Any, NamedTuple

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, CronTriggerTimetable, Param, task

from lurewatch.app.schedule import LEAD, OPERATOR

DAG_OPTIONS: dict[str, Any] = {
    "catchup": False, "is_paused_upon_creation": False, "max_active_runs": 1,
    "tags": ["desk"],
}  # fmt: skip
JUST_DUE = timedelta(minutes=10)
"""On a new stack nothing is due before its first time has come; one that passed so shortly ago counts, or the first is lost."""
RETRIED = {"retries": 3, "retry_delay": timedelta(minutes=5), "retry_exponential_backoff": True}


class Job(NamedTuple):
    """A Dag of one task: what it is, when it runs, and which function of ``lurewatch.tasks`` does the work."""

    dag_id: str
    schedule: str
    task_id: str
    work: str
    owner: str
    limit: timedelta
    page: str
    options: dict[str, Any] = RETRIED


JOBS = (
    Job("weekly_digest", "0 6 * * 1", "send", "send_digest", LEAD, timedelta(minutes=15),
        "Select, render and send what is new since the last digest; never twice for the same week and recipient."),
    Job("subscribed_mails", "5 * * * *", "send", "send_subscribed", LEAD, timedelta(minutes=15),
        "Send the daily mails and the alerts that people subscribed to: only with news, at most one an hour to each."),
    Job("takedown_lists", "30 6 * * *", "build", "build_takedowns", LEAD, timedelta(minutes=15),
        "Build one list per platform from confirmed items; nothing leaves before a second person approves it at the desk."),
    Job("takedown_send", "15 * * * *", "send", "send_takedowns", LEAD, timedelta(minutes=15),
        "Send each approved list once, exactly as it was approved. What no second person approved is not touched."),
    Job("takedown_recheck", "35 * * * *", "ask", "recheck_reported", OPERATOR, timedelta(minutes=55),
        "Ask whether reported adverts still stand: hourly at first, then more rarely, by the rules and pauses of their source."),
    Job("translate_titles", "50 * * * *", "translate", "translate_titles", OPERATOR, timedelta(minutes=50),
        "Translate the titles at the top of the queue by the service that the operator hosts; skipped while none is set up."),
    Job("retention", "40 2 * * *", "purge", "purge_expired", OPERATOR, timedelta(hours=6),
        "Erase what no run has seen for its source's `retention_days`, and certify it; what people confirmed or hold stays."),
)  # fmt: skip


def run_job(work: str) -> Any:
    """Call a function of ``lurewatch.tasks``, which is imported in the task's process alone."""
    from lurewatch import tasks

    return getattr(tasks, work)()


for job in JOBS:
    due = CronTriggerTimetable(job.schedule, timezone="UTC", run_immediately=JUST_DUE)
    with DAG(dag_id=job.dag_id, schedule=due, doc_md=job.page, **DAG_OPTIONS):
        PythonOperator(
            task_id=job.task_id, python_callable=run_job, op_args=(job.work,), doc_md=job.page, owner=job.owner,
            execution_timeout=job.limit, **job.options,
        )  # fmt: skip

with DAG(
    dag_id="rescore",
    schedule=None,
    doc_md="Assess, load and link kept runs again, after the lexicon or the model changed or a load went wrong: one task a run,"
    " two at a time. Nothing is fetched; records that come out the same are not touched.",
    params={
        "source": Param("", type="string", title="Source", description="Its name; empty: every source."),
        "run": Param("", type="string", title="Run", description="One run of that source; empty: the newest ones."),
        "newest": Param(1, type="integer", minimum=1, maximum=1000, title="Newest runs of each source"),
    },
    default_args=RETRIED | {"owner": OPERATOR, "retry_delay": timedelta(seconds=30)},
    **DAG_OPTIONS,
):

    @task(execution_timeout=timedelta(minutes=10))
    def choose(params: dict[str, Any] | None = None) -> list[str]:
        """Name the runs; red for a source or run that is not there."""
        from lurewatch.tasks import choose_runs

        values = params or {}
        return choose_runs(values["source"], values["run"], values["newest"])

    @task(execution_timeout=timedelta(hours=1), max_active_tis_per_dagrun=2)
    def judge_again(partition: str) -> dict[str, int]:
        """Judge one run again; red unless every posting arrived."""
        from lurewatch import tasks

        return tasks.judge_again(partition)

    judge_again.expand(partition=choose())
