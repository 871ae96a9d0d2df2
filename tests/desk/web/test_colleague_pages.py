"""Comments, asks, escalation and second opinions as people use them, and what nobody without the right sees."""

import re
from dataclasses import replace as with_values
from datetime import timedelta
from html import unescape

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from desk.cases import case_decisions
from desk.cases.comments import escalate
from desk.cases.leases import all_leases
from desk.web.app import create_app
from enrichment.assessment import Harm

CONFIRM = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}


def test_a_colleague_is_asked_finds_it_in_the_inbox_and_answers(login, store, record):
    item, other = record(1, title="the first"), record(2, title="another", score=95)
    store.put([item, other])
    minh, lead = login("minh"), login("lead")
    assert minh.post(f"/item/{item.id}/comment", body="<b>same crew?</b> @admin", to="lead").status_code == 303
    page = minh.page(f"/item/{item.id}")
    assert "&lt;b&gt;same crew?&lt;/b&gt;" in page
    assert "minh asked <b>lead</b> to decide" in page
    inbox = lead.page("/inbox")
    assert "minh asks you to decide" in inbox
    assert "the first" in inbox
    assert "another" not in lead.page("/?queue=mine")
    minh.page(f"/item/{other.id}")  # gives the first back
    assert lead.get("/next?queue=mine").headers["location"] == f"/item/{item.id}?queue=mine"
    assert "lead has not answered" in minh.page("/inbox")
    assert "Inbox <small>1</small>" in login("admin").page("/")
    assert lead.post(f"/item/{item.id}/dismiss", reason="misread", seen="0").status_code == 303
    assert "Nobody waits for you" in lead.page("/inbox")
    assert minh.post(f"/item/{item.id}/comment", body=" ").status_code == 422
    assert minh.post("/item/none/comment", body="x").status_code == 404
    assert minh.post("/inbox/1/done").status_code == 303
    assert minh.post("/inbox/99/done").status_code == 404


@pytest.mark.parametrize("title", [None, "", "\u200b"], ids=["none", "empty", "hidden"])
def test_a_reply_without_a_title_is_called_by_its_first_words_everywhere(login, store, record, title):
    words = "<b>Come to\u202e us</b>\nwe keep the passport " * 9
    item = record(1, title=title, text=f"{words}@bright_hr_demo", thread_title="Looking for a job", campaign="c1")
    store.put([item, record(2, title=title, text=f"{words}. @bright_hr_demo", thread_title="Looking for a job", campaign="c1")])
    minh, lead = login("minh"), login("lead")
    assert minh.post(f"/item/{item.id}/comment", body="same crew?", to="lead").status_code == 303
    paths = (
        "/inbox", "/", "/queue/rows", "/search?q=passport", "/contact?c=@bright_hr_demo", f"/item/{item.id}", "/bulk",
        "/campaign/c1",
    )  # fmt: skip
    for path in paths:
        page = lead.page(path)
        named = re.findall(
            r"<(?:h1|h2|span)\b[^>]*>\s*(?:<span[^>]*>[^<]*</span>)?\s*(?:<a\b[^>]*>)?\s*<bdi[^>]*>(.*?)</bdi>", page, re.DOTALL
        )
        named = [each for each in named if each not in ("bright_hr_demo", ".")]
        assert named and [each for each in named if not (each.startswith("&lt;b&gt;Come to us") and each.endswith("…"))] == [], (
            path
        )
        assert "Untitled" not in page, path
        assert max(len(unescape(each)) for each in named) <= 120, path
    for path in ("/", f"/item/{item.id}"):
        assert "Reply in “Looking for a job”" in lead.page(path)


@pytest.fixture
def escalated(login, store, record, desk_db, people, now):
    """Return an escalated item of a campaign and another member."""
    items = [record(1, title="help me", campaign="c1"), record(2, title="a lure", campaign="c1", score=70)]
    store.put(items)
    escalate(desk_db, items[0].id, "she writes from inside", by=people["minh"], now=now)
    return items


def test_an_escalated_item_is_seen_by_right_alone_on_every_page(login, escalated):
    item = escalated[0]
    pages = ("/", "/?queue=escalated", "/?queue=uncertain", "/search", "/search?q=telegram", f"/item/{escalated[1].id}",
             "/campaigns", "/campaign/c1", "/contact?c=bright_hr_demo", "/next")  # fmt: skip
    for name in ("viewer", "minh", "operator"):
        person = login(name)
        for path in pages:
            answer = person.get(path)
            assert "help me" not in answer.text, (name, path)
            assert item.id not in answer.text + answer.headers.get("location", ""), (name, path)
        for part in ("", "/pictures", "/pictures/1", "/page", "/page/frame", "/contacts"):
            assert person.get(f"/item/{item.id}{part}").status_code in (403, 404), (name, part)
    minh = login("minh")
    assert minh.post("/search/export", kind="jsonl").text.count(item.id) == 0
    for act in ("confirm", "dismiss", "comment", "return", "evidence"):
        assert minh.post(f"/item/{item.id}/{act}", seen="0", body="x", reason="misread", **CONFIRM).status_code in (403, 404, 422)
    lead = login("lead")
    assert "help me" in lead.page("/?queue=escalated")
    assert "help me" not in lead.page("/"), "it stands in the restricted queue alone"
    page = lead.page(f"/item/{item.id}")
    assert "Do not answer, message or tag anybody" in page
    assert "she writes from inside" in page
    assert lead.post(f"/item/{item.id}/return", body="an actor").status_code == 303
    assert "help me" in minh.page("/")


