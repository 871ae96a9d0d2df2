"""Help with a query: what its parts may become, with counts, the fields in force as pills, and the part that is wrong."""

import re
from uuid import uuid4

import pytest

from desk.web.results import SearchRequest
from desk.web.routes.search_pages import pills, suggest, told_problem
from index.query.parse import QueryError, parse
from tests.desk.partners.conftest import tell


@pytest.fixture
def filled(desk, store, record):
    store.put([record(1, language="vi"), record(2, language="vi"), record(3, language="th", source="other board")])
    return desk


def inserts(desk, part, typed="", near="search", **ticked):
    return [(each.insert, each.says, each.count) for each in suggest(desk, SearchRequest(typed=typed, ticked=ticked), part, near)]


def test_names_of_fields_are_suggested_then_their_values_with_counts(filled):
    assert inserts(filled, "la") == [("lang:", "", None)]
    assert {name for name, _, _ in inserts(filled, "s")} == {"source:", "stance:", "score:", "sort:"}
    assert inserts(filled, "lang:") == [("lang:vi", "Vietnamese", 2), ("lang:th", "Thai", 1)]
    assert inserts(filled, "-lang:viet") == [("-lang:vi", "Vietnamese", 2)]
    assert inserts(filled, "lang:vi,t") == [("lang:vi,th", "Thai", 1)]
    assert inserts(filled, "source:oth") == [('source:"other board"', "other board", 1)]
    assert inserts(filled, "score:") == [("score:>70", "", None), ("score:40..60", "", None)]


def test_counts_are_of_what_the_rest_of_the_query_finds(filled):
    assert inserts(filled, "lang:", "source:sample_board") == [("lang:vi", "Vietnamese", 2)]
    assert inserts(filled, "lang:", language=("th",)) == [("lang:vi", "Vietnamese", 2), ("lang:th", "Thai", 1)]
    assert len(inserts(filled, "lang:", 'an "open phrase')) == 2  # the rest cannot be read yet: all are counted
    assert inserts(filled, "lang:", near="queue") == inserts(filled, "lang:")


@pytest.mark.parametrize("part", ["", "-", "x:", "-score:", "no_such:x", "lang:<script>", "https://a", "x" * 400])
def test_nothing_is_suggested_for_what_is_no_field(filled, part):
    assert inserts(filled, part) == []


def test_fields_in_force_are_pills_that_can_each_be_taken_away():
    want = SearchRequest(typed='cook -lang:en,vi score:>70 "a b"', ticked={"harm": ("taken", "money")})
    found = [(pill.field, pill.minus, pill.value, pill.without) for pill in pills(want, "/search")]
    assert [each[:3] for each in found][:2] == [("language", True, "English, Vietnamese"), ("score", False, ">70")]
    assert "q=cook+score%3A%3E70+%22a+b%22" in found[0][3] and "harm=taken&harm=money" in found[0][3]
    assert [each[0] for each in found[2:]] == ["harm", "harm"] and "harm=taken" not in found[2][3]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("cook langg:vi more", "langg:vi"), ("cook score:>700 more", "score:>700"), ('cook "never closed', '"never closed'),
        ("cook harm:tken x", "harm:tken"), ("cook tag: x", "tag:"), ("sort:newest sort:score", "sort:score"), ("- x", "-"),
        ("...", "..."),
    ],
)  # fmt: skip
def test_the_part_that_is_wrong_is_the_one_that_is_marked(typed, wrong):
    with pytest.raises(QueryError) as refused:
        parse(typed)
    before, marked, after = told_problem(typed, refused.value.column)
    assert (before + marked + after, marked) == (typed, wrong)


def test_the_page_marks_the_wrong_part_and_runs_nothing_of_it(login, filled):
    page = login("viewer").page("/search?q=cook+langg%3A%3Cscript%3Ealert(1)+x")
    assert '<mark class="wrong">langg:&lt;script&gt;alert(1)</mark> x' in page and "did you mean lang:?" in page
    assert 'class="pill"' not in page


def test_going_somewhere_leads_to_id_page_queue_or_search(login, store, record):
    item = record(campaign="c1")
    store.put([item, record(2, campaign="c1")])
    viewer, lead = login("viewer"), login("lead")
    where = {
        typed: viewer.get("/go", params={"q": typed}).headers["location"]
        for typed in (item.id, "sources", " Urgent ", "a b", "Audit log")
    }
    assert where == {
        item.id: f"/item/{item.id}", "sources": "/sources", " Urgent ": "/?queue=urgent", "a b": "/search?q=a+b",
        "Audit log": "/search?q=Audit+log",
    }  # fmt: skip
    assert lead.get("/go?q=audit log").headers["location"] == "/audit"
    assert lead.get("/go", params={"q": "//evil.example.org"}).headers["location"] == "/search?q=%2F%2Fevil.example.org"
    listed = viewer.page("/go")
    assert "Audit log" not in listed and "Escalated" not in listed and re.search('href="/sources">Sources</a>', listed)


def test_a_notices_number_and_an_items_address_lead_to_the_item_they_are_of(login, store, record, desk_db, people, now):
    item = record(3)
    store.put([item, record(4)])
    (notice,) = tell(desk_db, people["minh"], now, "board", item.id)
    viewer = login("viewer")
    for typed in (notice, "https://board.example.org/jobs/1", "hxxps://board[.]example[.]org/jobs/1"):
        for page in ("/go", "/search"):
            answer = viewer.get(page, params={"q": typed})
            assert (answer.status_code, answer.headers.get("location")) == (303, f"/item/{item.id}"), (page, typed)
    for unknown in ("https://board.example.org/jobs/7", f"notice {uuid4()}"):
        page = viewer.get("/search", params={"q": unknown})
        assert page.status_code == 200 and "No notice of that number, or about that address, was sent" in page.text
    store.delete({item.id: item.revision})
    assert "its item is kept no longer" in viewer.page(f"/search?q={notice}")
    assert "did you mean passport?" in viewer.page("/search?q=passprot")


def test_a_page_is_found_by_its_name_in_the_readers_language_and_in_english(login):
    viewer = login("viewer")
    assert viewer.post("/account/language", language="fr").status_code == 303
    name = re.search('href="/runs">([^<]+)</a>', viewer.page("/go"))[1]
    assert name != "Run reports"
    assert {viewer.get("/go", params={"q": each}).headers["location"] for each in (name, "Run reports")} == {"/runs"}
