"""Cards and the report for the public: right counts, nothing small, no platform before it saw its own figures."""

import csv
import io
import json
from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from desk.partners.answer_review import note_reply
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import OutcomeCount, SentNotice, count_outcomes, notice_outcomes
from desk.rechecks.report_card import (
    ACTIONS,
    FIRST,
    FOLDED,
    HIDDEN,
    OTHERS,
    card_file,
    give_card,
    given_cards,
    platform_cards,
    transparency_csv,
    transparency_of,
)
from desk.rechecks.sighting import Sighting
from tests.desk.rechecks.conftest import SENT

HOUR = timedelta(hours=1)
UNTIL = SENT + timedelta(days=30)
GIVEN = {"board": SENT, "chat": SENT}


@pytest.fixture
def fated(desk_db, send):
    """Plant notices of every fate to two platforms; return the desk."""
    minh = send(dict.fromkeys("abcdef", "new"))
    send({"g": "new"}, platform="chat")
    steps = {
        "a": {1: "up", 8: "up", 10: "gone"}, "b": {1: "up", 19: "up", 20: "tombstone", 90: "up"}, "c": {1: "up"},
        "d": {1: "edited"}, "g": {1: "gone"},
    }  # fmt: skip
    for item, seen in steps.items():
        notice = SentNotice(platform="chat" if item == "g" else "board", item_id=item, sent_at=SENT, tag=None)
        for hour, state in seen.items():
            note_sighting(desk_db, notice, Sighting(state=state, url="https://x.example/secret"), SENT + hour * HOUR)
    note_reply(desk_db, "board", "d", "refused", reason="no_breach", by=minh, now=SENT + HOUR)
    send({"e": "withdrawn"}, SENT + 2 * HOUR)
    return desk_db


def test_a_card_counts_what_became_of_each_notice(fated):
    with fated.connect() as connection:
        cards = platform_cards(connection)
        file = json.loads(card_file(connection, "board", "Board", UNTIL))
        assert card_file(connection, "nobody", "Nobody", UNTIL) == b""
    found = cards["board"]
    assert (found.sent, found.removed, found.back, found.elsewhere, found.refused, found.withdrawn) == (6, 2, 1, 0, 1, 1)
    assert (found.hours.low, found.hours.high) == (13.5, 15.0)
    assert found.states == {"gone": 1, "up": 2, "edited": 1, "unknown": 1}
    assert found.share[0] < 2 / 5 < found.share[1]
    assert [row["action"] for row in file["notices"]] == ["removed", "removed", "standing", "refused", "withdrawn", "unknown"]
    assert "secret" not in json.dumps(file)
    assert cards["chat"].hours.low == 0


def test_counts_equal_a_recount_of_single_notices_at_every_moment(fated):
    with fated.connect() as connection:
        for hour in (0, 1, 3, 12, 48, 100):
            until = SENT + hour * HOUR
            counted: Counter[tuple[str, ...]] = Counter()
            for each in count_outcomes(connection, until):
                counted[each.platform, each.action, each.state, each.back] += each.count
            single = Counter(
                (each.notice.platform, each.action, each.state, each.back_at is not None)
                for each in notice_outcomes(connection, until)
            )
            assert counted == single
        assert sum(each.count for each in count_outcomes(connection, since=SENT + HOUR)) == 0


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
    report = transparency_of(many, GIVEN, UNTIL)
    assert [(row.platform, row.tag, row.sent) for row in report.rows] == [
        ("board", "scam_compound", 20), ("board", OTHERS, 6), (OTHERS, "scam_compound", 7),
    ], "the two of chat are in no row"  # fmt: skip
    board = report.rows[0]
    assert board.actions == {"removed": 12, "standing": 6, "refused": None, "withdrawn": None, "unknown": None}
    assert (board.hours.low, board.hours.high) == (5.5, 6.5)
    assert report.rows[2].actions == {"removed": 7, "standing": 0, "refused": 0, "withdrawn": 0, "unknown": 0}
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
    report = transparency_of(told, GIVEN, UNTIL)
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
    (other,) = transparency_of([group("board", name, count) for name, count in filled.items()], GIVEN, UNTIL).rows
    return other.actions == row.actions


def test_a_platform_is_named_a_week_after_it_got_its_card(many):
    assert transparency_of(many, GIVEN, UNTIL).waiting == 1
    late = {"board": UNTIL - FIRST + HOUR, "chat": SENT}
    report = transparency_of(many, late, UNTIL)
    assert {row.platform for row in report.rows} == {OTHERS}
    assert report.waiting == 2


def test_the_spreadsheet_says_what_the_report_says_and_calculates_nothing(many):
    content = transparency_csv(transparency_of(many, GIVEN, UNTIL), {"board": "=Board"}, str)
    heads, first, *_ = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert heads == ["platform", "kind", "sent", *ACTIONS.values(), "hours, from", "hours, to"]
    assert first == ["'=Board", "Scam compound", "20", "12", "6", HIDDEN, HIDDEN, HIDDEN, "5.5", "6.5"]


def test_taking_a_card_out_is_noted_once_and_first(desk_db, send):
    minh = send({"a": "new"})
    give_card(desk_db, "board", b"{}", by=minh, now=SENT)
    give_card(desk_db, "board", b"{}", by=minh, now=UNTIL)
    with desk_db.connect() as connection:
        assert given_cards(connection) == {"board": SENT}
