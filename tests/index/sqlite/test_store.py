"""The embedded file: what it refuses, and that nothing acknowledged is ever lost."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crawlers.frontier.sqlite_library import OLDEST, refusal
from index.base import Query, StoreError, StoreUnavailable
from index.open import open_store
from index.sqlite.database_file import VERSION
from index.sqlite.sqlite_store import SqliteStore

ROOT = Path(__file__).resolve().parents[3]


def test_an_sqlite_with_the_wal_race_is_refused_by_version():
    assert refusal((3, 40, 1)).startswith("SQLite 3.40.1 can lose commits")
    assert "pysqlite3 >= 0.6.1" in refusal((3, 51, 2))
    assert refusal(OLDEST) is None
    assert refusal() is None


def test_the_file_is_private_and_durable(tmp_path):
    store = SqliteStore(tmp_path / "deep" / "index.sqlite")
    assert stat.S_IMODE((tmp_path / "deep" / "index.sqlite").stat().st_mode) == 0o600
    connection = store._connection()
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "trusted_schema": 0, "cell_size_check": 1, "secure_delete": 1, "foreign_keys": 1,
    }  # fmt: skip
    assert {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted} == wanted
    store.close()


def test_another_programs_file_and_a_damaged_one_are_refused_with_the_fix(tmp_path):
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE theirs (a)")
    other.close()
    with pytest.raises(StoreError, match="holds another program's tables; set LUREWATCH_STORE"):
        SqliteStore(tmp_path / "other.sqlite")
    (tmp_path / "noise.sqlite").write_bytes(b"not a database" * 500)
    with pytest.raises(StoreError, match="`lurewatch index rebuild`"):
        SqliteStore(tmp_path / "noise.sqlite")
    with pytest.raises(StoreUnavailable, match="cannot open the index"):
        SqliteStore(tmp_path / "noise.sqlite" / "below")


def test_a_file_of_a_later_version_is_refused(tmp_path):
    SqliteStore(tmp_path / "index.sqlite").close()
    later = sqlite3.connect(tmp_path / "index.sqlite")
    later.execute("PRAGMA user_version=99")
    later.close()
    with pytest.raises(StoreError, match=f"index of version 99, this LureWatch writes {VERSION}"):
        SqliteStore(tmp_path / "index.sqlite")


def test_a_full_disk_is_loud_loses_nothing_acknowledged_and_is_over_when_there_is_room(tmp_path, record):
    store = SqliteStore(tmp_path / "index.sqlite")
    assert store.put(record(f"a{n}", "text " * 50) for n in range(50)).inserted == 50
    connection = store._connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 4}")
    with pytest.raises(StoreUnavailable, match="full; nothing of this batch was written"):
        store.put([record(f"b{n}", "text " * 500) for n in range(200)])
    assert (store.count(), store.problems()) == (50, ())
    connection.execute(f"PRAGMA max_page_count={pages + 10_000}")
    assert store.put([record(f"b{n}", "text " * 500) for n in range(200)]).inserted == 200
    assert (store.count(), store.search(Query(words=("text",))).total, store.problems()) == (250, 250, ())
    store.close()


def test_words_of_a_replaced_text_are_gone_from_the_index(tmp_path, record):
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([record("a", "before", contacts=("telegram:crew_one",), bands=("b1",))])
    store.put([record("a", "after", revision=2)])
    assert store.search(Query(words=("before",))).total == 0
    assert store.search(Query(contact=("crew_one",))).total == 0
    assert store.find_alike(["b1"], []) == {}
    assert store.problems() == ()
    store.close()


def test_the_default_store_is_a_file_and_an_address_is_elasticsearch(tmp_path):
    store = open_store(str(tmp_path / "x.sqlite"))
    assert isinstance(store, SqliteStore)
    store.close()
    with pytest.raises(StoreUnavailable, match="Elasticsearch does not answer"):
        open_store("http://127.0.0.1:9")


WRITER = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from conftest import _record
from index.sqlite.sqlite_store import SqliteStore
store = SqliteStore({path!r})
number = store.count()
print("ready", flush=True)
while True:
    store.put([_record(f"id{{number}}", f"text {{number}}")])
    print(f"id{{number}}", flush=True)
    number += 1
"""


@pytest.mark.slow
def test_records_acknowledged_before_a_sigkill_are_all_there(tmp_path):
    path = tmp_path / "index.sqlite"
    program = WRITER.format(root=str(ROOT), tests=str(ROOT / "tests" / "index"), path=str(path))
    acknowledged = set()
    for kill in range(6):
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        for _ in range(20 + kill * 7):
            acknowledged.add(child.stdout.readline().strip())
        os.kill(child.pid, signal.SIGKILL)
        acknowledged |= {line.strip() for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")}
        child.wait()
        child.stdout.close()
    store = SqliteStore(path)
    stored = {one.id for one in store.scan(Query())}
    assert len(acknowledged) > 200
    assert acknowledged <= stored
    assert len(stored) - len(acknowledged) <= 6, "at most one a kill is stored without having been told"
    assert (store.problems(), store.search(Query(words=("text",))).total) == ((), len(stored))
    store.close()


def test_a_total_that_is_kept_is_counted_anew_after_each_write(tmp_path, record, monkeypatch):
    monkeypatch.setattr("index.sqlite.sqlite_store.FEW", 2)
    monkeypatch.setattr("index.sqlite.fts_search.FEW", 2)
    store = SqliteStore(tmp_path / "index.sqlite")
    asked = Query(words=("text",))
    store.put([record(f"a{n}", "text") for n in range(5)])
    assert [store.search(asked).total for _ in range(2)] == [5, 5]
    store.put([record("b", "text")])
    assert store.search(asked).total == 6
    store.put([record("b", "other", revision=2)])
    assert store.search(asked).total == 5
    SqliteStore(tmp_path / "index.sqlite").put([record("c", "text")])
    assert store.search(asked).total == 6
    store.close()
