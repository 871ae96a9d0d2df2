"""The ledger of the mail: what lists carried, what the recheck clock saw gone or back since, and refusals."""

from datetime import timedelta

import pytest

from desk.digest import render, wording
from desk.digest.edition import NoticeState, iso_week
from desk.digest.select import edition
from desk.digest.week_figures import TakedownLedger
from desk.partners.answer_review import note_reply
from desk.people.accounts import all_users
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import KnownCounts, SentNotice
from desk.rechecks.platform_outcomes import platform_outcomes
from desk.rechecks.sighting import Sighting
from tests.desk.digest.weeks import send_list

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def send(desk_db, staff):
    """Return a function that notes a list as sent with entries: record -> change."""
    minh, numbers = staff(desk_db)["minh"], iter(range(1, 99))

    def send(at, entries):
        send_list(desk_db, minh, next(numbers), at, entries)

    return send


@pytest.fixture
def look(desk_db):
    """Return a function that notes what was seen of items told of at a moment: hours since -> state, item by item."""

    def look(sent, steps):
        for item, seen in steps.items():
            notice = SentNotice(platform="board", item_id=item.id, sent_at=sent, tag=None)
            for hour, state in seen.items():
                note_sighting(desk_db, notice, Sighting(state=state), sent + hour * HOUR)

    return look


def test_the_ledger_tells_gone_back_and_standing_with_hours(desk_db, store, record, now, send, look):
    items = [record(number, title=f"item {number}", first_seen=now - 5 * WEEK) for number in range(7)]
    sent = now - 48 * HOUR
    store.put(items)
    send(now - 3 * WEEK + HOUR, {items[4]: "new"})
    send(sent, dict.fromkeys(items[:4], "new"))
    send(sent + HOUR, {items[0]: "updated", items[4]: "withdrawn"})
    send(None, {items[5]: "new"})
    look(sent, {items[0]: {9: "up", 10: "gone"}, items[1]: {30.5: "up", 31.5: "tombstone"}, items[2]: {5: "gone", 20: "up"}})
    with desk_db.connect() as connection:
        ledger = TakedownLedger(connection, now)
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    told = found.ledger
    assert (told.reported, told.withdrawn, told.gone, told.back, told.refused) == (4, 1, 2, 1, 0)
    assert told.known == KnownCounts(seen_gone=2, seen_there=1, never_seen=1)
    assert told.median_hours == 21, "20.75: the whole hours that hold them"
    assert {trend.name: trend.weeks for trend in found.trends}["reported"] == (0, 0, 0, 0, 0, 1, 0, 4)
    named = ledger.state_of([item.id for item in items])
    assert named == NoticeState(reported=4, known=told.known, median_hours=21, back=1)
    for form in (render.text, render.html):
        mail = form(found, "https://desk.example.org", "x")
        assert "Reported: 4; notices taken back: 1" in mail
        assert "half of them within 21 h of the report" in mail
        assert "Refused by platforms: 0; back again: 1" in mail


def test_what_is_not_known_yet_is_told_as_such(desk_db, store, record, now, send):
    item = record(1)
    store.put([item])
    send(now - HOUR, {item: "new"})
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    mail = render.text(found, "https://desk.example.org", "x")
    assert "Newly seen gone: 0\n" in mail
    known = "said gone, still up: 0; seen gone: 0; said gone, not seen since: 0; seen there: 0; never seen: 1"
    assert f"Of all notices in force: {known}\n" in mail


def test_the_word_of_a_platform_is_never_printed_as_seen(desk_db, store, record, now, send, look):
    """The second one was seen there after the answer, the third before it alone."""
    items = [record(number, title=f"item {number}", first_seen=now - 5 * WEEK) for number in range(3)]
    store.put(items)
    sent = now - 48 * HOUR
    send(sent, dict.fromkeys(items, "new"))
    with desk_db.connect() as connection:
        minh = next(each for each in all_users(connection) if each.name == "minh")
    for item in items:
        note_reply(desk_db, "board", item.id, "removed", by=minh, now=sent + 6 * HOUR)
    look(sent, {items[1]: {9: "up"}, items[2]: {5: "up", 9: "walled"}})
    with desk_db.connect() as connection:
        told, outcomes = TakedownLedger(connection, now).summary(now - WEEK), platform_outcomes(connection)["board"]
    assert (told.gone, told.median_hours) == (0, None)
    assert told.known == outcomes.known == KnownCounts(still_up=1, seen_there=1, said_gone=2)
    assert outcomes.share[1] < 1 and outcomes.hours is None


def test_what_was_seen_after_the_mail_is_not_told_and_refusals_are(desk_db, store, record, now, send, look):
    items = [record(number, title=f"item {number}", first_seen=now - 5 * WEEK) for number in range(4)]
    sent = now - 48 * HOUR
    store.put(items)
    send(sent, dict.fromkeys(items, "new"))
    look(sent, {items[0]: {2: "up", 5: "gone"}, items[1]: {3: "up", 6: "tombstone"}, items[2]: {4: "gone", 7: "up"},
        items[3]: {5: "up", 8: "walled", 49: "gone"}})  # fmt: skip
    with desk_db.connect() as connection:
        minh = next(each for each in all_users(connection) if each.name == "minh")
    note_reply(desk_db, "board", items[3].id, "refused", reason="no_breach", by=minh, now=now - HOUR)
    with desk_db.connect() as connection:
        ledger = TakedownLedger(connection, now)
        told = ledger.summary(now - WEEK)
        earlier = TakedownLedger(connection, sent + 4 * HOUR).summary(now - WEEK)
    assert (told.gone, told.back, told.refused, told.median_hours) == (2, 1, 1, 6)
    assert told.known == KnownCounts(seen_gone=2, seen_there=2)
    assert (earlier.gone, earlier.refused) == (1, 0)
    told_of = ledger.state_of([item.id for item in items])
    assert told_of == NoticeState(reported=4, known=told.known, median_hours=6, refused=1, back=1)
    said = "4 sent; seen gone: 2; seen there: 2; half of them gone within 6 h; 1 refused; 1 back again"
    assert wording.notices(told_of) == said
    assert wording.notices(ledger.state_of([items[0].id])) == "1 sent; seen gone: 1; gone within 5 h"
    assert wording.notices(NoticeState(reported=1)) == "1 sent", "an older mail"
