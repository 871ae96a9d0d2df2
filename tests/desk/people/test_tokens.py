"""Tokens of the API: shown once, kept as a digest, ended by day, hand and the person's own standing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.custody import audit
from desk.people import accounts, tokens
from desk.people.tokens import list_tokens, make_token, revoke_token, token_user
from desk.refusals import DeskRefusal


@pytest.fixture
def made(engine, staff, now):
    """Return the people and a token of minh for reading."""
    people = staff(engine)
    return people, make_token(engine, "nightly export", scopes=["read"], days=30, by=people["minh"], now=now)


def test_a_token_speaks_for_its_person_and_only_its_digest_is_kept(engine, made, now):
    _, value = made
    user, token = token_user(engine, value, now)
    assert (user.name, token.name, token.scopes, token.state(now)) == ("minh", "nightly export", ("read",), "active")
    assert token_user(engine, value + "x", now) is None
    with engine.connect() as connection:
        assert value not in str(connection.execute(select(tokens.tokens)).all())
        assert value not in str([entry.detail for entry in audit.entries(connection)])
        assert list_tokens(connection)[0].used_at == now


@pytest.mark.parametrize("end", ["day", "revoked", "disabled", "password"])
def test_a_token_ends(engine, made, password, now, end):
    people, value = made
    if end == "revoked":
        revoke_token(engine, 1, now=now, actor="admin")
    elif end == "disabled":
        accounts.set_disabled(engine, "minh", disabled=True, now=now, actor="admin")
        accounts.set_disabled(engine, "minh", disabled=False, now=now, actor="admin")
    elif end == "password":
        accounts.set_password(engine, "minh", f"{password}-new", now=now, actor="minh")
    assert token_user(engine, value, now + timedelta(days=30 if end == "day" else 0)) is None
    with pytest.raises(DeskRefusal, match="no token 1"):
        revoke_token(engine, 1, now=now, actor="lead", owner=people["lead"])


@pytest.mark.parametrize(
    ("values", "words"),
    [({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["read", "all"]}, "scopes"), ({"days": 366}, "days"),
     ({"scopes": ["victims"]}, "no right to victims")],
)  # fmt: skip
def test_what_cannot_be_a_token_is_refused(desk_db, staff, now, values, words):
    given = {"name": "x", "scopes": ["read"], "days": 1} | values
    with pytest.raises(DeskRefusal, match=words):
        make_token(desk_db, given.pop("name"), **given, by=staff(desk_db)["minh"], now=now)


def test_a_person_has_twenty_tokens_at_most(desk_db, staff, now):
    minh = staff(desk_db)["minh"]
    for _ in range(tokens.MOST):
        make_token(desk_db, "x", scopes=["read"], days=1, by=minh, now=now)
    with pytest.raises(DeskRefusal, match="revoke one first"):
        make_token(desk_db, "x", scopes=["read"], days=1, by=minh, now=now)
    make_token(desk_db, "x", scopes=["read"], days=1, by=minh, now=now + timedelta(days=1))
