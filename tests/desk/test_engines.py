"""Mail and lists work the same on SQLite and PostgreSQL: what is stored once stays once, and one process sends."""

import hashlib
import threading
from email.message import EmailMessage

import pytest
from sqlalchemy.exc import IntegrityError

from desk import outbox
from desk.cases import approvals, case_decisions, openings
from desk.database import writing
from desk.mail import MailError, Transport
from desk.platforms import Platforms
from desk.takedown import repository
from tests.desk.conftest import NOTIFIER, confirm_item

FILES = {"list.json": b"\x00\xff", "manifest.json": b"{}"}
BOARD = {
    "title": "Board", "enabled": True, "hosts": ["board.example.org"],
    "item": r"^https://board\.example\.org/jobs/\d+$", "formats": ["json"],
    "contact": "abuse@board.example.org",
}  # fmt: skip
RECEIVERS = Platforms.model_validate(
    {"clauses": {"forced_labour": {"title": "t", "law": "l", "means": "m"}}, "platforms": {"board": BOARD}}
)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def message(recipient="one@example.org"):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "watch@example.org", recipient, "x"
    made["Message-ID"] = outbox.message_id("2026-W48", "weekly", recipient, "example.org")
    made.set_content("x")
    return made


def test_eight_processes_queue_a_message_once(engine, now):
    def queue():
        with writing(engine) as connection:
            made.append(
                outbox.queue(
                    connection, message(), period="2026-W48", subscription="weekly", recipient="one@example.org", now=now
                )
            )

    made = []
    threads = [threading.Thread(target=queue) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]
    assert len(outbox.list_deliveries(engine, "2026-W48", "weekly")) == 1


def test_while_one_process_sends_another_is_told_so(engine, now):
    with writing(engine) as connection:
        outbox.queue(connection, message(), period="2026-W48", subscription="weekly", recipient="one@example.org", now=now)
    nowhere = Transport(host="127.0.0.1", port=9, tls=False)

    def send():
        outbox.deliver(engine, nowhere, period="2026-W48", subscription="weekly", clock=lambda: now)

    with outbox._hold_sender_lock(engine), pytest.raises(outbox.OutboxBusy):
        send()
    with pytest.raises(MailError):
        send()


def test_a_list_is_kept_approved_and_folded_into_what_is_held(engine, staff, record, now):
    people, item = staff(engine), record()
    decision = confirm_item(engine, item, by=people["minh"], now=now)

    def keep(number, change, decision_id, previous=None):
        body = {
            "url": "x", "số": "một", "clause": {"key": "forced_labour"},
            "grounds": [{"indicator": "named_by_analyst", "quote": "một"}],
        }  # fmt: skip
        entry = repository.ListEntry(item_id=item.id, change=change, decision_id=decision_id, body=body)
        with writing(engine) as connection:
            return repository.keep(
                connection, platform="board", number=number, previous=previous, manifest_sha256=sha256(b"{}"),
                by="dag:takedown_lists", now=now, found=[entry],
                contents={name: (sha256(content), content) for name, content in FILES.items()},
            )  # fmt: skip

    first = keep(1, "new", decision.id)
    openings.note_opening(engine, item, by=people["lead"], now=now)
    approvals.approve(engine, RECEIVERS, first, by=people["lead"], now=now, ticked=[item.id], notifier=NOTIFIER)
    with writing(engine) as connection:
        repository.mark_sent(connection, first, now, "abuse@board.example.org")
    with engine.connect() as connection:
        assert repository.held_by(connection, "board")[item.id].body["số"] == "một"
        assert repository.files(connection, first) == FILES
        assert repository.next_number(connection, "board") == 2
    (undone,) = case_decisions.undo(engine, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    second = keep(2, "withdrawn", undone.id, first)
    third = keep(3, "withdrawn", undone.id, first)
    with writing(engine) as connection:
        repository.supersede(connection, [second], by=people["minh"], now=now)
        assert [one.state for one in repository.all_lists(connection)] == ["built", "superseded", "sent"]
        assert repository.one_list(connection, second).state == "superseded"
    approvals.approve(engine, RECEIVERS, third, by=people["lead"], now=now, ticked=[], notifier=NOTIFIER)
    with writing(engine) as connection:
        repository.mark_sent(connection, third, now, "abuse@board.example.org")
    with engine.connect() as connection:
        assert repository.held_by(connection, "board") == {}
    with pytest.raises(IntegrityError):
        keep(3, "withdrawn", undone.id)
