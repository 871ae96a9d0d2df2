"""Looks run one after another beside the caller; a fault of one is told and ends no other."""

import threading
import time

import pytest

from lurewatch.app.app_errors import PermanentError
from lurewatch.app.venues.background_looks import KEPT, MOST_WAITING, BackgroundLooks, LooksBusy


def settled(looks):
    until = time.monotonic() + 60
    while any(look.running for look in looks.looks()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return {look.key: look for look in looks.looks()}


def fail(exc):
    raise exc


def test_a_look_does_not_keep_its_caller_waiting_and_tells_what_it_found():
    looks, gate = BackgroundLooks(), threading.Event()
    looks.start("one", "lan", lambda: [str(gate.wait(60))])
    (look,) = looks.looks()
    assert (look.key, look.by, look.running) == ("one", "lan", True)
    gate.set()
    assert settled(looks)["one"].lines == ("True",)


def test_a_failure_is_told_and_the_next_look_is_carried_out():
    looks = BackgroundLooks()
    looks.start("refused", "lan", lambda: fail(PermanentError("robots.txt forbids it; ask its operator")))
    looks.start("broken", "lan", lambda: fail(RuntimeError("secret of the program")))
    looks.start("good", "lan", lambda: ["found"])
    found = settled(looks)
    assert found["refused"].failure == "robots.txt forbids it; ask its operator"
    assert "secret" not in found["broken"].failure and found["broken"].failure
    assert found["good"].lines == ("found",)


def test_one_look_at_a_time_and_no_queue_without_end():
    looks, gate = BackgroundLooks(), threading.Event()
    for number in range(MOST_WAITING + 1):
        looks.start(str(number), "lan", lambda: [str(gate.wait(60))])
    with pytest.raises(LooksBusy, match="already"):
        looks.start("0", "lan", list)
    with pytest.raises(LooksBusy, match="too many"):
        looks.start("more", "lan", list)
    gate.set()
    settled(looks)
    for number in range(KEPT + 5):
        looks.start(f"later {number}", "lan", list)
        settled(looks)
    assert len(looks.looks()) <= KEPT + 1
