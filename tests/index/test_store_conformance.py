"""Both stores keep the same promises: every test here runs on SQLite and on a real Elasticsearch node."""

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from enrichment.campaigns.network import Network, NetworkReason
from enrichment.harm import BAND, RANKS
from index.base import Query, Sort, WriteReport
from index.fields import NAMES
from index.query.plan import MAX_WORDS, UnusableQuery, cursor, place_of


def _ids(page):
    return [hit.record.id for hit in page.hits]


def _pages(store, query):
    found = []
    while True:
        page = store.search(query)
        found += _ids(page)
        if page.cursor is None:
            return found, page.total
        query = replace(query, after=page.cursor)


def test_what_is_put_comes_back_whole(store, record):
    one = record(
        "a", "Lương cao 高薪", "Tuyển", contacts=("telegram:sample_hr",), places=(("Myawaddy", "MM"),), bands=("00ff",),
        score=71.5,
    )  # fmt: skip
    assert store.put([one]) == WriteReport(inserted=1)
    assert store.get("a") == one
    assert store.get("b") is None
    assert store.get_many(["a", "b"]) == {"a": one}
    assert list(store.scan(Query())) == [one]
    assert (store.count(), list(store.ids("board")), list(store.ids("other"))) == (1, ["a"], [])


def test_a_text_of_a_whole_book_comes_back_as_it_was(store, record):
    one = record("a", 'lương "cao" \\ \n\t\u2028\x00\x7f 高薪 \U0001f4b0 ' * 40_000, "Tuyển")
    assert store.put([one]) == WriteReport(inserted=1)
    assert store.get("a") == one
    assert store.search(Query(phrases=("luong cao",))).total == 1


def test_only_a_newer_revision_replaces(store, record):
    assert store.put([record("a", "two", revision=2)]) == WriteReport(inserted=1)
    assert store.put([record("a", "one", revision=1)]) == WriteReport(unchanged=1, kept=("a",))
    assert store.put([record("a", "other two", revision=2)]) == WriteReport(unchanged=1, kept=("a",))
    assert store.get("a").posting.text == "two"
    assert store.put([record("a", "three", revision=3)]) == WriteReport(revised=1)
    assert [store.search(Query(words=(word,))).total for word in ("one", "two", "three")] == [0, 0, 1]


def test_shuffled_and_repeated_updates_end_at_the_highest_revision(store, record):
    chance = random.Random(11)
    revisions = [chance.randint(1, 60) for _ in range(200)]
    updates = [record(f"id{n % 40}", f"text {rev}", revision=rev, day=rev % 5) for n, rev in enumerate(revisions)]
    highest = {}
    for update in updates:
        if update.revision > highest.get(update.id, 0):
            highest[update.id] = update.revision
    chance.shuffle(updates)
    done = store.put(updates)
    assert done.inserted + done.revised + done.unchanged == len(updates)
    assert done.inserted == 40
    assert {r.id: r.revision for r in store.scan(Query())} == highest


def test_what_no_store_can_hold_is_dead_by_name(store, record):
    poison = [record("surrogate", "\ud800"), record("x" * 600, "text"), record("nan", "text", score=float("nan"))]
    done = store.put([record("a", "x"), *poison, record("b", "y")])
    assert (done.inserted, sorted(name for name, _ in done.dead)) == (2, sorted(one.id for one in poison))
    assert all(reason for _, reason in done.dead)
    assert store.count() == 2


