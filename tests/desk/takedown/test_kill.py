"""A sender killed at any point loses nothing: the partner gets each notice, and a copy only under the same Message-ID."""

import json
import signal
import smtplib
from collections import Counter

import pytest

from desk.cases import case_decisions
from desk.mail import Transport
from desk.takedown import list_drafts as builder
from desk.takedown import list_files
from desk.takedown.send import send
from tests.desk.digest.killed import Killer
from tests.services.processes import end_of_copy

POINTS = (
    ("before_commit", 1), ("after_commit", 1), ("after_connect", 1), ("before_data", 2), ("after_data", 2), ("before_commit", 5),
)  # fmt: skip
MAY_REPEAT = {("after_data", 2), ("before_commit", 5)}
"""Points after the server's last "250" and before the row that says so."""


@pytest.fixture
def send_list(notifier, now):
    """Return a function that sends a list in several mails; it returns 1 once all of them left now."""

    def do(engine, port, platforms, list_id):
        transport = Transport(host="127.0.0.1", port=port, tls=False)
        told = {"notifier": notifier, "clock": lambda: now}
        return send(engine, transport, platforms, list_id, **told).sent

    return do


@pytest.fixture
def kill_sender(desk_db, smtp, every_format, send_list, monkeypatch):
    """Return a function that sends a list and dies at a point, then sends it again."""
    monkeypatch.setattr(list_files, "MAIL_BYTES", 15_000)

    def do(list_id, point):
        def send_and_die():
            killer = Killer(*point)
            for step in ("connect", "mail", "rcpt", "data", "sendmail"):
                killer.surround(smtplib.SMTP, step, step)
            killer.surround(desk_db.dialect, "do_commit", "commit")
            send_list(desk_db, smtp.port, every_format, list_id)

        desk_db.dispose()  # a connection to SQLite is never carried into a copy of its process
        assert end_of_copy(send_and_die) == -signal.SIGKILL
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
    desk_db, add_confirmed, people, build, approve, kill_sender, send_list, inbox, smtp, every_format, notifier, now, point
):
    board = every_format.platforms["board"].model_copy(update={"formats": ("csv", "html", "json", "stix", "xarf")})
    receivers = every_format.model_copy(update={"platforms": every_format.platforms | {"board": board}})
    items = [add_confirmed(number) for number in range(3)]
    (made, *_), _ = build(platforms=receivers)
    approve(made.list_id, by=people["lead"], to=receivers)
    kill_sender(made.list_id, point)
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
