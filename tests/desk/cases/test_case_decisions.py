"""Decisions: append-only, undone by decisions, never overwriting one another."""

import threading
from functools import partial

import pytest
from msgspec.structs import replace

from desk.cases import case_decisions, leases
from desk.custody import audit
from desk.people.accounts import add_user
from index.history import text_sha256


def case(engine, item):
    with engine.connect() as connection:
        return case_decisions.cases(connection, [item.id])[item.id]


@pytest.fixture
def confirm(now):
    def do(engine, items, by, seen=0, **fields):
        values = {"tag": "scam_compound", "severity": "critical", "clause": "forced_labour"} | fields
        return case_decisions.confirm(engine, items, by=by, now=now, seen={item.id: seen for item in items}, **values)

    return do


def test_a_new_item_is_open(engine, record):
    assert case(engine, record()) == case_decisions.Case(item_id=record().id)


def test_confirming_notes_who_why_and_what_was_seen(engine, staff, record, now, confirm):
    minh, item = staff(engine)["minh"], record(revision=3)
    (decision,) = confirm(engine, [item], minh, note="  passport kept ")
    assert (decision.by, decision.at, decision.revision, decision.note) == ("minh", now, 3, "passport kept")
    assert decision.text_sha256 == text_sha256(item.posting.title, item.posting.text)
    stands = case(engine, item)
    assert (stands.state, stands.in_force, stands.last_seq) == ("confirmed", decision, 1)
    with engine.connect() as connection:
        assert next(audit.entries(connection, newest=1)).subject == item.id


@pytest.mark.parametrize(
    ("field", "words"),
    [({"tag": "none"}, "what kind"), ({"tag": "x"}, "what kind"), ({"severity": "huge"}, "severity"), ({"clause": ""}, "rule")],
)
def test_a_confirmation_without_tag_severity_or_clause_is_refused(desk_db, staff, record, confirm, field, words):
    with pytest.raises(case_decisions.CaseError, match=words):
        confirm(desk_db, [record()], staff(desk_db)["minh"], **field)


def test_a_dismissal_needs_a_reason(desk_db, staff, record, now):
    item = record()
    with pytest.raises(case_decisions.CaseError, match="reason"):
        case_decisions.dismiss(desk_db, [item], reason="", by=staff(desk_db)["minh"], now=now, seen={item.id: 0})


def test_undo_is_a_new_decision_and_brings_back_what_stood_before(engine, staff, record, now, confirm):
    minh, item = staff(engine)["minh"], record()
    confirm(engine, [item], minh)
    case_decisions.dismiss(engine, [item], reason="misread", by=minh, now=now, seen={item.id: 1})
    case_decisions.undo(engine, [item.id], by=minh, now=now, seen={item.id: 2})
    assert case(engine, item).state == "confirmed"
    case_decisions.undo(engine, [item.id], by=minh, now=now, seen={item.id: 3})
    stands = case(engine, item)
    assert (stands.state, [step.kind for step in stands.history]) == ("open", ["confirm", "dismiss", "undo", "undo"])
    with pytest.raises(case_decisions.CaseError, match="nothing to undo"):
        case_decisions.undo(engine, [item.id], by=minh, now=now, seen={item.id: 4})


def test_only_the_decider_or_a_lead_undoes(engine, staff, record, now, confirm):
    people, item = staff(engine), record()
    confirm(engine, [item], people["minh"])
    with pytest.raises(case_decisions.CaseError, match="ask them or a lead"):
        case_decisions.undo(engine, [item.id], by=people["analyst"], now=now, seen={item.id: 1})
    case_decisions.undo(engine, [item.id], by=people["lead"], now=now, seen={item.id: 1})
    assert case(engine, item).state == "open"


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_viewers_and_operators_decide_nothing(desk_db, staff, record, confirm, role):
    with pytest.raises(case_decisions.CaseError, match="decides nothing"):
        confirm(desk_db, [record()], staff(desk_db)[role])


def test_a_decision_on_an_outdated_view_is_refused_with_the_case_as_it_stands(engine, staff, record, now, confirm):
    people, item = staff(engine), record()
    confirm(engine, [item], people["minh"])
    with pytest.raises(case_decisions.Conflict, match="minh decided meanwhile") as refused:
        case_decisions.dismiss(engine, [item], reason="misread", by=people["analyst"], now=now, seen={item.id: 0})
    assert refused.value.case.state == "confirmed"
    assert case(engine, item).last_seq == 1