def test_a_record_whose_first_seen_moves_back_is_kept_once(store, record):
    store.put([record("a", "text", day=5)])
    store.put([record("a", "text", day=1, revision=2)])
    assert _pages(store, Query(sort="newest", words=("text",))) == (["a"], 1)


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("size", [1, 7, 500])
def test_pages_hold_every_match_once_in_order(store, record, sort, size):
    chance = random.Random(size)
    records = [
        record(
            f"id{n:03}", f"job {'lure' if n % 3 else ''}", "job" if n % 2 else "lure job", day=n % 9,
            score=chance.choice([0, 0, 12.5, 55, 99]), growth=chance.choice([0, 0, 3]),
            harm=chance.choice(["unstated", "money", "taken"]),
        ) for n in range(100)
    ]  # fmt: skip
    told = [Network(), Network(), Network(reasons=(NetworkReason(kind="contact", points=31.5, why="known"),))]
    records = [replace(one, network=chance.choice(told)) for one in records]
    store.put(records)
    found, total = _pages(store, Query(words=("job", "lure"), sort=sort, size=size))
    matching = {r.id: r for r in records if "lure" in f"{r.posting.title} {r.posting.text}"}
    assert (sorted(found), total) == (sorted(matching), len(matching))
    value = {
        "score": lambda r: -r.assessment.score,
        "rank": lambda r: -r.rank,
        "priority": lambda r: (-(r.rank // BAND), -RANKS[r.assessment.harm.level], -r.rank),
        "harm": lambda r: (-RANKS[r.assessment.harm.level], -r.assessment.score),
        "growth": lambda r: -r.growth,
        "newest": lambda r: 0,
        "relevance": lambda r: -sum(word in r.posting.title for word in ("job", "lure")),
    }[sort]
    order = [(value(matching[i]), -matching[i].first_seen.timestamp()) for i in found]
    assert order == sorted(order)


def test_pages_stay_put_while_newer_records_arrive(store, record):
    store.put([record(f"id{n}", "job", day=n) for n in range(10)])
    first = store.search(Query(sort="newest", size=5))
    store.put([record(f"new{n}", "job", day=20 + n) for n in range(5)])
    second = store.search(Query(sort="newest", size=5, after=first.cursor))
    assert _ids(first) + _ids(second) == [f"id{n}" for n in range(9, -1, -1)]


def test_within_five_points_the_graver_harm_comes_first_and_no_harm_moves_a_record_further(store, record):
    store.put(
        [
            record("fee", "job", score=99.9, harm="money"), record("kept", "job", score=95.1, harm="confinement"),
            record("crossing", "job", score=94.9, harm="taken"), record("vague", "job", score=92),
        ]
    )  # fmt: skip
    assert _ids(store.search(Query(sort="priority"))) == ["kept", "fee", "crossing", "vague"]
    assert _ids(store.search(Query(sort="harm"))) == ["crossing", "kept", "fee", "vague"]
    assert _ids(store.search(Query(sort="score"))) == ["fee", "kept", "crossing", "vague"]
    called = replace(
        record("vague", "job", score=92, revision=2), network=Network(reasons=(NetworkReason(kind="names", points=8, why="x"),))
    )
    store.put([called])
    assert _ids(store.search(Query(sort="priority", raised=True))) == ["vague", "kept", "fee", "crossing"]


def test_a_record_is_found_by_its_harm_and_by_the_new_one_when_it_is_judged_again(store, record):
    store.put([record("a", "job", score=90, harm="taken"), record("b", "job", harm="money"), record("c", "job")])
    assert _ids(store.search(Query(filters={"harm": ("taken", "money")}))) == ["a", "b"]
    assert _ids(store.search(Query(exclude_filters={"harm": ("unstated",)}, words=("job",)))) == ["a", "b"]
    assert store.search(Query()).facets["harm"] == (("money", 1), ("taken", 1), ("unstated", 1))
    store.put([record("a", "job", score=90, harm="confinement", revision=2)])
    assert _ids(store.search(Query(filters={"harm": ("taken",)}))) == []
    assert _ids(store.search(Query(sort="harm"))) == ["a", "b", "c"]


def test_facets_count_all_matches(store, record):
    store.put([
        record(
            "a", "job", tag="scam_compound", lang="vi", score=90, contacts=("telegram:x_one", "line:x_two"),
            places=(("Myawaddy", "MM"), ("Mae Sot", "TH")),
        ),
        record("b", "job", tag="scam_compound", lang="th", score=80, places=(("Myawaddy", "MM"),)),
        record("c", "cook", lang="vi", stance="news", source="other"),
    ])  # fmt: skip
    page = store.search(Query(words=("job",)))
    assert page.facets_over == page.total == 2
    assert page.facets["tag"] == (("scam_compound", 2),)
    assert page.facets["place"] == (("Myawaddy", 2), ("Mae Sot", 1))
    assert page.facets["language"] == (("th", 1), ("vi", 1))
    assert page.facets["contact_type"] == (("line", 1), ("telegram", 1))
    assert page.facets["platform"] == (("board.example.org", 2),)
    assert set(page.facets) == set(NAMES)
    assert store.search(Query(words=("job",), count_facets=False)).facets == {}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"prefixes": ("ta",)}, {"b"}), ({"prefixes": ("fl",)}, set()), ({"prefixes": ("s",)}, {"d"}),
        ({"prefixes": ("u",)}, set()), ({"words": ("高",)}, {"a", "c"}), ({"words": ("薪",)}, {"a"}), ({"words": ("招",)}, {"c"}),
        ({"words": ("ต",)}, {"d"}), ({"words": ("job",), "exclude": ("高",)}, {"b"}), ({"words": ("u", "9ad8")}, set()),
        ({"words": ("\u0e35",)}, set()),
    ],
)  # fmt: skip
def test_a_beginning_and_a_lone_character_find_words_and_never_what_else_is_kept(store, record, asked, found):
    store.put(
        [
            record("a", "高薪 job", lang="zh"), record("b", "table job"), record("c", "job", "招高"),
            record("d", "งานต sale a\u0e35b", score=80),
        ]
    )  # fmt: skip
    assert {hit.record.id for hit in store.search(Query(**asked)).hits} == found


