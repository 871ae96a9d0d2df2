"""The ledger of the mail: what lists carried, what the recheck clock and the runs saw gone or back since, and refusals."""

from datetime import timedelta

import msgspec
import pytest

from desk.digest import render, wording
from desk.digest.edition import NoticeState, iso_week
from desk.digest.select import edition
from desk.digest.takedown_ledger import TakedownLedger
from desk.partners.answer_review import note_reply
from desk.people.accounts import all_users
from desk.rechecks.clock import fates, note_sighting
from desk.rechecks.report_card import card_of
from desk.rechecks.sent_notices import SentNotice
from desk.rechecks.sighting import Sighting
from index.base import Revision
from tests.desk.digest.weeks import send_list

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def send(desk_db, staff):
    """Return a function that notes a list as sent with entries: record -> change."""
    minh, numbers = staff(desk_db)["minh"], iter(range(1, 99))

    def send(at, entries):
        send_list(desk_db, minh, next(numbers), at, entries)

    return send


def seen(item, *changes):
    """Return a record with later revisions: (change, moment)."""
    first = item.revisions[0]
    later = tuple(
        msgspec.structs.replace(first, revision=2 + place, change=change, at=at) for place, (change, at) in enumerate(changes)
    )
    return msgspec.structs.replace(item, revision=1 + len(later), revisions=(first, *later))


def test_the_ledger_tells_gone_back_and_standing_with_hours(desk_db, store, record, now, send):
    items = [record(number, title=f"item {number}", first_seen=now - 5 * WEEK) for number in range(7)]
    sent = now - 48 * HOUR
    gone = [seen(items[0], ("deleted", sent + 10 * HOUR)), seen(items[1], ("deleted", sent + 31 * HOUR))]
    back = seen(items[2], ("deleted", sent + 5 * HOUR), ("reappeared", sent + 20 * HOUR))
    old = seen(items[3], ("deleted", sent - HOUR), ("reappeared", sent - HOUR / 2))
    store.put([*gone, back, old, *items[4:]])
    send(now - 3 * WEEK + HOUR, {items[4]: "new"})
    send(sent, dict.fromkeys(items[:4], "new"))
    send(sent + HOUR, {items[0]: "updated", items[4]: "withdrawn"})
    send(None, {items[5]: "new"})
    with desk_db.connect() as connection:
        ledger = TakedownLedger(connection, store, now)
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    told = found.ledger
    assert (told.reported, told.withdrawn, told.gone, told.back, told.standing, told.refused) == (4, 1, 2, 1, 2, 0)
    assert told.median_hours == round((10 + 31) / 2)
    assert {trend.name: trend.weeks for trend in found.trends}["reported"] == (0, 0, 0, 0, 0, 1, 0, 4)
    assert ledger.state_of([item.id for item in items]) == NoticeState(reported=4, gone=2, median_hours=20, back=1)
    for form in (render.text, render.html):
        mail = form(found, "https://desk.example.org", "x")
        assert "Reported: 4; notices taken back: 1" in mail
        assert "half of them within 20 hours" in mail
        assert "Refused by platforms: 0; back again: 1" in mail


def test_what_is_not_known_yet_is_told_as_such(desk_db, store, record, now, send):
    item = record(1)
    store.put([item])
    send(now - HOUR, {item: "new"})
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    mail = render.text(found, "https://desk.example.org", "x")
    assert "Gone: 0; how soon: not known yet" in mail
    assert "Reported and still there, as far as known: 1" in mail


def test_a_revision_after_the_mail_is_not_told(desk_db, store, record, now, send):
    item = seen(record(1), ("deleted", now + HOUR))
    store.put([item])
    send(now - HOUR, {item: "new"})
    assert isinstance(item.revisions[1], Revision)
    with desk_db.connect() as connection:
        assert TakedownLedger(connection, store, now).summary(now - WEEK).gone == 0


def test_the_word_of_a_platform_counts_where_nothing_was_seen(desk_db, store, record, now, send):
    """What was seen weighs more: the second one still stands."""
    items = [record(number, title=f"item {number}", first_seen=now - 5 * WEEK) for number in range(2)]
    store.put(items)
    sent = now - 48 * HOUR
    send(sent, dict.fromkeys(items, "new"))
    with desk_db.connect() as connection:
        minh = next(each for each in all_users(connection) if each.name == "minh")
    for item in items:
        note_reply(desk_db, "board", item.id, "removed", by=minh, now=sent + 6 * HOUR)
    seen_again = SentNotice(platform="board", item_id=items[1].id, sent_at=sent, tag=None)
    note_sighting(desk_db, seen_again, Sighting(state="up"), sent + 9 * HOUR)
    with desk_db.connect() as connection:
        told = TakedownLedger(connection, store, now).summary(now - WEEK)
        card = card_of("board", fates(connection), ())
    assert (told.gone, told.median_hours, told.standing) == (1, 6, 1)
    assert (card.removed, card.said_removed) == (0, 2)


def test_the_recheck_clock_tells_hours_refusals_and_what_came_back(desk_db, store, record, now, send):
    """Where it saw something, the runs, which look once a day, are not asked."""
    items = [record(number, title=f"item {number}", first_seen=now - 5 * WEEK) for number in range(4)]
    sent = now - 48 * HOUR
    store.put([seen(items[0], ("deleted", sent + 24 * HOUR)), *items[1:]])
    send(sent, dict.fromkeys(items, "new"))
    steps = {0: ["up", "gone"], 1: ["up", "tombstone"], 2: ["gone", "up"], 3: ["up", "walled"]}
    for number, states in steps.items():
        for place, state in enumerate(states):
            notice = SentNotice(platform="board", item_id=items[number].id, sent_at=sent, tag=None)
            note_sighting(desk_db, notice, Sighting(state=state), sent + (2 + 3 * place + number) * HOUR)
    with desk_db.connect() as connection:
        minh = next(each for each in all_users(connection) if each.name == "minh")
    note_reply(desk_db, "board", items[3].id, "refused", reason="no_breach", by=minh, now=now - HOUR)
    with desk_db.connect() as connection:
        ledger = TakedownLedger(connection, store, now)
        told = ledger.summary(now - WEEK)
        earlier = TakedownLedger(connection, store, sent + 4 * HOUR).summary(now - WEEK)
    assert (told.gone, told.back, told.standing, told.refused, told.median_hours) == (2, 1, 2, 1, 6)
    assert (earlier.gone, earlier.refused) == (1, 0)
    told_of = ledger.state_of([item.id for item in items])
    assert told_of == NoticeState(reported=4, gone=2, median_hours=6, refused=1, back=1)
    said = "4 sent, 2 removed, half of them within 6 h, 1 refused, 1 back again, 1 not seen gone yet"
    assert wording.notices(told_of) == said
    assert wording.notices(ledger.state_of([items[0].id])) == "1 sent, 1 removed within 5 h"
