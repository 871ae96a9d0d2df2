"""Who may use the partners' door: a token of one platform, as a bearer or as the password of HTTP Basic, within its rate.

A person's browser asks for a password by itself: so there is no session, and nothing is kept in a browser. What another site's
page makes a browser send is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from sqlalchemy import Engine, delete, text

from desk.database import writing
from desk.list_maker import Notifier
from desk.partners.partner_tokens import PartnerToken, token_partner
from desk.tables import partner_requests
from desk.web.guard import BadForm, same_site
from foundation.messages import _

KEPT = timedelta(hours=1)
"""How long a count is kept after its minute; the hourly run drops what is older."""
_COUNT = text(
    "INSERT INTO partner_requests (key, minute, requests) VALUES (:key, :minute, 1) ON CONFLICT (key) DO UPDATE SET"
    " requests = CASE WHEN partner_requests.minute = excluded.minute THEN partner_requests.requests + 1 ELSE 1 END,"
    " minute = excluded.minute RETURNING requests"
)
"""One row a token, one step: two processes that count at once cannot both read the same number."""


def count_request(engine: Engine, key: str, most: int, now: datetime) -> bool:
    """Count one request of a token, or a refused one of an address; tell whether the minute of the clock has room for it."""
    # The server's lock on the row is enough: the desk's own lock, which ``writing`` takes there, would make requests wait for it.
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        return int(connection.execute(_COUNT, {"key": key, "minute": _minute(now)}).scalar_one()) <= most


def forget_requests(engine: Engine, now: datetime) -> None:
    """Drop the counts of minutes that are long over."""
    with writing(engine) as connection:
        connection.execute(delete(partner_requests).where(partner_requests.c.minute < _minute(now - KEPT)))


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


BEARER = HTTPBearer(auto_error=False, description="A token of your platform, `lwp_…`.")
ASK = {"WWW-Authenticate": 'Basic realm="notices"'}
BASIC = HTTPBasic(auto_error=False, realm="notices", description="Any user name; the token as password. For browsers.")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Door:
    """The door's parts."""

    engine: Engine
    """As ``open_door_database`` gives it: it reaches nothing else."""
    notifier: Notifier
    public_url: str
    a_minute: int
    """Requests of one token, and refused ones of one address, that are answered in a minute."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What each platform is called; one that is not here goes by its key."""
    trusted_proxies: tuple[str, ...] = ()
    clock: Callable[[], datetime] = _now


class DoorVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A platform asks: what every operation works with."""

    door: Door
    token: PartnerToken

    @property
    def platform(self) -> str:
        """Whose notices are served, and nobody else's."""
        return self.token.platform


def door_of(request: Request) -> Door:
    """Return the door of this application."""
    door = request.app.state.door
    assert isinstance(door, Door)
    return door


def needs_token(scope: str) -> Callable[..., DoorVisit]:
    """Return the dependency that lets in only tokens in force with a scope."""

    def check(
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
        basic: Annotated[HTTPBasicCredentials | None, Depends(BASIC)],
    ) -> DoorVisit:
        door = door_of(request)
        value = bearer.credentials if bearer else basic.password if basic else ""
        token = token_partner(door.engine, value, door.clock()) if value else None
        if token is None:
            place = request.client.host if request.client else ""
            _check_rate(door, f"refused {place}"[:80])
            raise HTTPException(401, _("give a token of your platform as the password"), headers=ASK)
        _check_rate(door, f"token {token.id}")
        if scope not in token.scopes:
            raise HTTPException(403, _("the token needs the scope %(scope)s", scope=scope))
        if request.method != "GET":
            try:
                same_site(request)
            except BadForm as exc:
                raise HTTPException(403, exc.args[0]) from exc
        return DoorVisit(door=door, token=token)

    return check


def _check_rate(door: Door, key: str) -> None:
    now = door.clock()
    if not count_request(door.engine, key, door.a_minute, now):
        detail = f"more than {door.a_minute} requests in a minute; wait"
        raise HTTPException(429, detail, headers={"Retry-After": str(60 - now.second)})


Reading = Annotated[DoorVisit, Depends(needs_token("read"))]
Answering = Annotated[DoorVisit, Depends(needs_token("answer"))]
