"""A retraction that nobody answered is asked about again, in steps, each letter once; then a person is told to call."""

from datetime import timedelta

import msgspec
import pytest

from desk.cases import case_decisions
from desk.database import writing
from desk.mail import MailError, Transport
from desk.refusals import ListError
from desk.takedown import list_drafts as builder
from desk.takedown import repository, send
from tests.desk.takedown.accusing_words import accusing_words


@pytest.fixture
def retraction(desk_db, people, built, posted, smtp, inbox, approve, platforms, notifier, now):
    """Return the number of a retraction that was sent."""
    list_id, item = built
    approve(list_id, by=people["lead"])
    posted(list_id, smtp)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    (taken,), _ = builder.take_back(desk_db, platforms, notifier=notifier, now=now, by="dag:takedown_send")
    posted(taken.list_id, smtp)
    inbox.got.clear()
    return taken.list_id


@pytest.fixture
def ask(desk_db, smtp, platforms, notifier, now):
    """Return a function that asks again so many days after the retraction was sent."""

    def do(days, mail=smtp, notifier=notifier):
        later = now + timedelta(days=days)
        return send.ask_again(
            desk_db, mail, platforms, notifier=notifier, clock=lambda: later
        )  # fmt: skip

    return do


def open_now(engine):
    with engine.connect() as connection:
        return repository.open_retractions(connection)


def test_it_is_asked_three_times_in_growing_steps_and_then_a_person_calls(desk_db, retraction, ask, inbox):
    sent = [sum(report.sent for _, report in ask(day)) for day in (1, 6, 7, 7, 8, 13, 14, 27, 28, 29, 60)]
    assert sent == [0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0]
    (left,) = open_now(desk_db)
    assert (left.takedown_list.id, left.asked, left.next_at) == (retraction, 3, None)
    assert [to for to, _ in inbox.got] == [["abuse@board.example.org"]] * 3
    assert len({message["Message-ID"] for _, message in inbox.got}) == 3
    for number, (_, message) in enumerate(inbox.got, 1):
        letter = message.get_body().get_content()
        assert message["Subject"] == f"Not answered yet: retraction to Board (list 2), request {number}"
        assert message["In-Reply-To"] == message["References"]
        assert "https://board.example.org/jobs/1" in letter and "We apologise" in letter
        assert accusing_words(f"{message['Subject']} {letter}") == []


@pytest.mark.parametrize("answer", ["undone", "refused"])
def test_nobody_asks_again_after_an_answer_was_noted(desk_db, retraction, ask, inbox, people, now, answer):
    with writing(desk_db) as connection:
        repository.note_answer(connection, retraction, answer, by=people["minh"], now=now)
    assert (ask(90), inbox.got, open_now(desk_db)) == ([], [], [])
    with desk_db.connect() as connection:
        assert repository.answers(connection, retraction) == [(answer, "minh", now)]


def test_only_a_sent_retraction_has_an_answer(desk_db, retraction, people, now):
    with writing(desk_db) as connection:
        for wrong in (retraction - 1, 99):
            with pytest.raises(ListError):
                repository.note_answer(connection, wrong, "undone", by=people["minh"], now=now)


def test_with_the_mail_server_away_the_letter_waits_and_leaves_once(desk_db, retraction, ask, inbox):
    with pytest.raises(MailError):
        ask(8, Transport(host="127.0.0.1", port=9, tls=False))
    assert sum(report.sent for _, report in ask(8)) == 1
    assert (ask(8), len(inbox.got)) == ([], 1)


def test_a_refused_letter_is_told_and_not_sent_again(desk_db, retraction, ask, inbox):
    inbox.no = {"abuse@board.example.org": "550 no such user"}
    assert [report.failed for _, report in ask(8)] == [1]
    (left,) = open_now(desk_db)
    assert (left.refused, left.next_at, ask(90)) == (True, None, [])


def test_nobody_is_asked_again_as_somebody_else(desk_db, retraction, ask, inbox, notifier):
    other = msgspec.structs.replace(notifier, email="desk@evil.example")
    ((found, refused),) = ask(8, notifier=other)
    assert (found.takedown_list.id, inbox.got) == (retraction, [])
    assert "would leave as Test desk <watch@example.org>, desk@evil.example" in str(refused)
    assert [report.sent for _, report in ask(8)] == [1]
