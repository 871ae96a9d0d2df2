"""Saved searches and exports at the desk."""

import csv
import dataclasses
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from desk.custody import audit
from desk.database import writing
from desk.tables import saved_searches
from desk.web.results import SearchRequest, query_of
from index.base import StoreError
from index.query.parse import place_names
from index.query.plan import plan


@pytest.fixture
def filled(store, record):
    store.put([record(1, title="vi one", language="vi"), record(2, title="vi two", language="vi"), record(3, title="=cmd|x")])
    return store


def fresh(page):
    return dict(re.findall(r"<b>(\d+)</b><small>(new|in all)", page.replace("\n", "")))


def test_what_is_on_the_screen_is_saved_and_shows_what_is_new_since_the_last_look(login, filled, record, clock):
    minh = login("minh")
    page = minh.page("/search?q=vi&language=vi&sort=newest")
    assert 'name="typed" value="vi language:vi sort:newest"' in page
    typed = "language:vi sort:newest"
    assert minh.post("/saved", name="Viet", typed=typed).status_code == 303
    assert fresh(minh.page("/saved")) == {"2": "in all"}
    opened = minh.get("/saved/1")
    assert opened.headers["location"] == "/search?q=language%3Avi+sort%3Anewest&saved=Viet"
    assert fresh(minh.page("/saved")) == {"0": "new"}
    looked = clock.at
    clock.at += timedelta(hours=2)
    filled.put(
        [
            record(4, title="vi late", language="vi", first_seen=looked - timedelta(hours=1)),
            record(5, title="vi new", language="vi", first_seen=looked + timedelta(hours=1)),
        ]
    )
    minh = login("minh")
    assert fresh(minh.page("/saved")) == {"2": "new"}
    page = minh.page(minh.get("/saved/1").headers["location"])
    assert page.count('<span class="new">') == 1
    assert "Saved search <b><bdi>Viet</bdi></b>: what is new since" in page
    assert "vi new" in page.split("vi late")[0]


def test_from_the_queue_only_what_is_flagged_is_saved(login, filled):
    assert 'name="typed" value="flagged:true"' in login("minh").page("/")


def test_own_searches_are_private_until_shared(login, filled):
    minh, other = login("minh"), login("analyst")
    minh.post("/saved", name="Mine", typed="chat")
    assert "Mine" not in other.page("/saved")
    assert other.get("/saved/1").status_code == 404
    assert minh.post("/saved/1/share", shared="true").status_code == 303
    page = other.page("/saved")
    assert "shared by minh" in page
    assert "/saved/1/delete" not in page
    refused = other.post("/saved/1/delete")
    assert refused.status_code == 422
    assert "Minh keeps this search; ask them or a lead" in refused.text
    assert login("lead").post("/saved/1/rename", name="Ours").status_code == 303
    assert "Ours" in other.page("/saved")
    minh.post("/saved/1/share", shared="false")
    assert "Ours" not in other.page("/saved")


def test_a_viewer_keeps_but_does_not_share(login, filled):
    viewer = login("viewer")
    assert viewer.post("/saved", name="Own", typed="chat").status_code == 303
    assert viewer.post("/saved", name="For all", typed="chat", shared="true").status_code == 422
    assert viewer.post("/saved/1/share", shared="true").status_code == 422


