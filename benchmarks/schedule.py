"""What 500 sources cost the schedule: reading their files, the Dag file, the scheduler, and what a task costs before its work.

``python -m benchmarks.schedule [--sources 500]`` prints the table of docs/scale.md. Processor time of fresh processes, as
Airflow starts them, the least of three where the work can be repeated; the scheduler runs with its own settings over SQLite and
an executor that starts nothing.
"""

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lurewatch.settings import SHIPPED_SEEDS

ROOT = Path(__file__).resolve().parents[1]
READ = "from lurewatch.app.in_force import load_in_force; load_in_force().sources"
PARSE = "import runpy; runpy.run_path('dags/crawl.py')"
FETCH = (
    "import airflow.sdk, lurewatch.tasks; from lurewatch.app import pipeline; from lurewatch.app.in_force import load_in_force; "
    "settings = load_in_force(); pipeline.versions_in_force(settings, pipeline.find_source(settings, 'many_0001'))"
)
ASSESS = (
    "import airflow.sdk, lurewatch.tasks; from lurewatch.app import pipeline; from lurewatch.settings import load_settings; "
    "pipeline.judge_in_force(load_settings()).assess(id='x', title=None, text='Cook wanted')"
)


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sources", type=int, default=500)
    count = options.parse_args().sources
    with tempfile.TemporaryDirectory(prefix="lurewatch-schedule-") as name:
        folder = Path(name)
        environ = environment(folder, count)
        airflow = least_seconds("import airflow.sdk", environ)
        table = Table("what", "processor, s", title=f"{count} sources, one Dag each", title_justify="left", box=None)

        def add(what: str, figure: float) -> None:
            table.add_row(what, f"{figure:.2f}")

        add("all source files read", least_seconds(READ, environ))
        add("Airflow itself, imported by each of the processes below", airflow)
        add("the Dag file parsed", least_seconds(PARSE, environ) - airflow)
        add("a fetch task, before its first request", least_seconds(FETCH, environ) - airflow)
        uncompiled = python_seconds(ASSESS, environ) - airflow
        add("an assess task with its first text, where the rules are not compiled yet", uncompiled)
        add("an assess task with its first text", least_seconds(ASSESS, environ) - airflow)
        command = [str(Path(sys.executable).with_name("airflow"))]
        seconds([*command, "db", "migrate"], environ)
        add("all Dags written to Airflow's database", seconds([*command, "dags", "reserialize"], environ) - airflow)
        loops = 2 * -(-count // 10)  # the scheduler makes ten runs a loop
        idle = seconds(
            [*command, "scheduler", "--skip-serve-logs", "--num-runs", "1"],
            environ | {"AIRFLOW__SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP": "0"},
        )
        busy = seconds([*command, "scheduler", "--skip-serve-logs", "--num-runs", str(loops)], environ)
        with closing(sqlite3.connect(folder / "airflow" / "airflow.db")) as database:
            runs, tasks = (
                database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("dag_run", "task_instance")
            )
        if runs != count:
            sys.exit(f"the scheduler made {runs} runs of {count} Dags; the figure is none")
        add(f"the scheduler, when all are due in the same minute ({tasks:,} tasks)", busy - idle)
        Console(width=130).print(table)


def environment(folder: Path, count: int) -> dict[str, str]:
    """Return the environment of an installation with so many sources."""
    (folder / "seeds" / "sources").mkdir(parents=True)
    for part in ("lures", "places.yml", "platforms.yml"):
        (folder / "seeds" / part).symlink_to(SHIPPED_SEEDS / part)
    text = (SHIPPED_SEEDS / "sources" / "sample_board.yml").read_text(encoding="utf-8")
    text = text.replace("schedule: by hand", 'schedule: "7 * * * *"')
    for number in range(count):
        (folder / "seeds" / "sources" / f"many_{number:04}.yml").write_text(f"# {number}\n{text}", encoding="utf-8")
    (folder / "dags").mkdir()
    (folder / "dags" / "crawl.py").symlink_to(ROOT / "dags" / "crawl.py")
    return os.environ | {
        "LUREWATCH_SEEDS": str(folder / "seeds"),
        "LUREWATCH_STATE": str(folder / "state"),
        "LUREWATCH_CACHE": str(folder / "cache"),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "benchmarks.schedule_executor.IdleExecutor",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }


def python_seconds(program: str, environ: dict[str, str]) -> float:
    """Return the processor time of a new Python process that runs a program."""
    return seconds([sys.executable, "-c", program], environ)


def least_seconds(program: str, environ: dict[str, str]) -> float:
    """Return the least of three times: what others do on the machine only adds to it."""
    return min(python_seconds(program, environ) for _ in range(3))


def seconds(command: list[str], environ: dict[str, str]) -> float:
    """Return the processor time of a process and its children; end with its last words when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
