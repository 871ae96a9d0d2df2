"""Cards and the report for the public: right counts, nothing small, no platform before it saw its own figures."""

import csv
import io
import json
from datetime import timedelta

import pytest

from desk.rechecks.clock import Fate, SeenState
from desk.rechecks.reappearance import Reappearance
from desk.rechecks.report_card import (
    ACTIONS,
    FIRST,
    FOLDED,
    HIDDEN,
    OTHERS,
    card_file,
    card_of,
    give_card,
    given_cards,
    transparency_csv,
    transparency_of,
)
from desk.rechecks.sent_notices import SentNotice
from tests.desk.rechecks.conftest import SENT

HOUR = timedelta(hours=1)
UNTIL = SENT + timedelta(days=30)
GIVEN = {"board": SENT, "chat": SENT}


def told(item, *steps, platform="board", tag="scam_compound", answer="", withdrawn=False):
    """Return a fate: steps are (state, hour, hour last seen online)."""
    seen = tuple(
        SeenState(id=place, state=state, at=SENT + at * HOUR, online_at=SENT + before * HOUR if before else None, status=200,
            url="https://x.example/secret", detail="", proof_sha256="")
        for place, (state, at, before) in enumerate(steps)
    )  # fmt: skip
    notice = SentNotice(
        platform=platform, item_id=item, sent_at=SENT, tag=tag, answer=answer, withdrawn_at=UNTIL if withdrawn else None
    )  # fmt: skip
    return Fate(notice=notice, seen=seen)


def test_a_card_counts_what_became_of_each_notice():
    fates = [
        told("a", ("up", 1, 0), ("gone", 10, 8)), told("b", ("up", 1, 0), ("tombstone", 20, 19), ("up", 90, 19)),
        told("c", ("up", 1, 0)), told("d", ("edited", 1, 0), answer="refused"), told("e", withdrawn=True), told("f"),
        told("g", ("gone", 1, 0), platform="chat"),
    ]  # fmt: skip
    links = [Reappearance(item_id="a", other_id="z", shared=("contact",), at=UNTIL)]
    found = card_of("board", fates, links)
    assert (found.sent, found.removed, found.back, found.elsewhere, found.refused, found.withdrawn) == (6, 2, 1, 1, 1, 1)
    assert (found.hours.low, found.hours.high) == (13.5, 15.0)
    assert found.states == {"gone": 1, "up": 2, "edited": 1, "unknown": 1}
    assert found.share[0] < 2 / 5 < found.share[1]
    file = json.loads(card_file(found, fates, "Board", UNTIL))
    assert [row["action"] for row in file["notices"]] == ["removed", "removed", "standing", "refused", "withdrawn", "unknown"]
    assert "secret" not in json.dumps(file)
    assert card_of("nobody", fates, links).hours is None


@pytest.fixture
def many():
    """Return notices to three platforms about kinds that are frequent and rare."""
    fates = [told(f"a{n}", ("gone", n + 1, n or None)) for n in range(12)] + [told(f"b{n}", ("up", 1, 0)) for n in range(6)]
    fates += [told(f"c{n}", ("up", 1, 0), answer="refused") for n in range(2)]
    fates += [told(f"d{n}", ("up", 1, 0), tag="organ_trade") for n in range(3)] + [told("e", tag="marriage_broker")] * 3
    fates += [told(f"f{n}", ("up", 1, 0), platform="chat") for n in range(2)]
    return fates + [told(f"g{n}", ("gone", 4, 3), platform="quiet") for n in range(7)]


def test_small_numbers_are_folded_and_none_follows_from_the_rest(many):
    report = transparency_of(many, GIVEN, UNTIL)
    assert [(row.platform, row.tag, row.sent) for row in report.rows] == [
        ("board", "scam_compound", 20), ("board", OTHERS, 6), (OTHERS, "scam_compound", 7),
    ], "the two of chat are in no row"  # fmt: skip
    board = report.rows[0]
    assert board.actions == {"removed": 12, "standing": None, "refused": None, "withdrawn": 0, "unknown": 0}
    assert (board.hours.low, board.hours.high) == (5.5, 6.5)
    for row in report.rows:
        hidden = [name for name, count in row.actions.items() if count is None]
        assert len(hidden) != 1
        assert all(count is None or count == 0 or count >= FOLDED for count in row.actions.values())
    assert report.sent == 30


def test_a_platform_is_named_a_week_after_it_got_its_card(many):
    assert transparency_of(many, GIVEN, UNTIL).waiting == 1
    late = {"board": UNTIL - FIRST + HOUR, "chat": SENT}
    report = transparency_of(many, late, UNTIL)
    assert {row.platform for row in report.rows} == {OTHERS}
    assert report.waiting == 2
    assert transparency_of(many, GIVEN, UNTIL, since=SENT + HOUR).rows == ()


def test_the_spreadsheet_says_what_the_report_says_and_calculates_nothing(many):
    content = transparency_csv(transparency_of(many, GIVEN, UNTIL), {"board": "=Board"}, str)
    heads, first, *_ = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert heads == ["platform", "kind", "sent", *ACTIONS.values(), "hours, from", "hours, to"]
    assert first == ["'=Board", "Scam compound", "20", "12", HIDDEN, HIDDEN, "0", "0", "5.5", "6.5"]


def test_taking_a_card_out_is_noted_once_and_first(desk_db, send):
    minh = send({"a": "new"})
    give_card(desk_db, "board", b"{}", by=minh, now=SENT)
    give_card(desk_db, "board", b"{}", by=minh, now=UNTIL)
    with desk_db.connect() as connection:
        assert given_cards(connection) == {"board": SENT}
