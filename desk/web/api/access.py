"""Who may use the API: a bearer token with a scope, of a person with the right, and so many requests a minute.

A cookie opens nothing here, so no other site can make a browser use it.
"""

from collections.abc import Callable
from typing import Annotated

import msgspec
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from desk.cases.comments import escalated_items
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.tokens import SCOPES, ApiToken, token_user
from desk.web.context import Desk
from desk.web.guard import desk_of

BEARER = HTTPBearer(auto_error=False, description="A token of the account page, `lwt_…`.")


class ApiVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A program asks, for a person: what every operation works with."""

    desk: Desk
    """As this token sees it."""
    user: User
    token: ApiToken
    escalated: frozenset[str]


def needs_scope(name: str) -> Callable[[Request, HTTPAuthorizationCredentials | None], ApiVisit]:
    """Return the dependency that lets in only tokens with a scope, of people with its right."""
    right = SCOPES[name][1]

    def check(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> ApiVisit:
        desk, rates = desk_of(request), request.app.state.rates
        found = token_user(desk.engine, given.credentials, desk.clock()) if given else None
        if found is None:
            rates.count(f"refused {request.client.host if request.client else ''}")
            detail = "give a token of the account page as a bearer token"
            raise HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})
        user, token = found
        rates.count(f"token {token.id}")
        if name not in token.scopes or not user.may(right):
            with writing(desk.engine) as connection:
                noted: dict[str, object] = {"method": request.method, "scope": name, "token": token.id}
                audit.append(
                    connection, at=desk.clock(), actor=user.name, action="denied", subject=request.url.path, detail=noted
                )
            raise HTTPException(403, f"the token needs the scope {name}, and its person the right to {right}")
        with desk.engine.connect() as connection:
            escalated = escalated_items(connection)
        seen = desk.seen_by(user, escalated, victims="victims" in token.scopes)
        return ApiVisit(desk=seen, user=user, token=token, escalated=escalated)

    return check


Reading = Annotated[ApiVisit, Depends(needs_scope("read"))]
Deciding = Annotated[ApiVisit, Depends(needs_scope("decide"))]
Commenting = Annotated[ApiVisit, Depends(needs_scope("comment"))]
