"""Retention end to end: what is due goes from index, partitions and assessments; what people keep stays; nothing comes back."""

import json
import re
import signal
from datetime import UTC, datetime, timedelta

import fsspec
import msgspec
import pytest
from click.testing import CliRunner

from crawlers.evidence.partition import CAPTURES, partitions
from crawlers.items import Posting
from desk.cases import case_decisions
from desk.custody import audit, erasure
from desk.database import open_database, writing
from desk.people.accounts import add_user
from index.base import Query
from index.maintain import verify
from lurewatch.app.index_rebuild import erasure_check
from lurewatch.app.resources import store_of
from lurewatch.app.retention import purge as purge_module
from lurewatch.app.retention.due import list_due
from lurewatch.app.retention.purge import PurgeResult, purge
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from lurewatch.tasks import purge_expired
from tests.desk.digest.killed import Killer
from tests.index.conftest import DAY
from tests.services.processes import end_of_copy
from tests.workplace import work_in

CANARY = "zqcanaryqz"
NOW = DAY + timedelta(days=200)
LURE = "Typists wanted for Poipet. Free flight and dormitory, phones are kept by the manager, pay 1500 USD. Telegram @{}"
OTHER = "Hiring egg donors abroad: free flight, 4000 USD, the clinic keeps your passport, tell nobody. Telegram @sample_clinic"
STAY = {"b", "h", "y", "f"}

PASSWORD = "gravel-lantern-otter-93"


def _run(*args, code=0, by=""):
    words = [*map(str, args), *(["--as", by, "--password-stdin"] if by else [])]
    result = CliRunner().invoke(cli, words, input=f"{PASSWORD}\n")
    assert result.exit_code == code, result.output + str(result.exception)
    return result


def _post(name, text):
    return Posting(id=name, source="board", url=f"https://www.board.example.org/{name}", title="Work", text=text)


