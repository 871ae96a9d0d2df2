"""`lurewatch serve` listens where it is told, and never lets a password cross a network in the clear."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click import ClickException
from click.testing import CliRunner
from rich.console import Console

from desk.custody import audit
from desk.database import open_database
from desk.people import accounts
from desk.people.accounts import all_users
from lurewatch.cli.administer.serve_command import address, bound_socket, open_demo_desk
from lurewatch.cli.contents import cli
from tests.services.processes import PATIENCE, wait_for


@pytest.mark.parametrize(
    ("bind", "found"), [("127.0.0.1:8080", ("127.0.0.1", 8080)), ("[::1]:80", ("::1", 80)), (":9", ("127.0.0.1", 9))]
)
def test_addresses_are_read(bind, found):
    assert address(bind) == found


@pytest.mark.parametrize("bind", ["", "localhost", "host:port", "host:0", "host:70000"])
def test_what_is_no_address_is_refused_with_an_example(bind):
    with pytest.raises(ClickException, match=r"127\.0\.0\.1:8080"):
        address(bind)


@pytest.fixture
def environ(tmp_path, seeds, monkeypatch):
    values = {
        "LUREWATCH_DATABASE": f"sqlite:///{tmp_path}/desk.sqlite",
        "LUREWATCH_STORE": f"{tmp_path}/index.sqlite",
        "LUREWATCH_SEEDS": str(seeds),
        "LUREWATCH_RUNS": f"{tmp_path}/runs",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return {**os.environ, **values}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PUBLIC_URL", "http://desk.example.org", "in the clear"),
        ("BIND", "nowhere", "host:port"),
        ("DATABASE", "mysql://x/y", "not served"),
        ("SEEDS", "/nowhere", "no"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(environ, monkeypatch, name, value, words):
    monkeypatch.setenv(f"LUREWATCH_{name}", value)
    result = CliRunner().invoke(cli, ["serve"])
    assert result.exit_code == 1
    assert words in result.output


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "[2001:db8::1]", "desk.example.org"])
def test_an_address_other_machines_reach_needs_tls_in_front(environ, host):
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that a desk that does listen ends, instead of the test waiting
        result = CliRunner().invoke(cli, ["serve", "--bind", f"{host}:{taken.getsockname()[1]}"])
    assert result.exit_code == 1
    assert "in the clear" in result.output
    assert "--behind-proxy" in result.output


@pytest.mark.parametrize(("public", "more"), [("https://desk.example.org", []), ("http://127.0.0.1:8080", ["--behind-proxy"])])
def test_with_tls_in_front_it_may_listen_for_other_machines(environ, monkeypatch, public, more):
    """192.0.2.1 is nobody's: to be refused by the system means that the desk itself no longer refuses."""
    monkeypatch.setenv("LUREWATCH_PUBLIC_URL", public)
    result = CliRunner().invoke(cli, ["serve", "--bind", "192.0.2.1:8080", *more])
    assert "in the clear" not in result.output
    assert "cannot listen on 192.0.2.1:8080" in result.output.replace("\n", "")


@pytest.mark.parametrize("words", [["serve"], ["serve", "--workers", "2"], ["takedown", "partners", "serve"]])
def test_a_port_that_is_taken_is_said_before_anybody_hears_of_a_desk(environ, words):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        result = CliRunner().invoke(cli, [*words, "--bind", bind])
    told = result.output.replace("\n", "")
    assert (result.exit_code, f"cannot listen on {bind} (Address already in use): end what listens there" in told) == (1, True)
    assert " at http" not in told


def test_the_demo_desk_says_so_as_well(environ, monkeypatch, capsys):
    from lurewatch.settings import load_settings

    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("LUREWATCH_BIND", f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ClickException, match="cannot listen on"):
            open_demo_desk(load_settings(), Console(stderr=True))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("bind", ["192.0.2.1:8080", "no-such-host.invalid:8080"])
def test_an_address_of_another_machine_is_said_with_the_fix(bind):
    with pytest.raises(ClickException, match=r"cannot listen on .*: name an address of this machine, with --bind"):
        bound_socket(*address(bind))


def test_a_socket_is_bound_where_it_was_asked_for():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with bound_socket("127.0.0.1", port) as sock:
        assert sock.getsockname() == ("127.0.0.1", port)


def test_another_port_than_that_of_the_address_in_mails_is_told(environ, monkeypatch):
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    told = CliRunner().invoke(cli, ["serve", "--bind", "127.0.0.1:18080"]).output.replace("\n", "")
    assert "set LUREWATCH_PUBLIC_URL to http://127.0.0.1:18080" in told


def test_behind_a_proxy_nobody_named_it_says_what_that_means(environ, monkeypatch):
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    monkeypatch.setenv("LUREWATCH_PUBLIC_URL", "https://desk.example.org")
    told = CliRunner().invoke(cli, ["serve", "--bind", "127.0.0.1:18080"]).output.replace("\n", "")
    assert "LUREWATCH_TRUSTED_PROXIES is empty" in told
    monkeypatch.setenv("LUREWATCH_TRUSTED_PROXIES", "192.0.2.9, 172.18.0.0/16")
    assert "LUREWATCH_TRUSTED_PROXIES" not in CliRunner().invoke(cli, ["serve", "--bind", "127.0.0.1:18080"]).output


