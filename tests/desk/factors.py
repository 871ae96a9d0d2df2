"""A second factor of somebody, and a log-in with its code."""

import re
from datetime import datetime

import pyotp
from sqlalchemy import Engine

from desk.people.second_factor import new_secret, set_factor
from tests.desk.conftest import NOW, PASSWORD


def enrol(engine: Engine, name: str = "minh", at: datetime = NOW) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """Give somebody a second factor: return an application that makes codes, and recovery codes."""
    app = pyotp.TOTP(new_secret())
    return app, set_factor(engine, name, app.secret, app.at(at), now=at)


def log_in_again(person, name, code):
    """Log somebody in with a code, in the browser they have."""
    answer = person.client.post("/login", data={"name": name, "password": PASSWORD, "code": code})
    assert answer.status_code == 303, answer.text
    person.csrf = re.search(r'name="csrf" value="([^"]+)"', person.page("/"))[1]
