"""Linking after each load ends at the same campaigns as linking everything at once, on both stores."""

import random

import pytest
from msgspec.structs import replace

from crawlers.items import Media
from crawlers.pictures.picture import PictureReading
from enrichment.assessment import Fingerprint
from enrichment.campaigns.linkage import Rules, campaign_id
from index.base import Query
from index.campaigns.relink import link_all, link_new
from index.sqlite.sqlite_store import SqliteStore
from tests.index.conftest import campaigns_of, crowd


def test_new_records_join_and_found_campaigns_and_say_why(store, lure):
    second = lure("b", "Chat support, flights paid", contact="line:crew_one", day=1, source="channel")
    store.put([lure("a"), second, lure("z", "x", contact="")])
    done = link_new(store, ["a", "b", "z"])
    assert (done.campaigns, done.changed) == (1, 2)
    name = campaign_id("a")
    assert campaigns_of(store) == {"a": name, "b": name}
    kept = store.campaign(name)
    assert (kept.campaign.members, kept.growth, kept.sources) == (("a", "b"), 2, ("board", "channel"))
    assert kept.campaign.links[0].why == "same contact crew_one (telegram and line)"
    assert store.search(Query(campaign=name)).total == 2
    assert [one.campaign.id for one in store.campaigns()] == [name]
    store.put([lure("c", contact="telegram:crew_two", day=30)])
    assert link_new(store, ["c"]).changed == 3
    assert (store.campaign(name).campaign.members, store.campaign(name).growth) == (("a", "b", "c"), 1)


def test_linking_again_changes_nothing(store, lure):
    store.put([lure("a"), lure("b", day=1)])
    link_new(store, ["a", "b"])
    before = list(store.scan(Query()))
    assert link_new(store, ["b"]).changed == link_all(store).changed == 0
    assert list(store.scan(Query())) == before


def test_a_record_that_turns_out_a_warning_leaves_and_the_rest_of_two_is_no_campaign(store, lure):
    store.put([lure("a"), lure("b", day=1)])
    link_new(store, ["a", "b"])
    b = store.get("b")
    store.put([replace(b, revision=b.revision + 1, assessment=replace(b.assessment, stance="warning", flagged=False, score=0))])
    link_new(store, ["b"])
    assert campaigns_of(store) == {}
    assert list(store.campaigns()) == []


def test_an_older_member_found_later_renames_the_campaign_once(store, lure):
    store.put([lure("b", day=2), lure("c", day=3)])
    link_new(store, ["b", "c"])
    store.put([lure("a", day=1)])
    link_new(store, ["a"])
    assert set(campaigns_of(store).values()) == {campaign_id("a")}
    assert [one.campaign.id for one in store.campaigns()] == [campaign_id("a")]


def test_what_people_decided_survives_the_next_load(store, lure):
    store.put([lure("a"), lure("b", day=1), lure("c", "other", contact="line:crew_two", day=2)])
    store.put_rules(Rules(apart=((frozenset("a"), frozenset("b")),), together=(frozenset("bc"),)))
    link_all(store)
    assert store.rules().together == (frozenset("bc"),)
    assert campaigns_of(store) == {"b": campaign_id("b"), "c": campaign_id("b")}
    store.put([lure("d", day=4, contact="line:crew_two")])
    link_new(store, ["d"])
    assert len({campaigns_of(store).get("a"), campaigns_of(store).get("b")}) == 2


@pytest.mark.parametrize("seed", range(4))
def test_batches_in_any_order_end_where_one_pass_ends(tmp_path, lure, seed):
    chance = random.Random(seed)
    records = crowd(lure, chance, crews=15)
    whole, parts = SqliteStore(tmp_path / "whole.sqlite"), SqliteStore(tmp_path / "parts.sqlite")
    whole.put(records)
    link_all(whole)
    chance.shuffle(records)
    while records:
        batch, records = records[:7], records[7:]
        parts.put(batch)
        link_new(parts, [one.id for one in batch])
    assert campaigns_of(parts) == campaigns_of(whole)
    assert list(parts.campaigns()) == list(whole.campaigns())
    assert len(list(whole.campaigns())) > 2


def test_another_writer_between_is_merged_not_overwritten(sqlite_store, lure, monkeypatch):
    sqlite_store.put([lure("a"), lure("b", day=1)])
    put, done = SqliteStore.put, []

    def overtaken(self, records):
        if not done:
            done.append(True)
            put(self, [replace(self.get("a"), revision=2, run_id="run-9")])
        return put(self, records)

    monkeypatch.setattr(SqliteStore, "put", overtaken)
    link_new(sqlite_store, ["a", "b"])
    assert (sqlite_store.get("a").run_id, sqlite_store.get("a").campaign) == ("run-9", campaign_id("a"))


def test_near_same_posters_are_found_in_the_store_and_join_their_adverts(store, lure):
    """Other words, other contacts: only the poster is the same, give or take a few bits."""

    def poster_record(name: str, pdq: str, day: int):
        made = lure(name, f"{'word ' * 20}{name}", contact=f"telegram:crew_of_{name}", day=day)
        media = Media(url=f"https://b.example/{name}.jpg", kind="image", reading=PictureReading(state="read", pdq=pdq), end=60)
        return replace(
            made, posting=replace(made.posting, media=(media,)), assessment=replace(made.assessment, fingerprint=Fingerprint())
        )

    poster = "0f1e2d3c4b5a6978" * 4
    near = f"{int(poster, 16) ^ 0b110101:064x}"
    store.put([poster_record("a", poster, 0), poster_record("x", "ff00" * 16, 1)])
    link_new(store, ["a", "x"])
    assert campaigns_of(store) == {}
    store.put([poster_record("b", near, 2)])
    link_new(store, ["b"])
    assert campaigns_of(store) == {"a": campaign_id("a"), "b": campaign_id("a")}
    assert store.campaign(campaign_id("a")).campaign.links[0].why == "near-same picture (4 of 256 bits differ)"
