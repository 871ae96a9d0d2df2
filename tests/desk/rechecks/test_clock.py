"""When a reported advert is asked for, what is kept of it, and what its fate is."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.partners.answer_review import note_reply
from desk.rechecks import clock
from desk.rechecks.clock import due_notices, fates, note_sighting, proof_of, step_after, stop_asking
from desk.rechecks.notice_outcomes import SentNotice, notice_outcomes
from desk.rechecks.sighting import Sighting
from desk.refusals import ListError
from desk.tables import recheck_clock, sighting_proofs, sightings
from tests.desk.rechecks.conftest import SENT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def look(engine, state, at, item="a", **more):
    with engine.connect() as connection:
        notice = notice_outcomes(connection, items=[item])[-1].notice
    return note_sighting(engine, notice, Sighting(state=state, **more), at)


def due(engine, at):
    with engine.connect() as connection:
        return [notice.item_id for notice in due_notices(connection, at)]


def fate(engine, item="a", until=None):
    with engine.connect() as connection:
        return fates(connection, until, [item])[-1]


@pytest.mark.parametrize(
    ("state", "age", "streak", "step"),
    [
        ("up", HOUR, 1, HOUR), ("edited", DAY, 9, HOUR), ("moved", 2 * DAY, 9, 2 * HOUR), ("up", 10 * DAY, 1, 10 * HOUR),
        ("up", 179 * DAY, 1, 7 * DAY), ("walled", HOUR, 1, 2 * HOUR), ("unknown", HOUR, 3, 8 * HOUR),
        ("walled", 20 * DAY, 6, 7 * DAY), ("gone", HOUR, 1, DAY), ("tombstone", HOUR, 5, 30 * DAY), ("gone", HOUR, 6, None),
    ],
)  # fmt: skip
def test_steps_grow_and_end(state, age, streak, step):
    assert step_after(state, age, streak) == step


def test_what_left_is_due_at_once_then_hourly_and_not_after_half_a_year(desk_db, send):
    send({"a": "new", "b": "new"})
    assert due(desk_db, SENT) == ["a", "b"]
    look(desk_db, "up", SENT)
    assert due(desk_db, SENT + 49 * HOUR / 60) == ["b"]
    assert due(desk_db, SENT + HOUR) == ["b", "a"], "who waits longer comes first"
    assert due(desk_db, SENT + 181 * DAY) == []


def test_what_was_taken_back_is_not_asked_for_and_a_later_notice_is_another(desk_db, send):
    send({"a": "new"})
    look(desk_db, "up", SENT)
    send({"a": "withdrawn"}, SENT + HOUR)
    assert due(desk_db, SENT + 9 * HOUR) == []
    send({"a": "new"}, SENT + 10 * HOUR)
    assert due(desk_db, SENT + 10 * HOUR) == ["a"]
    with desk_db.connect() as connection:
        first, second = fates(connection)
    assert (first.notice.withdrawn_at, first.next_at) == (SENT + HOUR, None)
    assert (first.state, second.seen) == ("up", ())


def test_a_change_is_kept_with_its_proof_and_what_stays_the_same_is_counted(desk_db, send):
    send({"a": "new"})
    assert look(desk_db, "up", SENT + HOUR, evidence=b"first")
    for hour in range(2, 6):
        assert not look(desk_db, "up", SENT + hour * HOUR, evidence=b"again")
    assert look(desk_db, "gone", SENT + 6 * HOUR, evidence=b"last", status=404, url="https://x.example/1")
    found = fate(desk_db)
    assert [(step.state, step.at, step.online_at) for step in found.seen] == [
        ("up", SENT + HOUR, None), ("gone", SENT + 6 * HOUR, SENT + 5 * HOUR),
    ]  # fmt: skip
    assert (found.asks, found.hours, found.seen[-1].url) == (6, (5.0, 6.0), "https://x.example/1")
    assert found.next_at == SENT + 6 * HOUR + DAY
    with desk_db.connect() as connection:
        assert [proof_of(connection, step.id) for step in found.seen] == [b"first", b"last"]
        assert [fault for fault in check_ledger(connection).faults if fault.startswith("sighting")] == []


def test_walls_and_errors_take_nothing_back_and_widen_the_interval(desk_db, send):
    send({"a": "new"})
    for hour, state in ((1, "up"), (2, "walled"), (4, "unknown"), (8, "tombstone"), (32, "walled")):
        look(desk_db, state, SENT + hour * HOUR)
    found = fate(desk_db)
    assert (found.hours, found.state, found.known, found.back_at) == ((1.0, 8.0), "walled", "seen_gone", None)


def test_what_comes_back_is_told_and_keeps_its_hours(desk_db, send):
    send({"a": "new"})
    for hour, state in ((1, "gone"), (25, "up")):
        look(desk_db, state, SENT + hour * HOUR)
    found = fate(desk_db)
    assert (found.hours, found.back_at, found.state) == ((0.0, 1.0), SENT + 25 * HOUR, "up")
    assert fate(desk_db, until=SENT + 2 * HOUR).back_at is None
    look(desk_db, "gone", SENT + 26 * HOUR)
    assert fate(desk_db).back_at is None, "it is gone again"


def test_a_proof_that_is_too_large_leaves_its_digest(desk_db, send, monkeypatch):
    monkeypatch.setattr(clock, "LARGEST_PROOF", 10)
    send({"a": "new"})
    look(desk_db, "up", SENT, evidence=b"x" * 11)
    (step,) = fate(desk_db).seen
    with desk_db.connect() as connection:
        assert (proof_of(connection, step.id), len(step.proof_sha256)) == (b"", 64)
        assert [fault for fault in check_ledger(connection).faults if fault.startswith("sighting")] == []


def test_what_is_no_longer_in_the_index_is_not_asked_for(desk_db, send):
    send({"a": "new", "b": "new"})
    look(desk_db, "up", SENT)
    with desk_db.connect() as connection:
        told = notice_outcomes(connection)
    for each in told:
        stop_asking(desk_db, each.notice, SENT + HOUR)
    assert due(desk_db, SENT + 9 * DAY) == []


def test_sightings_are_only_added_and_whoever_changes_one_is_named(engine, staff):
    """On both engines; the words may be emptied, as retention does, and then the log must tell of an erasure."""
    staff(engine)
    notice = SentNotice(platform="board", item_id="a", sent_at=SENT, tag=None)
    note_sighting(engine, notice, Sighting(state="gone", status=404, url="https://x.example/1", evidence=b"proof"), SENT + HOUR)
    for change in (delete(sightings), update(sightings).values(state="up"), update(sightings).values(body="")):
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.execute(change)
    with writing(engine) as connection:
        connection.execute(update(sighting_proofs).values(content=b"other"))
    with engine.connect() as connection:
        (fault,) = check_ledger(connection).faults
    assert "its proof does not match its digest" in fault
    with writing(engine) as connection:
        connection.execute(update(sighting_proofs).values(content=b"proof"))
        connection.execute(update(sightings).values(body="", salt=""))
    with engine.connect() as connection:
        (fault,) = check_ledger(connection).faults
        assert connection.execute(select(recheck_clock.c.asks)).scalars().all() == [1]
    assert "its words are empty" in fault


def test_what_a_platform_answers_by_mail_is_noted_as_at_its_door(desk_db, send):
    minh = send({"a": "new"})

    def reply(kind, at, platform="board", item="a", **more):
        note_reply(desk_db, platform, item, kind, by=minh, now=SENT + at * HOUR, **more)

    reply("acknowledged", 1)
    assert fate(desk_db).notice.answer == "acknowledged"
    reply("refused", 2, reason="no_breach", words="We see none.")
    reply("acknowledged", 3)
    notice = fate(desk_db).notice
    assert (notice.answer, notice.reason, notice.answered_at) == ("refused", "no_breach", SENT + 2 * HOUR)
    assert fate(desk_db, until=SENT).notice.answer == ""
    reply("removed", 4)
    assert fate(desk_db).notice.answer == "removed"
    for more in ({"item": "b"}, {"platform": "other"}, {"reason": "because"}, {"reason": ""}, {"reason": "other"}):
        with pytest.raises(ListError):
            reply("refused", 5, **({"reason": "no_breach"} | more))
    with pytest.raises(ListError, match="in force"):
        reply("undone", 5)
    send({"a": "withdrawn"}, SENT + 6 * HOUR)
    reply("undone", 7)
    with pytest.raises(ListError, match="taken back"):
        reply("removed", 7)
    with desk_db.connect() as connection:
        assert [fault for fault in check_ledger(connection).faults if "answer" in fault] == []
        noted = [(entry.actor, entry.values["kind"]) for entry in audit.entries(connection, "partner_answered")]
    assert noted == [("minh", each) for each in ("acknowledged", "refused", "acknowledged", "removed", "undone")]
