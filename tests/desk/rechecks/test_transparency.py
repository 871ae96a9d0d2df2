"""The report for the public: nothing small, nothing that follows, no platform before it saw its own figures."""

import csv
import io
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select

from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import OutcomeCount, SentNotice
from desk.rechecks.report_card import ACTIONS, FIRST, give_card
from desk.rechecks.sighting import Sighting
from desk.rechecks.transparency import (
    FOLDED,
    HIDDEN,
    OTHERS,
    Quarter,
    give_due_cards,
    reported_quarters,
    transparency_csv,
    transparency_of,
    transparency_report,
)
from desk.tables import partner_cards
from tests.desk.rechecks.conftest import SENT

HOUR = timedelta(hours=1)
NAMED = {"board", "chat"}
QUARTER = Quarter.of(SENT)
UNTIL = QUARTER.fixed_at


def group(platform, action, count, tag="scam_compound", hours=()):
    return OutcomeCount(platform=platform, tag=tag, action=action, state="up", count=count, hours=tuple(hours))


@pytest.fixture
def many():
    """Return notices to three platforms about kinds that are frequent and rare."""
    return [
        group("board", "removed", 12, hours=[(n, n + 1.0) for n in range(12)]), group("board", "standing", 6),
        group("board", "refused", 2), group("board", "standing", 3, "organ_trade"),
        group("board", "unknown", 3, "marriage_broker"),
        group("chat", "standing", 2), group("quiet", "removed", 7, hours=[(3.0, 4.0)] * 7),
    ]  # fmt: skip


def test_small_numbers_are_folded(many):
    report = transparency_of(many, NAMED, QUARTER, UNTIL)
    assert [(row.platform, row.tag, row.sent) for row in report.rows] == [
        ("board", "scam_compound", 20), ("board", OTHERS, 6), (OTHERS, "scam_compound", 7),
    ], "the two of chat are in no row"  # fmt: skip
    board = report.rows[0]
    assert board.actions == {"removed": 12, "standing": 6, "refused": None, "withdrawn": None, "unknown": None, "unasked": None}
    assert (board.hours.low, board.hours.high) == (5.5, 6.5)
    assert report.rows[2].actions == {"removed": 7, "standing": 0, "refused": 0, "withdrawn": 0, "unknown": 0, "unasked": 0}
    assert report.sent == 33


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["board", "chat", "quiet"]), st.sampled_from(["a", "b"]), st.sampled_from(list(ACTIONS))),
    st.integers(1, 9), min_size=1, max_size=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@drawn(CELLS)
def test_no_hidden_number_follows_from_the_others(cells):
    """Whoever knows the rules tries every way to fill in the hidden numbers of a row: each may be another one."""
    told = [group(platform, action, count, tag) for (platform, tag, action), count in cells.items()]
    report = transparency_of(told, NAMED, QUARTER, UNTIL)
    assert report.sent == sum(row.sent for row in report.rows), "what is in no row is told nowhere"
    for row in report.rows:
        assert row.sent >= FOLDED
        hidden = [name for name, count in row.actions.items() if count is None]
        rest = row.sent - sum(count or 0 for count in row.actions.values())
        assert all(count == 0 or count >= FOLDED for count in row.actions.values() if count is not None)
        ways = [way for way in product(range(rest + 1), repeat=len(hidden)) if sum(way) == rest and shown_alike(row, hidden, way)]
        assert not hidden or all(len({way[place] for way in ways}) > 1 for place in range(len(hidden)))


def shown_alike(row, hidden, way):
    """Tell whether a row with other numbers in its hidden cells would be shown as it is."""
    filled = row.actions | dict(zip(hidden, way, strict=True))
    (other,) = transparency_of([group("board", name, count) for name, count in filled.items()], NAMED, QUARTER, UNTIL).rows
    return other.actions == row.actions


