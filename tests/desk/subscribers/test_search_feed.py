"""A saved search as an Atom feed: valid whatever pages say, masked as a mail is, with what was taken back said so."""

from datetime import timedelta

import feedparser
import msgspec
import pytest
from lxml import etree

from desk.cases import case_decisions
from desk.cases.comments import escalate
from desk.cases.reason_marks import mark_reason, reason_of
from desk.people import accounts, saved_searches
from desk.subscribers import subscriptions
from desk.subscribers.search_feed import ATOM, MOST, build_feed, feed_subscription, feed_token
from desk.subscribers.subscriptions import active_subscriptions
from tests.desk.conftest import confirm_item
from tests.desk.digest.weeks import TITLES
from tests.desk.web.test_hostile import PAYLOADS

HOUSE = {"desk_url": "https://desk.example.org", "organisation": "Test <desk> & co", "places": None}
CHILDREN = {"feed": ("id", "title", "updated", "author"), "entry": ("id", "title", "updated", "published", "link", "summary")}
"""What RFC 4287 asks for, and what a reader sees."""


@pytest.fixture
def made(desk_db, people, now):
    """Return a function that makes a feed of minh and returns its subscription."""

    def make(by="minh", **values):
        number = subscriptions.subscribe(desk_db, by=people[by], now=now, schedule="feed", **values)
        with desk_db.connect() as connection:
            return next(one for one in active_subscriptions(connection) if one.id == number)

    return make


@pytest.fixture
def read(desk_db, store, now):
    """Return a function that builds a feed, checks its form, and reads it as a feed reader does."""

    def build(one, at=now):
        with desk_db.connect() as connection:
            feed = build_feed(connection, store, one, now=at, **HOUSE)
        root = etree.fromstring(feed.content)
        assert root.tag == f"{{{ATOM}}}feed"
        for part in (root, *root.findall(f"{{{ATOM}}}entry")):
            names = [etree.QName(child).localname for child in part]
            for name in CHILDREN[etree.QName(part).localname]:
                assert names.count(name) == 1, (names, name)
        found = feedparser.parse(feed.content)
        assert not found.bozo, found.get("bozo_exception")
        return found

    return build


def decide(engine, item, by, now, how="confirm", seen=0):
    if how == "dismiss":
        return case_decisions.dismiss(engine, [item], by=by, now=now, seen={item.id: seen}, reason="honest_employer")
    return [confirm_item(engine, item, by=by, now=now, seen=seen, ground="passport kept")]


def test_a_feed_says_what_a_mail_would_of_its_search_alone_newest_first(desk_db, store, people, record, now, made, read):
    number = saved_searches.save(desk_db, "Viet", "lang:vi", shared=False, by=people["minh"], now=now)
    items = [
        record(1, title="open", language="vi"), record(2, title="sure", language="vi", first_seen=now - timedelta(days=3)),
        record(3, title="english"), record(4, title="not flagged", language="vi", flagged=False),
        record(5, title="hers", language="vi", stance="testimony"), record(6, title="low", language="vi", score=20.0),
    ]  # fmt: skip
    store.put(items)
    decide(desk_db, items[1], people["minh"], now)
    found = read(made(search_id=number, least_score=50))
    assert [entry.title for entry in found.entries] == ["open", "sure"]
    assert found.feed.title == "LureWatch: Viet"
    assert "Nobody has confirmed it" in found.entries[0].summary
    assert found.entries[1].summary.startswith("Confirmed by a person.")
    assert "the employer keeps the passport" in found.entries[0].summary
    assert found.entries[0].link == f"https://desk.example.org/item/{items[0].id}"
    assert "bright_hr_demo" not in str(found), "contacts stay masked"
    fr = read(made(language="fr", search_id=number))
    assert "Personne ne l’a confirmée" in fr.entries[0].summary


def test_what_is_taken_back_stands_there_as_taken_back_and_without_its_words(desk_db, store, people, record, now, made, read):
    items = [record(number, title=f"advert {number}") for number in (1, 2, 3)]
    store.put(items)
    decide(desk_db, items[0], people["minh"], now - timedelta(days=2), "dismiss")
    one = made()
    decide(desk_db, items[1], people["minh"], now)
    decide(desk_db, items[2], people["minh"], now)
    before = {entry.id: entry for entry in read(one).entries}
    assert {entry.title for entry in before.values()} == {"advert 2", "advert 3"}
    later = now + timedelta(hours=1)
    case_decisions.undo(desk_db, [items[1].id, items[2].id], by=people["minh"], now=later, seen={items[1].id: 1, items[2].id: 1})
    decide(desk_db, items[2], people["minh"], later, "dismiss", seen=2)
    after = {entry.title: entry for entry in read(one, later).entries}
    assert set(after) == {"advert 2", "Taken back"}
    assert "Nobody has confirmed it" in after["advert 2"].summary
    assert after["Taken back"].id in before and "advert 3" not in str(after["Taken back"])
    assert all(entry.updated_parsed > before[entry.id].updated_parsed for entry in after.values()), "readers notice"


