"""Looks wait in the desk's database and are carried out one at a time; a fault of one is told and ends no other."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from desk.custody import audit
from desk.database import open_database
from desk.people.accounts import add_user
from desk.refusals import DeskRefusal
from desk.tables import site_looks
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.venues.look_queue import (
    MOST_WAITING,
    ask_for_look,
    carry_out_looks,
    list_looks,
    look_beside_pages,
)


@pytest.fixture
def engine(tmp_path):
    return open_database(f"sqlite:///{tmp_path / 'desk.sqlite'}")


@pytest.fixture
def ask(engine):
    """Return a function that asks for a look as an operator."""
    now = datetime(2026, 11, 29, tzinfo=UTC)
    lan = add_user(engine, name="lan", email="lan@example.org", role="operator", password="gravel-lantern-otter-93", now=now)

    def do(subject, kind="probe", reason=""):
        ask_for_look(engine, kind, subject, by=lan, action="source_look_asked", reason=reason)

    return do


def settled(engine):
    until = time.monotonic() + 60
    while any(look.running for look in list_looks(engine, ("probe",))):
        assert time.monotonic() < until
        time.sleep(0.01)
    return {look.key: look for look in list_looks(engine, ("probe",))}


def test_a_look_waits_and_tells_who_asked_until_a_process_carries_it_out(engine, ask):
    ask("site:a", reason="three lures")
    (look,) = list_looks(engine, ("probe", "accept"))
    assert (look.key, look.by, look.running, look.waits) == ("Look at site:a", "lan", True, True)
    seen = []
    assert (
        carry_out_looks(engine, lambda look: seen.append((look.kind, look.subject, look.by.name, look.reason)) or ["found"]) == 1
    )
    assert seen == [("probe", "site:a", "lan", "three lures")]
    assert settled(engine)["Look at site:a"].lines == ("found",)
    with engine.connect() as connection:
        assert [each.actor for each in audit.entries(connection, subject="site:a")] == ["lan"]


def test_a_failure_is_told_and_the_next_look_is_carried_out(engine, ask):
    def work(look):
        if look.subject == "refused":
            raise PermanentError("robots.txt forbids it; ask its operator")
        if look.subject == "broken":
            raise RuntimeError("secret of the program")
        return ["found"]

    for subject in ("refused", "broken", "good"):
        ask(subject)
    assert carry_out_looks(engine, work) == 3
    found = settled(engine)
    assert found["Look at refused"].failure == "robots.txt forbids it; ask its operator"
    assert "secret" not in found["Look at broken"].failure and found["Look at broken"].failure
    assert found["Look at good"].lines == ("found",)


def test_no_queue_without_end_and_nothing_twice(engine, ask):
    for number in range(MOST_WAITING + 1):
        ask(str(number))
    with pytest.raises(DeskRefusal, match="already"):
        ask("0")
    with pytest.raises(DeskRefusal, match="too many"):
        ask("more")


def test_two_processes_carry_out_no_look_twice(engine, ask):
    for number in range(4):
        ask(str(number))
    seen, gate = [], threading.Barrier(2)

    def work(look):
        seen.append(look.subject)
        if len(seen) <= 2:
            gate.wait(60)
        return []

    threads = [threading.Thread(target=carry_out_looks, args=(engine, work)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["0", "1", "2", "3"]


def test_a_look_whose_process_died_is_told_and_can_be_asked_for_again(engine, ask):
    ask("site:a")
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    with engine.begin() as connection:
        connection.execute(update(site_looks).values(begun_at=long_ago))
    assert carry_out_looks(engine, list) == 0
    assert "ended before it was done" in settled(engine)["Look at site:a"].failure
    ask("site:a")


def test_what_a_look_found_is_shown_for_a_day_and_then_forgotten(engine, ask):
    ask("site:a")
    carry_out_looks(engine, lambda _: ["found"])
    with engine.begin() as connection:
        connection.execute(update(site_looks).values(ended_at=datetime.now(UTC) - timedelta(days=2)))
    assert list_looks(engine, ("probe",)) == []
    assert carry_out_looks(engine, list) == 0
    with engine.connect() as connection:
        assert connection.execute(select(site_looks)).all() == []


def test_beside_pages_nobody_waits_and_one_look_runs_at_a_time(engine, ask):
    running, most, gate = [], [], threading.Event()

    def work(look):
        running.append(look.subject)
        most.append(len(running))
        gate.wait(60)
        running.remove(look.subject)
        return ["found"]

    for subject in ("a", "b"):
        ask(subject)
        look_beside_pages(engine, work)
    gate.set()
    assert {look.lines for look in settled(engine).values()} == {("found",)} and max(most) == 1
