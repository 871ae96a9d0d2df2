"""Log in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select

from crawlers.text.messages import LANGUAGES
from desk.cases.leases import release
from desk.languages.catalogues import say
from desk.languages.reader_locale import ReaderLocale, reader_locale, set_reader
from desk.people.accounts import WINDOW, LoginRefused, LoginThrottled, authenticate, set_locale
from desk.people.passwords import HashingBusy
from desk.people.sessions import LONGEST, Session, end, start
from desk.tables import users
from desk.web import guard
from desk.web.guard import Here, Reader, Text
from desk.web.pages import page

router = APIRouter()


@router.get("/login")
def login_page(request: Request, desk: Here, back: str = "/", language: str = "") -> Response:
    """Show the form, in the language that was picked; without anybody to log in, how to add the first person."""
    if guard.session_of(request) is not None:
        return RedirectResponse(guard.local(back), status_code=303)
    with desk.engine.connect() as connection:
        nobody = connection.execute(select(func.count()).select_from(users)).scalar_one() == 0
    picked = language if language in LANGUAGES else ""
    if picked:
        set_reader(ReaderLocale(language=picked, zone=desk.zone))
    answer = _show_form(request, back=back, picked=picked, nobody=nobody)
    if picked:
        guard.keep_language(desk, answer, picked)
    return answer


def _show_form(request: Request, status: int = 200, *, back: str, picked: str, **more: object) -> Response:
    shown = {"nobody": False, "problem": "", "name": "", "languages": LANGUAGES} | more
    return page(request, "login.html", status, back=guard.local(back), picked=picked, **shown)


@router.post("/login", dependencies=[Depends(guard.same_site)])
def login(
    request: Request, desk: Here, name: Text = "", password: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/",
    language: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Open a session under a new token; a session that was open before ends. A language picked on the page is kept."""
    picked = language if language in LANGUAGES else ""
    address = request.client.host if request.client else "unknown"
    try:
        user = authenticate(desk.engine, name=name, password=password, address=address, now=desk.clock())
    except (LoginRefused, HashingBusy) as exc:
        status, wait = (
            (503, 5) if isinstance(exc, HashingBusy)
            else (429, int(WINDOW.total_seconds())) if isinstance(exc, LoginThrottled)
            else (401, 0)
        )  # fmt: skip
        refused = _show_form(request, status, back=back, picked=picked, problem=say(exc), name=name[:64])
        if wait:
            refused.headers["Retry-After"] = str(wait)
        return refused
    if picked or not user.language:
        user = set_locale(desk.engine, user, language=picked or reader_locale().language, zone=user.zone)
    before = request.cookies.get(guard.cookie_name(desk))
    if before:
        end(desk.engine, before, user.name, desk.clock())
    answer = RedirectResponse(guard.local(back), status_code=303)
    token, age = start(desk.engine, user, desk.clock()), int(LONGEST.total_seconds())
    answer.set_cookie(guard.cookie_name(desk), token, secure=desk.secure, httponly=True, samesite="strict", path="/", max_age=age)
    guard.keep_language(desk, answer, user.language)
    return answer


@router.get("/session")
def keep_session(visit: Reader) -> Response:
    """Answer that the session goes on: to have asked is what keeps it."""
    return Response(status_code=204, headers={"X-Session-User": visit.user.name})


@router.post("/logout", dependencies=[guard.Form])
def logout(request: Request, desk: Here) -> Response:
    """End the session and tell the browser to forget everything of this site."""
    session = guard.session_of(request)
    assert isinstance(session, Session)
    release(desk.engine, by=session.user)
    end(desk.engine, request.cookies[guard.cookie_name(desk)], session.user.name, desk.clock())
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(guard.cookie_name(desk), path="/", secure=desk.secure, httponly=True, samesite="strict")
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
