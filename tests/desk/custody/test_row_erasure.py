"""Of a decision nothing but its words can be emptied, by an erasure that the log knows; on both engines."""

import json

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from crawlers.text.traces import Traces
from desk.cases import case_decisions
from desk.custody import erasure, ledger_check, row_erasure
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.tables import audit, decisions

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
    assert {"comments": [], "decisions": [1], "digests": [], "lists": [], "mails": [], "marks": []} in details
    assert _faults(engine) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET note = 'x'",
        "UPDATE decisions SET note = ''",
        "UPDATE decisions SET note = '', url = ''",
        "UPDATE decisions SET note = '', ground = '', disclosed = '', url = '', salt = '', reason = 'misread'",
        "UPDATE decisions SET note = '', ground = '', disclosed = '', url = '', salt = '', by_id = by_id + 1",
        "UPDATE decisions SET note = '', ground = '', disclosed = '', url = '', salt = '', severity = 'low'",
        "DELETE FROM decisions",
    ],
)
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
