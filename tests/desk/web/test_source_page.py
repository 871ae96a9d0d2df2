"""The page of a source: its file shown, tried, switched and saved by operators; refusals keep what was typed."""

import html
import re
import shutil
import time
from dataclasses import replace

import pytest

from desk.custody import audit
from lurewatch.app.seeds.source_edits import SourceFiles
from lurewatch.settings import Settings

HOSTILE = "title: </textarea><img src=x onerror=alert(1)>"


@pytest.fixture
def settings(tmp_path, seeds):
    folder = tmp_path / "seeds" / "sources"
    folder.mkdir(parents=True)
    shutil.copy(seeds / "sources" / "sample_board.yml", folder / "board.yml")
    return Settings(seeds=folder.parent, runs=str(tmp_path / "runs"), state=tmp_path / "state")


@pytest.fixture
def desk(desk, settings):
    return replace(desk, source_files=SourceFiles(settings, desk.engine))


def file_of(settings):
    return settings.seeds / "sources" / "board.yml"


def version_in(text):
    return re.search(r'name="version" value="([0-9a-f]{64})"', text)[1]


def test_everybody_reads_the_file_and_operators_may_change_it(login):
    for role, may in (("viewer", False), ("analyst", False), ("operator", True), ("lead", True)):
        text = login(role).page("/sources/board")
        assert "JobLantern (sample)" in text and "retention_days: 30" in text
        assert ("Switch off" in text) is may and ("Check and try" in text) is may


def test_a_switch_is_in_force_and_in_the_audit_log(login, settings, desk):
    operator = login("operator")
    page = operator.page("/sources/board")
    answer = operator.post("/sources/board/switch", enabled="false", version=version_in(page), why="the site asked us to stop")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/board")
    assert "enabled: false" in file_of(settings).read_text(encoding="utf-8") and "Switch on" in operator.page("/sources/board")
    with desk.engine.connect() as connection:
        entry = next(iter(audit.entries(connection, newest=1)))
    assert (entry.actor, entry.action, entry.subject) == ("operator", "source_off", "board")


def test_a_text_is_tried_without_being_saved(login, settings):
    operator, before = login("operator"), file_of(settings).read_text(encoding="utf-8")
    changed = before.replace("max_pages: 5", "max_pages: 6")
    answer = operator.post("/sources/board/try", text=changed, version="0" * 64, why="a sixth page")
    assert answer.status_code == 200 and "The text is valid" in answer.text and "no run has kept a page" in answer.text
    assert "max_pages: 6" in answer.text and 'value="a sixth page"' in answer.text
    assert file_of(settings).read_text(encoding="utf-8") == before


def test_a_refused_text_stays_in_its_field_beside_line_and_fix(login, settings):
    operator, before = login("operator"), file_of(settings).read_text(encoding="utf-8")
    seen = version_in(operator.page("/sources/board"))
    faulty = before.replace("kind: job_board", "kind: jobboard")
    for path in ("/sources/board/try", "/sources/board/save"):
        answer = operator.post(path, text=faulty, version=seen, why="a test")
        assert answer.status_code == 422 and "board.yml:4" in answer.text and "kind: jobboard" in answer.text
        assert version_in(answer.text.partition("Check and try")[0].rpartition("The file")[0][-400:]) == seen
    assert file_of(settings).read_text(encoding="utf-8") == before


def test_what_is_saved_is_the_text_that_was_shown(login, settings):
    operator = login("operator")
    page = operator.page("/sources/board")
    shown = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.S)[1])
    assert shown == file_of(settings).read_text(encoding="utf-8")
    text = shown.replace("max_pages: 5", "max_pages: 6").replace("\n", "\r\n")
    assert operator.post("/sources/board/save", text=text, version=version_in(page), why="a sixth page").status_code == 303
    assert file_of(settings).read_text(encoding="utf-8") == shown.replace("max_pages: 5", "max_pages: 6")


def test_a_file_somebody_broke_is_shown_with_its_fault_and_can_be_mended(login, settings):
    good = file_of(settings).read_text(encoding="utf-8")
    file_of(settings).write_text(good.replace("title: JobLantern (sample)", HOSTILE), encoding="utf-8")
    operator = login("operator")
    page = operator.page("/sources/board")
    assert "<img src=x" not in page and "&lt;/textarea&gt;" in page
    file_of(settings).write_text(good.replace("kind: job_board", "kind: jobboard"), encoding="utf-8")
    page = operator.page("/sources/board")
    assert "board.yml:4" in page and "Switch off" not in page and "this source does not run" in page
    assert "board.yml</a> is faulty" in operator.page("/sources")
    assert operator.post("/sources/board/save", text=good, version=version_in(page), why="mended").status_code == 303
    assert "board.yml:4" not in operator.page("/sources/board")


def test_unknown_names_and_desks_without_the_files_answer_not_found(login, desk, visitor):
    operator = login("operator")
    for name in ("nobody", "..%2fplatforms", "board.yml"):
        assert operator.get(f"/sources/{name}").status_code in (400, 404)
    assert 'href="/sources/' not in operator.page("/sources")


def test_a_source_is_tried_on_its_site_by_operators_and_the_page_does_not_wait(login, desk, monkeypatch):
    monkeypatch.setattr("lurewatch.app.venues.decide.try_on_site", lambda settings, name: [f"2 adverts read {HOSTILE}"])
    operator = login("operator")
    assert operator.client.post("/sources/board/look").status_code == 403
    assert operator.post("/sources/board/look").headers["location"] == "/sources/board"
    until = time.monotonic() + 60
    while "Under way" in (text := operator.page("/sources/board")):
        assert time.monotonic() < until
    assert "2 adverts read" in text and "<img src=x" not in text
    with desk.engine.connect() as connection:
        entry = next(iter(audit.entries(connection, newest=1)))
    assert (entry.actor, entry.action, entry.subject) == ("operator", "source_try_asked", "board")
    assert login("viewer").post("/sources/board/look").status_code == 403
