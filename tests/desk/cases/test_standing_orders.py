"""Near-copies follow a decision within its bounds and no further: who, how like, how many, until when, and what ends it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from desk.cases.case_decisions import cases, confirm, dismiss, undo
from desk.cases.comments import escalate
from desk.cases.leases import take_lease
from desk.cases.standing_orders import end_order, follow, followed_decisions, give_order, near_copies, orders_of
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.people.accounts import set_disabled
from desk.refusals import DeskRefusal
from desk.tables import standing_orders
from enrichment.assessment import Contact, Harm

TEXT = (
    "We look for typists in our new office by the river, no experience needed, flat and meals are free for everybody,"
    " the passport kept at the office, come next week and write to our manager at once."
)


@pytest.fixture
def advert(record, now):
    """Return a function that makes an advert of the campaign."""

    def do(number, text=TEXT, days=-5, contacts=("crew",), score=80, harm="", **more):
        made = record(number, title="Typist", text=text, campaign="c1", score=score, **more)
        judged = replace(
            made.assessment, contacts=tuple(Contact(type="telegram", value=each, start=0, end=0) for each in contacts)
        )
        judged = replace(judged, harm=Harm(level=harm)) if harm else judged
        return replace(made, assessment=judged, first_seen=now + timedelta(days=days))

    return do


@pytest.fixture
def given(desk_db, store, people, advert, now):
    """Return a function that decides about two adverts and lets near-copies follow; return the number of the order."""

    def do(kind="dismiss", **bounds):
        first = [advert(1), advert(2)]
        store.put(first)
        seen = {each.id: 0 for each in first}
        if kind == "dismiss":
            made = dismiss(desk_db, first, reason="honest_employer", by=people["minh"], now=now, seen=seen)
        else:
            told = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}
            made = confirm(desk_db, first, **told, by=people["minh"], now=now, seen=seen)
        bounds = {"likeness": 95, "most": 5, "days": 10} | bounds
        return give_order(desk_db, made[0].batch, **bounds, by=people["minh"], now=now)

    return do


@pytest.fixture
def state(desk_db):
    def do(item):
        with desk_db.connect() as connection:
            return cases(connection, [item.id])[item.id].state

    return do


def test_a_near_copy_follows_is_listed_and_each_is_undone(desk_db, store, people, advert, given, state, now):
    number = given()
    late = advert(3, days=1)
    store.put([late])
    assert follow(desk_db, store, now + timedelta(days=2)) == 1
    assert (state(late), follow(desk_db, store, now + timedelta(days=2))) == ("dismissed", 0)
    with desk_db.connect() as connection:
        decision = cases(connection, [late.id])[late.id].in_force
        (order,) = orders_of(connection, [batch_of(connection, number)])
        assert [(each.item_id, each.decision_id, each.likeness) for each in order.followers] == [(late.id, decision.id, 100)]
        assert (order.id, decision.by, decision.reason, decision.opened_at) == (number, "minh", "honest_employer", None)
        assert followed_decisions(connection) == {decision.id}
        assert check_ledger(connection).faults == ()
    undo(desk_db, [late.id], by=people["minh"], now=now, seen={late.id: 1})
    store.put([another := advert(4, days=1)])
    assert follow(desk_db, store, now + timedelta(days=2)) == 0, "somebody took back what followed: the order is at its end"
    assert (state(late), state(another)) == ("open", "open")


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Wanted: a cook for our kitchen, with papers, paid each month, a contract signed at home."},
        {"contacts": ("crew", "stranger")}, {"contacts": ()}, {"contacts": ("stranger",)}, {"score": 95},
        {"tag": "organ_trade"}, {"harm": "taken"}, {"days": -1}, {"stance": "testimony"}, {"flagged": False},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_what_is_in_any_way_more_than_was_decided_about_waits_for_a_person(desk_db, store, advert, given, state, now, change):
    given()
    stance = change.pop("stance", None)
    late = advert(3, **{"days": 1} | change)
    late = replace(late, assessment=replace(late.assessment, stance=stance)) if stance else late
    store.put([late])
    assert (follow(desk_db, store, now + timedelta(days=2)), state(late)) == (0, "open")


def test_an_order_ends_by_its_day_its_number_its_giver_and_with_its_decision(desk_db, store, people, advert, given, now):
    number = given(most=2)
    late = [advert(at, days=1) for at in range(3, 7)]
    store.put(late)
    with desk_db.connect() as connection:
        assert list(near_copies(connection, store, now + timedelta(days=10))) == []
        assert len(list(near_copies(connection, store, now + timedelta(days=9)))) == 2
    set_disabled(desk_db, "minh", disabled=True, now=now, actor="admin")
    assert follow(desk_db, store, now + timedelta(days=2)) == 0
    set_disabled(desk_db, "minh", disabled=False, now=now, actor="admin")
    undo(desk_db, [advert(1).id, advert(2).id], by=people["minh"], now=now, seen={advert(1).id: 1, advert(2).id: 1})
    assert follow(desk_db, store, now + timedelta(days=2)) == 0
    with pytest.raises(DeskRefusal, match="ask them or a lead"):
        end_order(desk_db, number, by=people["analyst"], now=now)
    end_order(desk_db, number, by=people["lead"], now=now)
    with pytest.raises(DeskRefusal, match="has ended"):
        end_order(desk_db, number, by=people["lead"], now=now)
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()


def test_only_so_many_follow(desk_db, store, advert, given, state, now):
    given(most=2)
    late = [advert(at, days=1) for at in range(3, 7)]
    store.put(late)
    assert follow(desk_db, store, now + timedelta(days=2)) == 2
    assert follow(desk_db, store, now + timedelta(days=3)) == 0
    assert sorted(map(state, late)) == ["dismissed", "dismissed", "open", "open"]


def test_what_is_held_escalated_or_decided_before_is_left_to_people(desk_db, store, people, advert, given, state, now):
    given()
    held, apart, undone = (advert(at, days=1) for at in (3, 4, 5))
    store.put([held, apart, undone])
    later = now + timedelta(days=2)
    take_lease(desk_db, held, by=people["lead"], now=later)
    escalate(desk_db, apart.id, "she writes from inside", by=people["minh"], now=later)
    dismiss(desk_db, [undone], reason="misread", by=people["lead"], now=later, seen={undone.id: 0})
    undo(desk_db, [undone.id], by=people["lead"], now=later, seen={undone.id: 1})
    assert (follow(desk_db, store, later), state(held), state(apart), state(undone)) == (0, "open", "open", "open")


def test_nobody_is_accused_by_an_order_it_puts_forward_instead(desk_db, store, advert, given, state, now):
    given("confirm")
    late = advert(3, days=1)
    store.put([late])
    later = now + timedelta(days=2)
    assert (follow(desk_db, store, later), state(late)) == (0, "open")
    with desk_db.connect() as connection:
        (copy,) = near_copies(connection, store, later, campaign="c1")
        assert (copy.record.id, copy.decision.tag, copy.likeness) == (late.id, "scam_compound", 100)
        assert list(near_copies(connection, store, later, campaign="c2")) == []


@pytest.mark.parametrize("bounds", [{"likeness": 89}, {"likeness": 101}, {"most": 0}, {"most": 51}, {"days": 0}, {"days": 31}])
def test_no_order_is_wider_than_the_widest_bounds(given, bounds):
    with pytest.raises(DeskRefusal, match="bounds"):
        given(**bounds)


def test_an_order_follows_one_s_own_standing_decision_and_is_never_changed(desk_db, people, given, now):
    number = given()
    with desk_db.connect() as connection:
        (order,) = (each for each in orders_of(connection, [batch_of(connection, number)]))
    for by, why in (("lead", "of your own"), ("viewer", "decides nothing"), ("minh", "follow this decision already")):
        with pytest.raises(DeskRefusal, match=why):
            give_order(desk_db, order.batch, likeness=95, most=5, days=5, by=people[by], now=now)
    with pytest.raises(DeskRefusal, match="of your own"):
        give_order(desk_db, "0" * 16, likeness=95, most=5, days=5, by=people["minh"], now=now)
    with pytest.raises(DatabaseError, match="append-only"), writing(desk_db) as connection:
        connection.execute(delete(standing_orders))
    with pytest.raises(DatabaseError, match="append-only"), writing(desk_db) as connection:
        connection.execute(update(standing_orders).values(most=50))


def batch_of(connection, number):
    return connection.execute(standing_orders.select().where(standing_orders.c.id == number)).one().batch
