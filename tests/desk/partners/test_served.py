"""What is served is found by an index, page by page, however many notices there are."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from desk.partners import served
from desk.partners.answers import GivenAnswer, answers_to, give_answers
from desk.partners.served import CursorError


@pytest.fixture
def many(told, now):
    """Return the ids of 30 notices on three lists to a platform, a third updated since, a third taken back; others in between."""
    items = [f"item-{number}" for number in range(30)]
    found = [notice for start in (0, 10, 20) for notice in told("board", *items[start : start + 10]) if told("chat", f"c{start}")]
    told("board", *items[:10], change="updated", at=now + timedelta(hours=1))
    told("board", *items[10:20], change="withdrawn", at=now + timedelta(hours=2))
    return found


@pytest.mark.parametrize(("state", "places"), [
    ("standing", [*range(10), *range(20, 30)]), ("withdrawn", range(10, 20)), ("all", range(30)),
    ("open", [*range(1, 10), *range(20, 30)]),
])  # fmt: skip
@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_give_each_notice_once_as_it_stands(desk_db, many, state, places, newest_first, now):
    give_answers(desk_db, "board", [GivenAnswer(key="k", notice_id=many[0], kind="acknowledged")], now=now)
    seen, cursor = [], ""
    with desk_db.connect() as connection:
        while page := served.notices_after(connection, "board", state, cursor, 7, newest_first=newest_first):
            seen += page
            cursor = page[-1].newest.cursor
        assert served.count_notices(connection, "board") == (20, 19)
    assert sorted(each.newest.notice_id for each in seen) == sorted(many[place] for place in places)
    numbers = [each.newest.number for each in seen]
    assert numbers == sorted(numbers, reverse=newest_first)
    assert {each.newest.change for each in seen if each.newest.notice_id in many[:10]} <= {"updated"}
    assert {each.first_number for each in seen if each.newest.notice_id in many[:10]} <= {1}


@pytest.mark.parametrize("cursor", ["x", "1", "1.2", "1." + "g" * 36, "'; --"])
def test_a_cursor_that_was_never_given_is_refused(desk_db, cursor):
    with desk_db.connect() as connection, pytest.raises(CursorError):
        served.changes_after(connection, "board", cursor, 1)


def test_no_page_reads_a_whole_table_or_sorts_it(desk_db, many, now):
    """Measured with 20,000 notices a page takes milliseconds; here every question is asked how SQLite answers it."""
    asked = []
    event.listen(desk_db, "before_cursor_execute", lambda _c, _k, words, values, *_: asked.append((words, values)))
    with desk_db.connect() as connection:
        for state in ("standing", "withdrawn", "open", "all"):
            (one,) = served.notices_after(connection, "board", state, "", 1)
            served.notices_after(connection, "board", state, one.newest.cursor, 1, newest_first=True)
        served.changes_after(connection, "board", one.newest.cursor, 1)
        answers_to(connection, "board", many)
    give_answers(desk_db, "board", [GivenAnswer(key="k", notice_id=many[0], kind="removed")], now=now)
    with desk_db.connect() as connection:
        for words, values in [each for each in asked if each[0].startswith("SELECT")]:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)]
            sorts = [step for step in plan if "TEMP B-TREE" in step and " IN (" not in words]
            assert [step for step in plan if step.startswith("SCAN") and "VIRTUAL" not in step] + sorts == [], (words, plan)


def asked_steps(engine, ask):
    """Return how much work SQLite does for a question: hundreds of steps of its machine, however fast this one is."""
    count = 0

    def tick():
        nonlocal count
        count += 1

    with engine.connect() as connection:
        connection.connection.driver_connection.set_progress_handler(tick, 100)
        ask(connection)
        connection.connection.driver_connection.set_progress_handler(None, 100)
    return count


def test_ten_times_as_many_notices_are_no_more_work(desk_db, told, now, monkeypatch):
    """The question of the door's first page that reads most, with 120 and with 1,200 notices of one platform."""
    monkeypatch.setattr(served, "MOST_COUNTED", 40)
    found = {}
    for size in (120, 1200):
        for number in range(3 * len(found), size // 40):
            told("board", *[f"{size}-{number}-{place}" for place in range(40)], at=now + timedelta(hours=number))
        found[size] = asked_steps(desk_db, lambda connection: served.count_notices(connection, "board"))
    assert found[1200] <= 1.5 * found[120] + 10, found
