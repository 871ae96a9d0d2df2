"""A second factor: each code once, however it is tried, and no act of approval without one."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.people import accounts
from desk.people.accounts import LoginRefused, LoginThrottled
from desk.people.second_factor import RECOVERY_CODES, remove_factor, set_factor
from desk.refusals import DeskRefusal
from desk.tables import users
from tests.desk.factors import enrol

LATER = timedelta(minutes=2)
"""After the code of the enrolment."""


@pytest.fixture
def enter(password, now):
    """Return a function that tries to log in and tells whether it did; a closed account raises LoginThrottled."""

    def do(engine, code, at=now + LATER, name="minh"):
        try:
            return accounts.authenticate(engine, name=name, password=password, address="x", now=at, code=code).name == name
        except LoginThrottled:
            raise
        except LoginRefused as exc:
            assert "name, password or code is wrong" in str(exc)
            return False

    return do


def test_a_code_opens_an_account_once_and_the_password_alone_never(engine, staff, now, enter):
    staff(engine)
    app, _codes = enrol(engine)
    at = now + LATER
    code = app.at(at)
    assert not enter(engine, "")
    assert not enter(engine, f"{(int(code) + 1) % 10**6:06}")
    assert enter(engine, f"{code[:3]} {code[3:]}")
    assert not enter(engine, code)
    assert not enter(engine, app.at(at - timedelta(seconds=30))), "one older than what was used"
    assert enter(engine, "", name="lead"), "nobody else is asked"


def test_the_code_of_the_enrolment_is_spent(desk_db, staff, now, enter):
    staff(desk_db)
    app, _codes = enrol(desk_db)
    assert not enter(desk_db, app.at(now), at=now)


@pytest.mark.parametrize(("wrong", "opens"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_clock_may_be_half_a_minute_wrong(desk_db, staff, now, enter, wrong, opens):
    staff(desk_db)
    app, _codes = enrol(desk_db)
    at = now + LATER
    assert enter(desk_db, app.at(at + timedelta(seconds=wrong))) is opens


def test_a_recovery_code_opens_once_and_is_kept_nowhere(engine, staff, enter):
    staff(engine)
    _app, codes = enrol(engine)
    assert len(set(codes)) == RECOVERY_CODES
    assert enter(engine, codes[0]) and not enter(engine, codes[0])
    assert enter(engine, f"{codes[1][:8]}-{codes[1][8:]}".upper())
    with engine.connect() as connection:
        (row,) = connection.execute(users.select().where(users.c.name == "minh"))
        told = " ".join(entry.detail for entry in audit.entries(connection))
        assert check_ledger(connection).faults == ()
    assert len(row.recovery_codes.split()) == RECOVERY_CODES - 2
    assert not any(code in row.recovery_codes + told for code in codes) and row.second_factor not in told


def test_guesses_close_the_account_as_guessed_passwords_do(desk_db, staff, now, enter):
    people = staff(desk_db)
    app, codes = enrol(desk_db)
    for guess in range(accounts.PAIR_LIMIT - 1):
        assert not enter(desk_db, f"{guess:06}x")
    at = now + LATER
    with pytest.raises(LoginRefused, match="wrong or was used"):
        accounts.require_code(desk_db, people["minh"], "000000x", address="x", now=at)
    for code in (app.at(at), codes[0]):
        with pytest.raises(LoginThrottled):
            enter(desk_db, code)
        with pytest.raises(LoginThrottled):
            accounts.require_code(desk_db, people["minh"], code, address="x", now=at)
    assert enter(desk_db, codes[0], at=at + accounts.WINDOW + LATER), "what was tried while it was closed is not spent"


@pytest.mark.parametrize("secret", ["", "A" * 31, "a" * 32, "1" * 32, "A" * 33, "Ạ" * 32])
def test_no_other_secret_is_taken_than_one_of_full_length(desk_db, staff, now, secret):
    staff(desk_db)
    with pytest.raises(DeskRefusal, match="does not fit"):
        set_factor(desk_db, "minh", secret, "000000", now=now)


def test_a_factor_is_not_replaced_unasked_and_ends_once(desk_db, staff, now, enter):
    staff(desk_db)
    enrol(desk_db)
    with pytest.raises(DeskRefusal, match="remove it first"):
        enrol(desk_db)
    remove_factor(desk_db, "minh", now=now, actor="admin")
    assert enter(desk_db, "")
    with pytest.raises(DeskRefusal, match="has no second factor"):
        remove_factor(desk_db, "minh", now=now, actor="admin")
    with desk_db.connect() as connection:
        admin, minh = (accounts.user(connection, name) for name in ("admin", "minh"))
        assert "may be one person" in accounts.dependence(connection, admin, minh)
        assert check_ledger(connection).faults == ()


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"second_factor": "A" * 32}, "second factor"), ({"second_factor": ""}, "second factor"),
        ({"recovery_codes": "ab" * 32}, "recovery codes"), ({"recovery_codes": ""}, "recovery codes"),
    ],
)  # fmt: skip
def test_the_audit_names_what_was_swapped_or_taken_away_in_the_database(engine, staff, values, named):
    staff(engine)
    enrol(engine)
    with writing(engine) as connection:
        connection.execute(update(users).where(users.c.name == "minh").values(values))
        assert check_ledger(connection).faults == (
            f"person minh: {named} in the database differ from the log; they were edited there",
        )


def test_a_factor_nobody_turned_on_and_codes_that_were_put_back_are_named(desk_db, staff, enter):
    staff(desk_db)
    _app, codes = enrol(desk_db)
    with writing(desk_db) as connection:
        before = connection.execute(users.select().where(users.c.name == "minh")).one().recovery_codes
    assert enter(desk_db, codes[0])
    with writing(desk_db) as connection:
        connection.execute(update(users).where(users.c.name == "minh").values(recovery_codes=before))
        connection.execute(update(users).where(users.c.name == "lead").values(second_factor="B" * 32))
        assert [fault.split(" in the")[0] for fault in check_ledger(connection).faults] == [
            "person lead: second factor", "person minh: recovery codes",
        ]  # fmt: skip
