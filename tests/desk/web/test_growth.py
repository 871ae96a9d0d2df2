"""The queue, the next item and the audit log cost as much after ten thousand decisions as after none: counted, not timed.

Counted are steps of SQLite's machine in the desk's database and in the index, statements, and records read.
"""

from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from desk.cases import case_decisions, case_marks
from desk.custody import audit
from desk.database import writing
from desk.web import results
from desk.web.results import SearchRequest, next_open, queue

OPEN = 40


@pytest.fixture
def counting(desk, monkeypatch):
    """Return a context manager that counts the work done in it."""
    work = {}

    def step(name):
        work[name] += 1

    def out(connection, *_):
        connection.set_progress_handler(lambda: step("desk"), 10)

    def statement(*_):
        step("statements")

    @contextmanager
    def count():
        work.update(desk=0, index=0, statements=0, records=0)
        held = desk.store._connection()
        decode = desk.store._decoder.decode

        class Counted:
            def decode(self, text):
                step("records")
                return decode(text)

        with monkeypatch.context() as patch:
            patch.setattr(desk.store, "_decoder", Counted())
            held.set_progress_handler(lambda: step("index"), 10)
            event.listen(desk.engine, "checkout", out)
            event.listen(desk.engine, "before_cursor_execute", statement)
            yield work
            event.remove(desk.engine, "checkout", out)
            event.remove(desk.engine, "before_cursor_execute", statement)
            held.set_progress_handler(None, 0)

    return count


@pytest.fixture
def decide(desk, store, record, people, now):
    """Return a function that stores flagged items of the highest scores and dismisses them, as an analyst does all year."""
    numbers = iter(range(100, 100_000))

    def work(count):
        items = [record(number, title=f"done {number}", score=99) for number in (next(numbers) for _ in range(count))]
        store.put(items)
        seen = dict.fromkeys((item.id for item in items), 0)
        case_decisions.dismiss(desk.engine, items, reason="misread", by=people["minh"], now=now, seen=seen)
        case_marks.tell(desk.engine, store)

    return work


@pytest.mark.parametrize("sort", ["score", "newest", "growth", "relevance"])
def test_the_queue_and_the_next_item_cost_the_same_however_much_is_decided(desk, store, record, counting, decide, sort):
    items = [record(number, title=f"item {number}", score=90 - number) for number in range(OPEN)]
    store.put(items)
    want = SearchRequest(typed="telegram flight" if sort == "relevance" else "", sort=sort)
    asks = {"queue": lambda: queue(desk, want), "next": lambda: next_open(desk, want, items[7].id)}
    cost, answers = {}, {}
    for decided in (60, 540):  # nine times as much, then, that is decided
        decide(decided)
        for name, ask in asks.items():
            ask()  # what is kept from one look to the next is kept now
            with counting() as work:
                answers[name, decided] = ask()
            cost[name, decided] = dict(work)
    for name in asks:
        few, many = cost[name, 60], cost[name, 540]
        assert all(few.values()), few
        assert {what: (few[what], many[what]) for what in few if many[what] > 1.5 * few[what] + 5} == {}, name
    found, following = answers["queue", 540], answers["next", 540]
    assert (len(found.lines), found.total) == (20, OPEN)
    assert following == answers["next", 60]
    assert answers["queue", 60].lines == found.lines


def test_a_page_of_the_audit_log_costs_the_same_however_long_it_is(desk, login, counting, now):
    lead = login("lead")

    def grow(count):
        with writing(desk.engine) as connection:
            for number in range(count):
                audit.append(connection, at=now, actor="minh", action="dismiss", subject=f"item{number}")

    cost = {}
    for entries in (300, 2700):
        grow(entries)
        with counting() as work:
            lead.page("/audit")
        cost[entries] = dict(work)
    few, many = cost[300], cost[2700]
    assert few["desk"] > 10
    assert {what: (few[what], many[what]) for what in few if many[what] > 1.5 * few[what] + 5} == {}


def test_the_audit_log_is_paged_and_each_page_checks_its_links(desk, login, now):
    lead = login("lead")
    with writing(desk.engine) as connection:
        for number in range(450):
            audit.append(connection, at=now, actor="minh", action="dismiss", subject=f"item{number}")
    page, seen = lead.page("/audit"), []
    while True:
        seen += [row.split("<")[0] for row in page.split('<tr><td class="number">')[1:]]
        if "Older entries" not in page:
            break
        page = lead.page("/audit?before=" + page.split('href="/audit?before=')[1].split('"')[0])
    assert [int(number) for number in seen] == list(range(int(seen[0]), 0, -1))
    assert f"{seen[0]} entries, unbroken" in lead.page("/audit?whole=true")
    with desk.engine.begin() as connection:
        for trigger in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger[0]}")
        connection.exec_driver_sql("UPDATE audit SET subject = 'other' WHERE seq = 100")
    assert "tampered with" not in lead.page("/audit")
    assert "Entry 100: its content was changed" in lead.page("/audit?whole=true")
    assert "Entry 100: its content was changed" in lead.page("/audit?before=150")
    assert lead.get("/audit?before=0").status_code == 422


def test_the_index_is_told_what_it_missed_and_never_believed_against_the_database(desk, store, record, people, now):
    items = [record(number, title=f"item {number}", score=90 - number) for number in range(4)]
    store.put(items)

    def titles():
        return [one.record.posting.title for one in queue(desk, SearchRequest()).lines]

    def dismiss(item, seen):
        case_decisions.dismiss(desk.engine, [item], reason="misread", by=people["minh"], now=now, seen={item.id: seen})

    dismiss(items[0], 0)
    dismiss(items[1], 0)
    assert titles() == ["item 2", "item 3"]
    assert [store.get(one.id).case for one in items] == ["dismissed", "dismissed", "open", "open"]
    case_decisions.undo(desk.engine, [items[0].id], by=people["minh"], now=now, seen={items[0].id: 1})
    assert titles() == ["item 0", "item 2", "item 3"]
    # An index that was rebuilt knows nothing, and one that is ahead of a database put back from a backup knows too much.
    store.put([record(1, title="item 1", score=89, revision=9)])
    store.put_cases_seen(0)
    assert titles() == ["item 0", "item 2", "item 3"]
    store.put([replace(store.get(items[2].id), case="confirmed", revision=9)])
    store.put_cases_seen(99)
    assert titles() == ["item 0", "item 2", "item 3"]
    assert store.cases_seen() == 3


def test_what_is_decided_is_never_offered_though_the_index_is_behind(desk, store, record, people, now, monkeypatch):
    items = [record(number, title=f"item {number}", score=90 - number) for number in range(3)]
    store.put(items)
    case_decisions.dismiss(desk.engine, items[:1], reason="misread", by=people["minh"], now=now, seen={items[0].id: 0})
    monkeypatch.setattr(results, "tell", lambda engine, store, most: None)
    assert [one.record.posting.title for one in queue(desk, SearchRequest()).lines] == ["item 1", "item 2"]
    assert next_open(desk, SearchRequest(), "") == items[1].id


def test_the_check_of_the_whole_log_is_that_of_the_command(login, desk_db):
    """A log whose links hold is not whole when its triggers are gone."""
    lead = login("lead")
    assert "entries, unbroken" in lead.page("/audit?whole=true")
    with desk_db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_UPDATE")
    assert "trigger audit_no_update is missing" in lead.page("/audit?whole=true").casefold()
