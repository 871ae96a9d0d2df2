"""People, passwords, throttling."""

import re
from datetime import timedelta
from email.headerregistry import Address

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from hypothesis import example, given
from hypothesis import strategies as st

from desk.custody import audit
from desk.people import accounts, sessions
from desk.people.passwords import hash_password
from desk.people.roles import RIGHTS, Right
from desk.refusals import DeskRefusal


def login(engine, now, password, name="minh", address="127.0.0.1"):
    return accounts.authenticate(engine, name=name, password=password, address=address, now=now)


def test_real_hashes_are_argon2id_with_the_documented_parameters():
    from importlib import util

    spec = util.find_spec("desk.people.passwords")
    fresh = util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    hasher: PasswordHasher = fresh.HASHER
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 65_536, 4)
    assert hasher.memory_cost >= RFC_9106_LOW_MEMORY.memory_cost
    assert fresh.hash_password("gravel-lantern-otter-93").startswith("$argon2id$")


@pytest.mark.parametrize("weak", [
    "short1", "password12345", "qwertyuiop12", "lurewatch-lurewatch", "minhminhminhminh", "111111111111", "abcdefghijkl",
    "iloveyou1234", "x" * 129,
])  # fmt: skip
def test_weak_passwords_are_refused_with_advice(weak):
    with pytest.raises(DeskRefusal, match=r"words do well|at most 128"):
        hash_password(weak, about=("minh", "minh@example.org"))


@pytest.mark.parametrize(
    "field",
    [
        {"name": "Minh"}, {"name": "m"}, {"name": "minh\r\nBcc: x"}, {"name": "1minh"}, {"role": "god"}, {"email": "minh"},
        {"email": "a@example.org\nBcc: b@example.org"}, {"email": "<a@example.org>"}, {"email": "ngọc@example.org"},
        {"email": "a\0@example.org"},
    ],
)  # fmt: skip
def test_bad_names_roles_and_addresses_are_refused(desk_db, now, password, field):
    values = {"name": "minh", "email": "minh@example.org", "role": "analyst"} | field
    with pytest.raises(DeskRefusal):
        accounts.add_user(desk_db, **values, password=password, now=now)


def test_a_taken_name_is_refused_and_nothing_is_changed(engine, staff, now, password):
    staff(engine)
    with pytest.raises(DeskRefusal, match="taken"):
        accounts.add_user(engine, name="minh", email="other@example.org", role="admin", password=password, now=now)
    with engine.connect() as connection:
        assert accounts.user(connection, "minh").role == "analyst"


def test_the_right_password_logs_in_and_each_attempt_is_audited(engine, staff, now, password):
    staff(engine)
    with pytest.raises(accounts.LoginRefused):
        login(engine, now, "not this one, no")
    assert login(engine, now, password).name == "minh"
    with engine.connect() as connection:
        assert [entry.action for entry in audit.entries(connection, newest=2)] == ["login", "login_refused"]


def test_unknown_names_get_the_same_answer(desk_db, now, password):
    with pytest.raises(accounts.LoginRefused, match="name, password or code is wrong"):
        login(desk_db, now, password, name="nobody")


def test_five_failures_in_a_quarter_of_an_hour_close_a_name_even_for_the_right_password(desk_db, staff, now, password):
    staff(desk_db)
    for _ in range(5):
        with pytest.raises(accounts.LoginRefused):
            login(desk_db, now, "wrong wrong wrong")
    with pytest.raises(accounts.LoginThrottled):
        login(desk_db, now, password)
    assert login(desk_db, now, password, name="lead").name == "lead"
    assert login(desk_db, now + timedelta(minutes=15, seconds=1), password).name == "minh"


def test_one_address_trying_many_names_is_closed_too(desk_db, staff, now, password):
    staff(desk_db)
    for number in range(30):
        with pytest.raises(accounts.LoginRefused):
            login(desk_db, now, "wrong wrong wrong", name=f"guess{number}", address="192.0.2.7")
    with pytest.raises(accounts.LoginThrottled):
        login(desk_db, now, password, address="192.0.2.7")
    assert login(desk_db, now, password, address="192.0.2.8")


