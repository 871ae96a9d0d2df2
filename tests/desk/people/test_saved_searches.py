"""Saved searches work the same on SQLite and PostgreSQL, and nothing that came late is passed over."""

import threading
from datetime import timedelta

import pytest

from desk.people import saved_searches
from desk.refusals import DeskRefusal
from index.sqlite.sqlite_store import SqliteStore


@pytest.fixture
def store(tmp_path, record):
    opened = SqliteStore(tmp_path / "index.sqlite")
    opened.put([record(number, first_seen=record().first_seen - timedelta(days=number)) for number in range(1, 4)])
    yield opened
    opened.close()


def kept(engine, user, **more):
    with engine.connect() as connection:
        return saved_searches.list_searches(connection, user, **more)


def test_a_search_is_kept_renamed_shared_deleted_and_brought_back(engine, staff, now):
    people = staff(engine)
    number = saved_searches.save(
        engine, "  Two   words ", 'tag:scam_compound "a phrase"', shared=False, by=people["minh"], now=now
    )
    (one,) = kept(engine, people["minh"])
    assert (one.name, one.owner, one.shared, one.looked_at, one.base) == ("Two words", "minh", False, None, 0)
    assert kept(engine, people["lead"]) == kept(engine, None) == []
    saved_searches.share(engine, number, shared=True, by=people["minh"], now=now)
    assert [other.id for other in kept(engine, people["viewer"])] == [number]
    saved_searches.rename(engine, number, "Other", by=people["lead"], now=now)
    saved_searches.remove(engine, number, by=people["minh"], now=now)
    assert kept(engine, people["viewer"]) == []
    (gone,) = kept(engine, people["minh"], deleted=True)
    assert (gone.name, gone.deleted_at) == ("Other", now)
    saved_searches.save(engine, "Other", "x", shared=False, by=people["minh"], now=now)
    with pytest.raises(DeskRefusal, match="has a search named 'Other' already"):
        saved_searches.restore(engine, number, by=people["minh"], now=now)
    saved_searches.rename(engine, 2, "Third", by=people["minh"], now=now)
    saved_searches.restore(engine, number, by=people["minh"], now=now)
    assert {other.name for other in kept(engine, people["minh"])} == {"Other", "Third"}


def test_own_come_first_then_what_others_share(engine, staff, now):
    people = staff(engine)
    for name, by, shared in (("b", "minh", False), ("a", "lead", True), ("c", "minh", True), ("z", "lead", False)):
        saved_searches.save(engine, name, "x", shared=shared, by=people[by], now=now)
    assert [one.name for one in kept(engine, people["minh"])] == ["b", "c", "a"]
    assert [one.name for one in kept(engine, None)] == ["a", "c"]


def test_eight_at_once_keep_one_name_once(engine, staff, now):
    person, refused = staff(engine)["minh"], []

    def save():
        try:
            saved_searches.save(engine, "same", "x", shared=False, by=person, now=now)
        except DeskRefusal as exc:
            refused.append(exc)

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept(engine, person)), len(refused)) == (1, 7)


def test_each_person_has_looked_at_another_time(engine, store, staff, now, record):
    people = staff(engine)
    number = saved_searches.save(engine, "all", "tag:scam_compound", shared=True, by=people["minh"], now=now)

    def fresh(name, at=now):
        return saved_searches.count_fresh(store, kept(engine, people[name])[0], at)

    assert (fresh("minh"), fresh("lead")) == (3, 3)
    assert saved_searches.look(engine, store, number, by=people["minh"], now=now).looked_at is None
    assert (fresh("minh"), fresh("lead")) == (0, 3)
    store.put([record(9, first_seen=now + timedelta(hours=1))])
    assert fresh("minh") == 1
    later = now + timedelta(hours=2)
    assert saved_searches.look(engine, store, number, by=people["minh"], now=later).looked_at == now
    assert fresh("minh", later) == 0


@pytest.mark.parametrize(("seen_before", "counted"), [(timedelta(hours=5), 1), (timedelta(days=6), 1), (timedelta(days=8), 0)])
def test_what_was_seen_before_the_look_but_loaded_after_it_is_new(desk_db, store, staff, now, record, seen_before, counted):
    person = staff(desk_db)["minh"]
    number = saved_searches.save(desk_db, "all", "tag:scam_compound", shared=False, by=person, now=now)
    saved_searches.look(desk_db, store, number, by=person, now=now)
    store.put([record(9, first_seen=now - seen_before)])
    assert saved_searches.count_fresh(store, kept(desk_db, person)[0], now + timedelta(days=1)) == counted


def test_a_search_with_its_own_times_counts_within_them(desk_db, store, staff, now, record):
    person = staff(desk_db)["minh"]
    number = saved_searches.save(desk_db, "old", "first_seen:<2026-11-23", shared=False, by=person, now=now)
    saved_searches.look(desk_db, store, number, by=person, now=now)
    store.put([record(9, first_seen=now + timedelta(hours=1))])
    assert saved_searches.count_fresh(store, kept(desk_db, person)[0], now + timedelta(days=1)) == 0


def test_what_is_not_there_or_not_shared_says_so(engine, store, staff, now):
    people = staff(engine)
    number = saved_searches.save(engine, "own", "x", shared=False, by=people["lead"], now=now)
    for act in (
        lambda: saved_searches.look(engine, store, number, by=people["minh"], now=now),
        lambda: saved_searches.remove(engine, number, by=people["minh"], now=now),
        lambda: saved_searches.rename(engine, 99, "x", by=people["minh"], now=now),
    ):
        with pytest.raises(DeskRefusal, match="there is no such search"):
            act()
