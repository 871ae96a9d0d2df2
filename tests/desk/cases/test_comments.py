"""Comments, what one asks another, and escalation: on the record, closed by what answers them."""

import pytest

from desk.cases import asks, case_decisions, comments
from desk.cases.comments import comment, comments_on, escalate, escalated_items, return_item
from desk.custody.ledger_check import check_ledger
from desk.refusals import DeskRefusal


def asked(engine, person):
    with engine.connect() as connection:
        return [(each.kind, each.by, each.item_id) for each in asks.asks_to(connection, person)]


def faults(engine):
    with engine.connect() as connection:
        return check_ledger(connection).faults


def test_a_comment_tells_whom_it_names_and_asks_one_colleague(engine, staff, record, now):
    people, item = staff(engine), record()
    comment(engine, item.id, "@lead, is @bright_hr_demo known? @minh @nobody", by=people["minh"], now=now, to="analyst")
    with engine.connect() as connection:
        (said,) = comments_on(connection, item.id)
    assert (said.by, said.body, said.kind) == ("minh", "@lead, is @bright_hr_demo known? @minh @nobody", "commented")
    assert asked(engine, people["lead"]) == [("mention", "minh", item.id)]
    assert asked(engine, people["analyst"]) == [("assigned", "minh", item.id)]
    assert asked(engine, people["minh"]) == []
    asks.close_mentions(engine, item.id, by=people["lead"], now=now)
    asks.close_mentions(engine, item.id, by=people["analyst"], now=now)
    assert (asked(engine, people["lead"]), len(asked(engine, people["analyst"]))) == ([], 1)
    case_decisions.dismiss(engine, [item], reason="misread", by=people["admin"], now=now, seen={item.id: 0})
    assert asked(engine, people["analyst"]) == [], "whoever decides answers it"
    assert faults(engine) == ()


def test_what_is_asked_twice_waits_once_and_is_closed_by_one_of_the_two(engine, staff, record, now):
    people, item = staff(engine), record()
    for _ in range(2):
        comment(engine, item.id, "please", by=people["minh"], now=now, to="lead")
    with engine.connect() as connection:
        (one,) = asks.asks_to(connection, people["lead"])
        assert asks.asks_by(connection, people["minh"]) == [one]
    with pytest.raises(DeskRefusal, match="between others"):
        asks.close_ask(engine, one.id, by=people["admin"], now=now)
    asks.close_ask(engine, one.id, by=people["minh"], now=now)
    assert asked(engine, people["lead"]) == []


@pytest.mark.parametrize(
    ("who", "body", "to", "words"),
    [("minh", " ", "", "write 1 to"), ("minh", "x" * 2001, "", "write 1 to"), ("viewer", "x", "", "says nothing"),
     ("minh", "x", "viewer", "no colleague who decides"), ("minh", "x", "minh", "no colleague"),
     ("minh", "x", "zz", "nobody is called")],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_and_nothing_is_kept(desk_db, staff, record, now, who, body, to, words):
    people, item = staff(desk_db), record()
    with pytest.raises(DeskRefusal, match=words):
        comment(desk_db, item.id, body, by=people[who], now=now, to=to)
    with desk_db.connect() as connection:
        assert comments_on(connection, item.id) == []


def test_an_item_is_escalated_until_a_lead_returns_it(engine, staff, record, now):
    people, item = staff(engine), record()
    escalate(engine, item.id, "she asks for help", by=people["minh"], now=now)
    with pytest.raises(DeskRefusal, match="already"):
        escalate(engine, item.id, "again", by=people["minh"], now=now)
    with engine.connect() as connection:
        assert escalated_items(connection) == {item.id}
    comment(engine, item.id, "told the embassy", by=people["lead"], now=now)
    with pytest.raises(DeskRefusal, match="ask a lead"):
        return_item(engine, item.id, "no", by=people["minh"], now=now)
    return_item(engine, item.id, "an actor", by=people["lead"], now=now)
    with engine.connect() as connection:
        assert escalated_items(connection) == frozenset()
        assert comments.colleagues(connection, people["minh"]) == ["admin", "analyst", "lead"]
    assert faults(engine) == ()
