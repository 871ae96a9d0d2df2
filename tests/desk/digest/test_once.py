"""Each advert is new in one week only, and in one even when it reached the index after that week's digest."""

from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from functools import partial

import msgspec
import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import select

from desk.cases import case_decisions
from desk.digest import weekly_mail
from desk.digest.edition import iso_week
from desk.outbox import list_deliveries
from desk.people import saved_searches
from desk.people.saved_searches import LATE
from desk.tables import deliveries
from tests.desk.conftest import build_week, confirm_item

WEEK = timedelta(days=7)


@pytest.fixture
def built(desk_db, store):
    """Return a function that builds a week's digest."""
    return lambda *at, **more: build_week(desk_db, store, *at, **more)[0]


@pytest.fixture
def decide(desk_db, staff, now):
    """Return functions that confirm and undo as minh."""
    minh = staff(desk_db)["minh"]

    def confirm(item, at, seen=0):
        confirm_item(desk_db, item, by=minh, now=at, seen=seen)

    return confirm, lambda item, at, seen: case_decisions.undo(desk_db, [item.id], by=minh, now=at, seen={item.id: seen})


def test_analysts_decide_while_each_readers_mail_is_written(desk_db, store, record, now, built, monkeypatch):
    store.put([record(1)])
    written, write = [], weekly_mail.message

    def decide_meanwhile(*args, **options):
        with closing(sqlite.connect(desk_db.url.database, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # as each decision does; it fails where somebody holds the lock
        written.append(options["recipient"])
        return write(*args, **options)

    monkeypatch.setattr(weekly_mail, "message", decide_meanwhile)
    readers = ("one@example.org", "two@example.org")
    built(recipients=readers)
    built(recipients=(*readers, "late@example.org"))
    assert written == [*readers, "late@example.org"], "a mail that waits is not written again"


def test_of_two_builds_at_once_one_edition_is_kept_and_both_send_it(desk_db, store, record, now, built, monkeypatch):
    store.put([record(1)])
    draft, other = weekly_mail.draft_edition, partial(built, recipients=("one@example.org",))

    def draft_late(*args, **options):
        mine = draft(*args, **options)
        monkeypatch.setattr(weekly_mail, "draft_edition", draft)
        store.put([record(2)])
        other()
        return mine

    monkeypatch.setattr(weekly_mail, "draft_edition", draft_late)
    found = built(recipients=("one@example.org", "two@example.org"))
    assert found.counts.new_flagged == 2, "the edition that was kept first"
    assert [one.recipient for one in list_deliveries(desk_db, iso_week(now), "weekly")] == ["one@example.org", "two@example.org"]
    with desk_db.connect() as connection:
        sent = connection.execute(select(deliveries.c.message)).scalars()
        assert len({message_from_bytes(raw).get_boundary() for raw in sent}) == 1, "of one edition"


def test_an_item_confirmed_after_it_was_told_unreviewed_is_not_newly_flagged_again(store, record, now, built, decide):
    item = record(1)
    store.put([item])
    assert built().counts.new_flagged == 1
    decide[0](item, now + WEEK)
    later = built(now + WEEK)
    assert (later.counts.confirmed, later.counts.new_flagged) == (1, 0)
    decide[1](item, now + 2 * WEEK, 1)
    decide[0](item, now + 2 * WEEK, 2)
    assert built(now + 2 * WEEK).counts.new_flagged == 0


def test_an_item_confirmed_undone_and_confirmed_again_was_newly_flagged_once(store, record, now, built, decide):
    item = record(1)
    store.put([item])
    decide[0](item, now)
    weeks = [built()]
    decide[1](item, now + WEEK, 1)
    weeks.append(built(now + WEEK))
    decide[0](item, now + 2 * WEEK, 2)
    weeks.append(built(now + 2 * WEEK))
    assert [one.counts.new_flagged for one in weeks] == [1, 0, 0]


def test_what_was_confirmed_but_never_flagged_is_not_newly_flagged(store, record, now, built, decide):
    item = record(1, flagged=False, score=10.0)
    store.put([item])
    decide[0](item, now)
    found = built()
    assert (len(found.confirmed), found.counts.new_flagged) == (1, 0)


@pytest.mark.parametrize(("late", "told"), [(timedelta(hours=1), True), (LATE + timedelta(days=1), False)])
def test_adverts_fetched_before_a_digest_and_loaded_after_it_are_new_in_the_next(
    desk_db, store, staff, record, now, built, late, told
):
    saved_searches.save(desk_db, "Viet", "lang:vi", shared=True, by=staff(desk_db)["minh"], now=now)
    old = record(1, language="vi", campaign="c1", first_seen=now - timedelta(days=2))
    store.put([old, record(2, language="vi", campaign="c1", first_seen=now - timedelta(days=3))])
    first = built()
    assert [one.added for one in first.searches] == [2]
    assert [one.change for one in first.movements] == ["new"]
    store.put([record(3, language="vi", campaign="c1", first_seen=now - late)])
    second = built(now + WEEK)
    assert [one.added for one in second.searches] == ([1] if told else [])
    assert [(one.change, one.added) for one in second.movements] == ([("growing", 1)] if told else [])
    third = built(now + 2 * WEEK)
    assert (third.searches, [one for one in third.movements if one.change != "quiet"]) == ((), [])


def test_the_first_digest_reaches_no_further_back_than_it_says(store, record, now, built):
    days = timedelta(days=1)
    store.put([record(number, campaign="c1", first_seen=now - age * days) for number, age in ((1, 9), (2, 10), (3, 2))])
    (moved,) = built().movements
    assert (moved.change, moved.added) == ("growing", 1)


def test_a_search_shared_after_the_last_digest_and_one_kept_by_an_older_version_count_what_was_seen_since(
    desk_db, store, staff, record, now, built, monkeypatch
):
    minh = staff(desk_db)["minh"]
    saved_searches.save(desk_db, "Old", "lang:vi", shared=True, by=minh, now=now)
    store.put([record(1, language="vi")])
    drafted = weekly_mail.draft_edition
    monkeypatch.setattr(weekly_mail, "draft_edition", lambda *a, **k: msgspec.structs.replace(drafted(*a, **k), bases=()))
    built()
    monkeypatch.setattr(weekly_mail, "draft_edition", drafted)
    saved_searches.save(desk_db, "Young", "lang:vi", shared=True, by=minh, now=now + timedelta(days=1))
    assert built(now + WEEK).searches == ()
    store.put([record(2, language="vi", first_seen=now + 2 * WEEK - timedelta(days=1))])
    assert [(one.name, one.added) for one in built(now + 2 * WEEK).searches] == [("Old", 1), ("Young", 1)]
