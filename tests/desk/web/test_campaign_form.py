"""A decision on a campaign covers exactly the members its form showed, and the notice says what the person opened."""

import re

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from desk.cases import case_decisions
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.platforms import Clause
from desk.tables import openings
from desk.takedown.notice import explanation

CONFIRM = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "seen": 0}


def campaign_form(text):
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("members", "size")}
    return fields | {"whole": "true"}


@pytest.fixture
def items(store, record):
    found = [record(number, title=f"copy {number}", campaign="c1", score=90) for number in range(4)]
    store.put(found)
    return found


@pytest.fixture
def decision(desk_db):
    """Return a function that gives the decision in force on an item."""

    def do(item):
        with desk_db.connect() as connection:
            return case_decisions.cases(connection, [item.id])[item.id].in_force

    return do


def said(item, decision):
    clause = Clause(title="Forced labour", law="Palermo Protocol", means="People cannot leave.")
    return explanation(item, decision, clause).rpartition(": the employer keeps the passport. ")[2]


def test_the_notice_says_which_items_were_opened(login, items, decision, desk_db):
    minh = login("minh")
    form = campaign_form(minh.page(f"/item/{items[0].id}"))
    minh.page(f"/item/{items[1].id}")
    assert minh.post(f"/item/{items[0].id}/confirm", **CONFIRM, **form).status_code == 303
    opened = "A person opened this item on 2026-11-24 and confirmed it on 2026-11-24, in one decision on 4 items of a campaign."
    assert [said(item, decision(item)) for item in items[:2]] == [opened, opened]
    for item in items[2:]:
        assert said(item, decision(item)) == (
            "A person confirmed it on 2026-11-24 in one decision on 4 items of a campaign: the beginning of each was listed,"
            " and this item was not opened by itself."
        )
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()


def test_the_page_lists_what_a_campaign_decision_covers(login, items):
    text = login("minh").page(f"/item/{items[0].id}")
    part = text[text.index('id="covered"') :].split("</details>")[0]
    assert "The 3 members a campaign decision covers" in part
    assert all(f"copy {number}" in part for number in (1, 2, 3))


def test_a_member_merged_in_meanwhile_stays_undecided_and_the_form_is_refused(login, items, store, record, decision):
    minh = login("minh")
    form = campaign_form(minh.page(f"/item/{items[0].id}"))
    late = record(9, title="bakery", campaign="c1", score=90)
    store.put([late])
    answer = minh.post(f"/item/{items[0].id}/confirm", **CONFIRM, **form)
    assert answer.status_code == 409
    assert "1 joined it or are undecided again; nothing was decided" in answer.text
    assert [decision(item) for item in (*items, late)] == [None] * 5
    assert minh.post(f"/item/{items[0].id}/confirm", **CONFIRM, **campaign_form(answer.text)).status_code == 303
    assert decision(late).batch_size == 5


@pytest.mark.parametrize("how", ["decided", "left", "edited", "grown", "redecided"])
def test_a_stale_form_is_refused_with_what_changed(login, items, store, record, decision, desk_db, people, now, how):
    minh = login("minh")
    form = campaign_form(minh.page(f"/item/{items[0].id}"))
    other = items[1]
    if how in ("decided", "redecided"):
        case_decisions.dismiss(desk_db, [other], reason="misread", by=people["analyst"], now=now, seen={other.id: 0})
    if how == "redecided":
        case_decisions.undo(desk_db, [other.id], by=people["analyst"], now=now, seen={other.id: 1})
    if how == "left":
        store.put([replace(other, campaign=None, revision=2)])
    if how == "edited":
        store.put([replace(other, posting=replace(other.posting, text="A bakery. passport kept"), revision=2)])
    if how == "grown":
        store.put([record(9, campaign="c1", flagged=False, score=2)])
    answer = minh.post(f"/item/{items[0].id}/dismiss", reason="misread", seen=0, **form)
    words = {
        "decided": "1 were decided or left it", "left": "1 were decided or left it", "edited": "1 were edited",
        "grown": "it has 5 members, 4 when the form was made", "redecided": "1 were decided about meanwhile",
    }  # fmt: skip
    assert answer.status_code == 409
    assert words[how] in answer.text
    assert decision(items[0]) is None


