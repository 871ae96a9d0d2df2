"""Log-ins by strangers: however many come at once, two are checked, six wait, and everybody else is served."""

import socket
import threading
from urllib.parse import urlsplit

import httpx
import pytest

from desk.custody import audit
from desk.people import accounts, passwords
from desk.people.passwords import AT_ONCE, WAITING, HashingBusy, Turns

FORM = b"name=nobody&password=wrong-wrong-wrong"
REQUEST = (
    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(FORM), FORM)
)


class Held:
    """A hasher that counts who is inside and lets nobody out before it is told to."""

    def __init__(self):
        self.open, self.full = threading.Event(), threading.Event()
        self.inside = self.most = 0
        self._lock = threading.Lock()

    def hash(self, password):
        return "x"

    def verify(self, stored, password):
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside == AT_ONCE:
                self.full.set()
        assert self.open.wait(120)
        with self._lock:
            self.inside -= 1
        raise passwords.VerifyMismatchError


@pytest.fixture
def held(monkeypatch):
    passwords._nobody.cache_clear()
    hasher = Held()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    yield hasher
    hasher.open.set()
    passwords._nobody.cache_clear()


def answer(connection):
    raw = b""
    while part := connection.recv(65_536):
        raw += part
    return int(raw.split()[1]), raw


def test_two_hundred_log_ins_at_once_take_two_places_and_hold_up_nobody(served, people, held, desk_db):
    address = urlsplit(served)
    waiting = [socket.create_connection((address.hostname, address.port), timeout=120) for _ in range(200)]
    try:
        for connection in waiting:
            connection.sendall(REQUEST)
        assert held.full.wait(120)
        assert httpx.get(f"{served}/healthz", timeout=120).text == "ok\n"
        assert httpx.get(f"{served}/login", timeout=120).status_code == 200
        assert held.inside == AT_ONCE
        held.open.set()
        answers = [answer(connection) for connection in waiting]
    finally:
        for connection in waiting:
            connection.close()
    codes = [code for code, _ in answers]
    assert set(codes) <= {401, 429, 503}
    assert codes.count(503) >= 200 - 2 * (AT_ONCE + WAITING)
    assert all(b"retry-after: 5\r\n" in raw for code, raw in answers if code == 503)
    assert held.most == AT_ONCE, "each takes 64 MiB"
    with desk_db.connect() as connection:
        assert len(list(audit.entries(connection))) < 40, "those sent away wrote nothing"


def test_whoever_is_sent_away_loses_no_attempt(desk_db, people, password, now):
    turns = Turns(1, 0)
    with pytest.MonkeyPatch.context() as patch, turns.turn():
        patch.setattr(accounts, "LOGINS", turns)
        for _ in range(20):
            with pytest.raises(HashingBusy, match="try again in a few seconds"):
                accounts.authenticate(desk_db, name="minh", password=password, address="192.0.2.1", now=now)
    assert accounts.authenticate(desk_db, name="minh", password=password, address="192.0.2.1", now=now).name == "minh"


def test_a_turn_is_given_back_whatever_happens():
    turns = Turns(1, 0)
    for _ in range(3):
        with pytest.raises(KeyError), turns.turn():
            raise KeyError
    with turns.turn(), pytest.raises(HashingBusy), turns.turn():
        raise AssertionError("a second one was let in")


def test_a_log_in_that_is_throttled_says_when_to_try_again(visitor, people):
    client = visitor()
    answers = [client.post("/login", data={"name": "minh", "password": "wrong"}) for _ in range(6)]
    assert answers[-1].headers["retry-after"] == "900"


def test_a_log_in_form_is_small(visitor):
    assert visitor().post("/login", data={"name": "x" * 20_000, "password": "x"}).status_code == 413
