"""Cards and the report for the public: right counts, nothing small, no platform before it saw its own figures."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from desk.partners.answer_review import note_reply
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import SentNotice, count_outcomes, notice_outcomes
from desk.rechecks.report_card import (
    card_file,
    give_card,
    given_cards,
    platform_cards,
)
from desk.rechecks.sighting import Sighting
from tests.desk.rechecks.conftest import SENT

HOUR = timedelta(hours=1)
UNTIL = SENT + timedelta(days=30)
GIVEN = {"board": SENT, "chat": SENT}


@pytest.fixture
def desk_with_outcomes(desk_db, send):
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


def test_a_card_counts_what_became_of_each_notice(desk_with_outcomes):
    with desk_with_outcomes.connect() as connection:
        cards = platform_cards(connection)
        file = json.loads(card_file(connection, "board", "Board", UNTIL))
        assert card_file(connection, "nobody", "Nobody", UNTIL) == b""
    found = cards["board"]
    assert (found.sent, found.removed, found.back, found.elsewhere, found.refused, found.withdrawn) == (6, 2, 1, 0, 1, 1)
    assert (found.hours.low, found.hours.high) == (13.5, 15.0)
    assert found.states == {"gone": 1, "up": 2, "edited": 1, "unasked": 1}
    assert found.share[0] < 2 / 5 < found.share[1]
    assert [row["action"] for row in file["notices"]] == ["removed", "removed", "standing", "refused", "withdrawn", "unasked"]
    assert [row["state"] for row in file["notices"]] == ["gone", "up", "up", "edited", "unasked", "unasked"]
    assert "secret" not in json.dumps(file)
    assert cards["chat"].hours.low == 0


def test_counts_equal_a_recount_of_single_notices_at_every_moment(desk_with_outcomes):
    with desk_with_outcomes.connect() as connection:
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


def test_taking_a_card_out_is_noted(desk_db, send):
    minh = send({"a": "new"})
    give_card(desk_db, "board", b"{}", actor=minh.name, now=SENT)
    give_card(desk_db, "board", b"{}", actor=minh.name, now=UNTIL)
    with desk_db.connect() as connection:
        assert given_cards(connection) == {"board": UNTIL}
        assert given_cards(connection, SENT + HOUR) == {"board": SENT}