def test_of_a_lone_character_titles_that_hold_it_come_first(store, record):
    store.put([record("a", "高薪", day=3), record("b", "薪", "招高", day=1), record("c", "高", "job", day=2)])
    assert _ids(store.search(Query(words=("高",), sort="relevance"))) == ["b", "a", "c"]


def test_of_given_ids_those_that_match_are_told(store, record):
    store.put([record(f"n{number}", f"salary {number % 3}", lang="vi" if number % 2 else "th") for number in range(12)])
    wanted = Query(words=("salary", "1"), filters={"language": ("vi",)})
    assert {one.id for one in store.scan(wanted)} == {"n1", "n7"}
    assert store.matching(wanted, [f"n{number}" for number in range(14)]) == {"n1", "n7"}
    assert store.matching(wanted, ["n7", "n2", "n7", "nobody"]) == {"n7"}
    assert store.matching(Query(), []) == frozenset()


def test_candidates_of_a_campaign_share_a_band_or_a_contact(store, record):
    store.put(
        [
            record("a", "x", bands=("b1", "b2")), record("b", "y", bands=("b2", "b3")),
            record("c", "z", contacts=("line:crew_1",)), record("d", "w", bands=("b9",), contacts=("telegram:crew_1",)),
        ]
    )  # fmt: skip
    assert set(store.find_alike(["b2"], [])) == {"a", "b"}
    assert set(store.find_alike(["b3"], ["line:crew_1"])) == {"b", "c"}
    assert store.find_alike([], []) == {}
    assert set(store.find_alike([], [":crew_1"])) == {"c", "d"}
    store.put([record("f", "flagged", bands=("b1",), contacts=("line:crew_1",), score=90)])
    assert set(store.find_alike(["b1"], [":crew_1"], flagged_only=True)) == {"f"}
    assert set(store.find_alike([f"b{n}" for n in range(100, 5000)] + ["b9"], [])) == {"d"}