def test_the_log_says_once_a_window_that_a_name_is_closed(desk_db, staff, now, password):
    staff(desk_db)
    for at in [*range(40), *range(16 * 60, 16 * 60 + 40)]:
        with pytest.raises(accounts.LoginRefused):
            login(desk_db, now + timedelta(seconds=at), "wrong wrong wrong", address=f"192.0.2.{at % 8}")
    with desk_db.connect() as connection:
        told = [entry.action for entry in audit.entries(connection)]
    assert told.count("login_throttled") == 2
    assert told.count("login_refused") == 50


def test_whoever_guesses_at_one_address_locks_nobody_out_at_another(engine, staff, now, password):
    people = staff(engine)
    for name in people:
        for _ in range(accounts.PAIR_LIMIT):
            with pytest.raises(accounts.LoginRefused):
                login(engine, now, "wrong wrong wrong", name=name, address="192.0.2.7")
    with pytest.raises(accounts.LoginThrottled):
        login(engine, now, password, name="lead", address="192.0.2.7")
    assert [login(engine, now, password, name=name, address="192.0.2.8").name for name in people] == list(people)
    with pytest.raises(accounts.LoginThrottled):  # a log-in elsewhere gives no guesses back here
        login(engine, now, password, name="lead", address="192.0.2.7")


@pytest.mark.parametrize(("address", "counted"), [
    ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
    ("::ffff:192.0.2.7", "192.0.2.7"), ("unix", "unix"), ("x" * 300, "x" * 64), ("", ""),
])  # fmt: skip
def test_failures_are_counted_by_what_one_customer_has(address, counted):
    assert accounts.network(address) == counted


def test_nor_does_an_address_that_tries_ever_other_names_fill_the_log(desk_db, now):
    for number in range(100):
        with pytest.raises(accounts.LoginRefused):
            login(desk_db, now, "wrong wrong wrong", name=f"guess{number}", address="192.0.2.7")
    with desk_db.connect() as connection:
        told = [entry.action for entry in audit.entries(connection)]
    assert (told.count("login_refused"), told.count("login_throttled")) == (30, 1)


def test_what_the_log_was_told_closes_nobody_longer(desk_db, staff, now, password):
    """A name typed while it is closed counts for nothing: it opens when the failures that closed it are past."""
    staff(desk_db)
    for at in range(20):
        with pytest.raises(accounts.LoginRefused):
            login(desk_db, now + timedelta(seconds=at * 30), "wrong wrong wrong")
    assert login(desk_db, now + timedelta(minutes=17, seconds=1), password).name == "minh"


@given(st.text(alphabet='aZ0_.-+&~"(),:;<>[]\\ \0\u0301ọ', min_size=1, max_size=70))
@example("a(b")
@example("a..b")
@example("ngọc")
@example("a" * 65)
def test_whatever_passes_for_an_address_can_stand_in_a_mail(local):
    address = f"{local}@example.org"
    if accounts.EMAIL.fullmatch(address):
        assert str(Address(addr_spec=address)) == address
        assert len(local) <= 64
    else:
        assert not re.fullmatch(r"[a-z]{1,64}", local)


def test_disabling_ends_sessions_and_log_ins_and_the_last_admin_stays(desk_db, staff, now, password):
    people = staff(desk_db)
    token = sessions.start(desk_db, people["minh"], now)
    assert sessions.current(desk_db, token, now).user.name == "minh"
    accounts.set_disabled(desk_db, "minh", disabled=True, now=now, actor="admin")
    assert sessions.current(desk_db, token, now) is None
    with pytest.raises(accounts.LoginRefused):
        login(desk_db, now, password)
    with pytest.raises(DeskRefusal, match="last active admin"):
        accounts.set_disabled(desk_db, "admin", disabled=True, now=now, actor="admin")
    with pytest.raises(DeskRefusal, match="last active admin"):
        accounts.set_role(desk_db, "admin", "viewer", now=now, actor="admin")


