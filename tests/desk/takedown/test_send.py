"""An approved list leaves once, over a real mail server, and not on an undone decision."""

import hashlib

import pytest

from desk.cases import case_decisions
from desk.mail import MailError, Transport
from desk.people import accounts
from desk.refusals import ListError
from desk.takedown import repository
from desk.takedown.send import waiting
from tests.desk.takedown.conftest import states


def test_nothing_is_sent_before_a_second_person_approved(built, posted, smtp, inbox):
    with pytest.raises(ListError, match="second person"):
        posted(built[0], smtp)
    assert inbox.got == []


def test_an_approved_list_arrives_once_with_every_file_unchanged(desk_db, people, built, posted, smtp, inbox, now, approve):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    assert posted(list_id, smtp).sent == 1
    assert posted(list_id, smtp).sent == 0
    ((to, message),) = inbox.got
    assert to == ["abuse@board.example.org"]
    assert (message["Reply-To"], message["Subject"]) == ("Test desk <desk@example.org>", "Notice list 1 for Board")
    with desk_db.connect() as connection:
        files = repository.files(connection, list_id)
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert attached == {f"board-1-{name}": content for name, content in files.items()}
    assert hashlib.sha256(files["manifest.json"]).hexdigest() in message.get_body().get_content()
    assert "bona fide" in message.get_body().get_content()


def test_a_list_whose_item_was_undone_after_approval_does_not_leave(desk_db, people, built, posted, smtp, inbox, now, approve):
    list_id, item = built
    approve(list_id, by=people["lead"])
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    with pytest.raises(ListError, match="build it again"):
        posted(list_id, smtp)
    assert inbox.got == []


def test_with_the_mail_server_away_the_list_waits_and_leaves_later(desk_db, people, built, posted, smtp, inbox, now, approve):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    with pytest.raises(MailError):
        posted(list_id, Transport(host="127.0.0.1", port=9, tls=False))
    assert waiting(desk_db) == [list_id]
    assert posted(list_id, smtp).sent == 1
    assert len(inbox.got) == 1
    assert waiting(desk_db) == []


def test_a_platform_that_was_disabled_gets_nothing(desk_db, people, built, posted, smtp, inbox, platforms, now, approve):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    off = platforms.model_copy(
        update={"platforms": {"board": platforms.platforms["board"].model_copy(update={"enabled": False})}}
    )
    with pytest.raises(ListError, match="not enabled"):
        posted(list_id, smtp, off)
    assert inbox.got == []


def test_a_withdrawal_names_the_notice_in_the_letter(desk_db, people, built, posted, smtp, inbox, build, now, approve):
    list_id, item = built
    approve(list_id, by=people["lead"])
    posted(list_id, smtp)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    second = next(made for made in build()[0] if made.platform == "board")
    assert (second.new, second.withdrawn) == (0, 1)
    approve(second.list_id, by=people["lead"])
    posted(second.list_id, smtp)
    with desk_db.connect() as connection:
        (entry,) = repository.entries(connection, second.list_id)
    assert entry.body["notice_id"] in inbox.got[-1][1].get_body().get_content()


def refuse(inbox, answer="550 no such user"):
    inbox.no = {"abuse@board.example.org": answer}


def test_a_list_refused_for_good_is_not_held_by_the_platform_and_leaves_when_sent_again(
    desk_db, people, built, posted, smtp, inbox, build, now, approve
):
    list_id, item = built
    approve(list_id, by=people["lead"])
    refuse(inbox)
    assert posted(list_id, smtp).failed == 1
    with desk_db.connect() as connection:
        found = repository.one_list(connection, list_id)
        assert (found.state, found.sent_at, repository.held_by(connection, "board")) == ("refused", None, {})
    assert waiting(desk_db) == []
    again = next(made for made in build()[0] if made.platform == "board")
    assert (again.list_id, again.new, again.unchanged) == (list_id, 1, 0)
    inbox.no = {}
    outcome = posted(list_id, smtp)
    assert (outcome.sent, outcome.failed) == (1, 0)
    assert len(inbox.got) == 1
    assert states(desk_db) == {1: "sent"}
    with desk_db.connect() as connection:
        assert list(repository.held_by(connection, "board")) == [item.id]
    assert posted(list_id, smtp).sent == 0


