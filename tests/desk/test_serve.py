"""`lurewatch serve` listens where it is told, and never lets a password cross a network in the clear."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from click import ClickException
from click.testing import CliRunner
from rich.console import Console

from desk import accounts, audit
from desk.accounts import all_users
from desk.database import open_database
from lurewatch.cli import cli
from lurewatch.commands.serve import address, open_demo_desk


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


@pytest.fixture
def started(environ, tmp_path):
    """Return a function that runs a line of Python which serves, waits for it, and gives its address and process."""
    processes = []

    def start(line):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{probe.getsockname()[1]}"
        values = {"LUREWATCH_PUBLIC_URL": f"http://{bind}", "LUREWATCH_BIND": bind}
        process = subprocess.Popen(
            [sys.executable, "-c", line], env=environ | values, cwd=tmp_path, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        for _ in range(300):
            with suppress(OSError):
                urllib.request.urlopen(f"http://{bind}/healthz", timeout=2)
                return f"http://{bind}", process
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.2)
        raise AssertionError("never answered")

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()


def ended(process):
    process.send_signal(signal.SIGINT)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 0, told
    return told


def test_it_serves_says_how_to_add_the_first_person_and_ends_well(started):
    home, process = started("from lurewatch.cli import cli; cli(['serve'])")
    assert "lurewatch users add" in urllib.request.urlopen(f"{home}/login", timeout=5).read().decode()
    assert "Nobody can log in yet" in ended(process)


def test_the_demo_desk_prints_an_account_that_works_until_it_closes(started, tmp_path):
    home, process = started(
        "from rich.console import Console; from lurewatch.settings import load_settings;"
        "from lurewatch.commands.serve import open_demo_desk;"
        "open_demo_desk(load_settings(), Console(stderr=True, width=200))"
    )
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    with engine.connect() as connection:
        (demo,) = all_users(connection)
    assert not demo.disabled
    told = ended(process)
    name, password = re.search(r"Log in as  (\S+)  with password  (\S+)", told).groups()
    assert name == demo.name
    assert home in told
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
