"""Holds and erasures in the audit chain, on both engines."""

from datetime import timedelta

import pytest

from desk.cases import case_decisions
from desk.custody import audit, erasure
from desk.refusals import DeskRefusal


@pytest.mark.parametrize("clock", [-3650, 89, 91, 36_500])
def test_a_hold_lasts_whatever_the_clock_says_until_it_is_released(engine, now, clock):
    erasure.hold(engine, ["a", "b"], days=90, why="request 1", by="minh", now=now)
    later = now + timedelta(days=80)
    assert erasure.hold(engine, ["a"], days=90, why="request 1, again", by="minh", now=later) == later + timedelta(days=90)
    with engine.connect() as connection:
        assert set(erasure.protected_items(connection, now + timedelta(days=clock))) == {"a", "b"}
        assert erasure.protected_items(connection, now + timedelta(days=91)) == {"a": "held", "b": "held, to be looked at again"}
    begun = erasure.begin(engine, source="board", cutoff=now, items={"a": "0", "b": "0"}, by="x", now=now + timedelta(days=clock))
    assert begun == set()
    erasure.release(engine, ["a"], why="withdrawn", by="minh", now=later)
    with engine.connect() as connection:
        assert set(erasure.holds(connection)) == {"b"}
    with pytest.raises(DeskRefusal, match="not held: a"):
        erasure.release(engine, ["a"], why="again", by="minh", now=later)
    with pytest.raises(DeskRefusal, match="needs its reason"):
        erasure.hold(engine, ["a"], days=1, why=" ", by="minh", now=later)


def test_what_was_confirmed_or_held_since_it_was_looked_up_is_not_noted(engine, staff, record, now):
    people, items = staff(engine), [record(1), record(2), record(3)]
    step = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "by": people["minh"], "now": now}
    case_decisions.confirm(engine, items[:1], seen={items[0].id: 0}, **step)
    erasure.hold(engine, [items[1].id], days=1, why="request 2", by="minh", now=now)
    named = {one.id: "0" * 64 for one in items}
    assert erasure.begin(engine, source="board", cutoff=now, items=named, by="system", now=now) == {items[2].id}
    with engine.connect() as connection:
        assert erasure.open_erasure(connection) == erasure.OpenErasure(
            items=frozenset({items[2].id}), partitions=(), sources=frozenset({"board"})
        )
        assert erasure.cutoffs(connection) == {"board": now}
    made = erasure.close(engine, spared=[], stayed=[], by="system", now=now)
    with engine.connect() as connection:
        assert erasure.certificates(connection) == [made]
        assert erasure.open_erasure(connection).items == frozenset()
        assert audit.verify(audit.entries(connection)).fault is None


def test_what_a_mail_called_confirmed_stays_until_it_is_taken_back(engine, now):
    from sqlalchemy import insert

    from desk.database import writing
    from desk.tables import mentions

    with writing(engine) as connection:
        for item, standing in (("a", "confirmed"), ("b", "unreviewed")):
            row = {"subscription": "weekly", "item_id": item, "standing": standing, "week": "2026-W48"}
            connection.execute(insert(mentions).values(**row))
    with engine.connect() as connection:
        assert erasure.protected_items(connection, now) == {"a": "told"}