def test_rename_delete_and_undo_stand_in_the_audit_log(login, filled, desk_db):
    minh = login("minh")
    minh.post("/saved", name="One", typed="chat")
    minh.post("/saved", name="Two", typed="chat")
    taken = minh.post("/saved/2/rename", name="One")
    assert taken.status_code == 422
    assert "has a search named" in taken.text
    minh.post("/saved/1/rename", name="Three")
    minh.post("/saved/1/delete")
    page = minh.page("/saved")
    assert "Deleted by you" in page
    minh.post("/saved/1/restore")
    assert "Deleted by you" not in minh.page("/saved")
    with desk_db.connect() as connection:
        told = [one.action for one in audit.entries(connection) if one.action.startswith("search_")]
    assert told == ["search_saved", "search_saved", "search_renamed", "search_deleted", "search_restored"]


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("", "chat", "Name the search"), ("x" * 81, "chat", "Name the search"), ("bad", "tag:nonsense", "knows no"),
        ("bad", '"open', "never closed"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_says_why(login, filled, name, typed, says):
    answer = login("minh").post("/saved", name=name, typed=typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert "No search is saved" in answer.text


def test_an_export_holds_all_matches_the_query_and_no_formula_and_is_audited(login, filled, desk_db):
    minh = login("minh")
    answer = minh.post("/search/export?sort=newest", kind="csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="lurewatch-2026')
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert {row["query"] for row in rows} == {"sort:newest"}
    assert sorted(row["title"] for row in rows) == ["'=cmd|x", "vi one", "vi two"]
    lines = [json.loads(line) for line in minh.post("/search/export?language=vi", kind="jsonl").text.splitlines()]
    assert (lines[0]["export"]["query"], len(lines)) == ("language:vi", 3)
    assert minh.post("/search/export?q=tag:x").status_code == 422
    with desk_db.connect() as connection:
        entry = list(audit.entries(connection))[-1]
    assert (entry.action, json.loads(entry.detail)) == (
        "search_exported",
        {"format": "jsonl", "query": "language:vi", "records": 2},
    )


def test_a_typed_order_stands_before_the_list(login, store, record):
    store.put(
        [
            record(1, title="old high", score=99, first_seen=record().first_seen - timedelta(days=9)),
            record(2, title="new low", score=60),
            record(3, title="grown", score=55),
        ]
    )
    page = login("minh").page("/search?q=sort:newest&sort=score")
    assert page.index("new low") < page.index("old high")


def test_a_place_is_found_by_any_spelling(desk, seeds):
    knowing = dataclasses.replace(desk, read_places=lambda: place_names(seeds / "places.yml"))
    assert query_of(knowing, SearchRequest(typed="place:妙瓦底"), 5).filters == {"place": ("Myawaddy",)}


@pytest.mark.parametrize(
    "ticked",
    [
        {"tag": ("scam_compound", "organ_trade"), "language": ("vi",)},
        {"place": ("Mae Sot", "Bavet"), "country": ("KH",)},
        {"platform": ("board.example.org",), "contact_type": ("telegram", "zalo"), "voice": ("offer",), "source": ("a_b",)},
    ],
)
def test_what_is_ticked_reads_the_same_as_one_typed_query(desk, ticked):
    want = SearchRequest(typed='lương -"a phrase" score:>50', ticked=ticked, sort="growth")
    one, other = query_of(desk, SearchRequest(typed=want.query_text()), 5), query_of(desk, want, 5)
    assert (plan(one), one.sort) == (plan(other), other.sort)
    assert query_of(desk, SearchRequest(typed=want.query_text(flagged=True)), 5).filters["flagged"] == ("true",)


def test_a_search_of_290_exclusions_is_refused_when_saved_and_shown_as_broken_when_stored(login, filled, desk_db, people, now):
    typed = " ".join(f"-w{number}" for number in range(290))
    minh = login("minh")
    answer = minh.post("/saved", name="Long", typed=typed, shared="true")
    assert answer.status_code == 422
    assert "290 words, phrases and contacts are sought or excluded; use at most 100" in answer.text
    with writing(desk_db) as connection:
        values = {"owner_id": people["minh"].id, "name": "Long", "typed": typed, "shared": True, "created_at": now}
        connection.execute(insert(saved_searches).values(values))
    minh.post("/saved", name="Viet", typed="lang:vi")
    page = minh.page("/saved")
    assert "Cannot be run: 290 words, phrases and contacts are sought or excluded; use at most 100" in page
    assert fresh(page) == {"2": "in all"}
    assert minh.get("/saved/1").status_code == 404
    assert "That cannot be searched" in minh.get(f"/search?q={typed}").text


def test_what_an_index_refuses_to_carry_out_is_a_broken_search_and_no_error(login, filled, monkeypatch):
    """For instance an Elasticsearch that is set up to take fewer clauses than the desk allows."""
    minh = login("minh")
    minh.post("/saved", name="One", typed="chat")
    minh.post("/saved", name="Two", typed="lang:vi")
    search = filled.search

    def refusing(query):
        if query.words:
            raise StoreError("Elasticsearch refused (400 too many clauses)")
        return search(query)

    monkeypatch.setattr(filled, "search", refusing)
    page = minh.page("/saved")
    assert "Cannot be run: Elasticsearch refused (400 too many clauses)" in page
    assert fresh(page) == {"2": "in all"}
