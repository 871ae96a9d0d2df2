"""Answers at the desk: noted, erased, shown to who decided; they count for rules and close retractions, and decide nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.cases import case_decisions
from desk.cases.asks import ask, asks_to
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.partners.answer_review import (
    ACTION,
    answer_counts,
    answered_reasons,
    answers_about,
    answers_on,
    disagreements,
    note_reply,
    take_answers,
)
from desk.partners.answers import GivenAnswer, give_answers
from desk.refusals import ListError
from desk.tables import list_entries, partner_answers
from desk.takedown import repository

CONFIRM = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}


@pytest.fixture
def take_answer(desk_db, now):
    """Return a function that answers as a platform would, and lets the desk take it in."""

    def do(platform, *given, at=now):
        faults = [one.detail for one in give_answers(desk_db, platform, given, now=at) if one.outcome == "refused"]
        assert faults == []
        return take_answers(desk_db, at)

    return do


def answer(notice, kind, **more):
    return GivenAnswer(key=f"{notice}-{kind}", notice_id=notice, kind=kind, **more)


def ledger_faults(engine):
    with engine.connect() as connection:
        return [fault for fault in check_ledger(connection).faults if "answer" in fault]


def test_an_answer_is_noted_once_and_an_edited_one_is_found(desk_db, told, take_answer, now):
    (notice,) = told("board", "item")
    assert take_answer("board", answer(notice, "refused", reason="other", words="we keep it")) == 1
    assert take_answers(desk_db, now) == 0
    with desk_db.connect() as connection:
        (entry,) = audit.entries(connection, ACTION)
        (kept,) = answers_about(connection, "item")
        assert (entry.actor, entry.subject, "we keep it" in entry.detail) == ("partner:board", "item", False)
        assert (kept.kind, kept.words, kept.given_at) == ("refused", "we keep it", now)
        assert list(answers_on(connection, 1)) == ["item"]
    assert ledger_faults(desk_db) == []
    with writing(desk_db) as connection:
        connection.execute(update(partner_answers).values(kind="removed"))
    assert ["kind" in fault for fault in ledger_faults(desk_db)] == [True]


def test_an_answer_by_mail_names_its_notice_as_the_letter_asks(desk_db, told, people, now):
    notice, _ = told("board", "item", "other")
    told("board", "item", change="updated")
    told("chat", "item")
    names = (
        "item", notice, f" {notice.upper()} ", "https://board.example.org/jobs/1", "<hxxps://board[.]example[.]org/jobs/1>",
        "board.example.org/jobs/1/", "http://www.board.example.org/jobs/1.",
    )  # fmt: skip
    for place, named in enumerate(names, 1):
        note_reply(desk_db, "board", named, "refused", reason="not_ours", by=people["minh"], now=now)
        with desk_db.connect() as connection:
            given = answers_about(connection, "item")
        assert [(each.platform, each.notice_id) for each in given] == [("board", notice)] * place, named
    for named in ("https://board.example.org/jobs/9", "board.example.org/jobs", "jobs/1", "%", "/", "", notice[:-1]):
        with pytest.raises(ListError, match="holds no notice about that item"):
            note_reply(desk_db, "board", named, "refused", reason="not_ours", by=people["minh"], now=now)


def test_an_answer_that_nobody_took_yet_is_no_fault_of_the_ledger(desk_db, told, now):
    (notice,) = told("board", "item")
    give_answers(desk_db, "board", [answer(notice, "acknowledged")], now=now)
    assert ledger_faults(desk_db) == []


@pytest.mark.parametrize(("kind", "more", "asked"), [
    ("refused", {"reason": "no_breach"}, 1), ("appealed", {"words": "the poster objects"}, 1), ("removed", {}, 0),
    ("acknowledged", {}, 0),
])  # fmt: skip
def test_who_decided_is_asked_to_look_again_and_the_decision_stands(desk_db, told, take_answer, people, store, record, now, kind,
                                                                    more, asked):  # fmt: skip
    item = record()
    store.put([item])
    case_decisions.confirm(desk_db, [item], by=people["minh"], now=now, seen={item.id: 0}, **CONFIRM)
    (notice,) = told("board", item.id)
    take_answer("board", answer(notice, kind, **more), at=now + timedelta(hours=1))
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [item.id])[item.id].state == "confirmed"
        assert [one.kind for one in asks_to(connection, people["minh"])] == ["answered"] * asked
        assert [one.item_id for one in disagreements(connection)] == [item.id] * asked
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now + timedelta(hours=2), seen={item.id: 1})
    with desk_db.connect() as connection:
        assert disagreements(connection) == []
        assert asks_to(connection, people["minh"]) == []


def test_an_undone_decision_is_asked_about_no_more_but_still_asked_for(desk_db, people, store, record, now):
    item = record()
    store.put([item])
    case_decisions.confirm(desk_db, [item], by=people["minh"], now=now, seen={item.id: 0}, **CONFIRM)
    with writing(desk_db) as connection:
        for kind in ("differs", "answered", "assigned"):
            ask(connection, item.id, kind, to=people["minh"], by=people["lead"], now=now)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    with desk_db.connect() as connection:
        assert [one.kind for one in asks_to(connection, people["minh"])] == ["assigned"]


def test_answers_count_for_and_against_the_reasons_of_notices(desk_db, told, take_answer):
    notices = told("board", *(f"item-{number}" for number in range(5)))
    removed, breach, thin, gone, twice = notices
    take_answer(
        "board", answer(removed, "removed"), answer(breach, "refused", reason="no_breach"),
        answer(thin, "refused", reason="not_enough"), answer(gone, "refused", reason="not_found"),
        answer(twice, "refused", reason="no_breach"), answer(twice, "removed"),
    )  # fmt: skip
    with desk_db.connect() as connection:
        (reason,) = answered_reasons(connection)
        assert (reason.name, reason.upheld, reason.struck) == ("documents_held", 2, 2)
        assert answer_counts(connection) == {"board": {"removed": 2, "refused": 3}}


def test_a_retraction_is_closed_when_each_of_its_notices_is_answered(desk_db, told, take_answer, now):
    told("board", "one", "two")
    first, second = told("board", "one", "two", change="withdrawn", at=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    take_answer("board", answer(first, "undone"), at=later)
    with desk_db.connect() as connection:
        (waiting,) = repository.open_retractions(connection)
    take_answer("board", answer(second, "refused", reason="not_found"), at=later)
    with desk_db.connect() as connection:
        assert repository.open_retractions(connection) == []
        assert repository.answers(connection, waiting.takedown_list.id) == [("refused", "partner:board", later)]


def test_an_answer_to_a_notice_nobody_can_name_is_kept_without_an_item(desk_db, told, take_answer, now):
    (notice,) = told("board", "item")
    give_answers(desk_db, "board", [answer(notice, "removed", words="as you wrote")], now=now)

    with writing(desk_db) as connection:
        connection.execute(update(list_entries).values(body="{}"))
    assert take_answer("board") == 1
    with desk_db.connect() as connection:
        assert connection.execute(select(partner_answers.c.item_id, partner_answers.c.body)).all() == [("", "")]
    assert ledger_faults(desk_db) == []