def test_a_new_password_ends_old_sessions(desk_db, staff, now):
    people = staff(desk_db)
    token = sessions.start(desk_db, people["minh"], now)
    accounts.set_password(desk_db, "minh", "teapot-orchard-violin-7", now=now, actor="minh")
    assert sessions.current(desk_db, token, now) is None
    assert login(desk_db, now, "teapot-orchard-violin-7").name == "minh"


def test_a_session_dies_after_half_an_idle_hour_or_twelve_hours(desk_db, staff, now):
    people = staff(desk_db)
    token = sessions.start(desk_db, people["lead"], now)
    assert sessions.current(desk_db, token, now + timedelta(minutes=31)) is None
    moment = now
    while moment < now + timedelta(hours=12):
        assert sessions.current(desk_db, token, moment) is not None
        moment += timedelta(minutes=20)
    assert sessions.current(desk_db, token, now + timedelta(hours=12, minutes=1)) is None


def test_the_database_never_holds_a_token_or_password(sqlite_url, desk_db, staff, now, password):
    people = staff(desk_db)
    token = sessions.start(desk_db, people["lead"], now)
    desk_db.dispose()
    from pathlib import Path

    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    stored = b"".join(path.read_bytes() for path in folder.iterdir())
    assert token.encode() not in stored
    assert password.encode() not in stored


def test_an_operator_decides_nothing_and_a_viewer_reads_only():
    assert Right.DECIDE not in RIGHTS["operator"]
    assert RIGHTS["viewer"] == {Right.READ, Right.RUNS}


@pytest.mark.parametrize("twin", ["minh@example.org", "MINH@Example.org", "m.inh+lead@example.org"])
def test_one_mailbox_has_one_account(engine, staff, now, password, twin):
    """Somebody who left is let in again and gets no second account."""
    staff(engine)
    with pytest.raises(DeskRefusal, match="the mailbox of minh"):
        accounts.add_user(engine, name="other", email=twin, role="lead", password=password, now=now)
    accounts.set_disabled(engine, "minh", disabled=True, now=now, actor="admin")
    with pytest.raises(DeskRefusal, match="users change minh --enable"):
        accounts.add_user(engine, name="other", email=twin, role="lead", password=password, now=now)


def test_accounts_of_a_demo_found_no_house(engine, now, password):
    """Each demo makes a lead of its own and disables it: the first real person still founds the house."""
    for number in range(3):
        name = f"demo-{number}"
        accounts.add_user(engine, name=name, email=f"{name}@example.org", role="lead", password=password, now=now, actor="demo")
    with engine.connect() as connection:
        assert accounts.ever_approving(connection) == set()


def test_an_account_is_its_makers_until_a_third_person_vouches(engine, staff, now, password):
    """By name, at once, and for good when it was somebody independent."""
    people = staff(engine)
    made = accounts.add_user(engine, name="new", email="new@example.org", role="lead", password=password, now=now, actor="admin")
    with engine.connect() as connection:
        assert "may be one person" in (accounts.dependence(connection, people["admin"], made) or "")
        assert accounts.dependence(connection, people["lead"], made) is None
    with pytest.raises(DeskRefusal, match="cannot vouch"):
        accounts.vouch(engine, "new", by=people["admin"], reason="I know them", now=now)
    with pytest.raises(DeskRefusal, match="vouches for nobody"):
        accounts.vouch(engine, "new", by=people["minh"], reason="I know them", now=now)
    accounts.vouch(engine, "new", by=people["lead"], reason="met at the office", now=now)
    with engine.connect() as connection:
        assert accounts.dependence(connection, people["admin"], made) is None
    accounts.set_password(engine, "new", "teapot-orchard-violin-7", now=now, actor="admin")
    with engine.connect() as connection:
        assert "may be one person" in (accounts.dependence(connection, people["admin"], made) or "")
