"""Dags run whole by Airflow's own task runner: a resting source is skipped to its end, a rescoring takes each run by itself."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from ruamel.yaml import YAML

from lurewatch.app.in_force import load_in_force
from lurewatch.app.pipeline import find_source, versions_in_force
from tests.lurewatch.conftest import Seal, sealed, workplace

__all__ = ["sealed", "workplace"]  # fixtures
ROOT = Path(__file__).resolve().parents[2]
RUN = """
import json, sys
from airflow.utils.db import initdb
from airflow.dag_processing.dagbag import DagBag
initdb()
for file, dag_id, values in json.loads(sys.argv[1]):
    run = DagBag(dag_folder=file).dags[dag_id].test(run_conf=values)
    states = sorted((ti.task_id, ti.map_index, str(ti.state)) for ti in run.get_task_instances())
    print("RESULT", json.dumps([str(run.state), states]))
"""


def in_airflow(folder: Path, *words: str) -> str:
    """Return what a command printed that must end well, in an Airflow of the folder's own."""
    environment = os.environ | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(words, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def runs(folder: Path, *wanted: tuple[str, str, dict[str, object]]) -> list[tuple[str, list[list[object]]]]:
    """Run Dags (file, id, parameters) one after another; return how each ended, and its tasks."""
    given = json.dumps([(str(ROOT / "dags" / file), dag_id, values) for file, dag_id, values in wanted])
    lines = in_airflow(folder, sys.executable, "-c", RUN, given).splitlines()
    return [tuple(json.loads(line.removeprefix("RESULT "))) for line in lines if line.startswith("RESULT")]


def test_a_resting_source_is_skipped_to_its_end_and_each_kept_run_is_judged_by_itself(workplace: Path, sealed: Seal) -> None:
    """Nothing of a resting source is fetched; rescoring names each run."""
    addresses = [sealed(f"run-{number}", [(f"{number}", "Typist wanted in Sihanoukville")]) for number in range(2)]
    report = Path(sealed("run-2", [("2", "x")], "blocked").removeprefix("file://")) / "report.json"
    values = json.loads(report.read_text(encoding="utf-8"))
    report.write_text(
        json.dumps(values | {"versions": versions_in_force(now := load_in_force(), find_source(now, "board"))}), encoding="utf-8"
    )
    blocked, again = runs(
        workplace, ("crawl.py", "crawl_board", {}), ("jobs.py", "rescore", {"source": "board", "run": "", "newest": 3})
    )
    assert len(addresses) == 2
    assert blocked == ("success", [[name, -1, "skipped"] for name in ("assess", "check", "fetch", "load")])
    assert again == (
        "success",
        [["choose", -1, "success"], *(["judge_again", number, "success"] for number in range(3))],
    )
    assert clean_old(workplace, "crawl_board") == ({"rescore"}, {"rescore"}, {"new"})


def clean_old(folder: Path, dag_id: str) -> tuple[set[str], ...]:
    """Make a Dag's runs and a log 91 days old, clean as compose does; return which Dags have runs and tasks left, and logs."""
    for name in ("old", "new"):
        (folder / "logs" / name).mkdir(parents=True)
        (folder / "logs" / name / "attempt.log").touch()
    in_airflow(folder, "touch", "-d", "91 days ago", "logs/old/attempt.log", "logs/old")
    *shell, script = YAML(typ="safe").load(ROOT / "docker-compose.yml")["services"]["airflow-clean"]["command"]
    tables = ("dag_run", "task_instance")
    with closing(sqlite3.connect(folder / "airflow" / "airflow.db")) as database:
        for table in tables:
            database.execute(f"UPDATE {table} SET start_date = datetime('now', '-91 days') WHERE dag_id = ?", (dag_id,))
        database.commit()
        in_airflow(folder, *shell, script.replace("$$", "$").replace("/logs", shlex.quote(str(folder / "logs"))))
        left = [{dag for (dag,) in database.execute(f"SELECT dag_id FROM {table}")} for table in tables]
    return *left, {path.name for path in (folder / "logs").iterdir()}
