"""The notifier as a process of its own: what it watches is killed, and it tells; it is killed, and its silence is heard."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner

from lurewatch.app.schedule import keep_heartbeat
from lurewatch.cli.contents import cli
from tests.services.guardian import MARK
from tests.services.processes import end, free_port, wait_for

Post = dict[str, Any]


class Operator:
    """Where messages and heartbeats arrive."""

    def __init__(self) -> None:
        self.subjects: queue.Queue[str] = queue.Queue()
        self.beats: queue.Queue[Post] = queue.Queue()
        beats = self.beats

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep what was posted."""
                beats.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.mail = Controller(self, hostname="127.0.0.1", port=free_port())
        self.web = ThreadingHTTPServer(("127.0.0.1", 0), Hook)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        """Keep a message's subject."""
        self.subjects.put(str(message_from_bytes(envelope.content, policy=policy.default)["Subject"]))
        return "250 OK"


@pytest.fixture
def operator() -> Iterator[Operator]:
    """Return an operator who receives."""
    made = Operator()
    made.mail.start()
    threading.Thread(target=made.web.serve_forever, daemon=True).start()
    yield made
    made.web.shutdown()
    made.web.server_close()
    made.mail.stop()


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path, seeds: Path, compiled_phrases: Path, operator: Operator) -> Iterator[Start]:
    """Return what starts `lurewatch` in a folder whose operator is told every tenth of a second."""
    (tmp_path / "seeds").symlink_to(seeds)
    started: list[subprocess.Popen[bytes]] = []
    port = free_port()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path),
        "LUREWATCH_CACHE": str(compiled_phrases), MARK: os.environ[MARK],
        "LUREWATCH_BIND": f"127.0.0.1:{port}", "LUREWATCH_DESK_HEALTH_URL": f"http://127.0.0.1:{port}/healthz",
        "LUREWATCH_PUBLIC_URL": "https://desk.example.org",
        "LUREWATCH_SMTP": f"smtp://127.0.0.1:{operator.mail.port}", "LUREWATCH_MAIL_FROM": "watch@example.org",
        "LUREWATCH_NOTIFY_RECIPIENTS": "ops@example.org", "LUREWATCH_ALLOW_LOOPBACK": "true",
        "LUREWATCH_NOTIFY_HEARTBEAT": f"http://127.0.0.1:{operator.web.server_port}/ping",
    }  # fmt: skip

    def run(*words: str) -> subprocess.Popen[bytes]:
        with (tmp_path / f"{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                ["lurewatch", *words], cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        started.append(process)
        return process

    yield run
    for process in started:
        end(process)


def test_a_killed_desk_and_a_stopped_schedule_are_told_and_so_is_their_cure(
    start: Start, operator: Operator, tmp_path: Path
) -> None:
    """By a process that needs neither; after each evaluation a service outside hears that it lives."""
    keep_heartbeat(tmp_path / "data" / "state", datetime.now(UTC))
    desk = start("serve")
    log = tmp_path / "serve.log"
    wait_for(lambda: "http://127.0.0.1" in log.read_text() or b"127.0.0.1" in log.read_bytes(), "the desk", desk)
    notifier = start("doctor", "notify", "--every", "0.002")
    told: list[str] = []

    def hears(subject: str) -> bool:
        while not operator.subjects.empty():
            told.append(operator.subjects.get())
        return f"LureWatch: {subject}" in told

    assert operator.beats.get(timeout=900)["kind"] == "alive"
    end(desk, seconds=0)
    wait_for(lambda: hears("PartDown opened: desk"), "the desk's death", notifier)
    keep_heartbeat(tmp_path / "data" / "state", datetime.now(UTC) - timedelta(minutes=46))  # the worker was killed then
    wait_for(lambda: hears("ScheduleStopped opened"), "the stop of the schedule", notifier)
    start("serve")
    keep_heartbeat(tmp_path / "data" / "state", datetime.now(UTC))
    wait_for(lambda: hears("PartDown cured: desk") and hears("ScheduleStopped cured"), "both cured", notifier)
    end(notifier)
    assert notifier.returncode == 0  # SIGTERM ends it in good order
    assert len(told) == len(set(told)), told


def test_the_loop_outlives_an_evaluation_that_fails(start: Start, operator: Operator, tmp_path: Path) -> None:
    """A ledger that cannot be read, then is taken away."""
    ledger = tmp_path / "data" / "state" / "notifications.json"
    ledger.parent.mkdir(parents=True)
    ledger.write_text("{")
    notifier = start("doctor", "notify", "--every", "0.002")
    wait_for(lambda: b"move it away" in (tmp_path / "doctor.log").read_bytes(), "the fault in the log", notifier)
    assert operator.beats.empty()
    ledger.unlink()
    wait_for(lambda: not operator.beats.empty(), "an evaluation", notifier)


def test_a_loop_that_would_tell_nobody_does_not_begin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And it goes with no option of a single call."""
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)
    done = CliRunner().invoke(cli, ["doctor", "notify", "--every", "5"])
    assert signal.getsignal(signal.SIGTERM) is before
    assert done.exit_code == 1 and "LUREWATCH_NOTIFY_RECIPIENTS" in done.output
    assert CliRunner().invoke(cli, ["doctor", "notify", "--every", "5", "--dry-run"]).exit_code == 2
    assert CliRunner().invoke(cli, ["doctor", "notify", "--every", "0"]).exit_code == 2