def test_escalated_items_and_struck_reasons_are_in_no_feed(desk_db, store, people, record, now, made, read):
    items = [record(number, title=f"advert {number}") for number in (1, 2)]
    store.put(items)
    escalate(desk_db, items[0].id, "may be a victim", by=people["lead"], now=now)
    mark_reason(desk_db, items[1], reason_of(items[1].assessment.signals[0]), "struck", by=people["minh"], now=now)
    found = read(made(by="lead"))
    assert [entry.title for entry in found.entries] == ["advert 2"]
    assert "passport" not in found.entries[0].summary


def test_hostile_text_of_all_scripts_makes_a_valid_feed_that_carries_no_markup_and_no_link(store, record, now, made, read):
    words = [*PAYLOADS, *TITLES, "\x00\x08\x1b bell", "\ufffe \uffff", "]]><x/>", "\u202eevil", "see https://evil.example/x"]
    store.put([record(number, title=text, first_seen=now - timedelta(minutes=number)) for number, text in enumerate(words)])
    seen = set()
    for skipped in range(0, len(words), MOST):
        kept = [record(number, title=text, first_seen=now - timedelta(minutes=number)) for number, text in enumerate(words)]
        shown = [msgspec.structs.replace(item.assessment, flagged=at >= skipped) for at, item in enumerate(kept)]
        pairs = zip(kept, shown, strict=True)
        store.put([msgspec.structs.replace(item, revision=2 + skipped, assessment=judged) for item, judged in pairs])
        found = read(made(by="lead"))
        assert 0 < len(found.entries) <= MOST
        seen |= {entry.id for entry in found.entries}
        for entry in found.entries:
            assert entry.title_detail.type == entry.summary_detail.type == "text/plain"
            assert "https://evil" not in entry.title + entry.summary
            assert [link.href.startswith("https://desk.example.org/item/") for link in entry.links] == [True]
    assert len(seen) == len(words)


def test_a_feed_opens_by_its_own_token_until_it_is_revoked_or_its_person_loses_the_right(desk_db, people, now, made):
    number = saved_searches.save(desk_db, "Hers", "lang:vi", shared=True, by=people["lead"], now=now)
    one, other, mail = made(search_id=number), made(), subscriptions.subscribe(desk_db, by=people["minh"], now=now)

    def open_search(token):
        with desk_db.connect() as connection:
            found = feed_subscription(connection, token)
        return found.id if found else None

    token = feed_token(one)
    assert (open_search(token), open_search(feed_token(other))) == (one.id, other.id)
    with desk_db.connect() as connection:
        mails = next(each for each in active_subscriptions(connection) if each.id == mail)
    wrong = [one.token(), feed_token(mails), token.replace(f"{one.id}-", f"{other.id}-", 1), token[:-1], token.upper(), "", "x"]
    assert [open_search(each) for each in wrong] == [None] * len(wrong)
    saved_searches.share(desk_db, number, shared=False, by=people["lead"], now=now)
    assert open_search(token) is None, "the search is not shared any more"
    saved_searches.share(desk_db, number, shared=True, by=people["lead"], now=now)
    assert open_search(token) == one.id
    subscriptions.end_subscription(desk_db, one.id, by=people["minh"], now=now)
    assert (open_search(token), open_search(feed_token(other))) == (None, other.id)
    accounts.set_disabled(desk_db, "minh", disabled=True, now=now, actor="admin")
    assert open_search(feed_token(other)) is None


def test_the_tag_changes_with_the_content_and_with_nothing_else(desk_db, store, people, record, now, made):
    item = record(1)
    store.put([item])
    one = made()

    def tag(at):
        with desk_db.connect() as connection:
            return build_feed(connection, store, one, now=at, **HOUSE).tag

    assert tag(now) == tag(now + timedelta(hours=5))
    before = tag(now)
    decide(desk_db, item, people["minh"], now)
    assert tag(now) != before