@pytest.fixture
def workplace(tmp_path, seeds, monkeypatch):
    """Put settings into the environment: one language, one source that keeps for 180 days, an index file."""
    for folder in ("sources", "lures"):
        (tmp_path / "seeds" / folder).mkdir(parents=True)
    for name in ("lures/indicators.yml", "lures/en", "places.yml"):
        (tmp_path / "seeds" / name).symlink_to(seeds / name)
    board = (seeds / "sources" / "sample_board.yml").read_text(encoding="utf-8")
    board = re.sub(r"retention_days: \d+", "retention_days: 180", board)
    (tmp_path / "seeds/sources/board.yml").write_text(board, encoding="utf-8")
    work_in(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def filled(workplace, partition):
    """Five runs: b is confirmed, h held, y seen again lately, f young; a, c, g and z, which have the canary, are due."""
    crew = LURE.format("sample_hr_9")
    runs = {
        "run-1": (0, [_post("a", f"{crew} {CANARY}a")]),
        "run-2": (1, [_post("b", crew), _post("c", f"{OTHER} {CANARY}c")]),
        "run-3": (2, [_post("h", "Cook"), _post("g", f"{OTHER} {CANARY}g")]),
        "run-4": (3, [_post("y", "Waiter"), _post("z", f"{CANARY}z")]),
        "run-5": (190, [_post("y", "Waiter"), _post("f", "Driver")]),
    }
    for run_id, (day, postings) in runs.items():
        partition(run_id, postings, day=day)
        (workplace / "runs" / "board" / run_id / CAPTURES).write_bytes(" ".join(one.text for one in postings).encode())
    _run("load", "--pending")
    engine = open_database(load_settings().database)
    analyst = add_user(engine, name="minh", email="minh@example.org", role="analyst", password=PASSWORD, now=DAY)
    store = store_of(load_settings())
    case_decisions.confirm(
        engine, list(store.get_many(["b"]).values()), tag="scam_compound", severity="critical", clause="forced_labour",
        by=analyst, now=DAY, seen={"b": 0},
    )  # fmt: skip
    erasure.hold(engine, ["h"], days=365, why="request 7 of the court", by="shell:minh", now=DAY)
    with writing(engine) as connection:
        for day in range(0, 200, 10):
            audit.append(connection, at=DAY + timedelta(days=day), actor="minh", action="login")
    store.close()
    engine.dispose()
    return workplace


@pytest.fixture
def opened(filled):
    """Return settings, database and index."""
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    yield settings, engine, store
    store.close()
    engine.dispose()


def _bytes(folder, needle):
    """Return the files in which some bytes stand as they are."""
    files = [path for path in folder.rglob("*") if path.is_file() and "seeds" not in path.parts]
    return {str(path.relative_to(folder)) for path in files if needle.encode() in path.read_bytes().lower()}


def _runs(settings):
    return [address.rpartition("/")[2] for address in partitions(settings.runs)]


def _as_it_should_be(settings, engine, store, folder):
    """Assert what every purge of ``filled`` must come to, however often it was cut off."""
    assert {record.id for record in store.scan(Query())} == STAY
    assert _runs(settings) == ["run-2", "run-3", "run-5"]
    assert {address.rpartition("/")[2] for address in store.loaded_partitions()} == {"run-2", "run-3", "run-5"}
    assert sorted(path.name for path in (folder / "runs" / "board").iterdir()) == ["run-2", "run-3", "run-5"]
    assert [path.name for path in (folder / "assessed" / "board").iterdir()] == ["run-5"]
    assert (list(store.campaigns()), store.get("b").campaign) == ([], None)
    with engine.connect() as connection:
        made = erasure.certificates(connection)
        assert erasure.open_erasure(connection) == erasure.OpenErasure(items=frozenset(), partitions=())
        assert audit.verify(audit.entries(connection)).fault is None
    details = [json.loads(entry.detail) for one in made for entry in one.entries]
    assert {item for detail in details for item in detail.get("items", ())} == {"a", "c", "g", "z"}
    assert {one.rpartition("/")[2] for detail in details for one in detail.get("partitions", ())} == {"run-1", "run-4"}
    assert sum(json.loads(one.closing.detail)["items"] for one in made) == 4
    found = verify(store, settings.runs, erased=erasure_check(engine, NOW))
    assert found.is_whole, found
    assert list_due(settings, engine, store, NOW)[0].items == {}
    assert purge(settings, engine, store, by="shell:minh", now=NOW) == PurgeResult()


def test_what_is_due_is_shown_by_class_and_nothing_changes(opened):
    settings, engine, store = opened
    (one,) = list_due(settings, engine, store, NOW)
    assert (one.source, one.days, one.due, one.kept) == (
        "board", 180, {"flagged, undecided": 3, "not flagged": 1}, {"confirmed": 1, "held": 1},
    )  # fmt: skip
    assert sorted(one.items) == ["a", "c", "g", "z"]
    assert ([address.rpartition("/")[2] for address in one.partitions], one.waiting) == (["run-1", "run-4"], 2)
    assert (store.count(), len(_runs(settings))) == (8, 5)
    assert list_due(settings, engine, store, DAY + timedelta(days=100)) == []


def test_what_is_due_goes_everywhere_is_certified_and_does_not_come_back(opened, filled):
    settings, engine, store = opened
    assert {one.campaign.members for one in store.campaigns()} == {("a", "b"), ("c", "g")}
    assert _bytes(filled, f"{CANARY}z")
    done = purge(settings, engine, store, by="shell:minh", now=NOW)
    assert (done.items, done.partitions) == (4, 2)
    _as_it_should_be(settings, engine, store, filled)
    assert _bytes(filled, f"{CANARY}a") | _bytes(filled, f"{CANARY}z") == set()
    evidence = {f"runs/board/{run}/captures.warc.gz" for run in ("run-2", "run-3")}  # b's and h's
    assert _bytes(filled, CANARY) == evidence
    told = json.loads(_run("retention", "due", "--certificate", done.certificate).stdout)
    items = {item: digest for entry in told["entries"] for item, digest in json.loads(entry["detail"]).get("items", {}).items()}
    assert items.keys() == {"a", "c", "g", "z"}
    assert all(len(digest) == 64 for digest in items.values())
    assert {entry["actor"] for entry in (*told["entries"], told["closing"])} == {"shell:minh"}
    store.close()
    assert "nothing is pending" in _run("load", "--pending").stderr
    assert json.loads(_run("index", "verify", "--json").stdout)["missing"] == []
    checked = json.loads(_run("index", "rebuild", "--json").stdout)
    assert (checked["records"], checked["new"], checked["gone"]) == (4, 0, 0)
    assert _bytes(filled, f"{CANARY}c") == {"runs/board/run-2/captures.warc.gz"}
    for tail in ("", "-wal", "-shm"):
        (filled / f"index.sqlite{tail}").unlink(missing_ok=True)
    _run("index", "rebuild")
    again = store_of(load_settings())
    assert {record.id for record in again.scan(Query())} == STAY
    again.close()


def test_an_elasticsearch_index_forgets_the_same(filled, monkeypatch, elasticsearch_url, elastic_index):
    monkeypatch.setenv("LUREWATCH_STORE", elasticsearch_url)
    monkeypatch.setenv("LUREWATCH_STORE_INDEX", elastic_index())
    _run("load", "--pending")
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    assert {one.campaign.members for one in store.campaigns()} == {("a", "b"), ("c", "g")}
    assert purge(settings, engine, store, by="shell:minh", now=NOW).items == 4
    _as_it_should_be(settings, engine, store, filled)
    assert store.search(Query(words=(f"{CANARY}c",))).total == 0
    checked = json.loads(_run("index", "rebuild", "--json").stdout)
    assert (checked["records"], checked["new"], checked["gone"]) == (4, 0, 0)
    store.close()


def test_the_evidence_of_an_advert_taken_offline_lately_stays(workplace, partition):
    partition("run-1", [_post("d", "Cleaner"), _post("e", "Cook")])
    partition("run-2", [_post("e", "Cook")], day=1)
    partition("run-3", [msgspec.structs.replace(_post("d", ""), deleted=True), _post("e", "Cook")], day=190)
    _run("load", "--pending")
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    (one,) = list_due(settings, engine, store, NOW)
    assert ([address.rpartition("/")[2] for address in one.partitions], one.waiting, one.items) == (["run-2"], 1, {})
    store.close()


POINTS = ["noted", "deleted", "half a partition", "partition", "forgotten", "linked", "scrubbed"]


def _purge_and_die(point):
    """Purge and die after what a point names."""
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    owner, name = {
        "noted": (erasure, "begin"), "deleted": (store, "delete"),
        "half a partition": (fsspec.get_filesystem_class("file"), "rm_file"), "partition": (purge_module, "remove"),
        "forgotten": (store, "unmark_loaded"), "linked": (purge_module, "link_new"),
    }.get(point, (store, "scrub"))  # fmt: skip
    Killer(f"after_{name}", 1).surround(owner, name, name)
    purge(settings, engine, store, by="shell:minh", now=NOW)


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_purge_completes_it(filled, point):
    assert end_of_copy(lambda: _purge_and_die(point)) == -signal.SIGKILL
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    assert purge(settings, engine, store, by="system", now=NOW).certificate
    _as_it_should_be(settings, engine, store, filled)
    assert _bytes(filled, f"{CANARY}a") | _bytes(filled, f"{CANARY}z") == set()
    store.close()


def test_what_is_confirmed_or_seen_again_while_a_purge_runs_stays_with_its_partition(opened, filled, monkeypatch):
    settings, engine, store = opened
    delete = store.delete

    def seen_meanwhile(revisions):
        record = store.get("a")
        store.put([msgspec.structs.replace(record, revision=record.revision + 1, last_seen=NOW)])
        return delete(revisions)

    monkeypatch.setattr(store, "delete", seen_meanwhile)
    done = purge(settings, engine, store, by="shell:minh", now=NOW)
    assert (done.items, done.partitions) == (3, 1)
    assert {record.id for record in store.scan(Query())} == STAY | {"a"}
    assert "run-1" in _runs(settings)
    with engine.connect() as connection:
        closing = json.loads(erasure.certificates(connection)[0].closing.detail)
    assert (closing["spared"], [one.rpartition("/")[2] for one in closing["stayed"]]) == (["a"], ["run-1"])


def test_the_command_shows_first_and_erases_when_told(filled, seeds, partition):
    shown = _run("retention", "purge")
    assert "nothing was erased" in shown.stderr and "board" in shown.stdout
    assert len(_runs(load_settings())) == 5
    assert json.loads(_run("retention", "due", "--json").stdout)["source"] == "board"
    add_user(open_database(load_settings().database), name="mai", email="mai@x.org", role="lead", password=PASSWORD, now=DAY)
    assert "not held: a" in _run("retention", "hold", "--release", "a", "--why", "error", by="mai", code=1).stderr
    assert "not in the index: never" in _run("retention", "hold", "never", "--why", "x", by="mai", code=1).stderr
    for nobody in (("hold", "a", "--why", "x"), ("hold", "--release", "a", "--why", "x"), ("purge", "--yes")):
        assert "--as" in _run("retention", *nobody, code=2).stderr, "without a log-in"
    assert "no right" in _run("retention", "hold", "--release", "a", "--why", "x", by="minh", code=1).stderr
    assert "no right" in _run("retention", "purge", "--yes", by="minh", code=1).stderr
    _run("retention", "hold", "a", "y", "f", "--why", "request 8", by="minh")
    _run("retention", "hold", "--release", "a", "y", "f", "--why", "withdrawn", by="mai")
    assert "no such certificate" in _run("retention", "due", "--certificate", code=1).stderr
    assert "--yes would be refused: nothing was written here between" in shown.stderr
    assert "the clock may have been set forward" in _run("retention", "purge", "--yes", by="mai", code=1).stderr
    assert len(_runs(load_settings())) == 5
    forward = ("--override", "the desk was closed")
    assert "partitions erased; certificate" in _run("retention", "purge", "--yes", *forward, by="mai").stdout
    assert "nothing is due" in _run("retention", "purge", "--yes", by="mai").stdout
    (filled / "seeds/sources/board.yml").unlink()  # 180 days for what has no source file any more
    partition("run-6", [_post("n", "Nurse")], day=(datetime.now(UTC) - DAY).days - 170)
    _run("load", "--pending")
    assert purge_expired() == {"items": 0, "partitions": 0}
