"""What became of notices is counted alike one by one and by the database, at every moment."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest

from desk.partners.answer_review import note_reply
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import KnownCounts, SentNotice, count_outcomes, notice_outcomes
from desk.rechecks.platform_outcomes import outcomes_csv, platform_outcomes
from desk.rechecks.sighting import Sighting
from tests.desk.rechecks.conftest import SENT

HOUR = timedelta(hours=1)


def look(desk_db, item, steps, platform="board"):
    notice = SentNotice(platform=platform, item_id=item, sent_at=SENT, tag=None)
    for hour, state in steps.items():
        note_sighting(desk_db, notice, Sighting(state=state), SENT + hour * HOUR)


@pytest.fixture
def desk_with_outcomes(desk_db, send):
    """Plant notices of every fate to two platforms; return the desk."""
    minh = send(dict.fromkeys("abcdef", "new"))
    send({"g": "new"}, platform="chat")
    look(desk_db, "a", {1: "up", 8: "up", 10: "gone"})
    look(desk_db, "b", {1: "up", 19: "up", 20: "tombstone", 90: "up"})
    look(desk_db, "c", {1: "up"})
    look(desk_db, "d", {1: "edited"})
    look(desk_db, "g", {1: "walled"}, "chat")
    note_reply(desk_db, "board", "d", "refused", reason="no_breach", by=minh, now=SENT + HOUR)
    send({"e": "withdrawn"}, SENT + 2 * HOUR)
    return desk_db


def test_a_platform_is_measured_by_what_was_seen_alone(desk_with_outcomes):
    with desk_with_outcomes.connect() as connection:
        found = platform_outcomes(connection)
    board, chat = found["board"], found["chat"]
    assert board.known == KnownCounts(seen_gone=1, seen_there=3, never_seen=1)
    assert (board.sent, board.withdrawn, board.refused, board.back, board.elsewhere) == (6, 1, 1, 1, 0)
    assert (board.hours.low, board.hours.high) == (8.0, 10.0)
    assert board.share[0] < 1 / 4 < board.share[1]
    assert (chat.known, chat.share, chat.hours) == (KnownCounts(never_seen=1), None, None), "what nobody could see blames nobody"


@pytest.mark.parametrize(("looks", "answered", "known"), [
    ({1: "up"}, 5, KnownCounts(said_gone=1)),  # looked at before the answer: it contradicts nothing
    ({1: "up", 9: "up"}, 5, KnownCounts(seen_there=1, still_up=1)),  # no change of state, yet the clock looked again
    ({1: "up", 9: "walled"}, 5, KnownCounts(said_gone=1)),
    ({9: "edited"}, 5, KnownCounts(seen_there=1, still_up=1)),
    ({1: "gone"}, 5, KnownCounts(seen_gone=1)),
    ({1: "up", 9: "gone"}, 5, KnownCounts(seen_gone=1)),
    ({1: "gone", 9: "moved"}, 5, KnownCounts(seen_there=1, still_up=1)),
    ({1: "unknown"}, 5, KnownCounts(said_gone=1)),
])  # fmt: skip
def test_the_word_of_a_platform_is_weighed_against_later_looks_alone(desk_db, send, looks, answered, known):
    minh = send({"a": "new"})
    note_reply(desk_db, "board", "a", "removed", by=minh, now=SENT + answered * HOUR)
    look(desk_db, "a", looks)
    with desk_db.connect() as connection:
        assert platform_outcomes(connection)["board"].known == known


def test_counts_equal_a_recount_of_single_notices_at_every_moment(desk_with_outcomes):
    with desk_with_outcomes.connect() as connection:
        for hour in (0, 1, 3, 12, 48, 100):
            until = SENT + hour * HOUR
            counted: Counter[tuple[object, ...]] = Counter()
            for each in count_outcomes(connection, until):
                counted[each.platform, each.known, each.still_up, each.back] += each.count
            single = Counter(
                (each.notice.platform, each.known, each.still_up, each.back_at is not None)
                for each in notice_outcomes(connection, until)
            )
            assert counted == single
        assert sum(each.count for each in count_outcomes(connection, since=SENT + HOUR)) == 0


def test_the_spreadsheet_holds_no_formula(desk_with_outcomes):
    with desk_with_outcomes.connect() as connection:
        content = outcomes_csv(platform_outcomes(connection).values(), {"board": "=Board"})
    board, chat = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert (board["title"], board["sent"], board["seen_gone"], board["hours_to"]) == ("'=Board", "6", "1", "10.000")
    assert (chat["title"], chat["never_seen"], chat["share_from"], chat["hours_from"]) == ("chat", "1", "", "")