def test_a_platform_is_named_a_week_after_it_got_its_card_of_a_quarter_that_is_over(desk_db, send):
    """A card of before the end of the quarter told less than the report does."""
    minh = send({f"a{number}": "new" for number in range(6)})

    def names(day):
        with desk_db.connect() as connection:
            report = transparency_report(connection, QUARTER.end + timedelta(days=day), QUARTER)
        return [row.platform for row in report.rows], report.waiting

    give_card(desk_db, "board", b"{}", actor=minh.name, now=QUARTER.end - timedelta(days=20))
    assert names(40) == ([OTHERS], 1)
    give_card(desk_db, "board", b"{}", actor=minh.name, now=QUARTER.end + timedelta(days=3))
    assert names(9) == ([OTHERS], 1)
    assert names(10) == (["board"], 0)


def test_a_report_is_of_a_quarter_and_its_figures_are_fixed(desk_db, send):
    """What is seen later changes no report that was given out."""
    send({f"a{number}": "new" for number in range(6)})
    send({"b": "new"}, at=QUARTER.end)
    fixed = QUARTER.fixed_at

    def report(now, quarter=QUARTER):
        with desk_db.connect() as connection:
            return transparency_report(connection, now, quarter)

    first = report(fixed)
    for number in range(6):
        notice = SentNotice(platform="board", item_id=f"a{number}", sent_at=SENT, tag=None)
        note_sighting(desk_db, notice, Sighting(state="gone"), fixed + HOUR)
    assert report(fixed + timedelta(days=9)) == first
    assert (first.fixed, first.sent, report(fixed - HOUR).fixed) == (True, 6, False)
    assert report(fixed, QUARTER.following).sent == 0
    assert report(fixed, None).quarter == QUARTER
    assert report(fixed - HOUR, None).quarter == QUARTER.following, "the running one while no other is fixed"
    with desk_db.connect() as connection:
        assert list(map(str, reported_quarters(connection, fixed))) == ["2027-Q1", "2026-Q4"]


@pytest.mark.parametrize("name", ["", "2026", "2026-Q5", "2026-Q0", "Q4", "2026-Q44", "x2026-Q4", "2026-Q4'"])
def test_what_names_no_quarter_is_refused(name):
    with pytest.raises(ValueError, match="2026-Q4"):
        Quarter.parse(name)


def test_a_platform_with_a_door_gets_its_card_by_itself_a_week_before_it_is_named(desk_db, send):
    send({f"a{number}": "new" for number in range(6)})
    send({"b": "new"}, platform="chat")
    due = QUARTER.fixed_at - FIRST
    give = partial(give_due_cards, desk_db, {"board", "quiet"}, {"board": "The Board"}, actor="dag:takedown_recheck")
    moments = (due - HOUR, due, due + HOUR, QUARTER.following.fixed_at - FIRST)
    assert [give(now=moment) for moment in moments[:3]] == [[], ["board"], []]
    with desk_db.connect() as connection:
        assert "The Board" in connection.execute(select(partner_cards.c.content)).scalar_one()
        report = transparency_report(connection, QUARTER.fixed_at, QUARTER)
    assert ([row.platform for row in report.rows], report.waiting) == (["board"], 1), "nobody took out the card of chat"
    assert give(now=moments[3]) == ["board"]


@settings(max_examples=50)
@drawn(st.datetimes(datetime(2000, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_every_moment_lies_in_one_quarter(moment):
    quarter = Quarter.of(moment)
    assert quarter.begin <= moment < quarter.end
    assert Quarter.parse(str(quarter)) == quarter


def test_the_spreadsheet_says_what_the_report_says_and_calculates_nothing(many):
    content = transparency_csv(transparency_of(many, NAMED, QUARTER, UNTIL), {"board": "=Board"}, str)
    heads, first, *_ = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert heads == ["platform", "kind", "sent", *ACTIONS.values(), "hours, from", "hours, to"]
    assert first == ["'=Board", "Scam compound", "20", "12", "6", HIDDEN, HIDDEN, HIDDEN, HIDDEN, "5.5", "6.5"]
