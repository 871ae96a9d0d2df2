"""The feed's address: made at the desk and shown once, asked for again only where it changed, telling a stranger nothing."""

import re
from datetime import timedelta
from email.utils import format_datetime

import feedparser
import pytest

from desk.people import saved_searches


@pytest.fixture
def address(login, desk_db, people, now, store, record):
    """Make a feed at the desk as a person does; return where it is."""
    store.put([record(1, title="Cook, Bavet"), record(2, title="Clerk", language="vi")])
    number = saved_searches.save(desk_db, "Viet", "lang:vi", shared=False, by=people["minh"], now=now)
    minh = login("minh")
    assert "Make a feed" in minh.page("/saved")
    shown = minh.post("/subscriptions", search=number, schedule="feed", language="en")
    assert shown.status_code == 200
    found = re.search(r"<code class=\"address\">https?://[^/<]+(/feed/[^<]+)</code>", shown.text)[1]
    assert found not in minh.page("/subscriptions"), "shown this once"
    assert "whenever a feed reader asks" in minh.page("/subscriptions")
    return found


def test_a_feed_is_read_without_a_log_in_and_sent_again_only_where_it_changed(address, visitor, store, record, now, clock):
    client = visitor()
    first = client.get(address)
    assert first.headers["content-type"].startswith("application/atom+xml")
    assert (first.headers["cache-control"], first.headers["referrer-policy"]) == ("private, no-cache", "no-referrer")
    assert [entry.title for entry in feedparser.parse(first.content).entries] == ["Clerk"]
    tag, moment = first.headers["etag"], first.headers["last-modified"]
    for known in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"x", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": moment},
    ):
        again = client.get(address, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), known
    earlier = format_datetime(now - timedelta(days=400), usegmt=True)
    for known in (
        {"If-None-Match": '"x"', "If-Modified-Since": moment},
        {"If-Modified-Since": earlier},
        {"If-Modified-Since": "x"},
    ):
        assert client.get(address, headers=known).status_code == 200, known
    clock.at = now + timedelta(hours=1)
    store.put([record(3, title="Waiter", language="vi", first_seen=clock.at)])
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": moment}):
        changed = client.get(address, headers=known)
        assert [entry.title for entry in feedparser.parse(changed.content).entries] == ["Waiter", "Clerk"]


def test_who_has_no_address_learns_nothing(address, visitor, login):
    client = visitor()
    token = address[6:]
    altered = (token[:-1], f"{token}0", f"{token}.rss", "1-feed-" + "0" * 64, "9-x", "x")
    wrong = [client.get(f"/feed/{one}") for one in altered]
    login("minh").post("/subscriptions/1/end")
    wrong.append(client.get(address))
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.text for answer in wrong}) == 1
