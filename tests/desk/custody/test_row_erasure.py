"""Of a decision nothing but its words can be emptied, by an erasure that the log knows; on both engines."""

import gzip
import json
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from desk import outbox
from desk.cases import case_decisions
from desk.custody import audit as audit_log
from desk.custody import erasure, ledger_check, row_erasure
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.tables import audit, decisions, deliveries
from desk.takedown import repository
from foundation.traces import Traces

NOTE = "the caller said her passport is at the office"


@pytest.fixture
def decided(engine, staff, record, now):
    """Return a dismissed item whose note quotes it."""
    people, item = staff(engine), record(1)
    case_decisions.dismiss(engine, [item], reason="not_enough", note=NOTE, by=people["minh"], now=now, seen={item.id: 0})
    return item


def _faults(engine):
    with engine.connect() as connection:
        return check_ledger(connection).faults


def test_note_and_address_go_from_row_and_log_and_the_ledger_agrees(engine, decided, now):
    traces = Traces([decided.posting.url, NOTE])
    erasure.begin(engine, source="board", cutoff=now, items={decided.id: "0" * 64}, by="system", now=now)
    assert "decision 1" in row_erasure.remains(engine, frozenset([decided.id]), traces)
    row_erasure.erase(engine, frozenset([decided.id]), traces, now=now)
    assert row_erasure.remains(engine, frozenset([decided.id]), traces) == {}
    assert row_erasure.written_by_people(engine, frozenset([decided.id]), traces) == {}
    with engine.connect() as connection:
        row = connection.execute(select(decisions)).one()
        details = [json.loads(one) for one in connection.execute(select(audit.c.detail)).scalars()]
    assert (row.note, row.url, row.salt, row.reason) == ("", "", "", "not_enough")
    emptied = {key: [] for key in ("answers", "comments", "digests", "lists", "mails", "marks", "sightings")}
    assert emptied | {"decisions": [1]} in details
    assert _faults(engine) == ()


@pytest.mark.parametrize("statement", [
    "UPDATE decisions SET note = 'x'", "UPDATE decisions SET note = ''", "UPDATE decisions SET note = '', url = ''",
    "UPDATE decisions SET note = '', ground = '', disclosed = '', url = '', salt = '', reason = 'misread'",
    "UPDATE decisions SET note = '', ground = '', disclosed = '', url = '', salt = '', by_id = by_id + 1",
    "UPDATE decisions SET note = '', ground = '', disclosed = '', url = '', salt = '', severity = 'low'", "DELETE FROM decisions",
])  # fmt: skip
def test_nothing_else_of_a_decision_can_be_changed(engine, decided, statement):
    with pytest.raises((DatabaseError, IntegrityError), match="append-only"), writing(engine) as connection:
        connection.execute(text(statement))
    with engine.connect() as connection:
        assert ledger_check.trigger_faults(connection) == []
    assert _faults(engine) == ()


def test_words_emptied_without_an_erasure_are_told(engine, decided):
    with writing(engine) as connection:
        connection.execute(update(decisions).values(note="", ground="", disclosed="", url="", salt=""))
    assert [fault for fault in _faults(engine) if "decision 1: its words are empty" in fault]


def test_mails_of_a_list_go_whatever_their_files_are_packed_in(desk_db, staff, record, now):
    """No words are found in a printed page; parts and letters that ask again go with their list."""
    people, item = staff(desk_db), record(1)
    case_decisions.dismiss(desk_db, [item], reason="not_enough", by=people["minh"], now=now, seen={item.id: 0})
    with writing(desk_db) as connection:
        entry = repository.ListEntry(item_id=item.id, change="new", decision_id=1, body={"url": "x"})
        packed = gzip.compress(item.posting.text.encode())
        files = {"notice.pdf": ("0" * 64, packed), "manifest.json": ("0" * 64, b"{}")}
        repository.keep(
            connection, platform="board", number=7, previous=None, manifest_sha256="0" * 64, by="dag:x", now=now,
            found=[entry], contents=files,
        )  # fmt: skip
        for period in ("list-7", "list-7-part-2", "list-7-asked-1", "list-8"):
            message = EmailMessage()
            message["Message-ID"] = f"<{period}@example.org>"
            message.set_content(packed, maintype="application", subtype="gzip")
            sent = {"period": period, "subscription": "takedown:board", "recipient": "a@b.example"}
            outbox.queue(connection, message, now=now, **sent)
        connection.execute(update(deliveries).values(state="sent"))
    erasure.begin(desk_db, source="board", cutoff=now, items={item.id: "0" * 64}, by="system", now=now)
    for _ in range(2):
        row_erasure.erase(desk_db, frozenset([item.id]), Traces([item.posting.url]), now=now)
    with desk_db.connect() as connection:
        left = {row.period: packed_in(row.message) for row in connection.execute(select(deliveries))}
        erased = [json.loads(one.detail) for one in audit_log.entries(connection, row_erasure.ACTION)]
    assert left == {"list-7": b"", "list-7-part-2": b"", "list-7-asked-1": b"", "list-8": packed}
    assert len([one for one in erased if one["mails"]]) == 1


def packed_in(raw):
    message = message_from_bytes(raw, policy=policy.default)
    return b"" if message.get_content_type() == "text/plain" else message.get_payload(decode=True)