def test_a_campaign_is_decided_whole_or_not_at_all_and_undone_in_one_step(engine, staff, record, now, confirm):
    people = staff(engine)
    items = [record(number, campaign="c1") for number in range(1, 6)]
    confirm(engine, items[4:], people["lead"])
    with pytest.raises(case_decisions.Conflict):
        confirm(engine, items, people["minh"])
    assert case(engine, items[0]).state == "open"
    made = confirm(engine, items[:4], people["minh"])
    assert len({decision.batch for decision in made}) == 1
    with engine.connect() as connection:
        members = case_decisions.batch_items(connection, made[0].batch)
    assert sorted(members) == sorted(item.id for item in items[:4])
    case_decisions.undo(engine, members, by=people["minh"], now=now, seen=dict.fromkeys(members, 1))
    assert {case(engine, item).state for item in items[:4]} == {"open"}


def run_together(works):
    """Run each in its own thread, all at once."""
    barrier, failures = threading.Barrier(len(works)), []

    def begin(work):
        barrier.wait()
        try:
            work()
        except Exception as exc:  # noqa: BLE001 - the test reports any failure
            failures.append(exc)

    threads = [threading.Thread(target=begin, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_eight_people_racing_on_one_item_make_exactly_one_decision_a_round(engine, staff, record, now, confirm):
    minh, item = staff(engine)["minh"], record()
    outcomes = []

    def race(seen):
        try:
            confirm(engine, [item], minh, seen)
            outcomes.append("made")
        except case_decisions.Conflict:
            outcomes.append("conflict")

    for seen in range(5):
        outcomes.clear()
        run_together([partial(race, seen)] * 8)
        assert sorted(outcomes) == ["conflict"] * 7 + ["made"], outcomes
    assert [step.seq for step in case(engine, item).history] == list(range(1, 6))


def test_eight_analysts_with_leases_lose_and_double_no_decision(engine, staff, record, now, password):
    """Each takes whatever nobody has and decides it: 40 items, each decided once, by whoever held it."""
    people, items, made = [*staff(engine).values()], [record(number) for number in range(40)], []
    for name in ("hoa", "lan"):
        people.append(add_user(engine, name=name, email=f"{name}@example.org", role="analyst", password=password, now=now))

    def work(by):
        for item in items:
            if leases.take_lease(engine, item, by=by, now=now).by == by.name and case(engine, item).state == "open":
                made.extend(case_decisions.dismiss(engine, [item], reason="misread", by=by, now=now, seen={item.id: 0}))

    run_together([partial(work, replace(person, role="analyst")) for person in people])
    assert sorted(decision.item_id for decision in made) == sorted(item.id for item in items)
    with engine.connect() as connection:
        assert {case.last_seq for case in case_decisions.cases(connection, [item.id for item in items]).values()} == {1}
        assert audit.verify(audit.entries(connection)).fault is None


def test_all_decided_cases_are_listed_by_item(engine, staff, record, now, confirm):
    minh = staff(engine)["minh"]
    items = [record(number) for number in (1, 2, 3)]
    confirm(engine, items[:2], minh)
    case_decisions.undo(engine, [items[0].id], by=minh, now=now, seen={items[0].id: 1})
    with engine.connect() as connection:
        found = {case.item_id: case.state for case in case_decisions.decided_cases(connection)}
    assert found == {items[0].id: "open", items[1].id: "confirmed"}


def test_of_a_note_only_sentences_that_stand_in_it_are_disclosed(engine, staff, record, now, confirm):
    """In the order of the note; one that somebody else wrote is refused."""
    minh, note = staff(engine)["minh"], "Her mother called us.  They keep the passport.\nThe flight is paid."
    (decision,) = confirm(engine, [record(1)], minh, note=note, disclose=["The flight is paid.", "They keep the passport."])
    assert decision.disclosed == "They keep the passport.\nThe flight is paid."
    (silent,) = confirm(engine, [record(2)], minh, note=note)
    assert silent.disclosed == ""
    with pytest.raises(case_decisions.CaseError, match="does not stand in the note"):
        confirm(engine, [record(3)], minh, note=note, disclose=["They sell people."])
