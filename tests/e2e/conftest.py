"""The whole mission on real parts: sample sites, Airflow, Elasticsearch, the desk, Chromium, an SMTP server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from lurewatch.app.sample import seeds_for, serve
from tests.services.airflow import Airflow
from tests.services.elasticsearch import Node
from tests.services.guardian import MARK
from tests.services.processes import PATIENCE, end, free_port, wait_for

PLAIN, DRAWN = "sample_classifieds", "sample_js_board"
PASSWORD = "gravel-lantern-otter-93"


class Inbox:
    """Keeps every message an SMTP client hands over."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        """Take a message."""
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def about(self, words: str) -> list[EmailMessage]:
        """Return the messages whose subject has these words."""
        return [one for one in self.messages if words in str(one["subject"])]


@dataclass
class Mission:
    """Everything the test speaks to."""

    airflow: Airflow
    desk_url: str
    inbox: Inbox
    environment: dict[str, str]
    folder: Path
    node: Node
    index: str
    people: dict[str, str] = field(default_factory=dict)

    def stored(self) -> int:
        """Return the number of documents a searcher finds."""
        request = urllib.request.Request(f"{self.node.url}/{self.index}/_refresh", method="POST")
        urllib.request.urlopen(request, timeout=PATIENCE).close()
        with urllib.request.urlopen(f"{self.node.url}/{self.index}/_count", timeout=PATIENCE) as answer:
            return int(json.load(answer)["count"])

    def lurewatch(self, *arguments: str, given: str = "") -> str:
        """Run the command as an operator would; return what it printed."""
        command = [str(Path(sys.executable).parent / "lurewatch"), *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def doctor(self) -> dict[str, dict[str, str]]:
        """Return part -> what the doctor finds."""
        command = [str(Path(sys.executable).parent / "lurewatch"), "doctor", "--json"]
        done = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False)
        return {finding["part"]: finding for finding in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def mission(
    elasticsearch_home: tuple[Path, Path],
    service_folder: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
    compiled_phrases: Path,
) -> Iterator[Mission]:
    """Start everything; end everything."""
    folder = tmp_path_factory.mktemp("mission")
    inbox = Inbox()
    mail = Controller(inbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    index, port = "mission", free_port()
    node = Node(*elasticsearch_home, service_folder("elasticsearch", in_memory=True)).start()
    with serve(ports={}) as urls:
        seeds = seeds_for(urls, folder / "seeds")
        for path in (seeds / "sources").iterdir():
            if path.stem not in (PLAIN, DRAWN):
                path.unlink()
                continue
            by_hand = path.read_text(encoding="utf-8")
            path.write_text(by_hand.replace("schedule: by hand", 'schedule: "7 * * * *"'), encoding="utf-8")
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "LUREWATCH_CACHE": str(compiled_phrases),
            "LUREWATCH_SEEDS": str(seeds),
            "LUREWATCH_RUNS": str(folder / "runs"),
            "LUREWATCH_ASSESSED": str(folder / "assessed"),
            "LUREWATCH_STATE": str(folder / "state"),
            "LUREWATCH_STORE": node.url,
            "LUREWATCH_STORE_INDEX": index,
            "LUREWATCH_DATABASE": f"sqlite:///{folder / 'desk.sqlite'}",
            "LUREWATCH_BIND": f"127.0.0.1:{port}",
            "LUREWATCH_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "LUREWATCH_SMTP": f"smtp://127.0.0.1:{mail.port}",
            "LUREWATCH_MAIL_FROM": "lurewatch@example.org",
            "LUREWATCH_DIGEST_RECIPIENTS": "reader@example.org",
            "LUREWATCH_ORGANISATION": "Test desk",
            "LUREWATCH_CONTACT_EMAIL": "desk@example.org",
            "LUREWATCH_CONTACT_URL": "https://example.org/bot",
            "LUREWATCH_ALLOW_LOOPBACK": "true",
            MARK: os.environ[MARK],
        }
        home = folder / "airflow"
        home.symlink_to(service_folder("airflow", in_memory=True))  # its database waits for the disk at each commit
        airflow = Airflow(home, {name: value for name, value in environment.items() if name.startswith("LUREWATCH_")})
        environment["LUREWATCH_AIRFLOW_HEALTH_URL"] = f"{airflow.url}/api/v2/monitor/health"
        desk = subprocess.Popen(
            [str(Path(sys.executable).parent / "lurewatch"), "serve"],
            env=environment,
            cwd=folder,
            start_new_session=True,
            stdout=(folder / "desk.log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        made = Mission(airflow, f"http://127.0.0.1:{port}", inbox, environment, folder, node, index)
        try:
            for name, role in (("ana", "analyst"), ("lea", "lead")):
                person = ("--role", role, "--email", f"{name}@example.org", "--password-stdin")
                made.lurewatch("users", "add", name, *person, given=PASSWORD)
                made.people[name] = PASSWORD
            airflow.start()
            wait_for(lambda: answers(port), f"desk (see {folder / 'desk.log'})", desk)
            yield made
        finally:
            airflow.stop()
            end(desk)
            mail.stop()
            node.stop()


def answers(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def browser() -> str:
    """Return a Chromium; skip on a laptop without one, fail in CI."""
    for name in ("chromium-headless-shell", "chromium", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("Chromium missing in CI")
    pytest.skip("Chromium missing")
