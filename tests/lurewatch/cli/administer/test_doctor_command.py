"""Exporter, Prometheus and Alertmanager as processes: a killed desk is told once, and so is its cure, though mail is refused."""

import json
import os
import queue
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner

from lurewatch.cli.contents import cli
from tests.deploy.go_programs import ALERTMANAGER, go_program
from tests.loopback import Answer, Request, serve_answers
from tests.services.guardian import MARK
from tests.services.processes import end, free_port, wait_for

HASTE = {
    "scrape_interval": "3s", "scrape_timeout": "3s", "evaluation_interval": "1s", "for": "9s", "keep_firing_for": "1s",
    "group_wait": "1s", "group_interval": "2s",
}  # fmt: skip
"""What the written files say, faster."""


class Operator:
    """Where messages and heartbeats arrive; refuses messages with ``refusals`` until they are used up."""

    def __init__(self) -> None:
        self.refusals: list[str] = []
        self.mails: queue.Queue[tuple[str, str]] = queue.Queue()
        self.beats: queue.Queue[dict[str, Any]] = queue.Queue()
        self.mail = Controller(self, hostname="127.0.0.1", port=free_port())
        self.web = ""

    def hear(self, beat: Request) -> Answer:
        """Keep what was posted."""
        self.beats.put(json.loads(beat.body))
        return 204, {}, b""

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        """Refuse a whole message, or keep its subject and text."""
        if self.refusals:
            return self.refusals.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.put((str(mail["Subject"]), mail.get_body(("plain",)).get_content()))
        return "250 OK"


@pytest.fixture
def operator() -> Iterator[Operator]:
    """Return an operator who receives."""
    made = Operator()
    made.mail.start()
    with serve_answers(made.hear) as made.web:
        yield made
    made.mail.stop()


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, seeds: Path, compiled_phrases: Path, operator: Operator) -> Iterator[Start]:
    """Return what starts a program in a folder whose settings lead to the operator."""
    (tmp_path / "seeds").symlink_to(seeds)
    started: list[subprocess.Popen[bytes]] = []
    port = free_port()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path),
        "LUREWATCH_CACHE": str(compiled_phrases), MARK: os.environ[MARK],
        "LUREWATCH_BIND": f"127.0.0.1:{port}", "LUREWATCH_DESK_HEALTH_URL": f"http://127.0.0.1:{port}/healthz",
        "LUREWATCH_PUBLIC_URL": "https://desk.example.org", "LUREWATCH_DOCS_URL": "https://docs.example.org",
        "LUREWATCH_SMTP": f"smtp://127.0.0.1:{operator.mail.port}", "LUREWATCH_MAIL_FROM": "watch@example.org",
        "LUREWATCH_NOTIFY_RECIPIENTS": "ops@example.org",
        "LUREWATCH_NOTIFY_HEARTBEAT": f"{operator.web}/ping",
    }  # fmt: skip

    def run(*words: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / f"{Path(words[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                words, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        started.append(process)
        return process

    yield run
    for process in started:
        end(process)


def answers(address: str) -> bool:
    """Whether something answers there."""
    with suppress(OSError), urlopen(address, timeout=5):
        return True
    return False


def shorten_pauses(value: Any, haste: Mapping[str, str] = HASTE) -> Any:
    """Return a written file with its pauses shortened, and nothing else changed."""
    if isinstance(value, list):
        return [shorten_pauses(each, haste) for each in value]
    return (
        {key: haste.get(key) or shorten_pauses(each, haste) for key, each in value.items()} if isinstance(value, dict) else value
    )


def test_a_killed_desk_is_told_once_though_mail_is_refused_and_alertmanager_killed_and_so_is_its_cure(
    start: Start, operator: Operator, tmp_path: Path, missing_service: Callable[[str], None]
) -> None:
    """By processes that need neither desk nor Airflow; after each evaluation a service outside hears that they live."""
    prometheus = shutil.which("prometheus")
    if prometheus is None:
        missing_service("prometheus, Debian's package")
        return
    alertmanager = str(go_program(ALERTMANAGER))
    exporter, watcher, teller = (f"127.0.0.1:{free_port()}" for _ in range(3))
    assert start("lurewatch", "doctor", "rules", "files", "--exporter", exporter, "--alertmanager", teller).wait() == 0
    for file in (tmp_path / "files").iterdir():
        file.write_text(json.dumps(shorten_pauses(json.loads(file.read_text()))))
    telling = (
        alertmanager, "--config.file=files/alertmanager.yml", "--storage.path=told", "--cluster.listen-address=",
        f"--web.listen-address={teller}",
    )  # fmt: skip
    desk = start("lurewatch", "serve")
    measuring = start("lurewatch", "doctor", "metrics", "--serve", exporter)
    wait_for(lambda: answers(f"http://{exporter}/metrics"), "the exporter", measuring)
    wait_for(lambda: b"127.0.0.1" in (tmp_path / "lurewatch.log").read_bytes(), "the desk", desk)
    tells = start(*telling)
    start(
        prometheus,
        "--config.file=files/prometheus.yml",
        "--storage.tsdb.path=figures",
        f"--web.listen-address={watcher}",
        "--rules.alert.resend-delay=1s",
    )
    assert [each["labels"]["alertname"] for each in operator.beats.get(timeout=900)["alerts"]] == ["Watchdog"]

    assert operator.mails.empty(), operator.mails.queue
    operator.refusals = ["554 5.7.1 refused"] * 3
    end(desk, seconds=0)
    wait_for(lambda: len(operator.refusals) < 3, "a first try", tells)
    end(tells, seconds=0)
    tells = start(*telling)
    subject, text = operator.mails.get(timeout=900)
    assert (subject, operator.refusals) == ("[LureWatch desk.example.org] PartDown: desk", [])
    assert "- desk: A part does not answer" in text and "https://docs.example.org/runbook/part-down/" in text
    start("lurewatch", "serve")
    subject, text = operator.mails.get(timeout=900)
    assert subject == "[LureWatch desk.example.org] Over: PartDown: desk" and "The part answers again." in text
    end(measuring)
    assert measuring.returncode == 0  # SIGTERM ends it in good order
    subject, _ = operator.mails.get(timeout=900)
    assert subject.startswith("[LureWatch desk.example.org] FiguresMissing") and operator.mails.empty()


def test_what_would_tell_nobody_or_nowhere_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No file is written, and nothing listens."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["doctor", "rules", "files"])
    assert done.exit_code == 1 and "LUREWATCH_NOTIFY_RECIPIENTS" in done.output and not (tmp_path / "files").exists()
    done = CliRunner().invoke(cli, ["doctor", "metrics", "--serve", "127.0.0.1:port"])
    assert done.exit_code == 1 and "give --serve a free address" in done.output
