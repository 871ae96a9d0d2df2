"""Checks whether the schedule runs: Airflow's scheduler, its workers, and the Dags that are due.

Read from Airflow's own database and broker, with Airflow's own thresholds. It imports Airflow only where it is in use, because
that takes seconds and makes its home folder.
"""

import configparser
import importlib.metadata
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from foundation.crawl_errors import SourceError
from lurewatch.app.doctor.findings import Finding, missing, ok, warn
from lurewatch.app.schedule import RENDER_EXECUTOR, RENDER_QUEUE, scheduled_crawls
from lurewatch.settings import SettingsError, load_settings

VARIABLES = tuple(f"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN{suffix}" for suffix in ("", "_CMD", "_SECRET"))
WORKER_SECONDS = 5.0
"""How long the workers are given to answer."""
NAMED_DAGS = 8
"""How many paused Dags are named; the others are counted."""


def schedule(environ: Mapping[str, str] = os.environ) -> list[Finding]:
    """Return the state of the schedule: one finding when Airflow is not used here, else one for each of its parts."""
    try:
        version = importlib.metadata.version("apache-airflow")
    except importlib.metadata.PackageNotFoundError:
        fix = "`make setup-all`, or schedule `lurewatch run` yourself"
        return [warn("airflow", "not installed: nothing runs by itself", fix)]
    if not is_in_use(environ):
        fix = (
            "where Airflow's database is known, ask there (`docker compose run --rm doctor`); "
            "else start it, or schedule `lurewatch run` yourself"
        )
        return [warn("airflow", f"{version}, but no database of Airflow is named here: whether anything runs is not known", fix)]
    try:
        with redirect_stdout(sys.stderr):  # Airflow logs to standard output, where the findings go
            return [ok("airflow", version), *components(), *workers(), *render_pool(), due_dags()]
    except SQLAlchemyError as exc:
        fix = "start its database, then `airflow db migrate`"
        return [missing("airflow", f"its database does not answer: {str(exc).splitlines()[0]}", fix)]


def is_in_use(environ: Mapping[str, str]) -> bool:
    """Whether this machine knows a database of Airflow: by a variable, a line of airflow.cfg, or the file itself."""
    if any(environ.get(name) for name in VARIABLES):
        return True
    home = Path(environ.get("AIRFLOW_HOME") or Path(environ.get("HOME") or Path.home()) / "airflow")
    if (home / "airflow.db").exists():
        return True
    written = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        written.read(home / "airflow.cfg", encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError):
        return True  # Airflow itself says what is wrong with it
    address = written.get("database", "sql_alchemy_conn", fallback="")
    return bool(address) and not address.startswith("sqlite")


def components() -> list[Finding]:
    """Return whether the scheduler and the Dag processor have a heartbeat."""
    from airflow.jobs.job import most_recent_job

    findings = []
    for part, kind, command in (
        ("scheduler", "SchedulerJob", "airflow scheduler"),
        ("dag processor", "DagProcessorJob", "airflow dag-processor"),
    ):
        job = most_recent_job(kind)
        start = f"start `{command}` (`docker compose up -d airflow-{part.replace(' ', '-')}`) and read its log"
        if job is None:
            findings.append(missing(part, "has never run: nothing runs by itself", start))
        elif not job.is_alive():
            findings.append(
                missing(part, f"no heartbeat since {job.latest_heartbeat:%Y-%m-%d %H:%M:%S} UTC ({job.state})", start)
            )
        else:
            findings.append(ok(part, f"heartbeat {job.latest_heartbeat:%Y-%m-%d %H:%M:%S} UTC"))
    return findings


def workers() -> list[Finding]:
    """Return whether a Celery worker answers for each queue; nothing where tasks run in the scheduler's own processes."""
    from airflow.configuration import conf

    findings, apps = list[Finding](), _celery_apps()
    if render := apps.pop(RENDER_EXECUTOR, None):
        findings += _answering(render(), render_part(), "render-broker")
    for app in apps.values():
        wanted = [("worker", conf.get("operators", "default_queue"), "airflow-worker"), *(() if render else render_part())]
        findings += _answering(app(), wanted, "broker")
    return findings