@pytest.mark.parametrize("members", ["", "x", "x:y", "x:y:z", "a b c", None])
def test_a_form_that_shows_nothing_covers_nothing(login, items, decision, members):
    form = {"whole": "true"} | ({} if members is None else {"members": members, "size": 4})
    assert login("minh").post(f"/item/{items[0].id}/confirm", **CONFIRM, **form).status_code == 409
    assert decision(items[0]) is None


def test_a_text_edited_after_it_was_opened_is_opened_again_before_it_is_decided(login, store, record, decision):
    item = record(1)
    store.put([item])
    minh = login("minh")
    minh.page(f"/item/{item.id}")
    edited = replace(item, posting=replace(item.posting, text="A bakery. passport kept"), revision=2)
    store.put([edited])
    answer = minh.post(f"/item/{item.id}/confirm", **CONFIRM)
    assert answer.status_code == 422
    assert "changed after you opened it" in answer.text
    assert decision(item) is None
    minh.page(f"/item/{item.id}")
    assert minh.post(f"/item/{item.id}/confirm", **CONFIRM).status_code == 303
    assert decision(item).opened_at is not None


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Purpose": "prefetch;prerender"}])
def test_what_no_person_looked_at_is_not_opened(login, store, record, decision, headers):
    item = record(1)
    store.put([item])
    minh = login("minh")
    assert minh.get(f"/item/{item.id}", headers=headers).status_code == 200
    assert minh.post(f"/item/{item.id}/confirm", **CONFIRM, opened="true", opened_at="2026-11-24").status_code == 303
    assert said(item, decision(item)).endswith("the desk has no record that this item was opened.")


def test_an_opening_is_one_persons_noted_once_and_never_changed(login, store, record, decision, desk_db):
    item = record(1)
    store.put([item])
    for name in ("analyst", "analyst", "viewer"):
        login(name).page(f"/item/{item.id}")
    with desk_db.connect() as connection:
        assert len(connection.execute(select(openings)).all()) == 1
    assert login("minh").post(f"/item/{item.id}/confirm", **CONFIRM, over="analyst").status_code == 303
    assert decision(item).opened_at is None
    with pytest.raises(DatabaseError, match="append-only"), writing(desk_db) as connection:
        connection.execute(delete(openings))


def page_form(page):
    """Return the form that decides a campaign on its own page."""
    form = page[page.index('id="quick"') :]
    return dict(re.findall(r'name="(head|seen|members|size)" value="([^"]*)"', form))


def test_a_campaign_is_decided_on_its_page_once_three_of_it_were_opened(login, items, decision, store):
    minh, address = login("minh"), f"/campaign/{items[0].campaign}"
    assert 'id="quick"' not in login("viewer").page(address)
    assert minh.page(address).count("data-closed") == 3
    for item in items[:2]:
        minh.page(f"/item/{item.id}")
    assert minh.page(address).count("data-closed") == 1
    refused = minh.post(f"{address}/decide", verdict="dismiss misread", head=items[0].id, seen="0", members="", size="4")
    assert (refused.status_code, "Open 1 more of its adverts first" in refused.text) == (422, True)
    minh.page(f"/item/{items[2].id}")
    page = minh.page(address)
    assert "Decide all 4 undecided" in page
    form = page_form(page)
    assert minh.post(f"{address}/decide", **form | {"members": ""}, verdict="dismiss misread").status_code == 409
    assert minh.post(f"{address}/decide", **form | {"head": "x"}, verdict="dismiss misread").status_code == 409
    assert minh.post(f"{address}/decide", **form, verdict="dismiss").status_code == 422
    assert decision(items[0]) is None
    answer = minh.post(f"{address}/decide", **form, verdict="confirm scam_compound high")
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    made = [decision(item) for item in items]
    assert {(each.kind, each.tag, each.clause, each.batch_size) for each in made} == {
        ("confirm", "scam_compound", "forced_labour", 4)
    }
    assert "Decide all" not in minh.page(address)
    assert minh.post(f"{address}/decide", **form, verdict="dismiss misread").status_code == 409
