"""A broken source file takes no other Dag away, and Airflow shows the fault."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.workplace import work_in

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("first_board", "second_board")


@pytest.fixture
def folder(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of two source files."""
    sources = tmp_path / "seeds" / "sources"
    sources.mkdir(parents=True)
    for name in NAMES:
        shutil.copyfile(seeds / "sources" / "sample_board.yml", sources / f"{name}.yml")
    work_in(tmp_path, monkeypatch)
    return sources


def parsed(file: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the Dags that Airflow's own Dag bag makes of a file in dags/, and its import errors by file name."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags" / file))
    return dict(bag.dags), {Path(path).name: text for path, text in bag.import_errors.items()}


def test_a_faulty_file_has_no_dag_and_is_an_import_error(folder: Path) -> None:
    (folder / "third_board.yml").write_text("title: [", encoding="utf-8")
    dags, errors = parsed("crawl.py")
    assert (set(dags), errors) == ({f"crawl_{name}" for name in NAMES}, {})
    assert "changes need one person" in dags["crawl_first_board"].doc_md
    dags, errors = parsed("faulty_sources.py")
    assert dags == {} and set(errors) == {"faulty_sources.py"}
    assert "third_board.yml:2: not YAML" in errors["faulty_sources.py"]
    (folder / "third_board.yml").unlink()
    assert parsed("faulty_sources.py") == ({}, {})
