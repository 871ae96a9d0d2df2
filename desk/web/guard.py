"""Access control: headers on every answer, the session, the right a route needs, checks of forms.

Every route names its right with ``needs``; a test walks all routes against a table and fails for one that is not in it.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit

import fastapi
import msgspec
from fastapi import Depends, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AfterValidator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.cases.asks import count_asks
from desk.cases.comments import escalated_items
from desk.custody import audit
from desk.database import writing
from desk.field_limits import DEFAULT, check_lengths
from desk.languages.catalogues import say
from desk.languages.reader_locale import ReaderLocale, begin_reading, guessed_language, reader_locale, set_reader
from desk.people.accounts import User
from desk.people.roles import Right
from desk.people.sessions import Session, current, same_token
from desk.refusals import DeskRefusal
from desk.translation.translator import TranslatedItem, foreign
from desk.web.context import Desk
from desk.web.pages import page
from foundation.messages import LANGUAGES, _
from index.base import Record
from index.query.plan import UnusableQuery

Part = TypeVar("Part")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types default; report-uri /csp"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""Hosts by which a browser or a probe on this machine may ask."""
HSTS = "max-age=63072000; includeSubDomains"
LANGUAGE_COOKIE = "language"
LANGUAGE_KEPT = 365 * 86_400
"""Seconds that a browser keeps the language."""
MOST = 1 << 20
"""Bytes of a body; the longest form, the notices ticked on a list, has a tenth of it."""
MOST_AT_LOGIN = 16 << 10
"""Bytes of a log-in, which anybody may send: a name, a password and where to return to."""


class LoginNeeded(Exception):
    """Nobody is logged in; ``back`` is where to return to."""

    def __init__(self, back: str) -> None:
        super().__init__("log in first")
        self.back = back


class AccessDenied(Exception):
    """The person logged in may not do this; already in the audit log."""


class BadForm(Exception):
    """A form came without its token, or from another site."""


class NoItem(Exception):
    """There is no such item, or the person may not see it."""

    def __init__(self) -> None:
        super().__init__(_("It is not in the index. It may have been purged, or the address is wrong."))


def desk_of(request: Request) -> Desk:
    """Return the desk of this application."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def address_of(request: Request) -> str:
    """Return the address that failed log-ins are counted by."""
    return request.client.host if request.client else "unknown"


def cookie_name(desk: Desk) -> str:
    """Return the session cookie's name; ``__Host-`` binds it to TLS and this very host."""
    return "__Host-sid" if desk.secure else "sid"


def session_of(request: Request) -> Session | None:
    """Return the live session of a request, or None."""
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(desk))
    session = current(desk.engine, token, desk.clock()) if token else None
    if session:
        language = session.user.language or reader_locale().language
        set_reader(ReaderLocale(language=language, zone=session.user.zone or desk.zone))
    return session


class ReaderGuess:
    """Begins each request in the language that the browser kept or asks for; ``session_of`` learns who reads."""

    def __init__(self, app: ASGIApp, zone: str) -> None:
        self._app, self._zone = app, zone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            request = Request(scope)
            kept = request.cookies.get(LANGUAGE_COOKIE, "")
            language = kept if kept in LANGUAGES else guessed_language(request.headers.get("accept-language", ""))
            begin_reading(ReaderLocale(language=language, zone=self._zone))
        await self._app(scope, receive, send)


def keep_language(desk: Desk, answer: Response, language: str) -> None:
    """Keep in the browser which language it is read in, for the page on which nobody is logged in."""
    answer.set_cookie(
        LANGUAGE_COOKIE, language, secure=desk.secure, httponly=True, samesite="strict", path="/", max_age=LANGUAGE_KEPT
    )


