"""The Dags parse, there is one per source, and each is a table of contents: order, no logic."""

import ast
from pathlib import Path
from typing import Any

import pytest

from crawlers.sources.source import Source, read_sources

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    """Return every Dag Airflow finds in dags/, by id; fail on any file it cannot import."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    assert bag.import_errors == {}
    return dict(bag.dags)


def enabled(seeds: Path) -> list[Source]:
    """Return the sources that run."""
    return [source for source in read_sources(seeds)[0] if source.enabled]


def test_there_is_one_dag_per_enabled_source_and_ten_for_the_desk(dags: dict[str, Any], seeds: Path) -> None:
    """The source's name is the Dag's suffix; a source that is switched off has none, so that nobody can start it."""
    ours = {
        "weekly_digest", "subscribed_mails", "takedown_lists", "takedown_send", "takedown_recheck", "translate_titles",
        "retention", "rescore",
    }  # fmt: skip
    assert set(dags) == {f"crawl_{source.name}" for source in enabled(seeds)} | ours
    assert len(enabled(seeds)) < len(read_sources(seeds)[0])


def test_every_dag_is_born_running(dags: dict[str, Any]) -> None:
    """Whatever the installation's default is: a Dag that waits for a click crawls, tells and erases nothing."""
    assert [name for name, dag in dags.items() if dag.is_paused_upon_creation is not False] == []


def test_only_sources_that_are_not_run_by_hand_have_a_schedule(dags: dict[str, Any], seeds: Path) -> None:
    """And it is the one in the seed file."""
    for source in enabled(seeds):
        assert dags[f"crawl_{source.name}"].schedule == (None if source.schedule == "by hand" else source.schedule)


def test_a_source_is_fetched_assessed_loaded_and_then_checked(dags: dict[str, Any], seeds: Path) -> None:
    """In this order, each task with retries and a time limit, and one run of a source at a time.

    A browser works in a queue of its own, where the desk's database is not known: what is confirmed is read before.
    """
    for source in enabled(seeds):
        dag = dags[f"crawl_{source.name}"]
        order = [task.task_id for task in dag.topological_sort()]
        wanted = [*(["watch"] if source.crawl.render else []), "fetch", "assess", "load", "check"]
        assert (order, dag.max_active_runs, dag.catchup) == (wanted, 1, False)
        queues = {task.task_id for task in dag.tasks if task.queue == "render"}
        assert queues == ({"fetch"} if source.crawl.render else set())
        assert all(task.retries == 3 and task.execution_timeout is not None for task in dag.tasks)


def test_every_dag_says_who_looks_after_it_and_what_it_is(dags: dict[str, Any], seeds: Path) -> None:
    """Owners are roles at the desk; a source's page names its file, its site and how to run it again."""
    assert {task.owner for dag in dags.values() for task in dag.tasks} == {"operator", "lead"}
    assert [name for name, dag in dags.items() if not dag.doc_md] == []
    for source in enabled(seeds):
        page = dags[f"crawl_{source.name}"].doc_md
        assert all(
            words in page for words in (source.title, f"sources/{source.name}.yml", source.operator.url, "although_blocked")
        )


def test_a_source_hands_its_run_on_as_assets(dags: dict[str, Any], seeds: Path) -> None:
    """Partition, assessments, records in the index: what another Dag may wait for."""
    for source in enabled(seeds):
        tasks = dags[f"crawl_{source.name}"].task_dict
        made = {name: [asset.uri for asset in tasks[name].outlets] for name in ("fetch", "assess", "load")}
        stages = {"fetch": "runs", "assess": "assessed", "load": "index"}
        assert made == {name: [f"lurewatch://{stage}/{source.name}"] for name, stage in stages.items()}


def test_rendered_sources_take_a_slot_of_the_pool_that_is_set(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where queues are taken no notice of, a pool bounds the browsers; without one set, Airflow's default is taken."""
    from airflow.dag_processing.dagbag import DagBag

    for setting, wanted in (("", {"default_pool"}), ("browsers", {"default_pool", "browsers"})):
        monkeypatch.setenv("LUREWATCH_RENDER_POOL", setting)
        dags = DagBag(dag_folder=str(ROOT / "dags" / "crawl.py")).dags
        assert {task.pool for dag in dags.values() for task in dag.tasks} == wanted
        drawn = {f"crawl_{source.name}" for source in enabled(seeds) if source.crawl.render}
        assert {dag_id for dag_id, dag in dags.items() if dag.get_task("fetch").pool == "browsers"} == (
            drawn if setting else set()
        )


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_dag_file_imports_little_and_stays_short(file: Path) -> None:
    """Stages are imported inside tasks: the Dag processor parses these files all day."""
    text = file.read_text(encoding="utf-8")
    top = {node.module for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)}
    assert top <= {
        "collections.abc", "datetime", "typing", "airflow.providers.standard.operators.python", "airflow.sdk", "pendulum",
        "lurewatch.app.schedule",
    }  # fmt: skip
    every = {node.module for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    assert every - top <= {"lurewatch", "lurewatch.tasks"}
    assert len(text.splitlines()) < (100 if file.name == "jobs.py" else 80), "a table may be longer than code"


def test_on_a_new_stack_nothing_of_the_desk_is_due_before_its_first_time_has_come(
    dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or its readers have a mail seconds after it starts; from then on each due time brings its run."""
    from airflow.serialization.definitions.dag import SerializedDAG
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.timetables.base import TimeRestriction
    from pendulum import DateTime, datetime

    def due(dag_id: str, at: DateTime) -> DateTime:
        read: SerializedDAG = DagSerialization.from_dict(DagSerialization.to_dict(dags[dag_id]))
        monkeypatch.setattr("airflow.timetables.trigger.utcnow", lambda: at)
        never = TimeRestriction(earliest=read.start_date, latest=None, catchup=read.catchup)
        return read.timetable.next_dagrun_info(last_automated_data_interval=None, restriction=never).run_after

    monday = datetime(2026, 12, 7, 6)
    assert due("weekly_digest", monday.add(minutes=11)) == due("weekly_digest", monday.add(days=2)) == monday.add(weeks=1)
    assert due("weekly_digest", monday.add(seconds=30)) == monday  # read again while the scheduler makes the first run
    assert due("takedown_lists", datetime(2026, 12, 7, 7)) == datetime(2026, 12, 8, 6, 30)
