"""The application of the partners' door: its API and its plain page, which works without scripts; a process of
its own, apart from the desk."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Form, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment
from sqlalchemy import literal, select
from starlette.exceptions import HTTPException as StarletteRefusal
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from desk.languages.reader_locale import reader_locale, stamp
from desk.partners import served
from desk.partners.answers import (
    AFTER_RETRACTION,
    KINDS,
    OFFERED,
    OFFERED_REASONS,
    REASONS,
    GivenAnswer,
    answers_to,
    give_answers,
)
from desk.partners.door_access import Answering, Door, DoorVisit, Reading, door_of
from desk.partners.door_operations import VERSION, Cursor, NoticeId, TranslationReply, create_door_api, read_file, read_screenshot
from desk.partners.served import CursorError
from desk.takedown.notice import KINDS as LURES
from desk.web.guard import HEADERS, HSTS, LOOPBACK, BodyLimit, ReaderGuess, Text, log_failure
from desk.web.pages import TEMPLATES, environment
from foundation.messages import _

STEP = 50
"""Notices on a page."""
NOTHING_WRITTEN = {"kind": "", "reason": "", "words": ""}
"""A form that nobody filled in yet."""
router = APIRouter()


@router.get("/")
def notices_page(request: Request, visit: Reading, state: served.State = "standing", after: Cursor = "") -> Response:
    """Show notices as they stand, the newest first."""
    with visit.door.engine.connect() as connection:
        found = served.notices_after(connection, visit.platform, state, after, STEP + 1, newest_first=True)
        answers = answers_to(connection, visit.platform, [each.newest.notice_id for each in found])
        total, waiting = served.count_notices(connection, visit.platform)
    return _show(
        request, "notices.html", platform=visit.door.titles.get(visit.platform, visit.platform), notices=found[:STEP],
        answers=answers, kinds=KINDS, state=state, total=total, waiting=waiting,
        many=total == served.MOST_COUNTED,
        after=found[STEP - 1].newest.cursor if len(found) > STEP else "",
    )  # fmt: skip


@router.get("/notices/{notice_id}")
def notice_page(request: Request, visit: Reading, notice_id: NoticeId, said: bool = False) -> Response:
    """Show one notice, with the form to answer it."""
    return _show_notice(request, visit, notice_id, said=said)


@router.post("/notices/{notice_id}/answer")
def answer_notice(
    request: Request,
    visit: Answering,
    notice_id: NoticeId,
    key: Annotated[Text, Form()] = "",
    kind: Annotated[Text, Form()] = "",
    reason: Annotated[Text, Form()] = "",
    words: Annotated[Text, Form()] = "",
) -> Response:
    """Keep an answer; the form carries its key, so that it counts once if it is sent twice."""
    written = {"kind": kind, "reason": reason, "words": words}
    if kind not in KINDS:
        return _show_notice(request, visit, notice_id, 422, problem=_("answer: choose one"), written=written)
    if kind == "refused" and reason not in REASONS:
        return _show_notice(request, visit, notice_id, 422, problem=_("choose why it is refused"), written=written)
    given = GivenAnswer(
        key=key, notice_id=notice_id, kind=kind, reason=reason if kind == "refused" else "", words=words
    )  # fmt: skip
    (outcome,) = give_answers(visit.door.engine, visit.platform, [given], now=visit.door.clock())
    if outcome.outcome == "refused":
        return _show_notice(request, visit, notice_id, 422, problem=outcome.detail, written=written)
    return RedirectResponse(f"/notices/{notice_id}?said=true", status_code=303)


router.add_api_route("/notices/{notice_id}/screenshot", read_screenshot)
router.add_api_route("/lists/{number}/{name}", read_file)


def _show_notice(
    request: Request, visit: DoorVisit, notice_id: str, status: int = 200, *, problem: str = "", said: bool = False,
    written: Mapping[str, str] = NOTHING_WRITTEN,
) -> Response:  # fmt: skip
    with visit.door.engine.connect() as connection:
        one = served.notices_named(connection, visit.platform, [notice_id]).get(notice_id)
        if one is None:
            raise HTTPException(404, _("you were told of no such notice"))
        answers = answers_to(connection, visit.platform, [notice_id]).get(notice_id, [])
        files = served.file_names(connection, visit.platform, one.newest.number)
        picture = served.exhibit_of(connection, visit.platform, one, "jpg") is not None
        kept = served.exhibit_of(connection, visit.platform, one, "json")
    captured = one.newest.body.get("evidence", {}).get("captured_at")
    offered = OFFERED[one.is_standing]
    translation = TranslationReply.model_validate_json(kept) if kept else None
    return _show(
        request, "notice.html", status, one=one, answers=answers, files=files, picture=picture,
        translation=translation, kinds=KINDS, reasons=REASONS, lures=LURES, offered_reasons=OFFERED_REASONS[one.is_standing],
        offered=[(kind, KINDS[kind] if one.is_standing else AFTER_RETRACTION.get(kind, KINDS[kind])) for kind in offered],
        key=f"page-{secrets.token_hex(12)}", problem=problem, said=said,
        captured=stamp(datetime.fromisoformat(captured)) if captured else "", written=written,
        may_answer="answer" in visit.token.scopes,
    )  # fmt: skip


def show_refusal(request: Request, status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    """Answer a refusal with a page that says it in words."""
    answer = _show(request, "refusal.html", status, title=f"{status}", text=text)
    answer.headers.update(headers or {})
    return answer


def _show(request: Request, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    templates: Environment = request.app.state.templates
    notifier = door_of(request).notifier
    body = templates.get_template(name).render(
        lang=reader_locale().language, organisation=notifier.name, email=notifier.email, **values
    )
    return HTMLResponse(body, status_code=status)


LOG = logging.getLogger("lurewatch.door")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No page here has a script."""
MOST = 8 << 20
"""Bytes of a body: ten thousand answers with a sentence each."""


