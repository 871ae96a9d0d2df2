"""Leases: one holder an item, one item a holder, ended by time, decision and leaving, taken over on the record."""

from datetime import timedelta

import pytest

from desk.cases import case_decisions, leases
from desk.cases.leases import LASTS, release, take_lease
from desk.custody import audit


def list_held(engine, now):
    with engine.connect() as connection:
        return {lease.item_id: lease.by for lease in leases.all_leases(connection, now)}


def test_the_second_to_ask_is_told_who_has_it_until_it_lapses(engine, staff, record, now):
    people, item = staff(engine), record()
    first = take_lease(engine, item, by=people["minh"], now=now)
    assert (first.by, first.until) == ("minh", now + LASTS)
    assert take_lease(engine, item, by=people["analyst"], now=now + timedelta(minutes=9)).by == "minh"
    longer = take_lease(engine, item, by=people["minh"], now=now + timedelta(minutes=9))
    assert (longer.since, longer.until) == (now, now + timedelta(minutes=9) + LASTS)
    assert take_lease(engine, item, by=people["analyst"], now=longer.until).by == "analyst"


def test_a_person_holds_one_item_and_gives_it_back(engine, staff, record, now):
    minh, items = staff(engine)["minh"], [record(1), record(2)]
    before = take_lease(engine, items[0], by=minh, now=now)
    assert list_held(engine, now) == {items[0].id: "minh"}
    take_lease(engine, items[1], by=minh, now=now)
    assert list_held(engine, now) == {items[1].id: "minh"}
    release(engine, by=minh, item_id=items[0].id)
    again = take_lease(engine, items[1], by=minh, now=now + timedelta(seconds=5))
    release(engine, by=minh, item_id=items[1].id, until=before.until)  # an older page of the same item closes
    assert list_held(engine, now) == {items[1].id: "minh"}
    release(engine, by=minh, item_id=items[1].id, until=again.until)
    assert list_held(engine, now) == {}


def test_taking_over_is_on_the_record(engine, staff, record, now):
    people, item = staff(engine), record()
    take_lease(engine, item, by=people["minh"], now=now)
    assert take_lease(engine, item, by=people["lead"], now=now, over=True).by == "lead"
    with engine.connect() as connection:
        entry = next(audit.entries(connection, newest=1))
    assert (entry.actor, entry.action, entry.subject, entry.values) == ("lead", "lease_taken_over", item.id, {"from": "minh"})


def test_who_looks_for_the_next_item_leaves_out_a_campaign_somebody_has(engine, staff, record, now):
    people, items = staff(engine), [record(1, campaign="c1"), record(2, campaign="c1")]
    take_lease(engine, items[0], by=people["minh"], now=now)
    assert take_lease(engine, items[1], by=people["lead"], now=now, alone=True).by == "minh"
    assert take_lease(engine, items[1], by=people["lead"], now=now).by == "lead"


def test_what_somebody_has_open_is_decided_by_another_only_knowingly(engine, staff, record, now):
    people, items = staff(engine), [record(1), record(2)]
    take_lease(engine, items[1], by=people["minh"], now=now)

    def dismiss(**more):
        seen = dict.fromkeys((item.id for item in items), 0)
        case_decisions.dismiss(engine, items, reason="misread", by=people["lead"], now=now, seen=seen, **more)

    with pytest.raises(case_decisions.ItemHeld, match="minh has this item open") as refused:
        dismiss()
    assert refused.value.holders == ("minh",)
    with pytest.raises(case_decisions.ItemHeld):
        dismiss(over=["somebody"])
    dismiss(over=["minh"])
    assert list_held(engine, now) == {}
    with engine.connect() as connection:
        assert [entry.subject for entry in audit.entries(connection, "lease_taken_over")] == [items[1].id]
        assert audit.verify(audit.entries(connection)).fault is None
