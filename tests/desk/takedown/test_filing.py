"""A platform that takes no mail is told by hand: after a second person's approval, each notice once, counted like the rest."""

from datetime import timedelta

import pytest

from desk.cases import case_decisions
from desk.cases.filing import copy_sheet, filings, note_filed, open_filings
from desk.custody.ledger_check import check_ledger
from desk.platforms import REPORT_LINKS, Platforms
from desk.refusals import ListError
from desk.takedown import repository
from desk.takedown.send import ask_again, waiting
from tests.desk.takedown.conftest import states

FORM = "https://board.example.org/report"


@pytest.fixture
def platforms(platforms) -> Platforms:
    """Return the receivers, the board with a form instead of an address."""
    route = {"by": "form", "form": FORM, "person": "Fill the form for each advert."}
    values = platforms.model_dump()
    values["platforms"]["board"] |= {"contact": "", "route": route}
    return Platforms.model_validate(values)


@pytest.fixture
def two(add_confirmed, build):
    """Return the number of a built list with two items, and their ids."""
    items = [add_confirmed(1).id, add_confirmed(2).id]
    return next(made for made in build()[0] if made.platform == "board").list_id, items


@pytest.fixture
def file(desk_db, platforms, people, notifier, now):
    """Return a function that notes a notice as told."""

    def do(list_id, item, ticket="T-1", by="minh", to=platforms):
        note_filed(desk_db, to, list_id, item, ticket=ticket, by=people[by], notifier=notifier, now=now)

    return do


def test_the_form_is_the_recipient_that_a_second_person_approves(desk_db, two, approve, people, posted, smtp, inbox):
    assert approve(two[0], by=people["lead"]).state == "approved"
    assert waiting(desk_db) == []
    with pytest.raises(ListError, match="no mail carries list"):
        posted(two[0], smtp)
    with desk_db.connect() as connection:
        assert repository.recipient_in(connection, two[0]) == FORM
    assert inbox.got == []


def test_with_the_first_notice_the_list_counts_as_sent_and_the_rest_is_still_to_tell(desk_db, two, approve, people, file, now):
    number, (first, second) = two
    approve(number, by=people["lead"])
    file(number, first, ticket="  FB 77 ")
    with desk_db.connect() as connection:
        assert repository.one_list(connection, number).sent_at == now
        told = filings(connection, number)[first]
        assert (told.ticket, told.by, told.at, open_filings(connection)) == ("FB 77", "minh", now, {number: 1})
    file(number, second, ticket="")
    with desk_db.connect() as connection:
        assert (open_filings(connection), states(desk_db), check_ledger(connection).faults) == ({}, {1: "sent"}, ())


def test_nothing_is_told_before_the_approval_twice_by_a_reader_or_of_a_strange_item(two, approve, people, file):
    number, (first, _) = two
    with pytest.raises(ListError, match="second person"):
        file(number, first)
    approve(number, by=people["lead"])
    with pytest.raises(ListError, match="sends nothing"):
        file(number, first, by="operator")
    with pytest.raises(ListError, match="not on this list"):
        file(number, "f" * 32)
    file(number, first)
    with pytest.raises(ListError, match="minh noted this notice already"):
        file(number, first)


def test_an_undone_notice_is_told_no_more_and_the_others_are(desk_db, two, approve, people, file, now):
    number, (first, second) = two
    approve(number, by=people["lead"])
    file(number, first)
    case_decisions.undo(desk_db, [second], by=people["minh"], now=now, seen={second: 1})
    with pytest.raises(ListError, match="changed after the list was built"):
        file(number, second)
    case_decisions.undo(desk_db, [first], by=people["minh"], now=now, seen={first: 1})


def test_a_retraction_goes_the_same_way_and_no_letter_asks_for_an_answer(
    desk_db, two, approve, people, file, now, build, smtp, inbox, platforms, notifier
):
    number, (first, _) = two
    approve(number, by=people["lead"])
    file(number, first)
    case_decisions.undo(desk_db, [first], by=people["minh"], now=now, seen={first: 1})
    back = next(made for made in build()[0] if made.withdrawn).list_id
    assert waiting(desk_db) == []
    with desk_db.connect() as connection:
        (text,) = copy_sheet(connection, repository.one_list(connection, back), notifier).values()
    assert "The decision behind this notice was undone" in text
    assert "passport" not in text
    file(back, first)
    late = now + timedelta(days=60)
    assert ask_again(desk_db, smtp, platforms, notifier=notifier, clock=lambda: late) == []
    assert inbox.got == []


def test_another_way_than_was_approved_stops_it(two, approve, people, file, platforms):
    number, (first, _) = two
    approve(number, by=people["lead"])
    board = platforms.platforms["board"]
    links = board.model_copy(update={"route": board.route.model_copy(update={"form": None})})
    assert links.recipient == REPORT_LINKS
    with pytest.raises(ListError, match="approved for"):
        file(number, first, to=platforms.model_copy(update={"platforms": platforms.platforms | {"board": links}}))


def test_the_copy_sheet_has_the_notice_its_number_and_who_answers_for_it(desk_db, two, approve, people, notifier):
    approve(two[0], by=people["lead"])
    with desk_db.connect() as connection:
        takedown_list, entry = repository.one_list(connection, two[0]), repository.entries(connection, two[0])[0]
        sheet = copy_sheet(connection, takedown_list, notifier)
    text = sheet[entry.item_id]
    assert list(sheet) == sorted(two[1])
    assert all(
        part in text for part in (entry.body["summary"], entry.body["notice_id"], "Rule 4: no confinement", notifier.email)
    )
