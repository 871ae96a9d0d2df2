"""A broken source file takes no other Dag away: its own runs on with the values accepted last, and Airflow shows the fault."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from lurewatch.app.seeds.sources_in_force import accept_sources
from lurewatch.settings import load_settings
from tests.workplace import work_in

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("first_board", "second_board", "third_board")
BROKEN = "enabled: perhaps"


@pytest.fixture
def folder(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of three source files, each accepted once."""
    sources = tmp_path / "seeds" / "sources"
    sources.mkdir(parents=True)
    for name in NAMES:
        shutil.copyfile(seeds / "sources" / "sample_board.yml", sources / f"{name}.yml")
    work_in(tmp_path, monkeypatch)
    accept_sources(load_settings())
    return sources


def parsed(file: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the Dags that Airflow's own Dag bag makes of a file in dags/, and its import errors by file name."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags" / file))
    return dict(bag.dags), {Path(path).name: text for path, text in bag.import_errors.items()}


def edit(file: Path, old: str, new: str) -> None:
    """Replace ``old`` in a file, once."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_broken_file_keeps_every_dag_and_its_own_runs_on_with_the_accepted_values(folder: Path) -> None:
    edit(folder / "second_board.yml", "enabled: true", BROKEN)
    edit(folder / "second_board.yml", "schedule: by hand", 'schedule: "1 2 * * *"')
    edit(folder / "third_board.yml", "schedule: by hand", 'schedule: "3 4 * * *"')
    dags, errors = parsed("crawl.py")
    assert (set(dags), errors) == ({f"crawl_{name}" for name in NAMES}, {})
    assert dags["crawl_second_board"].schedule is None
    assert dags["crawl_third_board"].schedule == "3 4 * * *"
    fault = f"{folder / 'second_board.yml'}:"
    assert fault in dags["crawl_second_board"].doc_md and "enabled" in dags["crawl_second_board"].doc_md
    assert all(fault not in dags[f"crawl_{name}"].doc_md for name in ("first_board", "third_board"))


def test_a_file_that_was_never_right_has_no_dag_and_is_an_import_error(folder: Path) -> None:
    (folder / "fourth_board.yml").write_text("title: [", encoding="utf-8")
    dags, errors = parsed("crawl.py")
    assert (set(dags), errors) == ({f"crawl_{name}" for name in NAMES}, {})
    dags, errors = parsed("faulty_sources.py")
    assert dags == {} and set(errors) == {"faulty_sources.py"}
    assert "fourth_board.yml:2: not YAML" in errors["faulty_sources.py"] and "never accepted" in errors["faulty_sources.py"]
    (folder / "fourth_board.yml").unlink()
    assert parsed("faulty_sources.py") == ({}, {})


def test_a_broken_file_that_says_enabled_false_stops_its_source(folder: Path) -> None:
    """Whoever switches a source off means it, whatever else is wrong in the file."""
    edit(folder / "second_board.yml", "enabled: true", "enabled: false  # the operator asked us to")
    edit(folder / "second_board.yml", "kind:", "knid:")
    dags, errors = parsed("crawl.py")
    assert (set(dags), errors) == ({"crawl_first_board", "crawl_third_board"}, {})
