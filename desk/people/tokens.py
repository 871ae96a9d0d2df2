"""Tokens of the API: 256 random bits, shown once; the database knows only their SHA-256.

A token does what its scopes and its person's role both allow. It ends at its day, when it is revoked, and when its person is
disabled or gets a new password.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, insert, select, update

from desk.custody import audit
from desk.custody.log_details import spell_value
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import tokens, users
from foundation.messages import _

PREFIX = "lwt_"
"""Begins every token, so that one that was leaked is found by searching."""
SCOPES = {
    "read": (_("queues, search and items"), Right.READ),
    "decide": (_("next item, leases and decisions"), Right.DECIDE),
    "comment": (_("comments"), Right.DECIDE),
    "victims": (_("also items in which a possible victim speaks"), Right.VICTIMS),
}
"""Scope -> what it opens, and the right its person must have."""
STATES = {"active": _("in force"), "waiting": _("waits for a second person"), "revoked": _("revoked"), "expired": _("expired")}
LONGEST_DAYS, MOST = 365, 20
"""For how long a token may hold at most, and how many a person may have at a time."""
_TOUCH = timedelta(minutes=1)
"""``used_at`` is written at most this often: a request should not be a write."""


class KeptToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it is listed: never its value."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """Return ``active``, ``revoked`` or ``expired``."""
        return "revoked" if self.revoked_at else "expired" if self.expires_at <= now else "active"


Kept = TypeVar("Kept", bound=KeptToken)


class ApiToken(KeptToken, frozen=True, kw_only=True):
    """A token of a person."""

    owner: str


def check_token(name: str, scopes: Collection[str], days: int, known: Iterable[str]) -> tuple[str, list[str]]:
    """Return name and scopes of a token as they are kept; raise DeskRefusal for what cannot be."""
    name, chosen = " ".join(name.split()), [scope for scope in known if scope in scopes]
    if not 0 < len(name) <= 80 or not name.isprintable():
        raise DeskRefusal(_("name: say in 1 to 80 characters what uses the token"))
    if not chosen or set(scopes) - set(chosen):
        raise DeskRefusal(_("scopes: choose at least one of %(scopes)s", scopes=", ".join(known)))
    if not 1 <= days <= LONGEST_DAYS:
        raise DeskRefusal(_("days: a token holds for 1 to %(most)s days", most=LONGEST_DAYS))
    return name, chosen


def make_token(engine: Engine, name: str, *, scopes: list[str], days: int, by: User, now: datetime) -> str:
    """Make a token of a person's own and return its value, which is kept nowhere."""
    name, chosen = check_token(name, scopes, days, SCOPES)
    if strange := [scope for scope in chosen if not by.may(SCOPES[scope][1])]:
        told = _("scopes: your role, %(role)s, has no right to %(scopes)s", role=by.role, scopes=", ".join(strange))
        raise DeskRefusal(told)
    value = PREFIX + secrets.token_urlsafe(32)
    with writing(engine) as connection:
        if sum(token.state(now) == "active" for token in list_tokens(connection, by)) >= MOST:
            raise DeskRefusal(_("you have %(most)s tokens; revoke one first", most=MOST))
        expires = now + timedelta(days=days)
        row = {"user_id": by.id, "name": name, "token_sha256": token_sha256(value), "scopes": " ".join(chosen)}
        number = connection.execute(insert(tokens).values(**row, created_at=now, expires_at=expires).returning(tokens.c.id))
        detail = token_detail(number.scalar_one(), row, expires)
        audit.append(connection, at=now, actor=by.name, action="token_made", subject=by.name, detail=detail)
    return value


def token_user(engine: Engine, value: str, now: datetime) -> tuple[User, ApiToken] | None:
    """Return the person a token speaks for, and the token; None for one that is wrong, over, revoked or of a disabled person."""
    with engine.connect() as connection:
        token = next(_read(connection, tokens.c.token_sha256 == token_sha256(value)), None)
        row = connection.execute(select(users).where(users.c.name == token.owner)).one() if token else None
    if token is None or row is None or row.disabled_at is not None or token.state(now) != "active":
        return None
    note_use(engine, tokens, token, now, at_most=_TOUCH)
    return User(id=row.id, name=row.name, email=row.email, role=row.role, disabled=False), token


def list_tokens(connection: Connection, owner: User | None = None) -> list[ApiToken]:
    """Return the tokens of a person, or of everybody, the newest first."""
    return list(_read(connection, tokens.c.user_id == owner.id if owner else tokens.c.id > 0))


def revoke_token(engine: Engine, number: int, *, now: datetime, actor: str, owner: User | None = None) -> ApiToken:
    """End a token at once; with ``owner`` only one of theirs."""
    with writing(engine) as connection:
        token = find_token(list_tokens(connection, owner), number)
        if end_token(connection, tokens, token, now):
            detail: dict[str, object] = {"token": number}
            audit.append(connection, at=now, actor=actor, action="token_revoked", subject=token.owner, detail=detail)
    return token


def _read(connection: Connection, where: ColumnElement[bool]) -> Iterator[ApiToken]:
    query = select(tokens, users.c.name.label("owner")).join(users, users.c.id == tokens.c.user_id)
    return read_tokens(connection.execute(query.where(where).order_by(tokens.c.id.desc())), ApiToken)


def read_tokens(rows: Iterable[Row[Any]], kind: type[Kept]) -> Iterator[Kept]:
    """Yield the tokens of rows."""
    for row in rows:
        values = {name: row._mapping[name] for name in kind.__struct_fields__ if name != "scopes"}
        yield kind(**values, scopes=tuple(row.scopes.split()))


def find_token(listed: Iterable[Kept], number: int) -> Kept:
    """Return the token of that number; raise DeskRefusal when it is not among these."""
    token = next((token for token in listed if token.id == number), None)
    if token is None:
        raise DeskRefusal(_("there is no token %(number)s", number=number))
    return token


def token_detail(number: int, row: Mapping[str, object], expires: datetime) -> dict[str, object]:
    """Return what the log keeps of a token when it is made."""
    fixed = {name: row[name] for name in ("name", "token_sha256", "scopes")}
    return {"token": number, **fixed, "expires_at": spell_value(expires)}


def end_token(connection: Connection, table: Table, token: KeptToken, now: datetime) -> bool:
    """Revoke a token of a table; return whether it was not revoked before."""
    if token.revoked_at is not None:
        return False
    connection.execute(update(table).where(table.c.id == token.id).values(revoked_at=now))
    return True


def note_use(engine: Engine, table: Table, token: KeptToken, now: datetime, *, at_most: timedelta) -> None:
    """Write when a token was used, at most so often: a request should not be a write."""
    if token.used_at is None or now - token.used_at > at_most:
        with writing(engine) as connection:
            connection.execute(update(table).where(table.c.id == token.id).values(used_at=now))


def token_sha256(value: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
