"""Links in mails to answer by: on a page with one button, without a log-in; wrong, over, used or opened ahead they do nothing."""

import re
import string
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.cases.comments import escalate
from desk.people import accounts
from desk.subscribers import subscriptions
from desk.subscribers.mail_answers import HOLDS, KINDS, answer_token
from desk.subscribers.search_feed import feed_token
from desk.subscribers.subscriptions import active_subscriptions
from desk.tables import asks, decisions, mail_answers, metadata
from lurewatch.app.seeds.desk_seeds import DeskSeeds
from lurewatch.settings import Settings
from tests.desk.digest.weeks import lure

DONE = "Done. It was kept once"
WRONG = "This link does not work"


@pytest.fixture
def item(store, record, now):
    made = lure(record, 1, now)
    store.put([made, lure(record, 2, now)])
    return made


@pytest.fixture
def state(desk_db):
    """Return a function that reads every row of every table."""

    def read():
        with desk_db.connect() as connection:
            return {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}

    return read


def test_a_reader_answers_on_a_page_with_one_button_and_takes_it_back(visitor, add_reader, item, desk_db, now, state):
    client, before = visitor(), state()
    mine = add_reader(language="fr")
    for kind in KINDS:
        address = f"/answer/{answer_token(mine, kind, item.id, now)}"
        before = state()
        for _ in range(3):
            for method in ("get", "head", "options"):  # what programs do ahead of a reader
                assert getattr(client, method)(address).status_code == (405 if method == "options" else 200)
        assert state() == before
        page = client.get(address)
        assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
        assert 'lang="fr"' in page.text and page.text.count("<button") == 1
        assert re.search(rf'<form method="post" action="{address}"', page.text)
        assert "bright_hr_demo" not in page.text, "contacts stay masked"
        given = client.post(address)
        after = state()
        assert given.status_code == 200 and after != before
        assert client.post(address).text == given.text and state() == after, "a replay has the same answer and changes nothing"
        assert given.text.count("<button") == 1 and 'name="undo"' in given.text
        undone = client.post(address, data={"undo": "true"})
        after = state()
        assert undone.text.count("<button") == 0
        for data in ({}, {"undo": "true"}):
            assert client.post(address, data=data).text == undone.text and state() == after
    with desk_db.connect() as connection:
        assert connection.execute(select(func.count()).select_from(mail_answers)).scalar_one() == 2 * len(KINDS)
        assert connection.execute(select(func.count()).select_from(decisions)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(asks).where(asks.c.closed_at.is_(None))).scalar_one() == 0
        assert active_subscriptions(connection) == [mine]


def test_head_on_a_link_answers_as_get_does_and_changes_nothing(visitor, add_reader, item, now, state):
    """A program that looks whether a link is dead, before its reader opens it, is told that it lives."""
    client, mine, feed = visitor(), add_reader(), add_reader(schedule="feed")
    links = [f"/answer/{answer_token(mine, kind, item.id, now)}" for kind in KINDS]
    links += [f"/unsubscribe/{mine.token()}", f"/feed/{feed_token(feed)}"]
    opened = [route.path for route in client.app.routes if route.path.endswith("/{token}") and "GET" in route.methods]
    assert sorted(opened) == ["/answer/{token}", "/feed/{token}", "/unsubscribe/{token}"]
    before = state()
    for link in links:
        assert client.head(link).status_code == client.get(link).status_code == 200, link
    tag = {"If-None-Match": client.get(links[-1]).headers["etag"]}
    assert client.head(links[-1], headers=tag).status_code == client.get(links[-1], headers=tag).status_code == 304
    assert client.head("/feed/x").status_code == client.get("/feed/x").status_code == 404
    assert state() == before


def test_a_page_speaks_the_language_of_its_mail_also_where_the_link_is_over(visitor, add_reader, item, now, desk_db):
    client, mine = visitor(), add_reader(language="vi")
    old = answer_token(mine, "more", item.id, now - 2 * HOLDS)
    browser = {"Accept-Language": "fr"}
    for link in (f"/answer/{answer_token(mine, 'more', item.id, now)}", f"/answer/{old}", f"/unsubscribe/{mine.token()}"):
        assert '<html lang="vi"' in client.get(link, headers=browser).text, link
    altered = client.get(f"/answer/{old[:-1]}", headers=browser).text
    assert '<html lang="fr"' in altered, "nobody signed this one"
    subscriptions.leave(desk_db, mine.token(), now=now)
    assert '<html lang="vi"' in client.get(f"/answer/{answer_token(mine, 'more', item.id, now)}", headers=browser).text


