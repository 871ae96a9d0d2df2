"""A sender killed at any point loses nothing; the only copy possible has the same Message-ID."""

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from desk.database import open_database
from tests.desk.digest.killed import send

WEEK = "2026-W48"
READERS = tuple(f"reader{number}@example.org" for number in range(8))
POINTS = (
    ("before_commit", 2), ("after_commit", 2), ("before_connect", 1), ("after_connect", 1), ("before_mail", 3), ("after_rcpt", 3),
    ("before_data", 4), ("after_data", 4), ("after_sendmail", 5), ("before_commit", 9), ("after_commit", 9),
)  # fmt: skip
MAY_REPEAT = {("after_data", 4), ("after_sendmail", 5), ("before_commit", 9)}
"""Points after the server's last "250" and before the row that says so (the ninth commit of a run notes a sent message)."""


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[0]}-{point[1]}")
def test_nothing_is_lost_and_at_most_one_copy_is_sent(tmp_path, smtp, mailbox, point):
    program = [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path), point[0], str(point[1]), str(smtp.port)]
    root = Path(__file__).resolve().parents[3]
    killed = subprocess.run([*program, WEEK, ",".join(READERS)], capture_output=True, text=True, check=False, cwd=root)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    send(engine, tmp_path, smtp.port, WEEK, list(READERS))
    got = Counter(message["Message-ID"] for _, message in mailbox.messages)
    assert {to for recipients, _ in mailbox.messages for to in recipients} == set(READERS)
    assert len(got) == len(READERS)
    copies = sum(got.values()) - len(READERS)
    assert copies <= (1 if point in MAY_REPEAT else 0)
    assert send(engine, tmp_path, smtp.port, WEEK, list(READERS)) == 0
    engine.dispose()
