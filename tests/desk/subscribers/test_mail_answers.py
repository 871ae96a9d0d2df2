"""Answers from mails: each does one thing once, can be taken back once, decides nothing, and counts for the rules."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import func, select

from desk.cases.asks import ask, watch_of
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.people import accounts
from desk.people.saved_searches import list_searches
from desk.refusals import DeskRefusal
from desk.subscribers import subscriptions
from desk.subscribers.mail_answers import (
    HOLDS,
    KINDS,
    alike_search,
    answer_state,
    answer_token,
    give_answer,
    link_kinds,
    read_answer_link,
    reader_votes,
    undo_answer,
)
from desk.subscribers.subscriptions import active_subscriptions
from desk.tables import decisions, mail_answers
from enrichment.assessment import Place
from index.query.parse import parse
from tests.desk.digest.weeks import lure


@pytest.fixture
def people(engine, staff):
    return staff(engine)


@pytest.fixture
def link(engine, people, record, now):
    """Return a function that gives what a link in a reader's mail may do."""

    def make(kind, item="1", by="minh", **values):
        number = subscriptions.subscribe(engine, by=people[by], now=now, **values)
        with engine.connect() as connection:
            reader = next(one for one in active_subscriptions(connection) if one.id == number)
            return read_answer_link(connection, answer_token(reader, kind, item, now), now)

    return make


@pytest.fixture
def advert(record, now):
    """Return a function that makes an advert with four signs, three places, and rules of the lexicon behind them."""

    def make(number=1, **more):
        made = lure(record, number, now, **more)
        judged = msgspec.structs.replace(made.assessment, rules=("vi-documents-held-papers", "vi-pay-high"))
        return msgspec.structs.replace(made, assessment=judged)

    return make


def rows(engine, table=mail_answers):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_what_is_kept_in_sight_is_the_desks_own_mark_and_is_taken_back_with_it(engine, link, advert, people, now):
    item = advert()
    one = link("watch", item.id)
    for _ in range(3):
        give_answer(engine, one, item, now=now)
    with engine.connect() as connection:
        assert answer_state(connection, one) == "given"
        assert watch_of(connection, item.id, people["minh"]) is not None
        assert watch_of(connection, item.id, people["lead"]) is None
    for _ in range(3):
        undo_answer(engine, one, item, now=now)
    give_answer(engine, one, item, now=now)
    with engine.connect() as connection:
        assert answer_state(connection, one) == "undone", "a link that was used does nothing more"
        assert watch_of(connection, item.id, people["minh"]) is None
        assert not check_ledger(connection).faults
    assert (rows(engine), rows(engine, decisions)) == (2, 0)


def test_to_take_back_leaves_what_was_watched_before(engine, link, advert, people, now):
    item = advert()
    with writing(engine) as connection:
        ask(connection, item.id, "watched", to=people["minh"], by=people["minh"], now=now)
    one = link("watch", item.id)
    give_answer(engine, one, item, now=now)
    undo_answer(engine, one, item, now=now)
    with engine.connect() as connection:
        assert watch_of(connection, item.id, people["minh"]) is not None


def test_more_like_it_is_a_search_and_a_subscription_of_ones_own_sent_as_the_mail_was(engine, link, advert, people, now):
    item = advert(campaign="c7")
    one = link("more", item.id, schedule="daily", language="fr", zone="Africa/Dakar")
    give_answer(engine, one, item, now=now)
    give_answer(engine, one, item, now=now)
    with engine.connect() as connection:
        first, second = active_subscriptions(connection)
        assert (second.owner, second.schedule, second.language, second.zone) == ("minh", "daily", "fr", "Africa/Dakar")
        assert (second.typed, second.key == first.key) == ("campaign:c7", False)
        assert [saved.typed for saved in list_searches(connection, people["minh"])] == ["campaign:c7"]
    undo_answer(engine, one, item, now=now)
    with engine.connect() as connection:
        assert active_subscriptions(connection) == [first]
        assert list_searches(connection, people["minh"]) == []
        assert not check_ledger(connection).faults


