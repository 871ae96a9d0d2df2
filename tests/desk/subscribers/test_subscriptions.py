"""Subscriptions: who may make and end them, what they search for, and what their tokens open."""

from datetime import timedelta

import pytest

from desk.custody.ledger_check import check_ledger
from desk.people import saved_searches
from desk.people.accounts import set_disabled, user
from desk.refusals import DeskRefusal
from desk.subscribers import subscriptions
from desk.subscribers.bounces import Bounce
from desk.subscribers.subscriptions import active_subscriptions, enlist, leave, note_bounce, read_token


@pytest.fixture
def people(engine, staff):
    return staff(engine)


@pytest.fixture
def made(engine, people, now):
    """Return a function that makes a subscription of minh and returns it."""

    def make(by="minh", **values):
        number = subscriptions.subscribe(engine, by=people[by], now=now, **values)
        with engine.connect() as connection:
            return next(one for one in active_subscriptions(connection) if one.id == number)

    return make


def test_a_person_subscribes_for_oneself_and_who_administers_people_for_anybody(engine, made, people, now):
    assert made().address == "minh@example.org"
    with pytest.raises(DeskRefusal, match="only who administers people"):
        made(address="reader@example.org")
    other = made(by="admin", address="reader@example.org", language="vi", zone="Asia/Ho_Chi_Minh", schedule="daily")
    assert (other.owner, other.language, other.zone, other.schedule) == (None, "vi", "Asia/Ho_Chi_Minh", "daily")
    with pytest.raises(DeskRefusal, match="of somebody else"):
        subscriptions.end_subscription(engine, other.id, by=people["minh"], now=now)
    subscriptions.end_subscription(engine, other.id, by=people["admin"], now=now)
    with engine.connect() as connection:
        assert [one.address for one in active_subscriptions(connection)] == ["minh@example.org"]
        assert not check_ledger(connection).faults


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": "no address"}, "not an address"), ({"schedule": "hourly"}, "how often"), ({"language": "xx"}, "none of"),
        ({"zone": "Moon/Crater"}, "no time zone"), ({"least_score": 101}, "least score"), ({"least_harm": "much"}, "least harm"),
        ({"languages": ["../x"]}, "two letters"), ({"search_id": 99}, "no such search"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_refused_with_the_reason(made, values, words):
    with pytest.raises(DeskRefusal, match=words):
        made(by="admin", **values)


def test_an_address_has_twenty_at_most(made):
    for _ in range(subscriptions.MOST):
        made(schedule="daily")
    with pytest.raises(DeskRefusal, match="end one first"):
        made()


def test_a_subscription_searches_for_its_search_and_for_what_it_asks_besides(engine, made, people, now):
    number = saved_searches.save(engine, "Viet", "bavet lang:vi,th score:>30", shared=True, by=people["lead"], now=now)
    query = made(search_id=number, languages=["th", "zh"], least_score=60, least_harm="confinement").query(now)
    assert (query.words, query.score_min) == (("bavet",), 60.0)
    assert query.filters == {"language": ("th",), "harm": ("confinement", "taken")}
    assert made(search_id=number, languages=["zh"]).query(now).filters["language"] == ("none",)
    saved_searches.remove(engine, number, by=people["lead"], now=now)
    with engine.connect() as connection:
        assert active_subscriptions(connection) == [], "its search is deleted"


def test_periods_are_of_one_subscription_and_a_daily_mail_waits_for_the_morning_of_its_reader(made, now):
    weekly, daily, at_once = made(languages=["vi"]), made(schedule="daily", zone="Asia/Tokyo"), made(schedule="immediate")
    assert (weekly.period(now), at_once.period(now)) == (f"26-W48.{weekly.id}", f"26112409.{at_once.id}")
    assert daily.period(now) == f"261124.{daily.id}"  # 18:00 in Tokyo
    assert daily.period(now + timedelta(hours=8)) == ""  # 02:00 there
    assert daily.period(now + timedelta(hours=12)) == f"261125.{daily.id}"
    assert made().name == "weekly" != weekly.name


def test_a_token_opens_its_own_subscription_and_an_altered_one_none(engine, made, now):
    first, second = made(), made(schedule="daily")
    token, number = first.token(), f"{first.id}-"
    altered = [
        token[:-1] + ("0" if token[-1] != "0" else "1"), token.replace(number, f"{second.id}-", 1), "", "-", "1", number,
        "9" * 30 + token, f"{number}-{token.removeprefix(number)}", f"0{token}", f"{token}-", f"-{token}", token.upper(),
        f"{token}ü",
        first.token("watch"), first.token("unsubscribe"), f"{number}{first.token('watch').rpartition('-')[2]}",
    ]  # fmt: skip
    with engine.connect() as connection:
        assert read_token(connection, token)[0].id == first.id
        opened = {token: read_token(connection, token) for token in altered}
        assert {claim for found, claim in opened.values() if found} == {"watch", "unsubscribe"}
        assert sum(found is not None for found, _ in opened.values()) == 2
    assert not any(leave(engine, token, now=now) for token in altered)
    assert leave(engine, first.token(), now=now)
    assert leave(engine, first.token(), now=now + timedelta(days=1)), "twice is once"
    with engine.connect() as connection:
        (ended,) = [one for one in subscriptions.subscriptions_of(connection, user(connection, "minh")) if one.ended_at]
        assert (ended.id, ended.ended_why, ended.ended_at) == (first.id, "unsubscribed", now)


def test_a_bounce_ends_an_address_that_is_none_and_only_notes_the_rest(engine, made, now):
    first, second, other = made(), made(schedule="daily"), made(by="lead")
    assert not note_bounce(engine, Bounce(token="1-" + "0" * 64, action="failed", status="5.1.1"), now=now)
    assert note_bounce(engine, Bounce(token=second.token(), action="failed", status="5.2.2"), now=now)
    with engine.connect() as connection:
        assert [one.id for one in active_subscriptions(connection)] == [first.id, second.id, other.id]
    assert note_bounce(engine, Bounce(token=first.token(), action="failed", status="5.1.1"), now=now)
    assert note_bounce(engine, Bounce(token=first.token(), action="failed", status="5.1.1"), now=now)
    with engine.connect() as connection:
        assert [one.id for one in active_subscriptions(connection)] == [other.id]


def test_nobody_who_is_disabled_gets_mails(engine, made, now):
    made()
    set_disabled(engine, "minh", disabled=True, now=now, actor="admin")
    with engine.connect() as connection:
        assert active_subscriptions(connection) == []


def test_who_is_on_the_operators_list_leaves_for_good_by_a_click_and_goes_with_the_list(engine, staff, now):
    listed = ["one@example.org", "Two@example.org"]
    assert enlist(engine, listed, now=now) == listed, "there is nobody in whose name they are kept"
    minh = staff(engine)["minh"]
    subscriptions.subscribe(engine, by=minh, now=now)

    def active():
        with engine.connect() as connection:
            return [(one.address, one.listed, one.by) for one in active_subscriptions(connection)]

    own = (minh.email, False, "minh")
    for _ in range(2):
        assert enlist(engine, [*listed, minh.email.upper()], now=now) == []
    assert active() == [own, ("one@example.org", True, "admin"), ("Two@example.org", True, "admin")]
    with engine.connect() as connection:
        gone = active_subscriptions(connection)[1]
    assert leave(engine, gone.token(), now=now)
    enlist(engine, listed, now=now)
    assert active() == [own, ("Two@example.org", True, "admin")], "whoever left stays away"
    enlist(engine, listed[:1], now=now)
    assert active() == [own], "who is struck from the list gets no more; who subscribed does"
    enlist(engine, listed, now=now)
    assert active() == [own, ("Two@example.org", True, "admin")], "and is back when the list has them again"


def test_who_was_subscribed_twice_to_one_mail_leaves_it_by_one_click(engine, made, now):
    made(), made(by="admin", address="Minh@example.org"), made(schedule="daily")
    with engine.connect() as connection:
        first = active_subscriptions(connection)[0]
    assert leave(engine, first.token(), now=now)
    with engine.connect() as connection:
        assert [one.schedule for one in active_subscriptions(connection)] == ["daily"]
