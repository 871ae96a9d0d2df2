"""Campaigns at the desk: what a page tells, and splitting, merging, locking and undoing on it."""

import dataclasses
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from desk.cases import campaign_rulings, case_decisions
from desk.custody import audit
from desk.web import campaign_summaries, pages
from desk.web.app import create_app
from desk.web.routes import campaign_pages
from enrichment.assessment import Contact, Place
from index.base import StoreUnavailable
from index.campaigns.relink import link_all

WHY = "told by two people"


@pytest.fixture
def crews(store, record):
    """Put a campaign of four, one of two and a lone advert into the index; return the two campaigns and the lone advert."""
    other = [record(number, title=f"other {number}") for number in (8, 9)]
    contact = Contact(type="line", value="second_crew_demo", start=0, end=0)
    lone = replace(record(20, title="alone", text="nothing shared with anybody", flagged=False, score=3.0, tag="none"))
    store.put([record(number, title=f"first {number}") for number in range(4)])
    store.put([replace(one, assessment=replace(one.assessment, contacts=(contact,))) for one in other])
    store.put([lone])
    link_all(store)
    big, small = sorted((one.campaign for one in store.campaigns()), key=lambda one: -len(one.members))
    return big, small, lone


def sizes(store):
    return sorted(len(one.campaign.members) for one in store.campaigns())


def test_the_page_says_why_where_when_and_what_varies(login, crews):
    page = login("minh").page(f"/campaign/{crews[0].id}")
    for told in (
        "campaign of <b>4</b>",
        "same contact bright_hr_demo (telegram)",
        "3 links",
        "board.example.org",
        "What its adverts say",
        "most in a week: <b>4</b>",
        crews[0].id,
    ):
        assert told in page, told
    assert page.count('name="ids"') == 4


def test_its_members_are_paged_the_newest_first(login, crews, monkeypatch):
    monkeypatch.setattr(campaign_summaries, "MEMBERS", 3)
    monkeypatch.setattr(campaign_pages, "MEMBERS", 3)
    minh, path = login("minh"), f"/campaign/{crews[0].id}"
    first, second, past = minh.page(path), minh.page(f"{path}?start=3"), minh.page(f"{path}?start=900")
    shown = [re.findall(r'name="ids" value="([^"]+)"', page) for page in (first, second)]
    assert [len(ids) for ids in shown] == [3, 1]
    assert sorted([*shown[0], *shown[1]]) == sorted(crews[0].members)
    assert ("1–3 of 4" in first, "4–4 of 4" in second, "4–4 of 4" in past) == (True, True, True)
    assert ("Older members" in first, "Newer members" in first) == (True, False)
    assert ("Older members" in second, "Newer members" in second) == (False, True)


def test_split_off_and_undo(login, crews, store, desk_db):
    big, minh = crews[0], login("minh")
    answer = minh.post(f"/campaign/{big.id}/split", ids=list(big.members[:2]), own="true", why=WHY)
    assert answer.status_code == 303
    assert sizes(store) == [2, 2, 2]
    page = minh.page(answer.headers["location"])
    assert "Split off" in page
    assert WHY in page
    number = re.search(r"/rulings/(\d+)/undo", page)[1]
    back = minh.post(f"/rulings/{number}/undo", back=big.id)
    assert back.headers["location"] == f"/campaign/{big.id}"
    assert sizes(store) == [2, 4]
    assert "undone" in minh.page(f"/campaign/{big.id}")
    with desk_db.connect() as connection:
        assert [(one.actor, one.action) for one in audit.entries(connection)][-2:] == [
            ("minh", "campaign_split"),
            ("minh", "campaign_undo"),
        ]


def test_not_this_crew(login, crews, store):
    login("minh").post(f"/campaign/{crews[0].id}/split", ids=crews[0].members[0], own="false", why=WHY)
    assert sizes(store) == [2, 3]


def test_merge_by_search_by_id_and_with_a_lone_advert(login, crews, store):
    (big, small, lone), minh = crews, login("minh")
    page = minh.page(f"/campaign/{big.id}/merge?q=other")
    assert f'name="other" value="{small.id}"' in page
    assert "<b>2</b> items" in minh.page(f"/campaign/{big.id}/merge?q=9")
    assert "other 9" in minh.page(f"/campaign/{big.id}/merge?q=http://127.0.0.1:8080/campaign/{small.id}")
    assert f'value="{lone.id}"' in minh.page(f"/campaign/{big.id}/merge?q=alone")
    assert "Which campaign?" in minh.page(f"/campaign/{big.id}/merge")
    answer = minh.post(f"/campaign/{big.id}/merge", other=small.id, q="other", why=WHY)
    assert (answer.status_code, sizes(store)) == (303, [6])
    minh.post(f"{answer.headers['location']}/merge", other=lone.id, why=WHY)
    assert sizes(store) == [7]
    bad = minh.get(f"/campaign/{big.id}/merge?q=tag:x")
    assert bad.status_code == 422
    assert "knows no" in bad.text


