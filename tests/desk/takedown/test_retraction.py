"""A notice is taken back by a letter of its own, at once, to whom it was sent, and without a word of what it said."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from desk.cases import case_decisions
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.languages.catalogues import languages_of, say_twice
from desk.languages.reader_locale import ReaderLocale, reading
from desk.people import accounts
from desk.platforms import Platforms
from desk.refusals import ListError
from desk.takedown import list_drafts as builder
from desk.takedown import repository
from desk.takedown.letters import TAKEN_BACK
from desk.takedown.notice import GOOD_FAITH, KINDS
from desk.takedown.send import waiting
from tests.desk.conftest import PASSWORD, confirm_item
from tests.desk.takedown.accusing_words import accusing_words
from tests.desk.takedown.conftest import readable_files, states


@pytest.fixture
def take_back(desk_db, platforms, notifier, now):
    """Return a function that builds what has to be taken back, without any index."""

    def do(to=platforms):
        return builder.take_back(desk_db, to, notifier=notifier, now=now, by="dag:takedown_send")

    return do


def text_of(message):
    """Return the subject, the letter and what a reader finds in every attachment of a mail."""
    parts = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    return message["Subject"], message.get_body().get_content(), readable_files(parts)


@pytest.fixture
def unprinted(every_format):
    """Return a function that returns the receivers, the board reading a language and taking every format but the one that starts
    a browser for each letter."""
    board = every_format.platforms["board"]
    formats = tuple(name for name in board.formats if name != "pdf")

    def do(language="en") -> Platforms:
        reads = board.model_copy(update={"formats": formats, "language": language})
        return every_format.model_copy(update={"platforms": every_format.platforms | {"board": reads}})

    return do


def test_a_hundred_retraction_letters_in_every_format_and_language_accuse_nobody(
    desk_db, store, people, kept, confirm, build, posted, smtp, inbox, take_back, approve, now, unprinted
):
    platforms, languages = unprinted(), languages_of("notice")
    items = [kept(number, author=f"sample_hr_{number}", native_id=str(number)) for number in range(100)]
    store.put(items)
    confirm(*items, by=people["minh"], note="Passport kept, forced labour.")
    (made, *_), _ = build(platforms=platforms)
    approve(made.list_id, by=people["lead"], to=platforms)
    posted(made.list_id, smtp, platforms)
    with desk_db.connect() as connection:
        sent = {entry.item_id: entry.body for entry in repository.entries(connection, made.list_id)}
    inbox.got.clear()
    for number, item in enumerate(items):
        moment = now + number * timedelta(hours=8)  # as many as one person may take back alone
        if number % 2:
            case_decisions.undo(desk_db, [item.id], by=people["minh"], now=moment, seen={item.id: 1})
        else:
            case_decisions.dismiss(desk_db, [item], reason="misread", by=people["minh"], now=moment, seen={item.id: 1})
        read = unprinted(languages[number % len(languages)])
        (retraction,), _ = take_back(read)
        assert (retraction.platform, retraction.withdrawn) == ("board", 1)
        assert posted(retraction.list_id, smtp, read).sent == 1
    assert len(inbox.got) == 100
    clause, board = platforms.clauses["forced_labour"], platforms.platforms["board"]
    for number, (item, (to, message)) in enumerate(zip(items, inbox.got, strict=True)):
        language = languages[number % len(languages)]
        subject, letter, files = text_of(message)
        assert to == ["abuse@board.example.org"]
        assert subject.startswith("Retraction of a notice to Board (list ")
        assert item.posting.url in letter.splitlines()
        assert sent[item.id]["notice_id"] in letter
        with reading(ReaderLocale(language=language)):
            assert all(said in letter for said in say_twice(TAKEN_BACK, "notice"))
        assert sorted(name.split("-", 2)[2] for name in files) == [
            *("SHA256SUMS", "list.csv", "list.json"),
            *("manifest.json", "notice.html", "notices.stix.json"),
        ]
        for said in (subject, letter, *files.values()):
            bare = re.sub(r"<style>.*?</style>|lurewatch|takedown-list|audit_head|sha256", "", said, flags=re.I | re.DOTALL)
            assert accusing_words(bare, language) == [], bare
            for quoted in (
                clause.title,
                clause.means,
                board.rules["forced_labour"],
                GOOD_FAITH,
                *KINDS.values(),
                item.posting.text,
            ):
                assert quoted not in said
        (row,) = csv.DictReader(io.StringIO(next(text for name, text in files.items() if name.endswith("list.csv"))))
        assert (row["change"], row["url"]) == ("withdrawn", item.posting.url)
        listed = json.loads(next(text for name, text in files.items() if name.endswith("list.json")))
        assert [entry["change"] for entry in listed["entries"]] == ["withdrawn"]
        assert sent[item.id]["notice_id"] not in listed["standing"]
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()
        assert repository.held_by(connection, "board") == {}


@pytest.fixture
def fallen(desk_db, people, built, posted, smtp, inbox, approve, now):
    """A notice that was sent and that nobody stands behind any more."""
    list_id, item = built
    approve(list_id, by=people["lead"])
    posted(list_id, smtp)
    inbox.got.clear()
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    return item


def test_a_retraction_waits_for_no_second_person_and_no_index(desk_db, fallen, take_back, posted, smtp, inbox):
    (retraction,), unsaid = take_back()
    assert (retraction.withdrawn, unsaid, waiting(desk_db)) == (1, (), [retraction.list_id])
    assert take_back()[0] == []
    assert posted(retraction.list_id, smtp).sent == 1
    assert (len(inbox.got), waiting(desk_db), take_back()) == (1, [], ([], ()))
    assert posted(retraction.list_id, smtp).sent == 0


def test_a_retraction_waits_for_no_list_that_cannot_leave(
    desk_db, add_confirmed, people, build, fallen, take_back, posted, smtp, inbox, approve, now
):
    """The approved list is stuck with its disabled approver; it is built again after the retraction."""
    add_confirmed(2)
    confirm_item(desk_db, fallen, by=people["minh"], now=now, seen=2)
    stuck = next(made for made in build()[0] if made.new)
    approve(stuck.list_id, by=people["lead"])
    accounts.set_disabled(desk_db, "lead", disabled=True, now=now, actor="admin")
    case_decisions.undo(desk_db, [fallen.id], by=people["minh"], now=now, seen={fallen.id: 3})
    (retraction,), _ = take_back()
    assert posted(retraction.list_id, smtp).sent == 1
    assert states(desk_db) == {1: "sent", 2: "superseded", 3: "sent"}
    again = next(made for made in build()[0] if made.new)
    approve(again.list_id, by=people["admin"])
    assert posted(again.list_id, smtp).sent == 1


def test_an_approved_list_that_can_leave_leaves_before_the_retraction(
    desk_db, add_confirmed, people, build, fallen, take_back, posted, smtp, inbox, approve
):
    fresh = add_confirmed(2)
    retraction, notices = [made for made in build()[0] if made.platform == "board"]
    assert (retraction.withdrawn, notices.new, notices.withdrawn) == (1, 1, 0)
    approve(notices.list_id, by=people["lead"])
    assert waiting(desk_db) == [retraction.list_id, notices.list_id]
    with pytest.raises(ListError, match=f"list {retraction.list_id} comes before .* and leaves first"):
        posted(notices.list_id, smtp)
    for list_id in waiting(desk_db):
        posted(list_id, smtp)
    assert [message["Subject"] for _, message in inbox.got] == [
        "Retraction of a notice to Board (list 2)",
        "Notice list 3 for Board",
    ]
    with desk_db.connect() as connection:
        assert list(repository.held_by(connection, "board")) == [fresh.id]


def test_a_notice_confirmed_again_before_the_retraction_left_is_not_taken_back(
    desk_db, people, fallen, take_back, posted, smtp, inbox, confirm
):
    (retraction,), _ = take_back()
    confirm(fallen, by=people["minh"], seen=2)
    with pytest.raises(ListError, match="build it again"):
        posted(retraction.list_id, smtp)
    assert take_back() == ([], ())
    assert (states(desk_db), inbox.got, waiting(desk_db)) == ({1: "sent", 2: "superseded"}, [], [])


def test_a_retraction_goes_where_the_notice_went_whatever_the_file_says_now(fallen, take_back, posted, smtp, inbox, platforms):
    """Only an address that a second person approved is written to."""
    board = platforms.platforms["board"].model_copy(update={"contact": "thief@evil.example"})
    diverted = platforms.model_copy(update={"platforms": {"board": board}})
    (retraction,), _ = take_back(diverted)
    assert posted(retraction.list_id, smtp, diverted).sent == 1
    assert [to for to, _ in inbox.got] == [["abuse@board.example.org"]]


def test_a_refused_retraction_is_named_until_it_left(desk_db, people, fallen, take_back, posted, smtp, inbox, platforms, approve):
    (retraction,), _ = take_back()
    inbox.no = {"abuse@board.example.org": "550 no such user"}
    assert posted(retraction.list_id, smtp).failed == 1
    for _ in range(2):
        (again,), (held,) = take_back()
        assert (again.list_id, held.item_id) == (retraction.list_id, fallen.id)
        assert f"lurewatch takedown approve {retraction.list_id}" in held.reason
    board = platforms.platforms["board"].model_copy(update={"contact": "notices@board.example.org"})
    corrected = platforms.model_copy(update={"platforms": {"board": board}})
    approve(retraction.list_id, by=people["lead"], to=corrected)
    assert posted(retraction.list_id, smtp, corrected).sent == 1
    assert ([to for to, _ in inbox.got], take_back(corrected)) == ([["notices@board.example.org"]], ([], ()))


def test_a_notice_of_a_platform_that_is_off_is_named(fallen, take_back, platforms):
    off = platforms.platforms["board"].model_copy(update={"enabled": False})
    for changed in ({"board": off}, {}):
        built, (held,) = take_back(platforms.model_copy(update={"platforms": changed}))
        assert (built, held.item_id) == ([], fallen.id)
        assert "to be taken back, and board is not enabled" in held.reason


def test_a_retraction_whose_file_was_changed_does_not_leave(desk_db, fallen, take_back, posted, smtp, inbox):
    (retraction,), _ = take_back()
    with writing(desk_db) as connection:
        connection.execute(text("UPDATE list_files SET content = x'00' WHERE list_id = :list"), {"list": retraction.list_id})
    with pytest.raises(ListError, match="not as it was built"):
        posted(retraction.list_id, smtp)
    assert inbox.got == []


def test_a_notice_made_a_retraction_in_the_database_is_told_and_does_not_leave(desk_db, built, posted, smtp, inbox):
    list_id, _ = built
    with writing(desk_db) as connection:
        connection.execute(text("UPDATE list_entries SET change = 'withdrawn'"))
    with pytest.raises(ListError):
        posted(list_id, smtp)
    with writing(desk_db) as connection:
        connection.execute(text("UPDATE lists SET state = 'sent'"))
        assert any("no entry of an approval" in fault for fault in check_ledger(connection).faults)
    assert inbox.got == []


def test_a_damaged_list_of_one_platform_keeps_no_other_from_taking_back(
    desk_db, store, people, kept, confirm, build, take_back, posted, smtp, inbox, approve, now
):
    items = [kept(1), kept(2, url="https://chat.example.org/c/2")]
    store.put(items)
    confirm(*items, by=people["minh"])
    lists = {made.platform: made.list_id for made in build()[0] if made.list_id}
    for list_id in lists.values():
        approve(list_id, by=people["lead"])
        posted(list_id, smtp)
    for item in items:
        case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    with writing(desk_db) as connection:
        connection.execute(text("UPDATE list_entries SET body = '{' WHERE list_id = :list"), {"list": lists["board"]})
    broken, whole = take_back()[0]
    assert (broken.platform, whole.platform, whole.withdrawn) == ("board", "chat", 1)
    assert "is damaged" in broken.fault
    assert posted(whole.list_id, smtp).sent == 1
    assert {each.platform: bool(each.fault) for each in build()[0]} == {"board": True, "chat": False}


@pytest.fixture
def sent_notices(desk_db, store, people, kept, confirm, build, posted, smtp, inbox, approve):
    """Items whose notices were sent: ten to the board, two to the chat."""
    items = [*map(kept, range(10)), *(kept(number, url=f"https://chat.example.org/c/{number}") for number in (10, 11))]
    store.put(items)
    confirm(*items, by=people["minh"])
    for made in build()[0]:
        approve(made.list_id, by=people["lead"])
        posted(made.list_id, smtp)
    inbox.got.clear()
    return items


def end(desk_db, items, by, now, kind="undo"):
    for item in items:
        if kind == "undo":
            case_decisions.undo(desk_db, [item.id], by=by, now=now, seen={item.id: 1})
        else:
            case_decisions.dismiss(desk_db, [item], reason="misread", by=by, now=now, seen={item.id: 1})


@pytest.mark.parametrize("kind", ["undo", "dismiss"])
def test_more_retractions_than_one_person_may_make_alone_wait_for_a_second(
    desk_db, people, sent_notices, take_back, posted, smtp, inbox, approve, now, kind
):
    """Two on one platform and two on another are four; none leaves, by number or by itself, until somebody else approves."""
    end(desk_db, [*sent_notices[:2], *sent_notices[10:]], people["lead"], now, kind)
    built, unsaid = take_back()
    assert ([each.withdrawn for each in built], waiting(desk_db)) == ([2, 2], [])
    assert {each.field for each in unsaid} == {"retraction"}
    assert all("more than 3 notices within 24 hours" in each.reason for each in unsaid)
    for each in built:
        with pytest.raises(ListError, match="a second person approves list"):
            posted(each.list_id, smtp)
        with pytest.raises(ListError, match="somebody else has to approve it"):
            approve(each.list_id, by=people["lead"])
        approve(each.list_id, by=people["admin"])
        assert posted(each.list_id, smtp).sent == 1
    assert (len(inbox.got), take_back()) == (2, ([], ()))


def test_three_retractions_leave_and_the_fourth_waits_however_it_is_cut_into_lists(
    desk_db, people, sent_notices, take_back, posted, smtp, inbox, now
):
    for number, item in enumerate(sent_notices[:4]):
        end(desk_db, [item], people["lead"], now + timedelta(hours=7 * number))
        (built,), _ = take_back()
        if number < 3:
            assert posted(built.list_id, smtp).sent == 1
        else:
            with pytest.raises(ListError, match="a second person approves list"):
                posted(built.list_id, smtp)
    assert len(inbox.got) == 3


def test_a_list_built_before_the_fourth_decision_waits_too(desk_db, people, sent_notices, take_back, posted, smtp, inbox, now):
    end(desk_db, sent_notices[:3], people["lead"], now)
    (built,), _ = take_back()
    assert waiting(desk_db) == [built.list_id]
    end(desk_db, sent_notices[3:4], people["lead"], now)
    assert waiting(desk_db) == []
    with pytest.raises(ListError, match="a second person"):
        posted(built.list_id, smtp)
    assert inbox.got == []


def test_two_accounts_of_one_person_are_counted_as_one_and_two_people_apart(
    desk_db, people, sent_notices, take_back, posted, smtp, inbox, now
):
    add = {"password": PASSWORD, "now": now}
    twin = accounts.add_user(desk_db, name="twin", email="twin@example.org", role="lead", actor="lead", **add)
    end(desk_db, sent_notices[:2], people["lead"], now)
    end(desk_db, sent_notices[2:4], twin, now)
    assert (take_back()[1] != (), waiting(desk_db)) == (True, [])
    accounts.vouch(desk_db, "twin", by=people["admin"], reason="I met her at work.", now=now)
    assert [posted(list_id, smtp).sent for list_id in waiting(desk_db)] == [1]


def test_a_notice_undone_and_then_dismissed_counts_once(desk_db, people, sent_notices, take_back, now):
    end(desk_db, sent_notices[:3], people["lead"], now)
    for item in sent_notices[:3]:
        case_decisions.dismiss(desk_db, [item], reason="misread", by=people["lead"], now=now, seen={item.id: 2})
    (built,), _ = take_back()
    assert (built.withdrawn, waiting(desk_db)) == (3, [built.list_id])


def test_a_list_of_notices_takes_nothing_back_that_waits_for_a_second_person(
    desk_db, people, sent_notices, add_confirmed, build, take_back, now
):
    """What stands at the platform is told as it stands there."""
    end(desk_db, sent_notices[:4], people["lead"], now)
    add_confirmed(20)
    notices = next(made for made in build()[0] if made.new)
    with desk_db.connect() as connection:
        listed = json.loads(repository.files(connection, notices.list_id)["list.json"])
    assert len(listed["standing"]) == 11
