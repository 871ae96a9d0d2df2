"""The embedded file under faults: a damaged page, a full disk, a failing write, a load killed half way, readers beside a load."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.base import Query, StoreError, StoreUnavailable
from index.sqlite.sqlite_store import SqliteStore

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
from conftest import _record
from index.base import StoreUnavailable
from index.sqlite.sqlite_store import SqliteStore
import index.sqlite.sqlite_store
index.sqlite.sqlite_store.BATCH = 20
store = SqliteStore({path!r})
print("ready", flush=True)
"""


def _python(path, body, *, before=()):
    """Return a child that has the store open and runs ``body``; ``before`` wraps its command."""
    tests = Path(__file__).parent
    program = PROGRAM.format(root=str(ROOT), tests=str(tests), path=str(path)) + body
    return subprocess.Popen([*before, sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


@pytest.fixture
def filled(tmp_path, record):
    """Return a closed file of 400 records."""
    path = tmp_path / "index.sqlite"
    store = SqliteStore(path)
    store.put([record(f"id{n}", f"text {n} " * 40, bands=(f"b{n}",), contacts=(f"telegram:crew_{n}",)) for n in range(400)])
    store.checkpoint()
    store.close()
    return path


def _asked(store, record):
    """Yield each thing a store is asked for, to be called."""
    yield lambda: store.search(Query(words=("text",), size=500))
    yield lambda: list(store.scan(Query()))
    yield lambda: store.get_many([f"id{n}" for n in range(400)])
    yield lambda: store.find_alike([f"b{n}" for n in range(400)], [":crew_7"])
    yield lambda: list(store.ids("board"))
    yield lambda: (store.count(), store.loaded_partitions(), store.outcomes(), store.rules(), list(store.campaigns()))
    yield lambda: store.put([record(f"id{n}", "edited", revision=2) for n in range(400)])


def test_a_damaged_page_is_told_with_the_fix_wherever_it_is(filled, record):
    """Every sixth page in turn is overwritten with noise: no answer but the right one, or an error that says what to do."""
    sound = filled.read_bytes()
    told = 0
    for page in range(1, len(sound) // 4096, 6):
        noise = random.Random(page).randbytes(4096)
        filled.write_bytes(sound[: page * 4096] + noise + sound[(page + 1) * 4096 :])
        for log in ("-wal", "-shm"):
            filled.with_name(filled.name + log).unlink(missing_ok=True)
        try:
            store = SqliteStore(filled)
        except StoreError as exc:
            assert "`lurewatch index rebuild`" in str(exc)
            told += 1
            continue
        assert store.problems(), f"page {page} is noise and nothing is found wrong"
        for ask in _asked(store, record):
            try:
                ask()
            except StoreUnavailable as exc:
                raise AssertionError(f"page {page}: trying again mends no damage: {exc}") from exc
            except StoreError as exc:
                assert "`lurewatch index rebuild`" in str(exc)
                told += 1
        store.close()
    assert told > 20


def test_readers_see_whole_batches_while_a_load_goes_on(tmp_path, record, monkeypatch):
    monkeypatch.setattr("index.sqlite.sqlite_store.BATCH", 50)
    store = SqliteStore(tmp_path / "index.sqlite")
    seen, failures = set(), []
    done = threading.Event()

    def read():
        try:
            while not done.is_set():
                page = store.search(Query(words=("text",), sort="newest", size=1))
                seen.add(page.total)
                assert page.facets.get("source", (("board", 0),)) == ((("board", page.total),) if page.total else ())
        except Exception as exc:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(exc)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    store.put(record(f"id{n}", f"text {n}", day=n / 1000) for n in range(3000))
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(seen) > 2, "readers must have looked while the load went on"
    assert all(total % 50 == 0 for total in seen)
    store.close()


def test_a_load_killed_half_way_leaves_whole_batches_and_is_carried_on(tmp_path, record):
    path = tmp_path / "index.sqlite"
    for kill in range(3):
        child = _python(
            path,
            """
def told():
    for n in range(100000):
        if n % 20 == 0:
            print(n, flush=True)
        yield _record(f"id{n}", f"text {n}")
store.put(told())
""",
        )
        for _ in range(8 + 5 * kill):
            child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        store = SqliteStore(path)
        held = store.count()
        assert held % 20 == 0
        assert held >= 20 * (4 + 5 * kill), "at most the batch being written and the one being gathered are lost"
        assert (store.problems(), store.search(Query(words=("text",))).total) == ((), held)
        store.close()
    store = SqliteStore(path)
    done = store.put(record(f"id{n}", f"text {n}") for n in range(held + 30))
    assert (done.inserted, done.unchanged, store.count(), store.problems()) == (30, held, held + 30, ())
    store.close()


FILLING = """
stored = 0
for n in range(100000):
    try:
        stored += store.put([_record(f"id{n}", f"text {n} " * 60)]).inserted
    except StoreUnavailable as exc:
        print(stored, exc, flush=True)
        break
store.close()
"""


def test_a_disk_without_room_is_told_and_nothing_acknowledged_is_lost(tmp_path, record):
    path = tmp_path / "index.sqlite"
    child = _python(
        path,
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n" + FILLING,
    )
    said = child.communicate()[0].splitlines()[-1]
    stored, _, reason = said.partition(" ")
    assert "try again" in reason
    assert int(stored) > 10
    store = SqliteStore(path)
    assert (store.count(), store.problems()) == (int(stored), ())
    assert store.put([record("more", "text")]).inserted == 1
    store.close()


@pytest.mark.skipif(shutil.which("fiu-run") is None, reason="needs libfiu (Debian: fiu-utils)")
def test_failing_writes_and_syncs_lose_nothing_acknowledged(tmp_path):
    """One in twenty writes and syncs fails (libfiu)."""
    path = tmp_path / "index.sqlite"
    SqliteStore(path).close()
    body = """
failed = 0
for n in range(150):
    try:
        store.put([_record(f"id{n}", f"text {n}")])
        print(f"id{n}", flush=True)
    except StoreUnavailable:
        failed += 1
print("failed", failed, flush=True)
"""
    faults = ("enable_random name=posix/io/rw/pwrite,probability=0.05", "enable_random name=posix/io/sync/*,probability=0.05")
    lines: list[str] = []
    for _ in range(10):  # a fault may already keep the file from being opened
        child = _python(path, body, before=("fiu-run", "-x", *(part for fault in faults for part in ("-c", fault))))
        lines += child.communicate()[0].split("\n")
        if any(line.startswith("failed") for line in lines):
            break
    with contextlib.closing(SqliteStore(path)) as store:
        acknowledged = {line for line in lines if line.startswith("id")}
        failed = [int(line.split()[1]) for line in lines if line.startswith("failed")]
        assert failed and failed[0] > 0, "no fault was injected"
        assert len(acknowledged) > 20
        assert acknowledged <= {one.id for one in store.scan(Query())}
        assert store.problems() == ()
