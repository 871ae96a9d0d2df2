"""Subscriptions at the desk, and leaving by the link in a mail without logging in."""

import re

import pytest
from sqlalchemy import func, select

from desk.people import saved_searches
from desk.subscribers.subscriptions import active_subscriptions
from desk.tables import audit, subscriptions


@pytest.fixture
def active(desk_db):
    """Return a function that gives what is in force."""

    def read():
        with desk_db.connect() as connection:
            return active_subscriptions(connection)

    return read


def test_a_person_subscribes_and_ends_it(login, active, desk_db, people, now):
    number = saved_searches.save(desk_db, "Viet", "lang:vi", shared=True, by=people["lead"], now=now)
    minh = login("minh")
    assert "No mail is sent to you" in minh.page("/subscriptions")
    answer = minh.post("/subscriptions", search=number, languages="vi th", least_score="60", schedule="immediate", language="vi",
                       zone="Asia/Ho_Chi_Minh")  # fmt: skip
    assert answer.status_code == 303
    page = minh.page("/subscriptions")
    assert "minh@example.org" in page and "Viet" in page and "score from 60" in page
    assert 'name="address"' not in page, "an analyst subscribes oneself"
    (one,) = active()
    assert login("lead").post(f"/subscriptions/{one.id}/end").status_code == 404
    assert minh.post(f"/subscriptions/{one.id}/end").status_code == 303
    assert active() == []
    assert "ended at the desk" in minh.page("/subscriptions")


def test_who_administers_people_subscribes_readers_without_an_account(login, active):
    admin = login("admin")
    assert admin.post("/subscriptions", address="reader@example.org", language="fr").status_code == 303
    assert [(one.address, one.language) for one in active()] == [("reader@example.org", "fr")]
    assert "reader@example.org" not in login("minh").page("/subscriptions")
    refused = admin.post("/subscriptions", address="reader@example.org", zone="Moon/Crater")
    assert refused.status_code == 422 and "is no time zone" in refused.text


def test_a_link_to_leave_changes_nothing_until_it_is_posted_and_needs_no_login(login, visitor, active, desk_db):
    client = visitor()
    login("admin").post("/subscriptions", address="reader@example.org", language="fr")
    (one,) = active()
    for method in ("get", "head", "options"):  # what programs do ahead of a reader
        getattr(client, method)(f"/unsubscribe/{one.token()}")
    page = client.get(f"/unsubscribe/{one.token()}")
    assert page.status_code == 200 and 'lang="fr"' in page.text and active() == [one]
    assert re.search(rf'<form method="post" action="/unsubscribe/{one.token()}"', page.text)
    for token in (one.token()[:-1] + "g", f"{one.id}-{'0' * 64}", "x"):
        assert client.post(f"/unsubscribe/{token}").status_code == 200
    assert active() == [one]
    click = {"List-Unsubscribe": "One-Click"}
    assert client.post(f"/unsubscribe/{one.token()}", data=click, headers={"Origin": "https://mail.example"}).status_code == 200
    assert active() == []
    client.post(f"/unsubscribe/{one.token()}", data=click)
    with desk_db.connect() as connection:
        ended = select(func.count()).select_from(audit).where(audit.c.action == "subscription_ended")
        assert connection.execute(ended).scalar_one() == 1
        assert connection.execute(select(subscriptions.c.ended_why)).scalar_one() == "unsubscribed"
