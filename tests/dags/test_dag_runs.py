"""Dags run whole by Airflow's own task runner: a resting source is skipped to its end, a rescoring takes each run by itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

from lurewatch.app.in_force import load_in_force
from lurewatch.app.pipeline import versions_in_force
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


def runs(folder: Path, *wanted: tuple[str, str, dict[str, object]]) -> list[tuple[str, list[list[object]]]]:
    """Run Dags (file, id, parameters) one after another in an Airflow of their own; return how each ended, and its tasks."""
    given = json.dumps([(str(ROOT / "dags" / file), dag_id, values) for file, dag_id, values in wanted])
    environment = os.environ | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, given], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lines = done.stdout.splitlines()
    return [tuple(json.loads(line.removeprefix("RESULT "))) for line in lines if line.startswith("RESULT")]


def test_a_resting_source_is_skipped_to_its_end_and_each_kept_run_is_judged_by_itself(workplace: Path, sealed: Seal) -> None:
    """Nothing of a resting source is fetched; rescoring names each run."""
    addresses = [sealed(f"run-{number}", [(f"{number}", "Typist wanted in Sihanoukville")]) for number in range(2)]
    report = Path(sealed("run-2", [("2", "x")], "blocked").removeprefix("file://")) / "report.json"
    values = json.loads(report.read_text(encoding="utf-8"))
    report.write_text(json.dumps(values | {"versions": versions_in_force(load_in_force(), "board")}), encoding="utf-8")
    blocked, again = runs(
        workplace, ("crawl.py", "crawl_board", {}), ("jobs.py", "rescore", {"source": "board", "run": "", "newest": 3})
    )
    assert len(addresses) == 2
    assert blocked == ("success", [[name, -1, "skipped"] for name in ("assess", "check", "fetch", "load")])
    assert again == (
        "success",
        [["choose", -1, "success"], *(["judge_again", number, "success"] for number in range(3))],
    )
