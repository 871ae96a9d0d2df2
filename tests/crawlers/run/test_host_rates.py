"""The table of host rates: slots one after another whoever asks, holds that bind everybody, a file no kill can harm."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from crawlers.fetch.host_rates import LONGEST_HOLD, HostRates
from crawlers.frontier.postgres_connection import connect
from foundation.crawl_errors import StateError
from tests.growth import loop_steps

HOST = "jobs.example"
GAP = 100.0
"""Seconds: a busy machine may let a test wait for one between two questions, and nothing here is waited for."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "host_rates.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, path: Path) -> str:
    """Return where a table lies, empty, in each of the databases there are."""
    if request.param == "sqlite":
        return str(path)
    address = str(request.getfixturevalue("postgres_url"))
    HostRates.open_at(address).close()
    with connect(address) as db:
        db.execute("DELETE FROM host_rate")
    return address


def test_slots_of_many_processes_stand_one_gap_apart(address: str) -> None:
    def reserved(_: int) -> list[float]:
        with closing(HostRates.open_at(address)) as rates:
            return [time.time() + rates.reserve(HOST, GAP) for _ in range(20)]

    with ThreadPoolExecutor(4) as pool:
        slots = sorted(slot for several in pool.map(reserved, range(4)) for slot in several)
    assert len(slots) == 80
    assert all(0.9 * GAP < later - earlier < 1.1 * GAP for earlier, later in pairwise(slots))


def test_the_longer_of_two_gaps_stands_between_two_sources(address: str) -> None:
    with closing(HostRates.open_at(address)) as rates:
        assert rates.reserve(HOST, 5 * GAP) == 0
        assert 4.9 * GAP < rates.reserve(HOST, GAP) <= 5 * GAP
        assert 9.9 * GAP < rates.reserve(HOST, 5 * GAP) <= 10 * GAP


def test_a_request_that_starts_late_puts_the_next_one_off(address: str) -> None:
    with closing(HostRates.open_at(address)) as rates:
        rates.reserve(HOST, 0.2)
        rates.reserve(HOST, 0.2)
        time.sleep(0.2)  # the first wakes when the second's slot has come
        assert rates.start(HOST, GAP) == 0
        assert 0 < rates.start(HOST, GAP) <= GAP


def test_a_hold_binds_who_had_a_slot_and_the_longer_one_stands(address: str) -> None:
    with closing(HostRates.open_at(address)) as rates, closing(HostRates.open_at(address)) as other:
        assert rates.hold_seconds(HOST) == 0
        assert rates.reserve(HOST, GAP) == 0
        other.hold(HOST, 60 * GAP)
        other.hold(HOST, 10 * GAP)
        assert 59 * GAP < rates.hold_seconds(HOST) <= 60 * GAP
        assert 59 * GAP < rates.start(HOST, GAP) <= 60 * GAP
        assert 59 * GAP < rates.reserve(HOST, GAP) <= 60 * GAP
        assert rates.hold_seconds("other.example") == 0
        other.hold(HOST, 10 * LONGEST_HOLD)
        assert rates.hold_seconds(HOST) <= LONGEST_HOLD


def test_a_process_killed_while_it_reserves_leaves_the_table_whole(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from crawlers.fetch.host_rates import HostRates\n"
        "rates = HostRates.open_at(Path(sys.argv[1])); print('ready', flush=True)\n"
        "while True: rates.reserve('jobs.example', 0.001); rates.start('jobs.example', 0.001)"
    )
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.05)  # not awaited: the kill is to come in the middle of something
        process.kill()
        process.wait()
        process.stdout.close()
    rates = HostRates.open_at(path)
    assert rates.reserve("other.example", 1.0) == 0
    assert rates._carry("PRAGMA quick_check", {}) == [("ok",)]


def test_a_file_that_is_no_database_is_named_with_what_to_do(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, and long enough to be looked at" * 50)
    with pytest.raises(StateError, match=r"host_rates\.sqlite: .*delete it"):
        HostRates.open_at(path)


def test_asking_whether_a_host_is_held_costs_microseconds(path: Path) -> None:
    rates = HostRates.open_at(path)
    rates.hold(HOST, 0)
    limit = 4_000  # 0.2 to 0.4 ms; writing would cost ten times that
    steps = loop_steps(lambda: [rates.hold_seconds(HOST) for _ in range(100)], limit * 100) / 100
    sys.stdout.write(f"hold_seconds(): {steps:,.0f} steps of a loop\n")
    assert steps <= limit
