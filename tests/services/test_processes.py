"""A port a test is given stays its own until a service listens on it; what an interrupted run left in memory goes."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from tests.services import processes
from tests.services.processes import end_of_copy, free_port, make_folder


def test_a_free_port_is_none_the_system_hands_out_and_may_be_listened_on() -> None:
    """Whoever listens on port 0 or connects is given another."""
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    port = free_port()
    assert not low <= port <= high
    for _ in range(2):  # a service that is killed starts again on its port
        socket.create_server(("127.0.0.1", port)).close()


def test_no_process_is_given_the_port_of_another_or_one_that_is_listened_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nobody listens on it yet."""
    given = free_port()
    monkeypatch.setattr("random.SystemRandom.sample", lambda *_: [given])
    with pytest.raises(OSError, match="no port of"):
        free_port()
    monkeypatch.setattr(processes, "_claims", [])

    def ask() -> int:
        try:
            free_port()
        except OSError:
            return 7
        return 0

    assert end_of_copy(ask) == 7
    monkeypatch.undo()
    with socket.create_server(("127.0.0.1", free_port())) as listening:
        taken = listening.getsockname()[1]
        for claim in processes._claims[-1:]:
            claim.close()
        monkeypatch.setattr("random.SystemRandom.sample", lambda *_: [taken])
        with pytest.raises(OSError, match="no port of"):
            free_port()


def test_what_an_ended_process_left_in_memory_is_removed_and_what_a_running_one_has_stays() -> None:
    """The next folder in memory that is made, by whoever, does it."""
    left: list[Path] = []
    read, write = os.pipe()
    end_of_copy(lambda: os.write(write, os.fsencode(make_folder("left", in_memory=True))))
    left.append(Path(os.fsdecode(os.read(read, 1000))))
    made = [make_folder("mine", in_memory=True) for _ in range(2)]
    assert all(folder.is_dir() for folder in made)
    assert left[0].is_dir() == (left[0].parent != Path("/dev/shm"))
    for folder in made + left:
        shutil.rmtree(folder, ignore_errors=True)
