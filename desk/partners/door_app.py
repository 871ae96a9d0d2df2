"""The application of the partners' door: its API and its page; a process of its own, apart from the desk."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy import literal, select
from starlette.exceptions import HTTPException as StarletteRefusal
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from desk.partners import door_pages
from desk.partners.door_access import Door
from desk.partners.door_operations import VERSION, create_door_api
from desk.partners.served import CursorError
from desk.web.guard import HEADERS, HSTS, LOOPBACK, BodyLimit, ReaderGuess, log_failure
from desk.web.pages import TEMPLATES, environment
from foundation.messages import _

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
    app.include_router(door_pages.router)
    app.add_api_route("/healthz", _healthy, methods=["GET"])
    app.add_exception_handler(StarletteRefusal, _answer_refusal)
    app.add_exception_handler(RequestValidationError, _answer_unreadable)
    app.add_exception_handler(CursorError, lambda request, exc: door_pages.show_refusal(request, 422, str(exc)))
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
    return door_pages.show_refusal(request, exc.status_code, exc.detail, dict(exc.headers or {}))


def _answer_unreadable(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    missing = any(error["loc"][0] == "path" for error in exc.errors())
    why = _("Nothing has an address like that") if missing else _("A field of the form has a value it cannot have.")
    return door_pages.show_refusal(request, 404 if missing else 422, why)


def _answer_failure(request: Request, exc: Exception) -> Response:
    number = log_failure(LOG, request, exc)
    answer = door_pages.show_refusal(request, 500, _("something went wrong; tell us the number %(number)s", number=number))
    _put_headers(request, answer)
    return answer
