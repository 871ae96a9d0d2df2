"""How the embedded store finds: walks by score, lone characters, beginnings; and files of an earlier version."""

import math
import random
import sqlite3

import pytest
from msgspec.structs import replace

from enrichment.assessment import Signal
from enrichment.campaigns.network import Network, NetworkReason
from enrichment.harm import RANKS, harm
from index.base import Query, StoreError
from index.maintain import migrate_file
from index.sqlite.sqlite_store import SqliteStore


@pytest.fixture
def few(monkeypatch):
    """Take more than three matches for many."""
    monkeypatch.setattr("index.sqlite.sqlite_store.FEW", 3)
    monkeypatch.setattr("index.sqlite.fts_search.FEW", 3)


def _walked(store, query):
    found = []
    while True:
        page = store.search(query)
        found += [hit.record.id for hit in page.hits]
        assert page.total == store.search(replace(query, after=None)).total
        if page.cursor is None:
            return found, page.total
        query = replace(query, after=page.cursor, count_facets=False)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (None, None), (50, None), (math.nextafter(50, 100), None), (49.5, 80), (None, 30), (0, 0.4), (99, 100), (30, 30),
        (20.5, 60.5), (None, math.nextafter(70, 0)), (100, None), (0, None), (math.nextafter(0, 1), 12),
    ],
)  # fmt: skip
def test_the_walk_by_score_holds_every_match_once_in_order_within_any_bounds(few, sqlite_store, record, low, high):
    chance = random.Random(3)
    scores = [0.0, 0.3, 100.0, *range(0, 101, 10), *(chance.uniform(0, 100) for _ in range(90)), *[100.0] * 5, *[0.0] * 20]
    records = [record(f"id{n}", "job" + " visa" * (n % 5 == 0), score=score, day=n % 7) for n, score in enumerate(scores)]
    sqlite_store.put(records)
    matching = [
        one
        for one in records
        if "visa" not in one.posting.text
        and (-math.inf if low is None else low) <= one.assessment.score <= (math.inf if high is None else high)
    ]
    found, total = _walked(sqlite_store, Query(words=("job",), exclude=("visa",), score_min=low, score_max=high, size=7))
    by_id = {one.id: one for one in records}
    order = [(-by_id[name].assessment.score, -by_id[name].first_seen.timestamp()) for name in found]
    assert (sorted(found), total) == (sorted(one.id for one in matching), len(matching))
    assert order == sorted(order)


def test_the_walk_by_rank_holds_every_match_once_in_order(few, sqlite_store, record):
    chance = random.Random(5)
    told = [Network(reasons=(NetworkReason(kind="contact", points=points, why="known"),)) for points in (8.0, 31.5, 45.0)]
    records = [record(f"id{n}", "job", score=chance.choice([0, 0, 12.5, 55, 99.5, 100]), day=n % 7) for n in range(120)]
    records = [replace(one, network=chance.choice([*told, *[Network()] * 6])) for one in records]
    sqlite_store.put(records)
    found, total = _walked(sqlite_store, Query(words=("job",), sort="rank", size=7))
    by_id = {one.id: one for one in records}
    order = [(-by_id[name].rank, -by_id[name].first_seen.timestamp()) for name in found]
    assert (sorted(found), total) == (sorted(by_id), 120)
    assert order == sorted(order)
    raised = {one.id for one in records if one.assessment.flagged or one.network.reasons}
    assert {*_walked(sqlite_store, Query(raised=True, sort="rank", size=7))[0]} == raised


@pytest.mark.parametrize("sort", ["priority", "harm"])
@pytest.mark.parametrize(("low", "high"), [(None, None), (12.5, None), (50, 99.7), (0, 3), (100, None)])
def test_the_walks_by_priority_and_by_harm_hold_every_match_once_in_order_within_any_bounds(
    few, sqlite_store, record, sort, low, high
):
    chance = random.Random(8)
    told = [Network(reasons=(NetworkReason(kind="contact", points=points, why="known"),)) for points in (8.0, 45.0)]
    scores = [0.0] * 20 + [0.2, 4.999, 5.0, 99.999, 100.0, 100.0, *(round(chance.uniform(0, 100), 3) for _ in range(90))]
    records = [
        replace(
            record(f"id{n}", "job", score=score, day=n % 7, harm=chance.choice(list(RANKS))),
            network=chance.choice([*told, *[Network()] * 6]),
        )
        for n, score in enumerate(scores)
    ]
    sqlite_store.put(records)
    found, total = _walked(sqlite_store, Query(words=("job",), sort=sort, size=7, score_min=low, score_max=high))
    by_id = {one.id: one for one in records if (low or 0) <= one.assessment.score <= (100 if high is None else high)}
    value = {"priority": lambda one: one.priority, "harm": lambda one: one.gravity}[sort]
    order = [(-value(by_id[name]), -by_id[name].first_seen.timestamp()) for name in found]
    assert (sorted(found), total) == (sorted(by_id), len(by_id))
    assert order == sorted(order)


def test_a_second_page_counts_again_when_the_total_is_no_longer_kept(few, sqlite_store, record):
    sqlite_store.put([record(f"a{n}", "job") for n in range(9)])
    first = sqlite_store.search(Query(words=("job",), size=4))
    sqlite_store.put([record("b", "job", day=-1)])
    assert sqlite_store.search(Query(words=("job",), size=4, after=first.cursor, count_facets=False)).total == 10


def test_words_of_a_replaced_text_are_no_lone_characters_of_it_either(sqlite_store, record):
    sqlite_store.put([record("a", "高薪", "招聘")])
    assert [sqlite_store.search(Query(words=(char,))).total for char in "高薪招聘"] == [1, 1, 1, 1]
    sqlite_store.put([record("a", "底薪", revision=2)])
    assert [sqlite_store.search(Query(words=(char,))).total for char in "高薪招聘底"] == [0, 1, 0, 0, 1]


def test_a_file_of_the_version_before_is_refused_then_migrated_with_all_that_people_decided(tmp_path, record):
    path = tmp_path / "index.sqlite"
    store = SqliteStore(path)
    store.put([record("a", "高薪", day=1), record("b", "job")])
    signal = Signal(indicator="closed_site", family="control", start=0, end=3, text="job", weight=9.0, gloss="locked in")
    older = record("c", "job", score=60)
    store.put([replace(older, assessment=replace(older.assessment, signals=(signal,)))])
    records, rules = list(store.scan(Query())), store.rules()
    # Version 3 had positions as rowids of the terms, and no keys of lone characters.
    connection = store._connection()
    connection.execute("DELETE FROM terms WHERE rowid < 0")
    connection.execute("PRAGMA user_version=3")
    store.close()
    with pytest.raises(StoreError, match="of version 3, this LureWatch writes 6; run `lurewatch index migrate`"):
        SqliteStore(path)
    done = migrate_file(path, force=False)
    assert (done.before, done.now, done.records) == (f"{path}, version 3", str(path), 3)
    store = SqliteStore(path)
    judged = records[2].assessment
    records[2] = replace(records[2], assessment=replace(judged, harm=harm(judged.signals, judged.stance)))
    assert (list(store.scan(Query())), store.rules(), store.problems()) == (records, rules, ())
    assert [hit.record.id for hit in store.search(Query(filters={"harm": ("confinement",)})).hits] == ["c"]
    assert [hit.record.id for hit in store.search(Query(words=("高",))).hits] == ["a"]
    store.close()
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (6,)
    assert migrate_file(path, force=False).before == str(path)
