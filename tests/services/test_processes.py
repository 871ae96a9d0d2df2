"""A port a test is given stays its own until a service listens on it."""

import socket
from pathlib import Path

import pytest

from tests.services import processes
from tests.services.processes import end_of_copy, free_port


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
