"""`lurewatch serve` listens where it is told, and never lets a password cross a network in the clear."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from click import ClickException
from click.testing import CliRunner

from lurewatch.cli import cli
from lurewatch.commands.serve import address


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


def test_it_serves_and_says_how_to_add_the_first_person(environ, tmp_path):
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-c", "from lurewatch.cli import main; main()", "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        program, env={**environ, "LUREWATCH_PUBLIC_URL": home}, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    try:
        for _ in range(150):
            try:
                text = urllib.request.urlopen(f"{home}/login", timeout=2).read().decode()
                break
            except OSError:
                time.sleep(0.2)
        assert "lurewatch users add" in text
        assert urllib.request.urlopen(f"{home}/healthz", timeout=5).read() == b"ok\n"
    finally:
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=20)[1]
    assert re.search(r"Nobody can log in yet", told)