def test_what_stands_in_front_must_offer_tls_all_the_same(environ, monkeypatch):
    monkeypatch.setenv("LUREWATCH_PUBLIC_URL", "http://desk.example.org")
    result = CliRunner().invoke(cli, ["serve", "--behind-proxy"])
    assert result.exit_code == 1
    assert "LUREWATCH_PUBLIC_URL is http://desk.example.org" in result.output


@dataclass
class Serving:
    """A desk in a process of its own."""

    home: str
    process: subprocess.Popen
    told: Path
    """What it writes to stderr: a file, so that much of it never fills a pipe nobody reads."""

    def end(self):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(timeout=PATIENCE) == 0, self.told.read_text()
        return self.told.read_text()


@pytest.fixture
def started(environ, tmp_path):
    """Return a function that runs a line of Python which serves, and waits until it answers."""
    with ExitStack() as stack:

        def start(line):
            # Bound, never listening, until the end: the system gives the port to nobody else, and the desk may listen on it.
            held = stack.enter_context(socket.socket())
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{held.getsockname()[1]}"
            values = {"LUREWATCH_PUBLIC_URL": f"http://{bind}", "LUREWATCH_BIND": bind}
            told = tmp_path / "stderr.txt"
            process = subprocess.Popen(
                [sys.executable, "-c", line], env=environ | values, cwd=tmp_path, stderr=stack.enter_context(told.open("w"))
            )
            stack.callback(process.wait)
            stack.callback(process.kill)

            def answers():
                with suppress(OSError), urllib.request.urlopen(f"http://{bind}/healthz", timeout=PATIENCE):
                    return True

            wait_for(answers, lambda: f"an answer of the desk, which said {told.read_text()}", process)
            return Serving(f"http://{bind}", process, told)

        yield start


FORM = b"name=nobody&password=wrong-wrong-wrong"
LOG_IN = (
    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(FORM), FORM)
)


def test_two_hundred_log_ins_at_once_take_little_memory(started):
    """With real hashes, of 64 MiB each: forty threads of them took 1.8 GiB."""
    desk = started("from lurewatch.cli.contents import cli; cli(['serve'])")
    host, _, port = desk.home.removeprefix("http://").partition(":")
    before = memory(desk.process.pid)
    clients = [socket.create_connection((host, int(port)), timeout=300) for _ in range(200)]
    with ExitStack() as stack:
        for client in clients:
            stack.enter_context(client)
            client.sendall(LOG_IN)
        assert urllib.request.urlopen(f"{desk.home}/healthz", timeout=300).status == 200
        codes = [client.makefile("rb").read().split()[1] for client in clients]
    assert set(codes) <= {b"401", b"429", b"503"}
    assert memory(desk.process.pid) - before < 400 << 20


def memory(pid):
    """Return the most memory a process ever held, in bytes."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) << 10


def test_it_serves_says_how_to_add_the_first_person_and_ends_well(started):
    desk = started("from lurewatch.cli.contents import cli; cli(['serve'])")
    assert "lurewatch users add" in urllib.request.urlopen(f"{desk.home}/login", timeout=PATIENCE).read().decode()
    assert "Nobody can log in yet" in desk.end()


def test_the_demo_desk_prints_an_account_that_works_until_it_closes(started, tmp_path):
    desk = started(
        "from rich.console import Console; from lurewatch.settings import load_settings;"
        "from lurewatch.cli.administer.serve_command import open_demo_desk;"
        "open_demo_desk(load_settings(), Console(stderr=True, width=200))"
    )
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    with engine.connect() as connection:
        (demo,) = all_users(connection)
    assert not demo.disabled
    told = desk.end()
    name, password = re.search(r"Log in as  (\S+)  with password  (\S+)", told).groups()
    assert name == demo.name
    assert desk.home in told
    accounts.set_disabled(engine, name, disabled=False, now=datetime.now(UTC), actor="test")
    assert accounts.authenticate(engine, name=name, password=password, address="x", now=datetime.now(UTC)).name == name
    with engine.connect() as connection:
        actions = [(entry.action, entry.actor) for entry in audit.entries(connection)]
    assert ("user_disabled", "demo") in actions
    engine.dispose()


def test_the_demo_desk_only_listens_on_this_machine(environ, monkeypatch):
    from lurewatch.settings import load_settings

    monkeypatch.setenv("LUREWATCH_BIND", "0.0.0.0:8080")
    with pytest.raises(ClickException, match="only listens on this machine"):
        open_demo_desk(load_settings(), Console())


def test_two_processes_serve_and_end_together(started):
    desk = started("from lurewatch.cli.contents import cli; cli(['serve', '--workers', '2'])")
    ids = [int(pid) for pid in Path(f"/proc/{desk.process.pid}/task/{desk.process.pid}/children").read_text().split()]
    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in ids]
    assert sum(b"spawn_main" in name for name in names) == 2
    for _ in range(6):
        assert "Log in" in urllib.request.urlopen(f"{desk.home}/login", timeout=PATIENCE).read().decode()
    desk.end()
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in ids), lambda: f"the end of {ids}")
