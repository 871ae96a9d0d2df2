"""Desk sessions, kept on the server: the cookie is 256 random bits, the database knows only their SHA-256.

A session ends at log-out, after 30 idle minutes, after 12 hours, or when its person is disabled or gets a new password.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User, user_of
from desk.tables import sessions, users

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)
"""``seen_at`` is written at most this often: a page view should not be a write."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody logged in."""

    user: User
    csrf: str
    """Token every form carries."""
    started_at: datetime


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A live session as the administrator sees it: whose, since when, and when last used; nothing that opens it."""

    name: str
    started_at: datetime
    seen_at: datetime


def start(engine: Engine, user: User, now: datetime) -> str:
    """Open a session and return the token for the cookie; old sessions of everyone are cleared on the way."""
    token = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        connection.execute(delete(sessions).where((sessions.c.seen_at < now - IDLE) | (sessions.c.started_at < now - LONGEST)))
        connection.execute(
            insert(sessions).values(
                token_sha256=_sha256(token), user_id=user.id, csrf=secrets.token_urlsafe(32), started_at=now, seen_at=now
            )
        )
    return token


def current(engine: Engine, token: str, now: datetime) -> Session | None:
    """Return the live session behind a token, or None."""
    query = select(sessions, users).join(users).where(sessions.c.token_sha256 == _sha256(token))
    with engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None or row.disabled_at is not None or now - row.seen_at > IDLE or now - row.started_at > LONGEST:
        return None
    if now - row.seen_at > _TOUCH:
        with writing(engine) as connection:
            connection.execute(update(sessions).where(sessions.c.token_sha256 == _sha256(token)).values(seen_at=now))
    return Session(user=user_of(row), csrf=row.csrf, started_at=row.started_at)


def open_sessions(connection: Connection, now: datetime) -> list[OpenSession]:
    """Return every live session, the last used first."""
    live = (sessions.c.seen_at >= now - IDLE) & (sessions.c.started_at >= now - LONGEST)
    query = select(users.c.name, sessions.c.started_at, sessions.c.seen_at).join(users).where(live)
    rows = connection.execute(query.order_by(sessions.c.seen_at.desc(), users.c.name))
    return [OpenSession(name=row.name, started_at=row.started_at, seen_at=row.seen_at) for row in rows]


def end(engine: Engine, token: str, actor: str, now: datetime) -> None:
    """Close a session."""
    with writing(engine) as connection:
        connection.execute(delete(sessions).where(sessions.c.token_sha256 == _sha256(token)))
        audit.append(connection, at=now, actor=actor, action="logout", subject=actor)


def masked_token(session: Session) -> str:
    """Return the token of a session's forms under a new mask: its bytes never stand twice on the wire the same way, so the size
    of compressed pages tells nothing of them (BREACH)."""
    token = session.csrf.encode()
    mask = secrets.token_bytes(len(token))
    return urlsafe_b64encode(mask + _xor(mask, token)).decode()


def same_token(session: Session, value: str) -> bool:
    """Tell, in constant time, whether what a form carries is this session's token under a mask."""
    try:
        both = urlsafe_b64decode(value.encode("ascii"))
    except ValueError:
        return False
    half = len(both) // 2
    return hmac.compare_digest(session.csrf.encode(), _xor(both[:half], both[half:]))


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(first ^ second for first, second in zip(one, other, strict=False))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
