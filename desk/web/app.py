"""The desk's web application: its routes and its error pages."""

import logging
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from desk.field_limits import FieldTooLong
from desk.web import guard
from desk.web.context import Desk
from desk.web.pages import environment, page
from desk.web.routes import (
    admin,
    campaigns,
    digest,
    export,
    item,
    metrics,
    queue,
    rules,
    rulings,
    saved,
    session,
    source_files,
    suggestions,
    takedown,
)
from index.base import StoreUnavailable
from index.query.plan import UnusableQuery

LOG = logging.getLogger("lurewatch.desk")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
REPORTED = 2000
"""Bytes of a browser's report that are read and logged."""
ROUTERS = tuple(
    entry.router
    for entry in (
        session,
        queue,
        export,
        saved,
        item,
        campaigns,
        rulings,
        digest,
        takedown,
        admin,
        source_files,
        rules,
        suggestions,
        metrics,
    )
)


def create_app(desk: Desk) -> FastAPI:
    """Return the application around a desk."""
    checks = [Depends(guard.possible_path), Depends(guard.bounded_fields)]
    app = FastAPI(title="LureWatch desk", docs_url=None, redoc_url=None, openapi_url=None, dependencies=checks)
    app.state.desk, app.state.templates = desk, environment()
    host = urlsplit(desk.public_url).hostname or "127.0.0.1"
    app.add_middleware(guard.BodyLimit)  # innermost: what it raises is answered like any other refusal
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[host, *LOOPBACK], www_redirect=False)
    app.add_middleware(BaseHTTPMiddleware, dispatch=guard.add_headers)
    if desk.trusted_proxies:  # outermost: from here on the client is whoever the last trusted proxy was asked by
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(desk.trusted_proxies))
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/healthz", _healthy, methods=["GET"])
    app.add_api_route("/csp", _csp_report, methods=["POST"])
    app.add_exception_handler(guard.LoginNeeded, _login_needed)
    app.add_exception_handler(guard.AccessDenied, _denied_response)
    app.add_exception_handler(guard.BadForm, _bad_form)
    app.add_exception_handler(FieldTooLong, _too_long)
    app.add_exception_handler(UnusableQuery, _unanswerable)
    app.add_exception_handler(StoreUnavailable, _store_away)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed_response)
    return app


def _healthy(desk: guard.Here) -> Response:
    """Answer 200 when the index and the database both answer; for load balancers, says nothing else."""
    desk.store.count()
    with desk.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok\n")


async def _csp_report(request: Request) -> Response:
    """Log that a browser refused something a page tried; the report's words are not trusted and are cut short."""
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[:REPORTED]
        if len(body) == REPORTED:
            break
    LOG.warning("content security policy refused something: %s", ascii(body.decode("utf-8", "replace")))
    return Response(status_code=204)


def _login_needed(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, guard.LoginNeeded)
    if request.headers.get("hx-request"):  # a page in the middle of which this is asked stays where it is, and says so
        return page(request, "message.html", 401, title="Log in again", text="Your session has ended.")
    return RedirectResponse(guard.login_address(exc.back), status_code=303)


def _denied_response(request: Request, exc: Exception) -> Response:
    request.state.session = guard.session_of(request)
    return page(request, "message.html", 403, title="Not yours to do", text=f"{str(exc).capitalize()}. Ask a lead or an admin.")


def _bad_form(request: Request, exc: Exception) -> Response:
    request.state.session = guard.session_of(request)
    return page(request, "message.html", 403, title="Form refused", text=f"{str(exc).capitalize()}.")


def _bad_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    request.state.session = guard.session_of(request)
    if any(error["loc"][0] == "path" for error in exc.errors()):
        return page(request, "message.html", 404, title="No such page", text="Nothing has a number like that.")
    return page(request, "message.html", 422, title="Cannot read that", text="A field of the form has a value it cannot have.")


def _too_long(request: Request, exc: Exception) -> Response:
    request.state.session = guard.session_of(request)
    return page(request, "message.html", 422, title="Too long", text=f"{exc}. Nothing was changed.")


def _unanswerable(request: Request, exc: Exception) -> Response:
    request.state.session = guard.session_of(request)
    return page(request, "message.html", 422, title="That cannot be searched", text=f"{exc}.")


def _store_away(request: Request, exc: Exception) -> Response:
    LOG.error("search index away: %s", exc)
    request.state.session = guard.session_of(request)
    return page(
        request,
        "message.html",
        503,
        title="The search index does not answer",
        text="Nothing is lost: decisions are kept elsewhere. Run `lurewatch doctor` to see what is wrong, then reload.",
    )


def _failed_response(request: Request, exc: Exception) -> Response:
    """Answer with a number and no details; the log has the trace under that number."""
    number = secrets.token_hex(4)
    LOG.error("error %s at %s %s", number, request.method, ascii(request.url.path), exc_info=exc)
    answer = page(
        request,
        "message.html",
        500,
        title="Something went wrong here",
        text=f"Nothing was changed. Tell whoever runs this desk the number {number}; the log has the rest.",
    )
    guard.put_headers(request, answer)  # this answer is made outside the middleware that does it for all others
    return answer


def _http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    request.state.session = guard.session_of(request)
    title = "No such page" if exc.status_code == 404 else "Not possible"
    return page(request, "message.html", exc.status_code, title=title, text=f"{exc.detail}.")