class PageVisit(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is logged in asks for a page, or sends a form: what every handler works with."""

    request: Request
    desk: Desk
    """As this person sees it."""
    session: Session
    escalated: frozenset[str] = frozenset()
    asked: int = 0
    """How much colleagues ask of this person."""

    @property
    def user(self) -> User:
        """Who asks."""
        return self.session.user

    @property
    def address(self) -> str:
        """Return where the request comes from."""
        return address_of(self.request)

    def item(self, item_id: str) -> Record:
        """Return an item that the person may see; raise NoItem."""
        record = self.desk.store.get(item_id)
        if record is None:
            raise NoItem
        return record

    def translations(self, records: Iterable[Record]) -> dict[str, TranslatedItem]:
        """Return what is kept of items in the reader's language: item -> translation; nothing is sent."""
        translator, language = self.desk.translator, self.user.language
        if translator is None:
            return {}
        found = {record.id: translator.kept_item(record, language) for record in records if foreign(record, language)}
        return {item: translated for item, translated in found.items() if translated}

    def titles(self, records: Iterable[Record]) -> dict[str, str]:
        """Return the titles of a list that are kept in the reader's language: item -> title; nothing is sent."""
        translator = self.desk.translator
        return translator.kept_titles(records, self.user.language) if translator else {}

    def show(self, name: str, status: int = 200, /, **values: Any) -> Response:
        """Return a page of the desk."""
        return page(self.request, name, status, **values)

    def show_part(self, name: str, title: str, /, **values: Any) -> Response:
        """Return a part of a page to a script that asks for it, else a page of that title around it."""
        alone = "hx-request" in self.request.headers
        return self.show(name if alone else "part_page.html", part=name, title=title, **values)

    def change(
        self, carry: Callable[[], Part], to: str | Callable[[Part], Response],
        refuse: Callable[[int, str], Response] | None = None, status: int = 422,
    ) -> Response:  # fmt: skip
        """Carry out a change and lead on, or answer with what it gave back; one that is refused is answered by the page it was
        asked on, with the reason, or where no page is given by one that says the reason alone."""
        try:
            made = carry()
        except (DeskRefusal, UnusableQuery) as exc:
            if refuse is None:
                raise
            return refuse(status, say(exc))
        return RedirectResponse(to, status_code=303) if isinstance(to, str) else to(made)

    def show_message(self, status: int, title: str, text: str) -> Response:
        """Return a page that says one thing."""
        return page(self.request, "message.html", status, title=title, text=text)


def needs(right: Right) -> Callable[[Request], PageVisit]:
    """Return the dependency that lets in only people with ``right``."""

    def check(request: Request) -> PageVisit:
        session = session_of(request)
        if session is None:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            raise LoginNeeded(back if request.method == "GET" else "/")
        if not session.user.may(right):
            desk = desk_of(request)
            with writing(desk.engine) as connection:
                detail: dict[str, object] = {"method": request.method, "right": str(right)}
                path, actor = request.url.path, session.user.name
                audit.append(connection, at=desk.clock(), actor=actor, action="denied", subject=path, detail=detail)
            raise AccessDenied(
                _("your role, %(role)s, may not do this; it needs the right to %(right)s", role=session.user.role, right=right)
            )
        request.state.session = session
        desk = desk_of(request)
        with desk.engine.connect() as connection:
            escalated, asked = escalated_items(connection), count_asks(connection, session.user)
        request.state.asked = asked
        seen = desk.seen_by(session.user, escalated)
        return PageVisit(request=request, desk=seen, session=session, escalated=escalated, asked=asked)

    return check


def own_form(request: Request) -> None:
    """Refuse a form that another site sent, or that does not carry the session's token.

    It runs in its own thread, as everything that uses the database: a slow writer must not block other requests.
    """
    same_site(request)
    session = session_of(request)
    if session is None:
        raise LoginNeeded("/")
    if not same_token(session, str(request.state.form.get("csrf", ""))):
        raise BadForm(_("the form is out of date or from elsewhere; go back, load the page again and repeat"))


def same_site(request: Request) -> None:
    """Refuse what a browser says comes from another site; the log-in form has no token yet and relies on this alone."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        # Trusted over Origin, which is "null" here: the desk's own no-referrer policy strips it from forms.
        if fetched not in ("same-origin", "none"):
            raise BadForm(_("the form came from another site"))
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise BadForm(_("the form came from another site"))


async def possible_path(request: Request) -> None:
    """Refuse an address with a NUL in it, which no database keeps."""
    if "\0" in request.scope["path"]:
        raise HTTPException(404, _("Nothing has an address like that"))


async def bounded_fields(request: Request) -> None:
    """Refuse a value in address or form that is longer than its field may be, before any route sees it."""
    if any(len(str(value)) > DEFAULT for value in request.path_params.values()):
        raise HTTPException(404, _("Nothing has an address like that"))
    fields = request.query_params.multi_items()
    if request.url.path != "/csp":  # a browser's report is no form; it is read as it comes, and cut
        request.state.form = await request.form()
        fields += [(name, value) for name, value in request.state.form.multi_items() if isinstance(value, str)]
    check_lengths(fields)


class BodyLimit:
    """Refuses a body of more than ``MOST`` bytes, at the log-in far fewer, while it is read.

    Forms are read before anybody is known to be logged in.
    """

    def __init__(self, app: ASGIApp, most: int = MOST) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        taken, most = 0, MOST_AT_LOGIN if scope.get("path") == "/login" else self._most

        async def count_bytes() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413, _("A form has at most %(most)s bytes", most=f"{most:,}"))
            return message

        await self._app(scope, count_bytes, send)


def present(part: Part | None) -> Part:
    """Return a part of the desk, or what it was asked for; 404 where there is none."""
    if part is None:
        raise HTTPException(404)
    return part


def attachment(content: bytes, kind: str, name: str) -> Response:
    """Return a file to be kept, never shown in the browser."""
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def local(back: str) -> str:
    """Return ``back`` when it is a path of this desk, else the queue: log-in never sends anybody elsewhere."""
    parts = urlsplit(back)
    inside = back.startswith("/") and not back.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return back if inside and back.isprintable() and "\\" not in back else "/"


def login_address(back: str) -> str:
    """Return the log-in page that leads back."""
    return "/login" if back == "/" else f"/login?back={quote(back, safe='')}"


async def add_headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Put the security headers on every answer, refusals included."""
    answer = await call(request)
    put_headers(request, answer)
    return answer


def log_failure(log: logging.Logger, request: Request, exc: Exception) -> str:
    """Log an error with its trace under a new number, and return the number: the only thing that whoever asked is told of it."""
    number = secrets.token_hex(4)
    log.error("error %s at %s %s", number, request.method, ascii(request.url.path), exc_info=exc)
    return number


def put_headers(request: Request, answer: Response) -> None:
    """Put the security headers on one answer."""
    own = answer.headers.get("Content-Security-Policy")  # stricter: of what was kept of a page that is not ours
    answer.headers.update(HEADERS if own is None else HEADERS | {"Content-Security-Policy": own})
    if desk_of(request).secure:
        answer.headers["Strict-Transport-Security"] = HSTS
    if request.url.path.startswith("/feed/"):  # feed readers keep it to ask whether it changed
        answer.headers["Cache-Control"] = "private, no-cache"
    if request.url.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "public, max-age=3600"


Form = Depends(own_form)
Reader = Annotated[PageVisit, Depends(needs(Right.READ))]
Decider = Annotated[PageVisit, Depends(needs(Right.DECIDE))]
Here = Annotated[Desk, Depends(desk_of)]
Text = Annotated[str, fastapi.Form(), AfterValidator(lambda given: given.replace("\0", ""))]
"""A text field of a form, without the NUL that PostgreSQL refuses in any text."""
Flag = Annotated[bool, fastapi.Form()]
"""A box to tick, or a choice of two."""
Count = Annotated[int, fastapi.Form()]
"""A number that is typed into a form, or that a page showed."""
Number = Annotated[int, Path(ge=1, le=(1 << 31) - 1)]
"""The number of a row in an address; greater ones the databases cannot hold."""
