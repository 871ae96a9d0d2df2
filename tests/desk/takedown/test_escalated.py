"""An item escalated after it was confirmed: it stops where it is until a person says what happens, and nothing is taken back."""

import pytest

from desk.cases.case_decisions import undo
from desk.cases.comments import escalate, return_item
from desk.mail import Transport
from desk.refusals import ListError
from desk.takedown import repository

WHY = "somebody writes that she cannot leave"


@pytest.fixture
def escalate_item(desk_db, people, now):
    """Return a function that escalates an item."""
    return lambda item: escalate(desk_db, item.id, WHY, by=people["minh"], now=now)


@pytest.fixture
def returned(desk_db, people, now):
    """Return a function that returns an escalated item to everybody."""
    return lambda item: return_item(desk_db, item.id, "no cry for help", by=people["lead"], now=now)


def board(made):
    return next(each for each in made if each.platform == "board")


def entries_of(engine, list_id):
    with engine.connect() as connection:
        return {entry.item_id: entry.change for entry in repository.entries(connection, list_id)}


def test_an_escalated_item_gets_on_no_list_and_the_report_says_who_decides(
    store, people, kept, confirm, build, escalate_item, returned
):
    store.put([kept(1), kept(2)])
    confirm(kept(1), kept(2), by=people["minh"])
    escalate_item(kept(1))
    made = board(build()[0])
    assert (made.new, [(each.item_id, each.field) for each in made.held]) == (1, [(kept(1).id, "victim")])
    assert "right to victims' items" in made.held[0].reason
    returned(kept(1))
    assert board(build()[0]).new == 2


def test_a_list_that_holds_an_item_escalated_since_is_not_approved_before_a_person_ruled(
    people, built, escalate_item, returned, approve
):
    list_id, item = built
    escalate_item(item)
    with pytest.raises(ListError, match=f"{item.id}.*escalated.*right to victims' items"):
        approve(list_id, by=people["lead"])
    returned(item)
    assert approve(list_id, by=people["lead"]).state == "approved"


def test_an_approved_list_stops_too_and_the_next_one_takes_its_place_without_the_item(
    desk_db, store, people, kept, confirm, built, escalate_item, approve, posted, smtp, inbox, build
):
    list_id, item = built
    approve(list_id, by=people["lead"])
    escalate_item(item)
    with pytest.raises(ListError, match="escalated"):
        posted(list_id, smtp)
    assert inbox.got == []
    store.put([kept(2)])
    confirm(kept(2), by=people["minh"])
    made = board(build()[0])
    assert entries_of(desk_db, made.list_id) == {kept(2).id: "new"}
    assert [each.field for each in made.held] == ["victim"]


def test_a_mail_that_still_waits_is_taken_out_of_the_outbox(
    desk_db, people, built, escalate_item, approve, posted, smtp, inbox, returned
):
    list_id, item = built
    approve(list_id, by=people["lead"])
    inbox.no = {"abuse@board.example.org": "451 later"}
    assert posted(list_id, smtp).waiting == 1
    escalate_item(item)
    inbox.no = {}
    with pytest.raises(ListError, match="escalated"):
        posted(list_id, smtp)
    assert inbox.got == []
    returned(item)
    approve(list_id, by=people["lead"])
    assert posted(list_id, smtp).sent == 1


def test_a_notice_that_was_sent_stands_until_a_person_undoes_its_decision(
    desk_db, people, built, escalate_item, approve, posted, smtp, build, now
):
    list_id, item = built
    approve(list_id, by=people["lead"])
    posted(list_id, smtp)
    escalate_item(item)
    made = build()[0]
    assert [(each.list_id, each.withdrawn, [held.reason for held in each.held]) for each in made if each.platform == "board"] == [
        (None, 0, [made[0].held[0].reason])
    ]
    assert "its notice stands" in made[0].held[0].reason
    undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    back = board(build()[0]).list_id
    assert entries_of(desk_db, back) == {item.id: "withdrawn"}
    assert posted(back, smtp).sent == 1


def test_what_takes_a_notice_back_is_not_stopped(desk_db, people, built, escalate_item, approve, posted, smtp, build, now):
    list_id, item = built
    approve(list_id, by=people["lead"])
    posted(list_id, smtp)
    undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    escalate_item(item)
    assert posted(board(build()[0]).list_id, smtp).sent == 1


def test_transport_is_not_asked_for_a_stopped_list(people, built, escalate_item, approve, posted):
    list_id, item = built
    approve(list_id, by=people["lead"])
    escalate_item(item)
    with pytest.raises(ListError, match="escalated"):
        posted(list_id, Transport(host="127.0.0.1", port=9, tls=False))
