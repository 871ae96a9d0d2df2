"""What the schedule runs; fast to import, because the Dag processor imports it often."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from crawlers.sources.source import Source
from foundation.crawl_errors import SourceError
from lurewatch.app.in_force import load_in_force

OPERATOR, LEAD = "operator", "lead"
"""Owners of Dags: the role at the desk that looks after it."""
RENDER_QUEUE = "render"
"""Queue of sources that need a browser; its worker holds no key to database, index or mail (docs/deploy.md)."""
RENDER_EXECUTOR = "render"
"""Airflow's name for the executor that speaks to the browser's worker over a broker of its own
(``deploy.stack.airflow_executors``)."""
EXECUTORS = "AIRFLOW__CORE__EXECUTOR"
"""The option that names Airflow's executors, as ``name:class`` with commas."""
POD_TEMPLATE = "AIRFLOW__KUBERNETES_EXECUTOR__POD_TEMPLATE_FILE"
"""The option of Airflow's KubernetesExecutor, set by the Helm chart for scheduler and Dag processor."""


class ScheduledCrawl(msgspec.Struct, frozen=True, kw_only=True):
    """A source as the schedule runs it."""

    source: Source
    queue: str | None
    """Celery queue it is fetched from; None is Airflow's default. Other executors take no notice of it."""
    executor: str | None
    """Airflow's executor for its fetch; None is Airflow's first."""
    executor_config: dict[str, str]
    """What the KubernetesExecutor makes the pod of its fetch from: see `executor_config_of`."""
    pool: str | None
    """Airflow pool its fetch takes a slot of; None is Airflow's default."""
    page: str
    """The text of its Dag's page, as Markdown."""

    @property
    def placement(self) -> dict[str, Any]:
        """Arguments of Airflow's task: where its fetch runs and how long it may take."""
        limit = timedelta(seconds=self.source.crawl.limits.seconds + 300)
        return {
            "queue": self.queue,
            "executor": self.executor,
            "executor_config": self.executor_config,
            "pool": self.pool,
            "execution_timeout": limit,
        }


def executor_of(source: Source) -> str | None:
    """Return the executor of a fetch: the browser's worker has one where docker-compose.yml names it, else there is but one."""
    names = {entry.partition(":")[0].strip() for entry in os.environ.get(EXECUTORS, "").split(",")}
    return RENDER_EXECUTOR if source.crawl.render and RENDER_EXECUTOR in names else None


def executor_config_of(source: Source) -> dict[str, str]:
    """Return what Airflow's KubernetesExecutor makes the pod of a fetch from; empty where another executor runs.

    A rendered source has the file ``render.yaml`` beside the pod template of all other tasks. Where it is missing, the task
    fails: its browser does not run in a pod that holds the keys of the others.
    """
    template = os.environ.get(POD_TEMPLATE)
    return {"pod_template_file": str(Path(template).with_name("render.yaml"))} if template and source.crawl.render else {}


def scheduled_crawls(name: str | None = None) -> list[ScheduledCrawl]:
    """Return the enabled sources as they are in force, by name; with ``name`` that one alone, read without the others.

    Raises SettingsError and SourceError (no folder of sources), which Airflow shows as an import error.
    """
    in_force = load_in_force()
    files = in_force.files if name is None else in_force.source_file(name)
    return [
        ScheduledCrawl(
            source=source,
            queue=RENDER_QUEUE if source.crawl.render else None,
            executor=executor_of(source),
            executor_config=executor_config_of(source),
            pool=(in_force.render_pool or None) if source.crawl.render else None,
            page=_page(source, in_force.sentence),
        )
        for source in files.sources
        if source.enabled
    ]


def refuse_faulty_files() -> None:
    """Raise SourceError with every problem of the source files, whose sources do not run, unless all are right."""
    if problems := load_in_force().files.problems:
        raise SourceError("\n".join(problems))


def _page(source: Source, sentence: str) -> str:
    """Return the page of a source's Dag: what it is, which file says so, and how to run it again."""
    lines = [f"**{source.title}** ({source.kind}): {source.summary}", ""]
    passport = f"good until {source.access.review_by}" if source.access.review_by else "missing"
    lines += [
        f"- File: `sources/{source.name}.yml` of the seeds folder; runs {source.schedule} (cron, UTC).",
        f"- In force: {sentence}.",
        f"- Site: {source.operator.name}, {source.operator.url}; access passport {passport}.",
        f"- Readers: {', '.join(source.countries) or 'not said'}; languages {', '.join(source.languages) or 'not said'}.",
        *([f"- Note: {' '.join(source.note.split())}"] if source.note else []),
        "",
        f"Red or skipped? `lurewatch sources health {source.name}` says why and what to do. A source whose site refused it"
        " rests: its runs are skipped until its file is changed or a run is started with `although_blocked`.",
        "",
        f"Fetch again: trigger this Dag. Judge kept runs again without fetching: trigger `rescore` with source `{source.name}`.",
    ]
    return "\n".join(lines)
