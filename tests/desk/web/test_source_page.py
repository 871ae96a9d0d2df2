"""The page of a source: its file and what is wrong with it; no page changes a file."""

import shutil
from dataclasses import replace

import pytest

from lurewatch.app.seeds.desk_seeds import DeskSeeds
from lurewatch.settings import Settings

HOSTILE = "title: </pre><img src=x onerror=alert(1)>"


@pytest.fixture
def settings(tmp_path, seeds):
    folder = tmp_path / "seeds" / "sources"
    folder.mkdir(parents=True)
    shutil.copy(seeds / "sources" / "sample_board.yml", folder / "board.yml")
    return Settings(seeds=folder.parent, runs=str(tmp_path / "runs"), state=tmp_path / "state")


@pytest.fixture
def desk(desk, settings):
    return replace(desk, seeds=DeskSeeds(settings, desk.engine))


def test_everybody_reads_the_file_and_nobody_changes_it(login):
    for role in ("viewer", "operator", "admin"):
        person = login(role)
        text = person.page("/sources/board")
        assert "JobLantern (sample)" in text and "retention_days: 30" in text
        assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
        assert {person.post(f"/sources/board/{step}").status_code for step in ("save", "switch", "accept", "try")} == {404}


def test_a_file_somebody_broke_is_shown_with_its_fault(login, settings):
    file = settings.seeds / "sources" / "board.yml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("title: JobLantern (sample)", HOSTILE), encoding="utf-8")
    operator = login("operator")
    page = operator.page("/sources/board")
    assert "<img src=x" not in page and "&lt;/pre&gt;" in page
    file.write_text(good.replace("kind: job_board", "kind: jobboard"), encoding="utf-8")
    page = operator.page("/sources/board")
    assert "board.yml:4" in page and "kind: jobboard" in page
    assert "board.yml</a> is" in operator.page("/sources")


def test_unknown_names_answer_not_found(login):
    operator = login("operator")
    for name in ("nobody", "..%2fplatforms", "board.yml"):
        assert operator.get(f"/sources/{name}").status_code in (400, 404)
    assert 'href="/sources/' not in operator.page("/sources")