def _celery_apps() -> dict[str, Callable[[], Any]]:
    """Return name -> what makes its Celery, for each executor of Airflow that has a broker."""
    from airflow.executors.base_executor import ExecutorConf
    from airflow.executors.executor_loader import ExecutorLoader

    apps: dict[str, Callable[[], Any]] = {}
    for name in ExecutorLoader.get_executor_names():
        kind, _ = ExecutorLoader.import_executor_cls(name)
        if any(base.__name__ == "CeleryExecutor" for base in kind.__mro__):
            from airflow.providers.celery.executors.celery_executor_utils import create_celery_app

            apps[name.alias or name.module_path] = partial(create_celery_app, ExecutorConf(getattr(kind, "options", None)))
    return apps


def _answering(app: Any, wanted: Sequence[tuple[str, str, str]], broker: str) -> list[Finding]:
    """Return for each part, queue and service whether a worker on this broker answers for the queue."""
    if not wanted:
        return []
    from kombu.exceptions import OperationalError

    try:
        answers: dict[str, Any] = app.control.inspect(timeout=WORKER_SECONDS).active_queues() or {}
    except (OperationalError, OSError) as exc:
        return [missing(wanted[0][0], f"the broker does not answer: {exc}", f"start it (`docker compose up -d {broker}`)")]
    served = {queue["name"] for queues in answers.values() for queue in queues}
    findings = []
    for part, queue, service in wanted:
        if queue in served:
            names = sorted(name for name, queues in answers.items() if queue in {each["name"] for each in queues})
            findings.append(ok(part, ", ".join(names)))
        else:
            fix = f"start `airflow celery worker --queues {queue}` (`docker compose up -d {service}`) and read its log"
            findings.append(missing(part, f"none answered for queue {queue} within {WORKER_SECONDS:.0f} s: no task runs", fix))
    return findings


def render_part() -> list[tuple[str, str, str]]:
    """Return part, queue and service of the browser's worker, where a scheduled source needs one."""
    try:
        renders = any(crawl.queue == RENDER_QUEUE for crawl in scheduled_crawls())
    except (SourceError, SettingsError):
        return []  # the sources' own check names the fault
    return [("render worker", RENDER_QUEUE, "render-worker")] if renders else []


def render_pool() -> list[Finding]:
    """Return whether the pool of rendered sources is there, as a task of a missing one waits for ever; nothing without one."""
    from airflow.models.pool import Pool

    try:
        pools = {crawl.pool for crawl in scheduled_crawls() if crawl.pool}
    except (SourceError, SettingsError):
        return []  # the sources' own check names the fault
    findings = []
    for name in sorted(pools):
        pool = Pool.get_pool(name)
        if pool is None:
            fix = f"`airflow pools set {name} 2 'browsers at once'`, or unset LUREWATCH_RENDER_POOL"
            findings.append(missing("render pool", f"there is no pool {name}: no rendered source is fetched", fix))
        else:
            findings.append(ok("render pool", f"{name}: {pool.slots} at once"))
    return findings


def due_dags() -> Finding:
    """Return whether a Dag whose time has come is paused."""
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    due = select(DagModel.dag_id).where(
        DagModel.is_paused.is_(True), DagModel.is_stale.is_(False), DagModel.next_dagrun_create_after <= datetime.now(UTC),
        DagModel.dag_id.not_in(_idle_dags()),
    )  # fmt: skip
    active = select(DagModel.dag_id).where(DagModel.is_paused.is_(False), DagModel.is_stale.is_(False))
    with create_session() as session:
        paused, running = sorted(session.scalars(due)), len(session.scalars(active).all())
    if not paused:
        return ok("dags", f"{running} active")
    named, more = ", ".join(paused[:NAMED_DAGS]), len(paused) - NAMED_DAGS
    detail = f"due, but paused: {named}{f' and {more} more' if more > 0 else ''}"
    return missing("dags", detail, f"`airflow dags unpause {paused[0]}`, or switch its source off in the seeds")


_NEEDED_SETTINGS = {"translate_titles": "translation_url", "subscribed_mails": "smtp"}
"""Dags that are skipped while a setting is empty."""


def _idle_dags() -> list[str]:
    """Return the Dags that would have nothing to do, so that nobody misses them while they are paused."""
    try:
        settings = load_settings()
        return [name for name, setting in _NEEDED_SETTINGS.items() if not getattr(settings, setting)]
    except SettingsError:
        return []  # the settings' own check names the fault