def wrong_links(mine, other, item, stranger, now):
    """Return more than a thousand links that were altered, that ended, or of which the parts belong to different links."""
    token = answer_token(mine, "more", item, now)
    number, claim, signature = token.split("-")
    letters = string.ascii_lowercase + string.digits + "._~"
    found = {f"{token[:at]}{letter}{token[at + 1 :]}" for at in range(len(token)) for letter in letters[at % 10 :: 10]}
    found |= {token[:at] for at in range(len(token))} | {f"{token[:at]}{token[at + 1 :]}" for at in range(len(token))}
    found |= {f"{token}{letter}" for letter in letters} | {f"{letter}{token}" for letter in letters} | {token.upper(), token * 2}
    for kind in (*KINDS, "confirm", "unsubscribe", ""):
        for what in (item, stranger):
            for days in (-400, -31, -30, 0, 1, 400, 40_000):
                ends = int((now + HOLDS + timedelta(days=days)).timestamp())
                found.add(f"{number}-{kind}.{ends}.{what}-{signature}")
                found.add(f"{other.id}-{kind}.{ends}.{what}-{signature}")
    for days in range(30, 130):
        found |= {answer_token(mine, kind, item, now - timedelta(days=days)) for kind in KINDS}
    found |= {mine.token(), mine.token("more"), mine.token(f"confirm.{9**10}.{item}"), answer_token(mine, "more", "0" * 64, now)}
    found |= {f"{number}-{claim}-{'0' * 64}", f"{number}--{signature}", f"{number}-{signature}", "x", "-", "1-2-3", "%00", "ü"}
    return sorted(found - {token, "", *(answer_token(mine, kind, item, now) for kind in KINDS)})


def test_a_thousand_altered_expired_and_mixed_links_do_nothing(visitor, add_reader, item, now, state, record_property):
    client = visitor()
    mine, other = add_reader(), add_reader(by="lead", schedule="daily")
    links = wrong_links(mine, other, item.id, "ab" * 32, now)
    assert len(links) >= 1_000
    before, told = state(), set()
    for link in links:
        shown = client.post(f"/answer/{link}")
        told.add(shown.text if shown.status_code == 200 else shown.status_code)
    for link in links[::20]:
        client.get(f"/answer/{link}")
        client.head(f"/answer/{link}")
    assert state() == before, "not one row of any table"
    (words,) = told - {404}  # an address that the desk does not have at all
    assert WRONG in words, "the same words, whatever is wrong"
    record_property("links that changed nothing", len(links))


def test_a_link_does_nothing_for_who_lost_the_right_or_the_subscription(visitor, add_reader, item, now, desk_db, people, state):
    client = visitor()
    first, second, third = add_reader(), add_reader(by="lead"), add_reader(by="admin", address="reader@example.org")
    links = [f"/answer/{answer_token(one, 'more', item.id, now)}" for one in (first, second, third)]
    assert all(WRONG not in client.get(link).text for link in links)
    escalate(desk_db, item.id, "may be a victim", by=people["lead"], now=now)
    assert [WRONG in client.get(link).text for link in links] == [True, False, True], "of an escalated item nobody else hears"
    accounts.set_disabled(desk_db, "lead", disabled=True, now=now, actor="admin")
    assert WRONG in client.get(links[1]).text
    subscriptions.leave(desk_db, first.token(), now=now)
    before = state()
    assert all(WRONG in client.post(link).text for link in links)
    assert state() == before


def test_another_site_cannot_answer_for_a_reader(visitor, add_reader, item, now, state):
    client, mine = visitor(), add_reader()
    before = state()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert client.post(f"/answer/{answer_token(mine, 'more', item.id, now)}", headers=headers).status_code == 403
    assert state() == before


def test_a_person_who_is_refused_reads_why_and_nothing_is_kept(visitor, add_reader, item, now, state):
    mine = add_reader()
    for _ in range(subscriptions.MOST - 1):
        add_reader(schedule="daily")
    before = state()
    shown = visitor().post(f"/answer/{answer_token(mine, 'more', item.id, now)}")
    assert shown.status_code == 422 and "end one first" in shown.text and shown.text.count("<button") == 1
    assert state() == before


def test_votes_of_readers_stand_beside_those_of_analysts(desk, login, visitor, add_reader, item, now, desk_db, tmp_path):
    (tmp_path / "seeds").mkdir(exist_ok=True)
    minh = login("minh")
    minh.client.app.state.desk = replace(desk, seeds=DeskSeeds(Settings(seeds=tmp_path / "seeds"), desk.engine))
    assert "as readers answer" not in minh.page("/rules")
    assert DONE in visitor().post(f"/answer/{answer_token(add_reader(), 'irrelevant', item.id, now)}").text
    page = minh.page("/rules")
    assert "Indicator, as readers answer" in page and "documents_held" in page