def test_a_reader_without_an_account_keeps_nothing_in_sight_and_still_gets_more(engine, link, advert, people, now):
    item = advert()
    assert link("watch", item.id, by="admin", address="reader@example.org") is None
    one = link("more", item.id, by="admin", address="other@example.org")
    assert link_kinds(one.reader) == ("irrelevant", "more")
    give_answer(engine, one, item, now=now)
    with engine.connect() as connection:
        made = active_subscriptions(connection)[-1]
        assert (made.address, made.owner, made.by) == ("other@example.org", None, "admin")
        assert not check_ledger(connection).faults


def test_an_answer_that_cannot_be_carried_out_leaves_nothing(engine, link, advert, now):
    item = advert()
    one = link("more", item.id)
    for _ in range(subscriptions.MOST - 1):
        link("more", item.id, schedule="daily")
    with pytest.raises(DeskRefusal, match="end one first"):
        give_answer(engine, one, item, now=now)
    assert rows(engine) == 0
    with engine.connect() as connection:
        assert answer_state(connection, one) == "open"
        assert not check_ledger(connection).faults


def test_votes_count_for_indicators_and_rules_a_copy_once_a_reader(engine, link, advert, now):
    item, copy, other = advert(1), advert(1), advert(2)
    for kind, shown in (("irrelevant", item), ("irrelevant", copy), ("more", other), ("watch", other)):
        give_answer(engine, link(kind, shown.id), shown, now=now)
    give_answer(engine, link("irrelevant", item.id, by="admin", address="reader@example.org"), item, now=now)
    back = link("irrelevant", other.id)
    give_answer(engine, back, other, now=now)
    undo_answer(engine, back, other, now=now)
    with engine.connect() as connection:
        indicators, rules = reader_votes(connection)
    assert {(one.struck, one.upheld) for one in indicators} == {(2, 1)}
    assert {one.name for one in indicators} >= {"documents_held", "closed_site"}
    assert [(one.name, one.struck, one.upheld) for one in rules] == [("vi-documents-held-papers", 2, 1)]


def test_a_link_ends_with_its_day_its_subscription_and_its_person(engine, link, advert, people, now):
    one = link("more", "1")
    token = answer_token(one.reader, "more", "1", now)
    with engine.connect() as connection:
        assert read_answer_link(connection, token, now + HOLDS - timedelta(seconds=1)) == one
        assert read_answer_link(connection, token, now + HOLDS) is None
    accounts.set_disabled(engine, "minh", disabled=True, now=now, actor="admin")
    with engine.connect() as connection:
        assert read_answer_link(connection, token, now) is None
    accounts.set_disabled(engine, "minh", disabled=False, now=now, actor="admin")
    with engine.connect() as connection:
        assert read_answer_link(connection, token, now) == one
    subscriptions.leave(engine, one.reader.token(), now=now)
    with engine.connect() as connection:
        assert read_answer_link(connection, token, now) is None


def test_what_is_alike_is_a_search_anybody_can_type(advert, record, now):
    assert parse(alike_search(advert(campaign="c7"))).campaign == "c7"
    item = advert()
    query = parse(alike_search(item), now=now)
    assert query.filters["place"] == ("Sihanoukville", "Golden Triangle Special Economic Zone")
    assert query.filters["tag"] == (item.assessment.tag,)
    odd = record(2, tag="none", language="vi")
    place = Place(name='Bad " name', country="KH", kind="town", start=0, end=1)
    odd = msgspec.structs.replace(odd, assessment=msgspec.structs.replace(odd.assessment, places=(place,)))
    assert parse(alike_search(odd)).filters == {"language": ("vi",)}
    assert "Sihanoukville" not in alike_search(advert(stance="testimony")), "nothing of who may be a victim"
    placeless = msgspec.structs.replace(item, assessment=msgspec.structs.replace(item.assessment, places=()))
    code = item.assessment.language.code
    assert parse(alike_search(placeless)).filters == {"tag": (item.assessment.tag,), "language": (code,)}


def test_kinds_are_three():
    assert KINDS == ("watch", "irrelevant", "more")