def test_who_escalates_goes_on_with_the_next_item(login, store, record):
    items = [record(1, score=90), record(2, score=80)]
    store.put(items)
    minh = login("minh")
    assert minh.post(f"/item/{items[0].id}/escalate", body="").status_code == 422
    answer = minh.post(f"/item/{items[0].id}/escalate", body="held in Bavet")
    assert answer.headers["location"] == "/next"
    assert minh.get("/next").headers["location"] == f"/item/{items[1].id}"


def test_a_decision_is_written_to_the_index_though_its_reader_may_not_see_it(login, escalated, store, desk_db, people, now):
    lead, minh = login("lead"), login("minh")
    item = escalated[0]
    case_decisions.dismiss(desk_db, [item], reason="misread", by=people["lead"], now=now, seen={item.id: 0})
    minh.page("/")
    assert store.get(item.id).case == "dismissed"
    assert "help me" in lead.page("/?queue=escalated")


def test_the_uncertain_queue_holds_what_is_near_the_threshold(login, store, record):
    scores = (30, 45, 55, 90)
    store.put([record(number, title=f"score {score}", score=score, flagged=score >= 50) for number, score in enumerate(scores)])
    page = login("minh").page("/?queue=uncertain")
    assert [score for score in (30, 45, 55, 90) if f"score {score}" in page] == [45, 55]
    assert "within 8 points" in page


def test_the_urgent_queue_multiplies_harm_probability_growth_and_age(login, store, record, now):
    grave, mild = (Harm(level=level, reasons=()) for level in ("taken", "money"))
    store.put([
        record(1, title="grave and old", score=90, harm=grave, first_seen=now - timedelta(days=60)),
        record(2, title="grave and new", score=60, harm=grave),
        record(3, title="mild and sure", score=95, harm=mild),
        replace(record(4, title="mild and growing", score=80, harm=mild, campaign="c1"), growth=30),
        replace(record(5, title="its twin", score=70, harm=mild, campaign="c1"), growth=30),
    ])  # fmt: skip
    minh = login("minh")
    page = minh.page("/?queue=urgent")
    names = ("grave and new", "mild and growing", "mild and sure", "grave and old")
    places = {name: page.find(name) for name in names}
    assert sorted(names, key=places.get) == ["mild and growing", "grave and new", "mild and sure", "grave and old"]
    assert "its twin" not in page
    assert minh.get("/next?queue=urgent").headers["location"].startswith("/item/")
    assert "That cannot be searched" in minh.page("/?queue=urgent&q=score:%3Ex")


def test_a_second_opinion_is_given_blind(desk, store, record, desk_db, people, password, now):
    item = record(1, title="chat work")
    store.put([item])
    case_decisions.confirm(desk_db, [item], **CONFIRM, by=people["minh"], now=now, seen={item.id: 0}, note="a secret reason")
    browser = TestClient(create_app(with_values(desk, second_opinions=100)), base_url=desk.public_url, follow_redirects=False)
    browser.post("/login", data={"name": "lead", "password": password})
    page = browser.get("/second").text
    assert "chat work" in page
    assert [word for word in ("a secret reason", "minh", "confirmed") if word in page] == []
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    assert browser.post(f"/second/{item.id}", data={"csrf": csrf, "tag": "scam_compound"}).status_code == 303
    page = browser.get("/second").text
    assert "1 of 1" in page
    assert "Nothing waits" in page
    assert browser.post(f"/second/{item.id}", data={"csrf": csrf, "tag": "none"}).status_code == 422


def test_in_a_browser_a_page_that_closes_gives_its_item_back_and_keys_reach_comments(
    opened, served, store, record, desk_db, clock
):
    item = record(1)
    store.put([item])

    def list_holders():
        with desk_db.connect() as connection:
            return [lease.by for lease in all_leases(connection, clock())]

    page = opened("minh")
    page.goto(f"{served}/item/{item.id}")
    assert list_holders() == ["minh"]
    clock.at += timedelta(seconds=1)
    page.reload()
    clock.at += timedelta(seconds=1)
    page.keyboard.press(".")
    page.keyboard.type("who knows @lead")
    page.click("#comments form[data-draft=comment] button")
    page.wait_for_selector("#comments :text('who knows @lead')")
    assert list_holders() == ["minh"], "the page before gave back what this one holds"
    page.keyboard.press("e")
    page.keyboard.type("she asks for help")
    page.goto(f"{served}/saved")
    for _ in range(100):
        if not list_holders():
            break
        page.wait_for_timeout(50)
    assert list_holders() == []
    page.goto(f"{served}/item/{item.id}")
    assert page.input_value("#escalate textarea") == "she asks for help", "what was typed is kept"


def test_what_a_person_watches_stays_in_sight_decided_or_not_until_they_are_done(login, store, record):
    item, other = record(1, title="the first"), record(2, title="another")
    store.put([item, other])
    minh = login("minh")
    assert minh.post(f"/item/{item.id}/watch").status_code == 303
    assert "Watching" in minh.page(f"/item/{item.id}")
    minh.post(f"/item/{item.id}/dismiss", reason="misread", seen="0")
    watched = minh.page("/?queue=watched")
    assert "the first" in watched
    assert "another" not in watched
    assert "dismissed by minh" in watched
    assert not re.search(r"Inbox <small>\d", watched), "nobody else asked"
    assert "the first" not in login("lead").page("/?queue=watched")
    assert minh.post(f"/item/{item.id}/watch").status_code == 303
    assert "the first" not in minh.page("/?queue=watched")
    assert minh.post("/item/none/watch").status_code == 404
