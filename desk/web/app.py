"""The desk's web application: its routes and its error pages."""

import gc
import hmac
import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from desk.custody.kept_records import EvidenceError
from desk.field_limits import FieldTooLong
from desk.refusals import DeskRefusal
from desk.web import guard
from desk.web.api.operations import VERSION, create_api
from desk.web.context import Desk
from desk.web.pages import environment, page, sentence
from desk.web.routes import (
    account_pages,
    bulk_pages,
    campaign_pages,
    colleague_pages,
    evidence_pages,
    house_pages,
    item_pages,
    list_pages,
    platform_pages,
    saved_pages,
    search_pages,
)
from foundation.messages import _
from index.base import StoreUnavailable
from index.query.plan import UnusableQuery

LOG = logging.getLogger("lurewatch.desk")
LEAST_COMPRESSED = 1000
"""Bytes from which on an answer is compressed."""
REPORTED = 2000
"""Bytes of a browser's report that are read and logged."""
ROUTERS = tuple(
    module.router
    for module in (
        search_pages, saved_pages, item_pages, bulk_pages, colleague_pages, campaign_pages, list_pages,
        platform_pages, house_pages, evidence_pages,
        account_pages,
    )
)  # fmt: skip


def keep_loaded() -> None:
    """Take what is loaded by now out of the garbage collector's sight: looking through it held up each tenth page."""
    gc.collect()
    gc.freeze()


def create_app(desk: Desk) -> FastAPI:
    """Return the application around a desk."""
    checks = [Depends(guard.possible_path), Depends(guard.bounded_fields)]
    app = FastAPI(title="LureWatch desk", docs_url=None, redoc_url=None, openapi_url=None, dependencies=checks)
    app.state.desk, app.state.templates = desk, environment()
    host = urlsplit(desk.public_url).hostname or "127.0.0.1"
    app.add_middleware(guard.BodyLimit)  # innermost: what it raises is answered like any other refusal
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[host, *guard.LOOPBACK], www_redirect=False)
    app.add_middleware(BaseHTTPMiddleware, dispatch=guard.add_headers)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED, compresslevel=5)  # tokens on pages are masked
    app.add_middleware(guard.ReaderGuess, zone=desk.zone)
    if desk.trusted_proxies:  # outermost: from here on the client is whoever the last trusted proxy was asked by
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(desk.trusted_proxies))
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    app.mount(f"/api/v{VERSION}", create_api(desk), name="api")
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/healthz", _healthy, methods=["GET"])
    app.add_api_route("/metrics", _metrics, methods=["GET"])
    app.add_api_route("/csp", _csp_report, methods=["POST"])
    for kind, answer in HANDLERS.items():
        app.add_exception_handler(kind, answer)
    return app


def _healthy(desk: guard.Here) -> Response:
    """Answer 200 when the index and the database both answer; for load balancers, says nothing else."""
    desk.store.count()
    with desk.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok\n")


def _metrics(request: Request, desk: guard.Here) -> Response:
    """Answer a monitoring system in OpenMetrics when it sends the token; 404 without a token in the settings, 401 for another."""
    if desk.metrics is None or not desk.metrics_token:
        raise HTTPException(404, _("Nothing has an address like that"))
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), desk.metrics_token.encode()):
        advice = "give the token of LUREWATCH_METRICS_TOKEN as a bearer token\n"
        return PlainTextResponse(advice, 401, headers={"WWW-Authenticate": "Bearer"})
    text, content_type = desk.metrics()
    return Response(text, headers={"Content-Type": content_type})


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
        return page(request, "message.html", 401, title=_("Log in again"), text=_("Your session has ended."))
    return RedirectResponse(guard.login_address(exc.back), status_code=303)


def _refuse(status: int, title: str, sentence: Callable[[Exception], str]) -> Callable[[Request, Exception], Response]:
    """Return what answers an error with a page that says it in words."""

    def answer(request: Request, exc: Exception) -> Response:
        request.state.session = guard.session_of(request)
        return page(request, "message.html", status, title=title, text=sentence(exc))

    return answer


def _bad_request(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    if any(error["loc"][0] == "path" for error in exc.errors()):
        return _refuse(404, _("No such page"), lambda _exc: _("Nothing has a number like that."))(request, exc)
    return _refuse(422, _("Cannot read that"), lambda _exc: _("A field of the form has a value it cannot have."))(request, exc)


def _store_away(request: Request, exc: Exception) -> Response:
    LOG.error("search index away: %s", exc)
    text = _("Nothing is lost: decisions are kept elsewhere. Run `lurewatch doctor` to see what is wrong, then reload.")
    return _refuse(503, _("The search index does not answer"), lambda _exc: text)(request, exc)


def _failed_response(request: Request, exc: Exception) -> Response:
    """Answer with a number and no details; the log has the trace under that number."""
    number = guard.log_failure(LOG, request, exc)
    answer = page(
        request, "message.html", 500, title=_("Something went wrong here"),
        text=_("Nothing was changed. Tell whoever runs this desk the number %(number)s; the log has the rest.", number=number),
    )  # fmt: skip
    guard.put_headers(request, answer)  # this answer is made outside the middleware that does it for all others
    return answer


def _http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    title = _("No such page") if exc.status_code == 404 else _("Not possible")
    return _refuse(
        exc.status_code,
        title,
        lambda _exc: sentence(_("Nothing has an address like that") if exc.detail == "Not Found" else exc.detail),
    )(request, exc)


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    guard.LoginNeeded: _login_needed,
    guard.AccessDenied: _refuse(403, _("Not yours to do"), lambda exc: _("%(why)s Ask a lead or an admin.", why=sentence(exc))),
    guard.NoItem: _refuse(404, _("No such item"), sentence),
    guard.BadForm: _refuse(403, _("Form refused"), sentence),
    FieldTooLong: _refuse(422, _("Too long"), lambda exc: _("%(why)s Nothing was changed.", why=sentence(exc))),
    EvidenceError: _refuse(409, _("The evidence cannot be vouched for"), sentence),
    DeskRefusal: _refuse(
        422, _("Nothing was changed"), lambda exc: _("%(why)s Go back: what you typed is still there.", why=sentence(exc))
    ),
    UnusableQuery: _refuse(422, _("That cannot be searched"), sentence),
    StoreUnavailable: _store_away,
    RequestValidationError: _bad_request,
    HTTPException: _http,
    Exception: _failed_response,
}
"""What people see when something is refused or fails."""