class HeadAsGet:
    """Answers HEAD as GET; the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        await self._app({**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope, receive, send)


def create_door(door: Door) -> FastAPI:
    """Return the application around a door."""
    app = FastAPI(title="LureWatch notices", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.door, app.state.templates = door, environment(Path(__file__).with_name("templates"))
    host = urlsplit(door.public_url).hostname or "127.0.0.1"
    app.add_middleware(BodyLimit, most=MOST)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[host, *LOOPBACK], www_redirect=False)
    app.add_middleware(BaseHTTPMiddleware, dispatch=_add_headers)
    app.add_middleware(ReaderGuess, zone="UTC")
    if door.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(door.trusted_proxies))
    app.add_middleware(HeadAsGet)
    app.mount("/static", StaticFiles(directory=TEMPLATES.with_name("static")), name="static")
    app.mount(f"/api/v{VERSION}", create_door_api(door), name="api")
    app.include_router(router)
    app.add_api_route("/healthz", _healthy, methods=["GET"])
    app.add_exception_handler(StarletteRefusal, _answer_refusal)
    app.add_exception_handler(RequestValidationError, _answer_unreadable)
    app.add_exception_handler(CursorError, lambda request, exc: show_refusal(request, 422, str(exc)))
    app.add_exception_handler(Exception, _answer_failure)
    return app


def _healthy(request: Request) -> Response:
    """Answer 200 when the database answers; for load balancers, says nothing else."""
    with request.app.state.door.engine.connect() as connection:
        connection.execute(select(literal(1)))
    return PlainTextResponse("ok\n")


async def _add_headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call(request)
    _put_headers(request, answer)
    return answer


def _put_headers(request: Request, answer: Response) -> None:
    answer.headers.update(HEADERS | {"Content-Security-Policy": POLICY})
    if request.app.state.door.public_url.startswith("https://"):
        answer.headers["Strict-Transport-Security"] = HSTS
    if "location" in answer.headers:  # every redirect leads to the door itself: never to http, or to the Host that was asked for
        there = urlsplit(answer.headers["location"])
        answer.headers["location"] = "/" + there._replace(scheme="", netloc="").geturl().lstrip("/")
    if request.url.path.startswith("/static/") and answer.status_code < 400:
        answer.headers["Cache-Control"] = "public, max-age=3600"


def _answer_refusal(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, StarletteRefusal)
    return show_refusal(request, exc.status_code, exc.detail, dict(exc.headers or {}))


def _answer_unreadable(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    missing = any(error["loc"][0] == "path" for error in exc.errors())
    why = _("Nothing has an address like that") if missing else _("A field of the form has a value it cannot have.")
    return show_refusal(request, 404 if missing else 422, why)


def _answer_failure(request: Request, exc: Exception) -> Response:
    number = log_failure(LOG, request, exc)
    answer = show_refusal(request, 500, _("something went wrong; tell us the number %(number)s", number=number))
    _put_headers(request, answer)
    return answer
