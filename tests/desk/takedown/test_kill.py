"""A sender killed at any point loses nothing: the partner gets each notice, and a copy only under the same Message-ID."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from desk.cases import case_decisions
from desk.takedown import list_drafts as builder
from desk.takedown import list_files
from tests.desk.takedown.killed import send_list

ROOT = Path(__file__).resolve().parents[3]
POINTS = (
    ("before_commit", 1), ("after_commit", 1), ("after_connect", 1), ("before_data", 2), ("after_data", 2), ("before_commit", 5),
)  # fmt: skip
MAY_REPEAT = {("after_data", 2), ("before_commit", 5)}
"""Points after the server's last "250" and before the row that says so."""


@pytest.fixture
def killed(desk_db, smtp, every_format, monkeypatch):
    """Return a function that sends a list and dies at a point, then sends it again."""
    monkeypatch.setattr(list_files, "MAIL_BYTES", list_files.MAIL_BYTES)

    def do(list_id, point):
        described = every_format.model_dump_json(exclude={"unaccepted", "unrouted"})
        program = [sys.executable, str(Path(__file__).with_name("killed.py")), str(desk_db.url), point[0], str(point[1])]
        program += [str(smtp.port), str(list_id), described]
        died = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False)
        assert died.returncode == -signal.SIGKILL, died.stderr
        send_list(desk_db, smtp.port, every_format, list_id)
        assert send_list(desk_db, smtp.port, every_format, list_id) == 0

    return do


def notices_in(messages):
    """Return the notice ids of all machine-readable parts of these mails, and how often each mail came."""
    ids, copies = [], Counter(message["Message-ID"] for _, message in messages)
    seen = set()
    for _, message in messages:
        if message["Message-ID"] in seen:
            continue
        seen.add(message["Message-ID"])
        for part in message.iter_attachments():
            if part.get_filename().endswith(".json") and "-list" in part.get_filename():
                ids += [entry["notice_id"] for entry in json.loads(part.get_payload(decode=True))["entries"]]
    return sorted(ids), copies


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[0]}-{point[1]}")
def test_each_notice_arrives_once_and_is_taken_back_at_the_next_run(
    desk_db, store, people, kept, confirm, build, approve, killed, inbox, smtp, every_format, notifier, now, point
):
    board = every_format.platforms["board"].model_copy(
        update={"formats": ("csv", "html", "json", "misp", "stix", "xarf", "xlsx")}
    )
    receivers = every_format.model_copy(update={"platforms": every_format.platforms | {"board": board}})
    items = [kept(number) for number in range(3)]
    store.put(items)
    confirm(*items, by=people["minh"])
    (made, *_), _ = build(platforms=receivers)
    approve(made.list_id, by=people["lead"], to=receivers)
    killed(made.list_id, point)
    ids, copies = notices_in(inbox.got)
    assert len(ids) == len(set(ids)) == 3
    assert len(copies) >= 3
    assert sum(copies.values()) - len(copies) <= (1 if point in MAY_REPEAT else 0)
    case_decisions.undo(desk_db, [items[0].id], by=people["minh"], now=now, seen={items[0].id: 1})
    (taken,), _ = builder.take_back(desk_db, receivers, notifier=notifier, now=now, by="dag:takedown_send")
    inbox.got.clear()
    assert send_list(desk_db, smtp.port, every_format, taken.list_id) == 1
    back, _ = notices_in(inbox.got)
    assert len(back) == 1 and back[0] in ids
