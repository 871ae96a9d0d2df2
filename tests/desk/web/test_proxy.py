"""Behind a real nginx: whom an attempt is counted for, whatever a client writes into the headers."""

import dataclasses
import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress

import httpx
import pytest
from starlette.testclient import TestClient

from desk.custody import audit
from desk.web.app import create_app
from tests.services.processes import free_port

CONFIG = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {desk};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""
FORGED = ("127.0.0.1", "203.0.113.9", "203.0.113.9, 127.0.0.1", "::1", "unknown", "", "x" * 4000, "198.51.100.1:80")


@pytest.fixture
def nginx(tmp_path):
    """Return a function that starts nginx in front of a desk and gives its address."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if binary is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx missing in CI")
        pytest.skip("nginx missing: install nginx-light")
    started = []

    def start(desk):
        port = free_port()
        config = tmp_path / "nginx.conf"
        config.write_text(CONFIG.format(folder=tmp_path, port=port, desk=desk))
        process = subprocess.Popen([binary, "-c", str(config), "-e", str(tmp_path / "error.log")], stderr=subprocess.PIPE)
        started.append(process)
        while True:
            assert process.poll() is None, process.stderr.read().decode()
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                return f"http://127.0.0.1:{port}"
            time.sleep(0.05)

    yield start
    for process in started:
        process.terminate()
        process.wait(60)


@pytest.fixture
def behind(desk, serving, nginx, people):
    """Serve a desk that trusts the nginx in front of it; give the address of nginx."""
    with serving(dataclasses.replace(desk, trusted_proxies=("127.0.0.1",))) as home:
        yield nginx(home)


def post(home, client, password, *, name="minh", forwarded=None):
    """Log in from a loopback address of one's own, so that nginx sees several clients."""
    with httpx.Client(base_url=home, transport=httpx.HTTPTransport(local_address=client), timeout=120) as browser:
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        return browser.post("/login", data={"name": name, "password": password}, headers=headers).status_code


def addresses(engine):
    with engine.connect() as connection:
        return {entry.detail.split('"address":"')[1].split('"')[0] for entry in audit.entries(connection)
                if entry.action.startswith("login")}  # fmt: skip


def test_each_client_behind_nginx_is_counted_on_its_own(behind, desk_db, password):
    assert [post(behind, "127.0.0.2", "wrong") for _ in range(6)] == [401] * 5 + [429]
    assert post(behind, "127.0.0.2", password) == 429
    assert post(behind, "127.0.0.3", password) == 303
    assert addresses(desk_db) == {"127.0.0.2", "127.0.0.3"}


def test_what_a_client_writes_into_the_header_counts_for_nothing(behind, desk_db, password):
    codes = [post(behind, "127.0.0.4", "wrong", forwarded=forged) for forged in FORGED]
    assert codes == [401] * 5 + [429] * 3
    assert addresses(desk_db) == {"127.0.0.4"}


def test_one_client_that_guesses_locks_nobody_else_out(behind, people, password):
    guesses = [post(behind, "127.0.0.5", "wrong", name=f"guess{number}", forwarded=f"192.0.2.{number}") for number in range(31)]
    assert guesses[-1] == 429
    assert post(behind, "127.0.0.5", password) == 429
    assert {name: post(behind, "127.0.0.6", password, name=name) for name in people} == dict.fromkeys(people, 303)


def test_past_nginx_the_header_is_read_only_from_a_trusted_proxy(desk, desk_db, people):
    """A client that reaches the desk itself, where nobody or somebody else is trusted, is who it is."""
    for trusted in ((), ("192.0.2.0/24",)):
        app = create_app(dataclasses.replace(desk, trusted_proxies=trusted))
        client = TestClient(app, base_url=desk.public_url, client=("198.51.100.7", 1))
        client.post("/login", data={"name": "x", "password": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert addresses(desk_db) == {"198.51.100.7"}


@pytest.mark.parametrize(("lines", "counted"), [
    (["203.0.113.9"], "203.0.113.9"), (["6.6.6.6, 203.0.113.9, 192.0.2.1"], "203.0.113.9"),
    (["6.6.6.6", "203.0.113.9"], "203.0.113.9"), (["6.6.6.6, 2001:db8::7"], "2001:db8::7"),
    (["6.6.6.6, 203.0.113.9:4711"], "203.0.113.9"), (["6.6.6.6, [2001:db8::7]:80"], "2001:db8::7"),
])  # fmt: skip
def test_the_last_address_that_is_no_trusted_proxy_counts(desk, desk_db, people, lines, counted):
    app = create_app(dataclasses.replace(desk, trusted_proxies=("192.0.2.0/24",)))
    client = TestClient(app, base_url=desk.public_url, client=("192.0.2.2", 1))
    client.post("/login", data={"name": "x", "password": "x"}, headers=[("X-Forwarded-For", line) for line in lines])
    assert addresses(desk_db) == {counted}
