"""What people decided about campaigns holds on both stores, whenever it was decided and in whatever order adverts come in."""

import random

import pytest
from msgspec.structs import replace

from enrichment.campaigns.linkage import Rules, campaign_id
from index.campaigns.relink import link_all, link_new
from index.sqlite.sqlite_store import SqliteStore
from tests.index.conftest import campaigns_of, crowd


def _decided(chance, names):
    free = list(names)
    chance.shuffle(free)
    locked = tuple(frozenset(free.pop() for _ in range(3)) for _ in range(2))
    apart = tuple((frozenset(chance.sample(free, 2)), frozenset(chance.sample(free, 5))) for _ in range(3))
    apart = tuple((one, other - one) for one, other in apart)
    return Rules(together=tuple(frozenset(chance.sample(free, 3)) for _ in range(2)), apart=apart, locked=locked)


def _same_in_parts(parts, whole, records, rules, chance):
    """Load in batches, decide somewhere between; end where loading and linking all at once under the same rules ends."""
    whole.put(records)
    whole.put_rules(rules)
    link_all(whole)
    chance.shuffle(records)
    batches = [records[at : at + 7] for at in range(0, len(records), 7)]
    when = chance.randrange(len(batches))
    for number, batch in enumerate(batches):
        parts.put(batch)
        link_new(parts, [one.id for one in batch])
        if number == when:
            parts.put_rules(rules)
            link_new(parts, frozenset().union(*rules.together, *rules.locked, *(side for pair in rules.apart for side in pair)))
    assert campaigns_of(parts) == campaigns_of(whole)
    assert list(parts.campaigns()) == list(whole.campaigns())
    assert len(list(whole.campaigns())) > 2


@pytest.mark.parametrize("seed", range(8))
def test_rules_made_between_two_loads_end_where_one_pass_with_them_ends(tmp_path, lure, seed):
    chance = random.Random(seed)
    records = crowd(lure, chance)
    rules = _decided(chance, [one.id for one in records])
    parts, whole = SqliteStore(tmp_path / "parts.sqlite"), SqliteStore(tmp_path / "whole.sqlite")
    _same_in_parts(parts, whole, records, rules, chance)


def test_elasticsearch_ends_there_too(elastic_store, sqlite_store, lure):
    chance = random.Random(99)
    records = crowd(lure, chance)
    _same_in_parts(elastic_store, sqlite_store, records, _decided(chance, [one.id for one in records]), chance)


def test_a_merged_campaign_is_gathered_whole_when_one_half_of_it_grows(store, lure):
    store.put(
        [
            lure("a", "one"), lure("b", "two", day=1), lure("c", "x", contact="line:crew_two", day=2),
            lure("d", "y", contact="line:crew_two", day=3),
        ]
    )  # fmt: skip
    store.put_rules(Rules(together=(frozenset("ac"),)))
    link_all(store)
    store.put([lure("e", "new one", day=4)])
    link_new(store, ["e"])
    assert store.campaign(campaign_id("a")).campaign.members == ("a", "b", "c", "d", "e")
    assert [one.campaign.id for one in store.campaigns()] == [campaign_id("a")]


def test_a_locked_campaign_neither_gains_nor_loses(store, lure):
    store.put([lure("a"), lure("b", day=1)])
    link_all(store)
    store.put_rules(Rules(locked=(frozenset("ab"),)))
    store.put([lure("c", day=2), lure("d", day=3)])
    link_new(store, ["c", "d"])
    b = store.get("b")
    store.put([replace(b, revision=b.revision + 1, assessment=replace(b.assessment, stance="warning", flagged=False, score=0))])
    link_new(store, ["b"])
    assert campaigns_of(store) == {"a": campaign_id("a"), "b": campaign_id("a"), "c": campaign_id("c"), "d": campaign_id("c")}


def test_a_rule_made_while_a_load_links_is_obeyed_by_that_load(sqlite_store, lure, monkeypatch):
    sqlite_store.put([lure("a"), lure("b", day=1)])
    put = SqliteStore.put_campaigns

    def decided_meanwhile(self, campaigns, gone=()):
        put(self, campaigns, gone)
        self.put_rules(Rules(apart=((frozenset("a"), frozenset("b")),)))

    monkeypatch.setattr(SqliteStore, "put_campaigns", decided_meanwhile)
    link_new(sqlite_store, ["a", "b"])
    assert campaigns_of(sqlite_store) == {}