def test_a_merge_search_reads_places_and_times_as_the_search_page_does(desk, people, password, crews, store, record, now):
    big, there = crews[0], Place(name="Myawaddy", country="MM", kind="town", start=0, end=0)
    contact = Contact(type="line", value="third_crew_demo", start=0, end=0)
    third = [record(number, title=f"third {number}") for number in (30, 31)]
    store.put([replace(one, assessment=replace(one.assessment, contacts=(contact,), places=(there,))) for one in third])
    link_all(store)
    offered = f'name="other" value="{store.get(third[0].id).campaign}"'
    later = now + timedelta(days=4000)
    here = dataclasses.replace(desk, read_places=lambda: {"妙瓦底": "Myawaddy"}.get, clock=lambda: later)
    client = TestClient(create_app(here), base_url=here.public_url)
    client.post("/login", data={"name": "minh", "password": password})
    assert offered in client.get(f"/campaign/{big.id}/merge?q=place:妙瓦底").text
    assert offered in client.get(f"/campaign/{big.id}/merge?q=first_seen:>4002d").text
    assert offered not in client.get(f"/campaign/{big.id}/merge?q=first_seen:>3999d").text


def test_a_lone_advert_is_put_into_a_campaign_from_its_own_page(login, crews, store, record):
    big, minh = crews[0], login("minh")
    flagged = record(30, title="lone but flagged", text="nothing shared")
    store.put([flagged])
    assert f'href="/campaign/{flagged.id}/merge"' in minh.page(f"/item/{flagged.id}")
    assert "In no campaign" not in minh.page(f"/item/{big.members[0]}")
    page = minh.page(f"/campaign/{flagged.id}/merge?q=first")
    assert "Put an advert into a campaign" in page
    answer = minh.post(f"/campaign/{flagged.id}/merge", other=big.id, why=WHY)
    assert answer.headers["location"] == f"/campaign/{store.get(flagged.id).campaign}"
    assert sizes(store) == [2, 5]
    assert minh.get("/campaign/c-000000000000/merge").status_code == 404


def test_lock_says_so_everywhere_and_stops_other_changes(login, crews, store):
    big, minh = crews[0], login("minh")
    stale = minh.post(f"/campaign/{big.id}/lock", size=3, why=WHY)
    assert stale.status_code == 422
    assert "look again before you lock it" in stale.text
    assert minh.post(f"/campaign/{big.id}/lock", size=4, why=WHY).status_code == 303
    page = minh.page(f"/campaign/{big.id}")
    assert "locked by minh" in page
    assert 'name="ids"' not in page
    assert ">locked<" in minh.page("/campaigns")
    refused = minh.post(f"/campaign/{big.id}/split", ids=big.members[0], why=WHY)
    assert refused.status_code == 422
    assert "locked this campaign; undo it first" in refused.text


def test_a_contact_that_links_nobody(login, crews, store):
    _, small, _ = crews
    minh = login("minh")
    assert minh.post(f"/campaign/{small.id}/unlink", contact="line:second_crew_demo", why=WHY).status_code == 303
    assert sizes(store) == [4]
    assert minh.post("/rulings/1/undo").status_code == 303
    assert sizes(store) == [2, 4]


def test_a_ruling_that_leaves_no_campaign_is_undone_on_the_page_of_all(login, crews, store):
    small, minh = crews[1], login("minh")
    answer = minh.post(f"/campaign/{small.id}/split", ids=small.members[0], own="false", why=WHY)
    assert answer.headers["location"] == "/rulings"
    page = minh.page("/rulings")
    assert WHY in page
    assert f"/item/{small.members[0]}" in page
    assert "/undo" not in login("viewer").page("/rulings")
    assert login("analyst").post("/rulings/1/undo").status_code == 422
    assert minh.post("/rulings/1/undo").headers["location"] == f"/campaign/{small.id}"
    assert sizes(store) == [2, 4]


def test_without_a_reason_nothing_is_changed(login, crews, store, desk_db):
    answer = login("minh").post(f"/campaign/{crews[0].id}/split", ids=crews[0].members[0])
    assert answer.status_code == 422
    assert "Say why" in answer.text
    with desk_db.connect() as connection:
        assert campaign_rulings.all_rulings(connection) == []


def test_viewers_see_no_forms_and_others_undo_is_a_leads(login, crews):
    big = crews[0]
    login("minh").post(f"/campaign/{big.id}/lock", size=4, why=WHY)
    viewer = login("viewer").page(f"/campaign/{big.id}")
    assert "locked by minh" in viewer
    assert "/undo" not in viewer
    assert "/undo" not in login("analyst").page(f"/campaign/{big.id}")
    assert "/undo" in login("lead").page(f"/campaign/{big.id}")
    assert login("analyst").post("/rulings/1/undo", back=big.id).status_code == 422


