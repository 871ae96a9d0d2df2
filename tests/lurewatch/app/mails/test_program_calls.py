"""Programs that are called about a saved search: signed, once, in growing steps, under one id, and at no private address."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from desk.database import open_database
from desk.digest import weekly_mail
from desk.outbox import list_deliveries, waiting_periods
from desk.partners.hooks import STEPS
from desk.people import saved_searches
from desk.people.accounts import user
from desk.refusals import DeskRefusal
from desk.subscribers import subscriptions
from desk.subscribers.subscriptions import active_subscriptions
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.mails.program_calls import call_program, check_program
from lurewatch.settings import Settings
from tests.desk.conftest import cheap_hashes, record, staff  # noqa: F401 - fixtures
from tests.loopback import serve_answers

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def program():
    """Run a program; give its address, the calls it got, and the statuses it answers before 204."""
    calls, statuses = [], []

    def take(request):
        status = statuses.pop(0) if statuses else 204
        calls.append((status, dict(request.headers), request.body))
        return status, {}, b""

    with serve_answers(take) as address:
        yield f"{address}/hook", calls, statuses


@pytest.fixture
def house(tmp_path, staff, record):  # noqa: F811 - pytest's way
    """Return settings, database, and a function that subscribes a program and builds what it is to be told."""
    settings = Settings(database=f"sqlite:///{tmp_path / 'desk.sqlite'}", allow_loopback=True, seeds=tmp_path / "seeds")
    engine, store = open_database(settings.database), SqliteStore(tmp_path / "index.sqlite")
    minh = staff(engine)["minh"]
    number = saved_searches.save(engine, "Viet", "lang:vi", shared=False, by=minh, now=NOW)

    def tell(address, titles, at=NOW, one=None):
        if one is None:
            made = subscriptions.subscribe(engine, by=minh, now=at, address=address, search_id=number, schedule="immediate")
            with engine.connect() as connection:
                one = next(each for each in active_subscriptions(connection) if each.id == made)
        moment = at - timedelta(minutes=5)
        store.put([record(hash(title) % 10**6, title=title, language="vi", first_seen=moment) for title in titles])
        weekly_mail.build(
            engine, store, [], "/nowhere", week=one.period(at), now=at, recipients=(), readers=[one], subscription=one,
            sender="watch@example.org", desk_url="https://desk.example.org", organisation="Test",
        )  # fmt: skip
        return one

    yield settings, engine, tell
    store.close()
    engine.dispose()


def test_a_call_is_signed_grouped_made_once_and_names_what_is_new(house, program):
    settings, engine, tell = house
    address, calls, _statuses = program
    one = tell(address, [f"tin {number}" for number in range(30)])
    assert call_program(settings, engine, one, NOW).sent == 1
    assert call_program(settings, engine, one, NOW + timedelta(hours=1)).sent == 0
    ((_status, headers, body),) = calls
    told = json.loads(body)
    assert (told["type"], told["search"], told["counts"]["new_flagged"]) == ("search.new", "Viet", 30)
    listed = told["adverts"]
    assert sum(1 + each["alike"] for each in listed) + told["more"]["unreviewed"] == 30
    assert len(listed) <= 11 and {each["state"] for each in listed} == {"unreviewed"}
    assert "bright_hr_demo" not in body.decode(), "contacts stay masked"
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    key = base64.b64decode(one.secret.removeprefix("whsec_"))
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def test_a_call_that_fails_is_made_again_in_growing_steps_under_one_id_and_then_given_up(house, program):
    settings, engine, tell = house
    address, calls, statuses = program
    one = tell(address, ["tin"])
    statuses += [503] * (len(STEPS) + 1)
    at, outcome = NOW, None
    for step in (timedelta(), *STEPS):
        at += step
        if step:
            early = call_program(settings, engine, one, at - timedelta(seconds=1))
            assert (early.waiting, early.sent) == (1, 0), "not before its time"
        outcome = call_program(settings, engine, one, at)
    assert (outcome.failed, outcome.waiting) == (1, 0)
    assert len(calls) == len(STEPS) + 1
    assert len({(headers["webhook-id"], body) for _status, headers, body in calls}) == 1
    assert waiting_periods(engine, one.name) == []
    tell(address, ["tin khác"], at=at, one=one)
    assert call_program(settings, engine, one, at).sent == 1, "the next news is told"


def test_a_final_no_is_not_repeated_and_stands_beside_the_subscription(house, program):
    settings, engine, tell = house
    address, calls, statuses = program
    one = tell(address, ["tin"])
    statuses.append(410)
    assert call_program(settings, engine, one, NOW).failed == 1
    assert call_program(settings, engine, one, NOW + timedelta(days=3)).sent == len(calls) - 1 == 0
    (delivery,) = list_deliveries(engine, one.period(NOW), one.name)
    assert "answered 410" in delivery.error and "lurewatch digest subscribers" in delivery.error


@pytest.mark.parametrize(
    "address", ["https://10.0.0.7/hook", "https://169.254.169.254/latest", "https://[::1]/x", "https://127.0.0.1/x"]
)
def test_a_private_address_is_never_called(house, address):
    settings, engine, tell = house
    settings = settings.model_copy(update={"allow_loopback": False})
    one = tell(address, ["tin"])
    outcome = call_program(settings, engine, one, NOW)
    assert (outcome.sent, outcome.failed) == (0, 1)


@pytest.mark.parametrize("address", ["http://hooks.example.org/x", "https://user:key@hooks.example.org/x", "ftp://x.example/y"])
def test_an_address_that_is_not_https_is_refused_at_once(house, address):
    settings, _engine, tell = house
    with pytest.raises(PermanentError):
        check_program(settings, address)
    with pytest.raises(DeskRefusal, match="https address"):
        tell(address, [])


def test_who_decides_nothing_has_no_program_called_and_no_weekly_call_is_made(house):
    _settings, engine, _tell = house
    with engine.connect() as connection:
        viewer, minh = user(connection, "viewer"), user(connection, "minh")
    with pytest.raises(DeskRefusal, match="ask an analyst"):
        subscriptions.subscribe(engine, by=viewer, now=NOW, address="https://hooks.example.org/x", schedule="daily")
    with pytest.raises(DeskRefusal, match="daily or within the hour"):
        subscriptions.subscribe(engine, by=minh, now=NOW, address="https://hooks.example.org/x")