def test_a_refused_list_goes_to_the_corrected_contact(desk_db, people, built, posted, smtp, inbox, platforms, now, approve):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    refuse(inbox)
    posted(list_id, smtp)
    board = platforms.platforms["board"].model_copy(update={"contact": "notices@board.example.org"})
    corrected = platforms.model_copy(update={"platforms": {"board": board}})
    with pytest.raises(ListError, match="approve it again"):
        posted(list_id, smtp, corrected)
    approve(list_id, by=people["lead"], to=corrected)
    assert posted(list_id, smtp, corrected).failed == 0
    assert [to for to, _ in inbox.got] == [["notices@board.example.org"]]


def test_a_refused_list_with_an_undone_decision_does_not_leave(desk_db, people, built, posted, smtp, inbox, build, now, approve):
    list_id, item = built
    approve(list_id, by=people["lead"])
    refuse(inbox)
    posted(list_id, smtp)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    inbox.no = {}
    with pytest.raises(ListError, match="build it again"):
        posted(list_id, smtp)
    assert inbox.got == []


def test_a_newer_list_replaces_a_refused_one(desk_db, add_confirmed, people, built, posted, smtp, inbox, build, now, approve):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    refuse(inbox)
    posted(list_id, smtp)
    add_confirmed(2)
    second = next(made for made in build()[0] if made.platform == "board")
    assert (second.new, states(desk_db)) == (2, {1: "superseded", 2: "built"})
    inbox.no = {}
    with pytest.raises(ListError, match="superseded"):
        posted(list_id, smtp)


def test_a_list_built_on_one_that_was_refused_later_does_not_leave(
    desk_db, add_confirmed, people, built, posted, smtp, inbox, build, now, approve
):
    """It would name a list the platform never got as the one before, and its items as told."""
    list_id, _ = built
    approve(list_id, by=people["lead"])
    refuse(inbox, "451 later")
    assert posted(list_id, smtp).waiting == 1
    add_confirmed(2)
    second = next(made for made in build()[0] if made.platform == "board")
    approve(second.list_id, by=people["lead"])
    refuse(inbox)
    assert posted(list_id, smtp).failed == 1
    inbox.no = {}
    with pytest.raises(ListError, match="build it again"):
        posted(second.list_id, smtp)
    third = next(made for made in build()[0] if made.platform == "board")
    assert (third.new, third.number) == (2, 3)
    approve(third.list_id, by=people["lead"])
    assert posted(third.list_id, smtp).sent == 1
    assert {number: state for number, state in states(desk_db).items() if state == "sent"} == {3: "sent"}


def test_a_sender_that_died_before_noting_a_refusal_notes_it_next_time(
    desk_db, people, built, posted, smtp, inbox, now, monkeypatch, approve
):
    list_id, _ = built
    approve(list_id, by=people["lead"])
    refuse(inbox)
    with monkeypatch.context() as patch:
        patch.setattr(repository, "mark_refused", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            posted(list_id, smtp)
    assert (states(desk_db), waiting(desk_db)) == ({1: "sent"}, [list_id])
    assert posted(list_id, smtp).failed == 1
    assert states(desk_db) == {1: "refused"}


def test_a_list_that_waits_for_the_mail_server_is_recalled_when_its_approver_is_disabled(
    desk_db, people, built, posted, smtp, inbox, now, approve
):
    """The mail server took it later; until then it has not left."""
    list_id, _ = built
    approve(list_id, by=people["lead"])
    refuse(inbox, "451 later")
    assert posted(list_id, smtp).waiting == 1
    accounts.set_disabled(desk_db, "lead", disabled=True, now=now, actor="admin")
    inbox.no = {}
    with pytest.raises(ListError, match="lead approved list 1 and is disabled"):
        posted(list_id, smtp)
    assert (inbox.got, states(desk_db), waiting(desk_db)) == ([], {1: "refused"}, [])
    approve(list_id, by=people["admin"])
    assert posted(list_id, smtp).sent == 1