@pytest.fixture
def many(store, record, now):
    """Put three crews: one that grew fast long ago, one that grows slowly now, one large and steady."""

    def crew(name, first, ages):
        contact = Contact(type="telegram", value=f"{name}_crew_demo", start=0, end=0)
        made = [record(first + at, title=f"{name} {at}", first_seen=now - timedelta(days=age)) for at, age in enumerate(ages)]
        return [replace(one, assessment=replace(one.assessment, contacts=(contact,))) for one in made]

    store.put([*crew("past", 100, [60] * 5), *crew("now", 200, [1, 2, 30]), *crew("steady", 300, [3 * n for n in range(2, 9)])])
    link_all(store)


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("growth", ["steady", "now", "past"]),
        ("size", ["steady", "past", "now"]),
        ("newest", ["now", "steady", "past"]),
        ("nonsense", ["steady", "now", "past"]),
    ],
)
def test_campaigns_are_ordered_as_asked_and_those_gone_quiet_grow_no_more(login, many, order, wanted):
    page = login("minh").page(f"/campaigns?sort={order}")
    assert re.findall(r"data-open><bdi[^>]*>(\w+) \d</bdi>", page) == wanted
    assert "3 in all" in page
    assert "nothing new since 2 months ago" in page


def test_growth_sorts_a_search_too(login, many):
    page = login("minh").page("/search?sort=growth")
    assert re.findall(r"data-open><bdi[^>]*>(\w+) \d</bdi>", page)[:6] == ["past"] * 5 + ["steady"]


def test_more_campaigns_than_a_page_holds_are_paged(login, store, record, monkeypatch):
    monkeypatch.setattr(campaign_summaries, "PAGE", 2)
    monkeypatch.setattr(campaign_pages, "PAGE", 2)
    for crew in range(3):
        contact = Contact(type="line", value=f"crew_{crew}_demo", start=0, end=0)
        made = [record(2 * crew), record(2 * crew + 1)]
        store.put([replace(one, assessment=replace(one.assessment, contacts=(contact,))) for one in made])
    link_all(store)
    minh = login("minh")
    first = minh.page("/campaigns?sort=size")
    assert "/campaigns?sort=size&amp;start=2" in first
    second = minh.page("/campaigns?sort=size&start=2")
    assert (first.count("data-line"), second.count("data-line"), "Next page" in second) == (2, 1, False)
    assert "No more campaigns" in minh.page("/campaigns?start=40")
    assert minh.get("/campaigns?start=-1").status_code == 422


def test_a_ruling_the_index_could_not_take_is_kept_said_and_linked_with_the_next(login, crews, store, monkeypatch):
    (big, small, _), minh = crews, login("minh")
    with monkeypatch.context() as away:
        away.setattr(store, "put_rules", lambda rules: (_ for _ in ()).throw(StoreUnavailable("busy")))
        assert minh.post(f"/campaign/{big.id}/split", ids=big.members[0], own="false", why=WHY).status_code == 503
    assert sizes(store) == [2, 4]
    assert "1 ruling not linked yet" in minh.page("/rulings")
    minh.post(f"/campaign/{small.id}/lock", size=2, why=WHY)
    assert sizes(store) == [2, 3]
    assert "not linked yet" not in minh.page("/rulings")


def test_nobody_ruled_yet(login):
    assert "Nobody ruled on any campaign" in login("viewer").page("/rulings")


def test_a_campaign_that_is_gone_says_where_to_look(login):
    answer = login("minh").get("/campaign/c-000000000000")
    assert answer.status_code == 404
    assert "look under Campaigns" in answer.text


def test_a_contact_in_any_form_leads_to_its_adverts_campaigns_and_weeks(login, crews, desk_db, people, now, store):
    minh = login("minh")
    case_decisions.dismiss(
        desk_db, [store.get(crews[0].members[0])], reason="misread", by=people["minh"], now=now, seen={crews[0].members[0]: 0}
    )
    for form in ("@Bright_HR_demo", "https://t.me/bright_hr_demo", "tg://resolve?domain=bright_hr_demo"):
        page = minh.client.get("/contact", params={"c": form}).text
        assert "<b>4</b> adverts, 4 flagged" in page, form
        assert f"/campaign/{crews[0].id}" in page
        assert "dismissed by minh" in page
    assert "It was read as <code>nobody_at_all</code>" in minh.page("/contact?c=@nobody_at_all")
    assert "Paste a contact" in minh.page("/contact")


def test_the_audit_page_tells_why_and_stands_though_an_entry_is_no_json(login, crews, desk_db):
    big = crews[0]
    login("minh").post(f"/campaign/{big.id}/lock", size=4, why=WHY)
    assert f"<b>note</b> <bdi>{WHY}</bdi>" in login("lead").page("/audit")
    for damaged in ("{", "[]", "3"):
        assert pages.audit_detail(damaged) == [("detail", damaged)]
