"""A decision about many covers exactly what its form showed, three were opened, and the notice says what the person opened."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from desk.cases import case_decisions
from desk.cases.comments import escalate
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.platforms import Clause, Platforms
from desk.tables import openings
from desk.takedown.notice import explanation, find_charge

CONFIRM = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "seen": 0}
WHOLE = "/bulk?q=campaign%3Ac1"
LURE = {"verdict": "confirm scam_compound high"}


def read_digests(text):
    return {"shown": re.search(r'name="shown" value="([^"]*)"', text)[1], "ids": re.findall('name="ids" value="([^"]*)"', text)}


@pytest.fixture
def items(store, record):
    found = [record(number, title=f"copy {number}", campaign="c1", score=90) for number in range(4)]
    store.put(found)
    return found


@pytest.fixture
def minh(login, items):
    """Return Minh, who opened three of the items."""
    person = login("minh")
    for item in items[:3]:
        person.page(f"/item/{item.id}")
    return person


@pytest.fixture
def decision(desk_db):
    """Return a function that gives the decision in force on an item."""

    def do(item):
        with desk_db.connect() as connection:
            return case_decisions.cases(connection, [item.id])[item.id].in_force

    return do


def said(item, decision):
    clause = Clause(title="Forced labour", law="Palermo Protocol", means="People cannot leave.")
    platforms = Platforms.model_validate({"clauses": {"forced_labour": clause}, "platforms": {}})
    charge = find_charge(item, decision, platforms)
    return explanation(item, decision, charge).rpartition(": the employer keeps the passport. ")[2]


def test_the_notice_says_which_items_were_opened(minh, items, decision, desk_db):
    assert minh.post(WHOLE, **LURE, **read_digests(minh.page(WHOLE))).status_code == 303
    opened = "A person opened this item on 2026-11-24 and confirmed it on 2026-11-24, in one decision on 4 items."
    assert [said(item, decision(item)) for item in items[:3]] == [opened] * 3
    assert said(items[3], decision(items[3])) == (
        "A person confirmed it on 2026-11-24 in one decision on 4 items: the beginning of each was listed,"
        " and this item was not opened by itself."
    )
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()


def test_the_page_lists_what_a_decision_covers_each_id_once(minh, items):
    text = minh.page(WHOLE)
    assert "Decide 4 together" in text
    assert all(f"copy {number}" in text and text.count(f'name="ids" value="{items[number].id}"') == 1 for number in range(4))
    assert read_digests(text)["shown"].count(":") == 3


def test_a_search_is_decided_with_a_note_but_for_what_is_left_out(login, store, record, decision):
    found = [record(number, title=f"typist {number}", source="board-a") for number in range(5)] + [record(9, source="board-b")]
    store.put(found)
    minh, address = login("minh"), "/bulk?q=typist&source=board-a"
    assert 'href="/bulk?q=typist&amp;source=board-a"' in minh.page("/?q=typist&source=board-a")
    page = minh.page(address)
    assert ("typist source:board-a" in page, page.count("data-closed"), 'id="quick"' in page) == (True, 3, False)
    for item in found[:3]:
        minh.page(f"/item/{item.id}")
    form = read_digests(minh.page(address)) | {"ids": [item.id for item in found[:4]], "note": "The same texts. Minh saw three."}
    answer = minh.post(address, **form, **LURE, ground="passport", disclose="The same texts.")
    assert answer.status_code == 303
    made = [decision(item) for item in found[:4]]
    assert {(each.batch_size, each.disclosed, each.ground, each.clause) for each in made} == {
        (4, "The same texts.", "passport", "forced_labour")
    }
    assert [decision(found[4]), decision(found[5])] == [None, None]
    page = minh.page(answer.headers["location"])
    assert "4 of 4 at once" in page
    assert minh.post(f"/bulk/{made[0].batch}/undo", size="4", back=address).headers["location"] == address
    assert [decision(item) for item in found] == [None] * 6


def test_a_bad_search_a_forged_choice_and_a_strange_rule_decide_nothing(minh, items, decision):
    assert minh.get("/bulk?q=first_seen:never").status_code == 422
    assert minh.post("/bulk?q=first_seen:never", **LURE, shown="").status_code == 422
    form = read_digests(minh.page(WHOLE))
    strange = {"clause": "none_such"}, {"clause": "brokered_marriage"}
    for wrong in ({"verdict": "confirm"}, {"ids": []}, {"ground": "words that stand nowhere"}, *strange):
        assert minh.post(WHOLE, **LURE | form | wrong).status_code == 422, wrong
    assert decision(items[0]) is None
    assert minh.post(f"/bulk/{'0' * 16}/undo", size="1").status_code == 422


def test_what_is_escalated_is_decided_alone(login, items, decision, desk_db, people, now):
    escalate(desk_db, items[0].id, "she writes from inside", by=people["minh"], now=now)
    lead = login("lead")
    for item in items[1:]:
        lead.page(f"/item/{item.id}")
    page = lead.page(WHOLE)
    assert items[0].id not in page
    assert lead.post(WHOLE, **LURE, **read_digests(page)).status_code == 303
    assert [decision(items[0]), decision(items[1]).batch_size] == [None, 3]


@pytest.mark.parametrize("how", ["decided", "left", "edited", "joined", "redecided"])
def test_a_stale_form_is_refused_with_what_changed(minh, items, store, record, decision, desk_db, people, now, how):
    form = read_digests(minh.page(WHOLE))
    other = items[1]
    if how in ("decided", "redecided"):
        case_decisions.dismiss(desk_db, [other], reason="misread", by=people["minh"], now=now, seen={other.id: 0})
    if how == "redecided":
        case_decisions.undo(desk_db, [other.id], by=people["minh"], now=now, seen={other.id: 1})
    if how == "left":
        store.put([replace(other, campaign="c2", revision=2), record(9, campaign="c1", score=90)])
    if how == "edited":
        store.put([replace(other, posting=replace(other.posting, text="A bakery. passport kept"), revision=2)])
    if how == "joined":
        store.put([record(9, title="bakery", campaign="c1", score=90)])
    answer = minh.post(WHOLE, verdict="dismiss misread", **form)
    words = {
        "decided": "it covers 3 items now, 4 when the form was made", "left": "other items are among them",
        "edited": "texts were edited", "joined": "it covers 5 items now, 4 when the form was made",
        "redecided": "some were decided about since",
    }  # fmt: skip
    assert answer.status_code == 409
    assert words[how] in answer.text.lower() and "nothing was decided, look again" in answer.text
    assert decision(items[0]) is None
    for item in (other, items[3]):
        minh.page(f"/item/{item.id}")
    assert minh.post(WHOLE, verdict="dismiss misread", **read_digests(minh.page(WHOLE))).status_code == 303


@pytest.mark.parametrize("form", ["", "x", "x:y", "4:x:y:z", "4:::", None])
def test_a_form_that_shows_nothing_covers_nothing(minh, items, decision, form):
    answer = minh.post(WHOLE, **LURE, **({} if form is None else {"shown": form}))
    assert answer.status_code == 409
    assert decision(items[0]) is None


def test_who_decides_nothing_decides_nothing_at_once(login, items):
    viewer = login("viewer")
    assert viewer.get(WHOLE).status_code == 403
    assert "/bulk" not in viewer.page("/") + viewer.page("/campaign/c1") + viewer.page(f"/item/{items[0].id}")
    assert f'href="{WHOLE}"' in login("minh").page(f"/item/{items[0].id}")


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


def test_a_campaign_is_decided_on_its_page_once_three_of_it_were_opened(login, items, decision):
    minh, address = login("minh"), "/campaign/c1"
    assert 'id="quick"' not in login("viewer").page(address)
    assert minh.page(address).count("data-closed") == 3
    refused = minh.post(WHOLE, verdict="dismiss misread", **read_digests(minh.page(WHOLE) + 'name="shown" value=""'))
    assert refused.status_code == 409
    for item in items[:2]:
        minh.page(f"/item/{item.id}")
    page = minh.page(address)
    assert (page.count("data-closed"), "Decide all 4 undecided" in page) == (1, True)
    minh.page(f"/item/{items[2].id}")
    form = read_digests(minh.page(address))
    assert minh.post(WHOLE, **form, verdict="dismiss").status_code == 422
    assert decision(items[0]) is None
    answer = minh.post(WHOLE, **form, **LURE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}#t-decided")
    assert 'id="t-decided" tabindex="-1"' in (page := minh.page(address)) and page.count("data-undo") == 1
    made = [decision(item) for item in items]
    assert {(each.kind, each.tag, each.clause, each.batch_size) for each in made} == {
        ("confirm", "scam_compound", "forced_labour", 4)
    }
    page = minh.page(address)
    assert ("Decide all" in page, "4 of 4 at once" in page) == (False, True)
    assert minh.post(WHOLE, **form, verdict="dismiss misread").status_code == 409


def test_a_campaign_decision_is_undone_on_the_campaign_s_page_as_far_as_it_stands(
    minh, login, items, decision, desk_db, people, now
):
    minh.post(WHOLE, **LURE, **read_digests(minh.page(WHOLE)))
    case_decisions.undo(desk_db, [items[3].id], by=people["minh"], now=now, seen={items[3].id: 1})
    batch = decision(items[0]).batch
    page = minh.page("/campaign/c1")
    assert ("3 of 4 at once" in page, f'action="/bulk/{batch}/undo"' in page) == (True, True)
    assert f"/bulk/{batch}/undo" not in login("analyst").page("/campaign/c1"), "analysts undo their own decisions"
    assert login("analyst").post(f"/bulk/{batch}/undo", size="3").status_code == 422
    assert "now, not 4; look again" in minh.post(f"/bulk/{batch}/undo", size="4").text
    answer = minh.post(f"/bulk/{batch}/undo", size="3", note="misread", back="//elsewhere.example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert [decision(item) for item in items] == [None] * 4


def test_one_decision_on_many_is_undone_in_one_step_on_the_page_of_any(minh, items, decision):
    minh.post(WHOLE, **LURE, **read_digests(minh.page(WHOLE)))
    assert "for all 4 items of this decision" in minh.page(f"/item/{items[1].id}")
    assert minh.post(f"/item/{items[1].id}/undo", seen=1, whole="true", size="3").status_code == 422
    assert minh.post(f"/item/{items[1].id}/undo", seen=0, whole="true", size="4").status_code == 409
    assert minh.post(f"/item/{items[1].id}/undo", seen=1, whole="true", size="4").status_code == 303
    assert [decision(item) for item in items] == [None] * 4


def test_a_campaign_is_decided_over_a_colleague_only_by_name(minh, login, items):
    lead = login("lead")
    for item in items[:3]:
        lead.page(f"/item/{item.id}")
    minh.page(f"/item/{items[3].id}")
    form = read_digests(lead.page(WHOLE)) | {"verdict": "dismiss misread"}
    refused = lead.post(WHOLE, **form)
    assert (refused.status_code, 'name="over" value="minh"' in refused.text) == (409, True)
    assert lead.post(WHOLE, **form, over="minh").status_code == 303


@pytest.fixture
def late(items, store, clock):
    """Return a function that puts a near-copy into the campaign a minute later."""

    def do(number, **more):
        clock.at += timedelta(minutes=1)
        made = replace(items[0], id=f"late-{number}", posting=replace(items[0].posting, id=f"late-{number}"), first_seen=clock.at)
        store.put([replace(made, **more)])
        return made

    return do


def test_near_copies_follow_a_dismissal_when_somebody_looks_at_the_queue(minh, login, items, late, decision):
    minh.post(WHOLE, verdict="dismiss honest_employer", **read_digests(minh.page(WHOLE)))
    batch = decision(items[0]).batch
    page = minh.page("/campaign/c1")
    assert f'action="/bulk/{batch}/follow"' in page
    assert f"/bulk/{batch}/follow" not in login("lead").page("/campaign/c1"), "it is an order in the decider's own name"
    assert minh.post(f"/bulk/{batch}/follow", likeness="50", most="5", days="5").status_code == 422
    bounds = {"likeness": "95", "most": "5", "days": "5", "back": "/campaign/c1"}
    assert minh.post(f"/bulk/{batch}/follow", **bounds).headers["location"] == "/campaign/c1"
    copy = late(1)
    assert copy.id not in login("lead").page("/")
    assert (decision(copy).kind, decision(copy).by) == ("dismiss", "minh")
    page = minh.page("/campaign/c1")
    assert f'<a href="/item/{copy.id}">' in page[page.index('class="order"') :]
    assert "by following an order" in minh.page(f"/item/{copy.id}")
    number = re.search(r'action="/orders/(\d+)/end"', page)[1]
    assert login("analyst").post(f"/orders/{number}/end").status_code == 422
    assert minh.post(f"/orders/{number}/end", back="/campaign/c1").status_code == 303
    assert "is no longer followed; 1 followed it" in minh.page("/campaign/c1")
    assert late(2).id in minh.page("/")


def test_a_near_copy_of_a_confirmed_campaign_is_confirmed_with_one_key_by_who_opened_it(minh, login, items, late, decision):
    minh.post(WHOLE, **LURE, **read_digests(minh.page(WHOLE)))
    minh.post(f"/bulk/{decision(items[0]).batch}/follow", likeness="95", most="5", days="5")
    copy, edited = late(1), late(2)
    assert f'<a href="/item/{copy.id}">' in minh.page("/campaign/c1").partition("To confirm with one key")[2]
    assert "data-follow" not in login("viewer").page(f"/item/{copy.id}")
    lead = login("lead")
    page = lead.page(f"/item/{copy.id}")
    verdict = re.search(r'value="([^"]+)" data-follow', page)[1]
    assert verdict == LURE["verdict"]
    assert decision(copy) is None, "nobody is accused by a machine"
    assert lead.post(f"/item/{copy.id}/decide", verdict=verdict, seen="0").status_code == 303
    assert (decision(copy).by, decision(copy).opened_at is not None, decision(edited)) == ("lead", True, None)
