"""The operations of the API, ``/api/v1``: search, queues, items, decisions and comments, with the rights of the pages.

A program opens no item for a person: what it decides, the notice calls not opened.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator
from starlette.background import BackgroundTasks

from desk.cases import comments
from desk.cases.case_decisions import cases, undo
from desk.cases.case_marks import tell
from desk.cases.comments import Comment, comments_on, escalated_items
from desk.cases.leases import lease_on, release
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.tokens import SCOPES, ApiToken, token_user
from desk.rechecks.platform_outcomes import platform_outcomes
from desk.refusals import DeskRefusal
from desk.web.api.replies import (
    CommentReply,
    CommentRequest,
    DecisionRequest,
    ItemReply,
    ItemSummary,
    NextRequest,
    PlatformReply,
    Problem,
    RequestRates,
    ResultsReply,
    Said,
    add_error_replies,
    item_reply,
    refuse_unknown,
    storable,
    summary_fields,
)
from desk.web.context import Desk
from desk.web.decision_scope import NewDecision, carry_out, status_of
from desk.web.guard import desk_of
from desk.web.results import SearchRequest, SearchResults, next_open, queue, search
from index.base import Record, Sort, StoreUnavailable
from index.query.plan import UnusableQuery

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


VERSION = "1"
ItemId = Annotated[str, Path(max_length=64), AfterValidator(storable)]
Cursor = Annotated[str, Query(max_length=512), AfterValidator(storable)]
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body is no JSON"},
    401: {"model": Problem, "description": "No token, or one that is over"},
    403: {"model": Problem, "description": "The token lacks the scope, or its person the right"},
    422: {"model": Problem, "description": "A field has a value it cannot have"},
    429: {"model": Problem, "description": "Too many requests in a minute"},
    503: {"model": Problem, "description": "The index does not answer"},
}
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such item, or not yours to see"}}
CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Somebody decided meanwhile, or has the item open"}
}
router = APIRouter(responses=REFUSALS, dependencies=[Depends(refuse_unknown)])


@router.get("/search")
def search_items(visit: Reading, q: Said = "", sort: Sort = "priority", after: Cursor = "") -> ResultsReply:
    """Search everything that was ever indexed, with the words and filters of the search box."""
    return _results(search(visit.desk, SearchRequest(typed=q.strip(), sort=sort, after=after or None)))


@router.get("/queue")
def queue_items(
    visit: Reading,
    name: Literal["", "urgent", "uncertain", "mine", "escalated"] = "",
    q: Said = "",
    sort: Sort = "priority",
    after: Cursor = "",
) -> ResultsReply:
    """Return a page of a queue; members of one campaign stand behind its first."""
    want = SearchRequest(typed=q.strip(), sort=sort, after=after or None, named=name)
    return _results(queue(visit.desk, want, visit.user))


@router.post("/queue/next", responses={204: {"description": "Nothing waits"}})
def next_item(visit: Deciding, asked: NextRequest) -> ItemReply:
    """Return the next item of a queue that nobody has open, and take its lease."""
    want = SearchRequest(typed=asked.q.strip(), named=asked.queue)
    found = next_open(visit.desk, want, asked.skip, visit.user)
    if found is None:
        raise HTTPException(204)
    return _item(visit, found)


@router.get("/items/{item_id}", responses=MISSING)
def read_item(visit: Reading, item_id: ItemId) -> ItemReply:
    """Return an item."""
    return _item(visit, item_id)


@router.post("/items/{item_id}/decisions", status_code=201, responses=MISSING | CONFLICT)
def decide(visit: Deciding, item_id: ItemId, asked: DecisionRequest, tasks: BackgroundTasks) -> ItemReply:
    """Decide about an item, or take back the decision in force; the lease of the item ends."""
    desk, record, seen = visit.desk, _record(visit, item_id), {item_id: asked.seen}
    if asked.kind == "undo":
        undo(desk.engine, [item_id], by=visit.user, now=desk.clock(), seen=seen, note=asked.note)
    else:
        made = NewDecision(**asked.model_dump(exclude={"seen", "over"}))
        carry_out(desk, made, [record], by=visit.user, seen=seen, over=asked.over)
    tasks.add_task(tell, desk.engine, desk.index)
    return _item(visit, item_id)


@router.delete("/items/{item_id}/lease", status_code=204)
def give_back(visit: Deciding, item_id: ItemId) -> Response:
    """Give an item back without deciding."""
    release(visit.desk.engine, by=visit.user, item_id=item_id)
    return Response(status_code=204)


@router.get("/items/{item_id}/comments", responses=MISSING, response_model=list[CommentReply])
def read_comments(visit: Reading, item_id: ItemId) -> list[Comment]:
    """Return what was said about an item, the oldest first."""
    return _comments(visit, item_id)


@router.post("/items/{item_id}/comments", status_code=201, responses=MISSING, response_model=list[CommentReply])
def comment(visit: Commenting, item_id: ItemId, asked: CommentRequest) -> list[Comment]:
    """Say something about an item; return all that was said."""
    _record(visit, item_id)
    comments.comment(visit.desk.engine, item_id, asked.body, by=visit.user, now=visit.desk.clock(), to=asked.to)
    return _comments(visit, item_id)


@router.get("/platforms", response_model=list[PlatformReply])
def read_platforms(visit: Reading) -> list[Any]:
    """Return what became of the notices to each platform: each notice in force is in one of four states."""
    with visit.desk.engine.connect() as connection:
        return list(platform_outcomes(connection, visit.desk.clock()).values())


def _comments(visit: ApiVisit, item_id: str) -> list[Comment]:
    _record(visit, item_id)
    with visit.desk.engine.connect() as connection:
        return comments_on(connection, item_id)


def _record(visit: ApiVisit, item_id: str) -> Record:
    record = visit.desk.store.get(item_id)
    if record is None:
        raise HTTPException(404, "there is no such item, or it is not yours to see")
    return record


def _item(visit: ApiVisit, item_id: str) -> ItemReply:
    record = _record(visit, item_id)
    with visit.desk.engine.connect() as connection:
        case = cases(connection, [item_id])[item_id]
        lease = lease_on(connection, item_id, visit.desk.clock())
    return item_reply(record, case, lease)


def _results(found: SearchResults) -> ResultsReply:
    if found.problem:
        raise HTTPException(422, found.problem)
    items = [ItemSummary.model_validate(summary_fields(one.record, one.case, one.alike, one.holder)) for one in found.lines]
    return ResultsReply(total=found.total, items=items, after=found.after)


def create_api(desk: Desk) -> FastAPI:
    """Return the application of the API around a desk; its document stands at ``openapi.json``."""
    api = FastAPI(
        title="LureWatch desk", version=VERSION, docs_url=None, redoc_url=None,
        description="Search, queues, items, decisions and comments of the desk, with the rights of a token.",
    )  # fmt: skip
    api.state.desk, api.state.rates = desk, RequestRates(desk.api_rate)
    api.include_router(router)
    add_error_replies(api)
    api.add_exception_handler(DeskRefusal, lambda _, exc: JSONResponse({"detail": str(exc)}, status_of(exc)))
    api.add_exception_handler(UnusableQuery, lambda _, exc: JSONResponse({"detail": str(exc)}, 422))
    api.add_exception_handler(StoreUnavailable, lambda *_: JSONResponse({"detail": "the search index does not answer"}, 503))
    return api
