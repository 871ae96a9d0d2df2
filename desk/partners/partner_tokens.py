"""Tokens of the partners' door: each is of one platform, and opens what its scopes say until its day, or until it is revoked.

The database knows only their SHA-256. They are made and revoked at the desk, where a second person opens each; the door compares
them.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User, dependence, user
from desk.people.tokens import (
    MOST,
    KeptToken,
    check_token,
    end_token,
    find_token,
    note_use,
    read_tokens,
    token_detail,
    token_sha256,
)
from desk.refusals import DeskRefusal
from desk.tables import partner_tokens
from foundation.messages import _

PREFIX = "lwp_"
"""Begins every token, so that one that was leaked is found by searching."""
SCOPES = {"read": _("lists, notices, files"), "answer": _("answers to notices")}
_TOUCH = timedelta(minutes=5)
"""``used_at`` is written at most this often: a request should not be a write."""


class PartnerToken(KeptToken, frozen=True, kw_only=True):
    """A token of a platform."""

    platform: str
    opened_at: datetime | None = None
    """When a second person let it in; None: it opens nothing yet."""

    def state(self, now: datetime) -> str:
        """Return ``active``, ``waiting``, ``revoked`` or ``expired``."""
        state = super().state(now)
        return "waiting" if state == "active" and self.opened_at is None else state


def issue_token(engine: Engine, platform: str, name: str, *, scopes: Sequence[str], days: int, actor: str, now: datetime) -> str:
    """Make a token of a platform and return its value, which is kept nowhere; it opens nothing before ``open_token``."""
    name, chosen = check_token(name, scopes, days, SCOPES)
    value, expires = PREFIX + secrets.token_urlsafe(32), now + timedelta(days=days)
    with writing(engine) as connection:
        if sum(token.state(now) in ("active", "waiting") for token in partner_token_list(connection, platform)) >= MOST:
            raise DeskRefusal(_("%(platform)s has %(most)s tokens; revoke one first", platform=platform, most=MOST))
        row = {"platform": platform, "name": name, "token_sha256": token_sha256(value), "scopes": " ".join(chosen)}
        made = insert(partner_tokens).values(**row, created_at=now, expires_at=expires).returning(partner_tokens.c.id)
        detail = token_detail(connection.execute(made).scalar_one(), row, expires)
        audit.append(connection, at=now, actor=actor, action="partner_token_made", subject=f"partner:{platform}", detail=detail)
    return value


def open_token(engine: Engine, number: int, *, by: User, now: datetime, platform: str) -> None:
    """Let a token in, as a second person; raises DeskRefusal for whoever made it."""
    with writing(engine) as connection:
        token = find_token(partner_token_list(connection, platform), number)
        if token.state(now) != "waiting":
            raise DeskRefusal(_("token %(number)s waits for nobody", number=number))
        made = audit.entries(connection, "partner_token_made", subject=f"partner:{platform}")
        maker = user(connection, next(entry.actor for entry in made if entry.values["token"] == number))
        if why := dependence(connection, maker, by):
            raise DeskRefusal(_("%(why)s; a second person opens a token", why=why))
        connection.execute(update(partner_tokens).where(partner_tokens.c.id == number).values(opened_at=now))
        detail: dict[str, object] = {"token": number}
        subject = f"partner:{platform}"
        audit.append(connection, at=now, actor=by.name, action="partner_token_opened", subject=subject, detail=detail)


def partner_token_list(connection: Connection, platform: str = "") -> list[PartnerToken]:
    """Return the tokens of a platform, or of all, the newest first."""
    return list(_read(connection, partner_tokens.c.platform == platform if platform else partner_tokens.c.id > 0))


def revoke_partner_token(engine: Engine, number: int, *, actor: str, now: datetime, platform: str = "") -> PartnerToken:
    """End a token at once; with ``platform`` only one of its own."""
    with writing(engine) as connection:
        token = find_token(partner_token_list(connection, platform), number)
        if end_token(connection, partner_tokens, token, now):
            detail: dict[str, object] = {"token": number}
            subject = f"partner:{token.platform}"
            audit.append(connection, at=now, actor=actor, action="partner_token_revoked", subject=subject, detail=detail)
    return token


def token_partner(engine: Engine, value: str, now: datetime) -> PartnerToken | None:
    """Return the token of a value that is in force; None for one that is wrong, over or revoked."""
    with engine.connect() as connection:
        token = next(_read(connection, partner_tokens.c.token_sha256 == token_sha256(value)), None)
    if token is None or token.state(now) != "active":
        return None
    note_use(engine, partner_tokens, token, now, at_most=_TOUCH)
    return token


def _read(connection: Connection, where: ColumnElement[bool]) -> Iterator[PartnerToken]:
    return read_tokens(connection.execute(select(partner_tokens).where(where).order_by(partner_tokens.c.id.desc())), PartnerToken)