def test_what_is_deleted_is_found_by_nothing_and_counted_nowhere(store, record):
    lure = {"tag": "scam_compound", "bands": ("00ff",)}
    gone = record("a", "moonriver 高薪", "Typist", score=80, contacts=("telegram:sample_a",), **lure)
    changed, stays = record("b", "moonriver too", "Cook"), record("c", "kitchen help", score=60, **lure)
    store.put([gone, changed, stays])
    store.put([replace(changed, revision=2)])  # seen again since somebody looked
    assert store.delete({"a": 1, "b": 1, "never": 4}) == {"a"}
    assert store.delete({"a": 1}) == frozenset()
    assert (store.get("a"), store.count(), list(store.ids("board"))) == (None, 2, ["b", "c"])
    assert _ids(store.search(Query(words=("moonriver",)))) == ["b"]
    assert _ids(store.search(Query(contact=("sample_a",)))) == []
    assert set(store.find_alike(["00ff"], ["telegram:sample_a"])) == {"c"}
    assert dict(store.search(Query()).facets["tag"]) == {"none": 1, "scam_compound": 1}
    store.scrub()
    assert store.problems() == ()
    assert _ids(store.search(Query(words=("kichen",), fuzzy=True))) == ["c"]
    assert _ids(store.search(Query(words=("typsit",), fuzzy=True))) == []
    assert store.put([record("d", "moonriver again", "Typist", score=80, tag="scam_compound")]) == WriteReport(inserted=1)
    assert dict(store.search(Query()).facets["tag"]) == {"none": 1, "scam_compound": 2}
    assert _ids(store.search(Query(words=("typsit",), fuzzy=True))) == ["d"]


def test_a_partition_that_is_no_more_is_forgotten(store):
    for _ in range(2):
        store.mark_loaded("runs/1", WriteReport(inserted=1))
        store.unmark_loaded("runs/1")
        store.unmark_loaded("runs/1")
        assert store.loaded_partitions() == frozenset()


def test_the_ledger_names_loaded_partitions(store):
    assert store.loaded_partitions() == frozenset()
    store.mark_loaded("file:///runs/board/1", WriteReport(inserted=3, dead=(("x", "why"),)))
    store.mark_loaded("file:///runs/board/1", WriteReport(unchanged=3))
    store.mark_loaded("s3://bucket/runs/board/2", WriteReport())
    assert store.loaded_partitions() == {"file:///runs/board/1", "s3://bucket/runs/board/2"}


def test_the_ledger_says_when_a_partition_was_loaded_last(store):
    before = datetime.now(UTC)
    for _ in range(2):
        store.mark_loaded("runs/1", WriteReport())
    (first,) = store.load_times().values()
    store.mark_loaded("runs/1", WriteReport())
    times = store.load_times()
    assert before <= first < times["runs/1"] <= datetime.now(UTC) and len(times) == 1


def test_times_bound_by_whole_seconds_inclusive(store, record):
    records = [record(f"id{n}", "job", day=n) for n in range(5)]
    store.put(records)
    query = Query(since=records[1].first_seen, until=records[3].first_seen)
    assert {r.id for r in store.scan(query)} == {"id1", "id2", "id3"}
    assert store.search(replace(query, until=records[3].first_seen - timedelta(seconds=1))).total == 2


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (50, None, {"id50", "id50.5", "id51", "id100"}), (50.2, None, {"id50.5", "id51", "id100"}), (None, 0, {"id0"}),
        (0, 0.5, {"id0", "id0.5"}), (50, 50.9, {"id50", "id50.5"}), (100, 100, {"id100"}),
    ],
)  # fmt: skip
def test_score_bounds_are_exact(store, record, low, high, found):
    store.put([record(f"id{score}", "job", score=score) for score in (0, 0.5, 49.9, 50, 50.5, 51, 100)])
    assert {r.id for r in store.scan(Query(score_min=low, score_max=high))} == found
    assert store.search(Query(score_min=low, score_max=high)).total == len(found)


