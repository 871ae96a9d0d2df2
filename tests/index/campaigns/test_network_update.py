"""Ranks follow decisions through the store; states and scores do not."""

import random

import pytest
from msgspec.structs import replace

from enrichment.campaigns.network import Network
from index.base import Query
from index.campaigns.network_update import place
from index.campaigns.relink import link_new
from index.sqlite.sqlite_store import SqliteStore


def _decide(store, name, case):
    record = store.get(name)
    store.put([replace(record, case=case, revision=record.revision + 1)])
    place(store, [name])


def _points(store):
    return {one.id: one.network.points for one in store.scan(Query()) if one.network.reasons}


@pytest.fixture
def world(record):
    """Return two lures of one contact, a terse call, a warning, and an advert of nobody's."""
    return [
        record("lure", "Chat support abroad", score=90, contacts=("telegram:crew_one",)),
        record("call", "DM", score=10, contacts=("line:crew_one",), day=2),
        record("warning", "crew_one is a fraud", stance="warning", contacts=("telegram:crew_one",)),
        record("cook", "Cook wanted", score=20, contacts=("telegram:kitchen",)),
    ]


def test_a_decision_moves_the_others_rank_and_never_their_state(store, world):
    store.put(world)
    link_new(store, [one.id for one in world])
    assert _points(store) == {}
    _decide(store, "lure", "confirmed")
    assert set(_points(store)) == {"call"}
    call = store.get("call")
    assert (call.case, call.assessment.score, call.assessment.flagged) == ("open", 10, False)
    assert call.rank == 10 + call.network.points > 20
    assert [hit.record.id for hit in store.search(Query(sort="rank", undecided=True)).hits] == ["call", "cook", "warning"]
    assert [hit.record.id for hit in store.search(Query(raised=True, undecided=True)).hits] == ["call"]
    _decide(store, "lure", "dismissed")
    assert _points(store) == {}
    assert store.search(Query(raised=True, undecided=True)).total == 0


def test_a_new_record_is_placed_when_it_is_linked(store, world):
    store.put(world[:1])
    _decide(store, "lure", "confirmed")
    store.put(world[1:])
    link_new(store, [one.id for one in world[1:]])
    assert set(_points(store)) == {"call"}
    revision = store.get("call").revision
    assert place(store, ["call", "lure", "gone"]) == 0
    assert store.get("call").revision == revision


def test_a_hub_that_people_name_takes_the_points_away(store, world):
    store.put(world)
    _decide(store, "lure", "confirmed")
    store.put_rules(replace(store.rules(), hubs=frozenset({"crew_one"})))
    link_new(store, ["lure"])
    assert _points(store) == {}


@pytest.mark.parametrize("seed", range(6))
def test_decisions_in_any_order_end_where_one_pass_over_all_ends(tmp_path, record, seed):
    chance = random.Random(seed)
    handles = ("crew_one", "crew_two", "moon_house_hr", "moon_house_hr2")
    records = [
        record(
            f"r{number:02}", "x" * chance.choice((30, 300)), score=chance.choice((5, 80)), day=chance.random() * 4,
            source=f"s{chance.randrange(4)}", stance=chance.choice(("offer", "offer", "other", "warning")),
            contacts=tuple(f"telegram:{name}" for name in chance.sample(handles, chance.randint(0, 2))),
        )
        for number in range(40)
    ]  # fmt: skip
    records = [replace(one, posting=replace(one.posting, author=chance.choice((None, "crew_one", "someone")))) for one in records]
    parts, whole = SqliteStore(tmp_path / "parts.sqlite"), SqliteStore(tmp_path / "whole.sqlite")
    cases = {one.id: chance.choice(("confirmed", "dismissed")) for one in chance.sample(records, 12)}
    chance.shuffle(records)
    for start in range(0, 40, 10):
        parts.put(records[start : start + 10])
        link_new(parts, [one.id for one in records[start : start + 10]])
        for name in [name for name in cases if parts.get(name) and parts.get(name).case == "open"]:
            _decide(parts, name, cases[name])
    whole.put(replace(one, case=cases.get(one.id, "open")) for one in records)
    place(whole, [one.id for one in records])
    found = [{one.id: one.network for one in each.scan(Query())} for each in (parts, whole)]
    assert found[0] == found[1]
    assert any(one != Network() for one in found[0].values())
    for each in (parts, whole):
        each.close()
