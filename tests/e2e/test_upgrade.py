"""A small installation of release 0.2.0, upgraded as docs/upgrade.md says: nothing that people decided or sealed is lost.

``data/release_0.2.0.tar.xz`` was written by release 0.2.0 itself: two sample sources crawled once, decisions, an approved list, a
saved search; ``facts.json`` in it says in that release's words what there was.
"""

import json
import re
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawlers.frontier.frontier_store import Frontier
from desk.cases import case_decisions
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import open_database
from desk.people.accounts import all_users, authenticate
from desk.takedown import repository
from index.base import Query
from lurewatch.app.resources import store_of
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings, load_settings

DATA = Path(__file__).parent / "data" / "release_0.2.0.tar.xz"
PASSWORD = "gravel-lantern-otter-93"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the old installation."""
    folder = tmp_path_factory.mktemp("release")
    with tarfile.open(DATA) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def settings(folder: Path, seeds: Path) -> Any:
    """Return the settings of the new release for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LUREWATCH_SEEDS", str(seeds))
        patch.setenv("LUREWATCH_RUNS", str(folder / "runs"))
        patch.setenv("LUREWATCH_ASSESSED", str(folder / "assessed"))
        patch.setenv("LUREWATCH_STATE", str(folder / "state"))
        patch.setenv("LUREWATCH_STORE", str(folder / "index.sqlite"))
        patch.setenv("LUREWATCH_DATABASE", f"sqlite:///{folder / 'desk.sqlite'}")
        patch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
        yield load_settings()


@pytest.fixture(scope="module")
def facts(folder: Path) -> dict[str, Any]:
    """Return what release 0.2.0 said there was."""
    loaded: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def told(settings: Settings, facts: dict[str, Any]) -> str:
    """Return what the steps of docs/upgrade.md say."""
    results = [CliRunner().invoke(cli, step, catch_exceptions=False) for step in (["index", "migrate"], ["index", "rebuild"])]
    assert [result.exit_code for result in results] == [0, 0], results
    return "".join(result.output for result in results)


@pytest.fixture(scope="module")
def upgraded(settings: Settings, told: str) -> Settings:
    """Return the settings after these steps."""
    return settings


def test_an_index_of_the_old_release_is_refused_with_the_command_that_helps(settings: Settings, folder: Path) -> None:
    version = sqlite3.connect(folder / "index.sqlite").execute("PRAGMA user_version").fetchone()[0]
    assert version == 4, "runs before the upgrade"
    result = CliRunner().invoke(cli, ["search", "passport"])
    assert result.exit_code == 1
    assert "lurewatch index migrate" in result.output


def test_the_rebuild_names_the_flags_that_fell_and_rose(told: str, facts: dict[str, Any]) -> None:
    """What 0.2.0 flagged and this release does not is a moderator's notice that an organ advert was removed."""
    assert re.search(r"\nflags: 1 fell, \d rose\n", told)
    assert re.search(r"fell  86\.7 -> +\d\.\d  aaec9d124d8290d8a2688751202e0778  Help a patient, clear your debts\n", told)


def test_every_item_is_in_the_new_index(upgraded: Settings, facts: dict[str, Any]) -> None:
    store = store_of(upgraded)
    records = store.get_many(facts["items"])
    assert {item: record.posting.url for item, record in records.items()} == facts["urls"]
    assert store.count() == len(facts["items"])
    assert store.search(Query(count_facets=False, size=1)).hits[0].record.assessment.flagged
    store.close()


def test_people_log_in_and_their_decisions_stand(upgraded: Settings, facts: dict[str, Any]) -> None:
    engine = open_database(upgraded.database)
    with engine.connect() as connection:
        assert [[user.name, user.email, user.role] for user in all_users(connection)] == facts["users"]
        standing = case_decisions.cases(connection, facts["cases"]).values()
        assert {
            case.item_id: [case.state, [[entry.kind, entry.by, entry.note, entry.url] for entry in case.history]]
            for case in standing
        } == facts["cases"]
    now = next(iter(standing)).history[0].at
    assert authenticate(engine, name="lan", password=PASSWORD, address="127.0.0.1", now=now).role == "analyst"


def test_the_audit_chain_goes_on_from_the_old_head(upgraded: Settings, facts: dict[str, Any]) -> None:
    with open_database(upgraded.database).connect() as connection:
        assert check_ledger(connection).fault is None
        entries = list(audit.entries(connection))[: len(facts["audit"])]
    assert [[entry.seq, entry.action, entry.subject] for entry in entries] == facts["audit"]
    assert f"{entries[-1].seq}:{entries[-1].hash}" == facts["head"]


def test_the_approved_list_is_kept_byte_for_byte(upgraded: Settings, tmp_path: Path) -> None:
    with tarfile.open(DATA) as archive:
        archive.extract("./desk.sqlite", tmp_path, filter="data")
    with sqlite3.connect(tmp_path / "desk.sqlite") as old:
        before = dict(old.execute("SELECT name, content FROM list_files WHERE list_id = 1"))
    with open_database(upgraded.database).connect() as connection:
        assert repository.files(connection, 1) == before
        assert [entry.change for entry in repository.entries(connection, 1)] == ["new", "new"]
    assert "list.json" in before


def test_a_crawl_knows_what_it_read_before(upgraded: Settings) -> None:
    """The state of a source is brought to this version when it is opened; no advert is new again."""
    for source, count in (("sample_classifieds", 10), ("sample_forum", 17)):
        frontier = Frontier.open_at(upgraded.state / source)
        frontier.close()
        with sqlite3.connect(upgraded.state / source / "frontier.sqlite") as file:
            assert file.execute("SELECT count(*) FROM posting").fetchone() == (count,)


def test_a_run_of_a_release_without_signatures_is_no_evidence(upgraded: Settings, facts: dict[str, Any], tmp_path: Path) -> None:
    item = next(item for item, (state, _) in facts["cases"].items() if state == "confirmed")
    words = ["evidence", "pack", item, "--into", str(tmp_path), "--as", "lan", "--password-stdin"]
    result = CliRunner().invoke(cli, words, input=PASSWORD)
    assert (result.exit_code, "unsigned" in result.output) == (1, True), result.output
