"""A single reason struck or upheld: on the record, one mark a person, and no ground of anything that leaves the house."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from desk.cases import case_decisions
from desk.cases.case_decisions import CaseError, cases, confirm
from desk.cases.reason_marks import accuracy, mark_reason, reason_of, rules_of, struck_ground, withdraw_mark, without_struck
from desk.custody import erasure, row_erasure
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.refusals import DeskRefusal
from desk.tables import reason_marks
from foundation.traces import Traces

RULES = ("en-documents-held-8f31c0", "en-pay-1a2b3c", "vi-documents-held-boss")


@pytest.fixture
def item(record):
    """Return an item whose assessment names its rules."""
    made = record()
    return msgspec.structs.replace(made, assessment=msgspec.structs.replace(made.assessment, rules=RULES))


def case_of(engine, item):
    with engine.connect() as connection:
        return cases(connection, [item.id])[item.id]


def faults(engine):
    with engine.connect() as connection:
        return check_ledger(connection).faults


def first(item):
    return reason_of(item.assessment.signals[0])


def test_each_person_has_one_mark_on_a_reason_and_any_strike_counts(engine, staff, item, now):
    people = staff(engine)
    for _ in range(2):
        mark_reason(engine, item, first(item), "struck", by=people["minh"], now=now)
    mark_reason(engine, item, first(item), "upheld", by=people["lead"], now=now)
    case = case_of(engine, item)
    assert [(mark.kind, mark.by, mark.revision) for mark in case.marks] == [("struck", "minh", 1), ("upheld", "lead", 1)]
    assert case.struck_reasons == {first(item)}
    assert first(item) not in {reason_of(signal) for signal in without_struck(item, case.struck_reasons).assessment.signals}
    mark_reason(engine, item, first(item), "upheld", by=people["minh"], now=now)
    assert case_of(engine, item).struck_reasons == frozenset()
    assert faults(engine) == ()


def test_a_mark_is_withdrawn_by_its_person_or_a_lead(engine, staff, item, now):
    people = staff(engine)
    mark_reason(engine, item, first(item), "struck", by=people["minh"], now=now)
    (mark,) = case_of(engine, item).marks
    with pytest.raises(DeskRefusal, match="ask them or a lead"):
        withdraw_mark(engine, item.id, mark.id, by=people["analyst"], now=now)
    withdraw_mark(engine, item.id, mark.id, by=people["lead"], now=now)
    assert case_of(engine, item).struck_reasons == frozenset()
    with pytest.raises(DeskRefusal, match="withdrawn already"):
        withdraw_mark(engine, item.id, mark.id, by=people["minh"], now=now)
    assert faults(engine) == ()


def test_what_cannot_be_marked_is_refused(desk_db, staff, item, now):
    people = staff(desk_db)
    with pytest.raises(DeskRefusal, match="judges no reasons"):
        mark_reason(desk_db, item, first(item), "struck", by=people["viewer"], now=now)
    with pytest.raises(DeskRefusal, match="judged anew"):
        mark_reason(desk_db, item, ("documents_held", "other words"), "struck", by=people["minh"], now=now)
    assert case_of(desk_db, item).marks == ()


def test_an_item_with_no_other_ground_is_confirmed_on_named_words_alone(desk_db, staff, item, now):
    people = staff(desk_db)
    for signal in item.assessment.signals:
        mark_reason(desk_db, item, reason_of(signal), "struck", by=people["minh"], now=now)
    step = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "by": people["lead"], "seen": {item.id: 0}}
    with pytest.raises(CaseError, match="name its words"):
        confirm(desk_db, [item], now=now, **step)
    confirm(desk_db, [item], now=now, ground="We pay flight and visa", **step)
    case = case_of(desk_db, item)
    assert {mark.reason for mark in case.struck_before(case.in_force)} == {reason_of(each) for each in item.assessment.signals}


def test_what_was_struck_later_is_not_named_with_the_decision(desk_db, staff, item, now):
    people = staff(desk_db)
    case_decisions.dismiss(desk_db, [item], reason="misread", by=people["minh"], now=now, seen={item.id: 0})
    mark_reason(desk_db, item, first(item), "struck", by=people["minh"], now=now + timedelta(minutes=1))
    case = case_of(desk_db, item)
    assert case.struck_before(case.in_force) == []


def test_accuracy_counts_copies_once_and_ranks_what_goes_wrong_first(desk_db, staff, item, record, now):
    people = staff(desk_db)
    copy = msgspec.structs.replace(item, id="copy")
    good = msgspec.structs.replace(item.assessment.signals[0], indicator="pay", text="$1,500")
    judged = msgspec.structs.replace(item.assessment, signals=(*item.assessment.signals, good))
    both = msgspec.structs.replace(item, assessment=judged)
    for one in (both, copy):
        mark_reason(desk_db, one, first(item), "struck", by=people["minh"], now=now)
    mark_reason(desk_db, both, reason_of(good), "upheld", by=people["minh"], now=now)
    with desk_db.connect() as connection:
        indicators, rules = accuracy(connection)
    indicator = item.assessment.signals[0].indicator
    assert [(each.name, each.struck, each.upheld) for each in indicators] == [(indicator, 1, 0), ("pay", 0, 1)]
    assert indicators[0].high < 1 == indicators[1].high
    assert ("en-pay-1a2b3c", 0, 1) in [each[:3] for each in rules]


def test_a_rule_belongs_to_the_indicator_its_id_names():
    assert rules_of("documents_held", RULES) == ["en-documents-held-8f31c0", "vi-documents-held-boss"]
    assert rules_of("passport", ("en-passports-12ab",)) == []


def test_a_ground_is_known_by_indicator_and_words():
    struck = {("documents_held", "passport kept")}
    assert struck_ground([{"indicator": "documents_held", "quote": "your passport kept at the office"}], struck)
    assert struck_ground([{"indicator": "documents_held", "quote": "", "meaning": "sums up"}], struck) == "sums up"
    others = [{"indicator": "pay", "quote": "passport kept"}, {"indicator": "documents_held", "quote": "x"}]
    assert not struck_ground(others, struck)


@pytest.mark.parametrize("statement", [
    "UPDATE reason_marks SET body = ''", "UPDATE reason_marks SET body = '', salt = '', kind = 'upheld'",
    "DELETE FROM reason_marks",
])  # fmt: skip
def test_a_mark_cannot_be_changed_in_the_database(engine, staff, item, now, statement):
    mark_reason(engine, item, first(item), "struck", by=staff(engine)["minh"], now=now)
    with pytest.raises((DatabaseError, IntegrityError), match="append-only"), writing(engine) as connection:
        connection.execute(text(statement))
    assert faults(engine) == ()


def test_erasure_empties_the_words_and_emptying_without_one_is_told(engine, staff, item, now):
    people = staff(engine)
    mark_reason(engine, item, first(item), "struck", by=people["minh"], now=now)
    traces = Traces([first(item)[1]])
    assert "mark on a reason 1" in row_erasure.remains(engine, frozenset([item.id]), traces)
    with writing(engine) as connection:
        connection.execute(update(reason_marks).values(body="", salt=""))
    assert [fault for fault in faults(engine) if "mark on a reason 1: its words are empty" in fault]
    mark_reason(engine, item, first(item), "upheld", by=people["lead"], now=now)
    erasure.begin(engine, source="board", cutoff=now, items={item.id: "0" * 64}, by="system", now=now)
    row_erasure.erase(engine, frozenset([item.id]), traces, now=now)
    with engine.connect() as connection:
        assert set(connection.execute(select(reason_marks.c.body, reason_marks.c.salt))) == {("", "")}
    assert faults(engine) == ()
