"""Wrong passwords of an account of Airflow are limited by whichever way they come; over TLS the cookie is sent nowhere else."""

import runpy
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

if TYPE_CHECKING:
    from deploy.stack.airflow_login import LimitedLogIns

ADMIN = SimpleNamespace(username="admin", email="admin@airflow.invalid")
RIGHT = "the right pass phrase"


@pytest.fixture
def airflow_login() -> ModuleType:
    """Return the module under test; it loads all of Airflow's web application, which no other test needs."""
    from deploy.stack import airflow_login

    return airflow_login


@pytest.fixture
def log_ins(airflow_login: ModuleType, monkeypatch: pytest.MonkeyPatch) -> "LimitedLogIns":
    """Return the manager over one account, without a database."""
    (parent,) = airflow_login.LimitedLogIns.__bases__
    monkeypatch.setattr(airflow_login, "limiter", MovingWindowRateLimiter(MemoryStorage()))
    monkeypatch.setattr(parent, "find_user", lambda self, **by: ADMIN if by.items() <= vars(ADMIN).items() else None)
    monkeypatch.setattr(parent, "auth_user_db", lambda self, name, password, rotate: ADMIN if password == RIGHT else None)
    made: LimitedLogIns = object.__new__(airflow_login.LimitedLogIns)
    return made


def test_after_as_many_wrong_passwords_the_right_one_waits(log_ins: "LimitedLogIns", airflow_login: ModuleType) -> None:
    """Whether the account is named or its address is; right ones are not counted, nor names that nobody has."""
    wrong = airflow_login.WRONG.amount
    for _ in range(wrong + 1):
        assert log_ins.auth_user_db("nobody", RIGHT.upper()) is None
        assert log_ins.auth_user_db("admin", RIGHT) is ADMIN
    for name in [ADMIN.username, ADMIN.email] * (wrong // 2):
        assert log_ins.auth_user_db(name, "a wrong one") is None
        assert log_ins.auth_user_db(name, RIGHT) is ADMIN
    for name in (ADMIN.email, *[ADMIN.username] * 2):
        log_ins.auth_user_db(name, "a wrong one")
    assert log_ins.auth_user_db(ADMIN.username, RIGHT) is None
    assert log_ins.auth_user_db(ADMIN.email, RIGHT) is None


@pytest.mark.parametrize(
    ("address", "secure"), [("/", False), ("http://127.0.0.1:8081", False), ("https://airflow.example", True)]
)
def test_over_tls_the_cookie_is_sent_nowhere_else(
    address: str, secure: bool, airflow_login: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Flask reads the file."""
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", address)
    assert runpy.run_path(str(airflow_login.__file__))["SESSION_COOKIE_SECURE"] is secure