@pytest.mark.parametrize(
    "query",
    [
        Query(words=("...",)), Query(size=0), Query(size=5000), Query(after="newest:0.0,1"), Query(after="score:x"),
        Query(after="score:nan,1"), Query(after="score:inf,1"), Query(sort="newest", after="newest:-inf,1"),
        *(Query(words=("a",), sort="relevance", after=f"relevance:{level},1") for level in ("inf", "1e308", "3", "-1", "0.5")),
        *(Query(sort="growth", after=f"growth:{growth},1") for growth in ("inf", "1e308", "-1", "0.5")),
        Query(filters={"colour": ("red",)}), Query(score_min=60, score_max=20), Query(after="score:1.0,-99999999999999999999"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words(store, query):
    with pytest.raises(UnusableQuery):
        store.search(query)


def test_many_threads_read_while_one_writes(store, record):
    failures = []

    def read():
        try:
            for _ in range(15):
                store.search(Query(words=("job",)))
                store.get("id1")
        except Exception as exc:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(exc)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    for n in range(10):
        store.put([record(f"id{n}", "job")])
    for thread in readers:
        thread.join()
    assert failures == []
    assert store.search(Query(words=("job",))).total == 10


def test_as_many_exclusions_as_a_query_may_have_are_carried_out_and_one_more_is_refused_in_words(store, record):
    store.put([record("a", "alpha beta"), record("b", "alpha w7"), record("c", "alpha w99")])
    most = Query(words=("alpha",), exclude=tuple(f"w{number}" for number in range(MAX_WORDS - 1)))
    assert sorted(_ids(store.search(most))) == ["a", "c"]
    assert store.search(replace(most, exclude_filters={"source": tuple(f"s{number}" for number in range(500))})).total == 2
    with pytest.raises(UnusableQuery, match="101 words, phrases and contacts are sought or excluded; use at most 100"):
        store.search(replace(most, exclude=(*most.exclude, "more")))
    with pytest.raises(UnusableQuery, match="501 values of fields"):
        store.search(Query(filters={"source": tuple(f"s{number}" for number in range(501))}))


def test_what_is_decided_is_left_out_where_only_the_undecided_are_asked_for(store, record):
    store.put([record(name, "job offer", score=score) for name, score in (("a", 90), ("b", 80), ("c", 70), ("d", 60))])
    marked = [replace(store.get(name), case=case, revision=2) for name, case in (("a", "confirmed"), ("c", "dismissed"))]
    assert store.put(marked).revised == 2
    for query in (Query(undecided=True), Query(undecided=True, words=("offer",)), Query(undecided=True, sort="relevance")):
        page = store.search(query)
        assert (sorted(_ids(page)), page.total) == (["b", "d"], 2)
        assert dict(page.facets["source"]) == {"board": 2}
    assert store.search(Query()).total == 4
    store.put([replace(store.get("a"), case="open", revision=3)])
    assert _ids(store.search(Query(undecided=True))) == ["a", "b", "d"]
    assert store.cases_seen() == 0
    store.put_cases_seen(7)
    assert store.cases_seen() == 7


@pytest.mark.parametrize(
    "query", [Query(), Query(sort="newest"), Query(sort="growth"), Query(words=("job", "visa"), sort="relevance")]
)
def test_a_record_says_where_it_stands_in_any_list(store, record, query):
    titles = ("job visa", "job", "other", "visa here")
    store.put(
        [record(f"r{at}", f"job visa {at}", titles[at % 4], score=(at % 5) * 20.5, growth=at % 3, day=at % 4) for at in range(24)]
    )
    order, _ = _pages(store, replace(query, size=24))
    for at, name in enumerate(order[:-1]):
        following = store.search(replace(query, size=1, after=cursor(query, place_of(store.get(name), query))))
        assert _ids(following) == [order[at + 1]]
