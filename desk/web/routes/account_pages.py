"""Logging in and out, and one's own account: language, comfort, the password, the tokens of programs; and, by
the rules of ``lurewatch users``, everybody: added, given a role, disabled, logged out, vouched for."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

import segno
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import func, select

from desk.cases.leases import release
from desk.languages.catalogues import say
from desk.languages.reader_locale import ReaderLocale, reader_locale, set_reader, zones
from desk.people.accounts import (
    WINDOW,
    LoginRefused,
    LoginThrottled,
    add_user,
    all_users,
    authenticate,
    dependence,
    end_access,
    hands,
    set_comfort,
    set_disabled,
    set_locale,
    set_password,
    set_role,
    vouch,
)
from desk.people.passwords import HashingBusy, make_password
from desk.people.roles import SENTENCES, Right
from desk.people.second_factor import enrolment_address, new_secret, remove_factor, set_factor
from desk.people.sessions import LONGEST, Session, end, open_sessions, start
from desk.people.tokens import LONGEST_DAYS, SCOPES, STATES, list_tokens, make_token, revoke_token
from desk.refusals import DeskRefusal
from desk.tables import users
from desk.web import guard
from desk.web.guard import Count, Flag, Here, Number, PageVisit, Reader, Text, needs
from desk.web.pages import page
from foundation.messages import LANGUAGES, _

router = APIRouter()
Made = TypeVar("Made")


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
    language: Annotated[str, Form()] = "", code: Text = "",
) -> Response:  # fmt: skip
    """Open a session under a new token; a session that was open before ends. A language picked on the page is kept."""
    picked = language if language in LANGUAGES else ""
    address, now = guard.address_of(request), desk.clock()
    try:
        user = authenticate(desk.engine, name=name, password=password, address=address, now=now, code=code)
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


@router.get("/account")
def account_page(visit: Reader) -> Response:
    """Show a person's tokens, and a form for the password."""
    return _show_account(visit)


@router.post("/account/language", dependencies=[guard.Form])
def change_language(visit: Reader, language: Text = "", zone: Text = "") -> Response:
    """Keep the language and the time zone of a person."""

    def lead_on(_: object) -> Response:
        answer = RedirectResponse("/account", status_code=303)
        guard.keep_language(visit.desk, answer, language)
        return answer

    keep = partial(set_locale, visit.desk.engine, visit.user, language=language, zone=zone)
    return visit.change(keep, lead_on, partial(_show_account, visit))


@router.post("/account/comfort", dependencies=[guard.Form])
def change_comfort(visit: Reader, text_only: Flag = False, calm: Flag = False) -> Response:
    """Keep how a person wants to read."""
    set_comfort(visit.desk.engine, visit.user, text_only=text_only, calm=calm)
    return RedirectResponse("/account", status_code=303)


@router.post("/account/password", dependencies=[guard.Form])
def change_password(visit: Reader, password: Text = "", code: Text = "", chosen: Text = "") -> Response:
    """Give oneself a new password, after the present one; every session ends, this one too."""
    desk, name = visit.desk, visit.user.name
    said = _("Your password is changed"), _("Log in with the new one. Your sessions and tokens have ended.")
    change = partial(set_password, desk.engine, name, chosen, now=desk.clock(), actor=name)
    return _prove(visit, password, code, change, lambda _: visit.show_message(200, *said), partial(_show_account, visit))


@router.get("/account/factor")
def factor_page(visit: Reader) -> Response:
    """Show a new secret, as a drawing for a telephone and in letters."""
    return _show_factor(visit)


@router.post("/account/factor", dependencies=[guard.Form])
def begin_factor(visit: Reader, password: Text = "", secret: Text = "", code: Text = "") -> Response:
    """Turn the second factor on, after the password and a code of it, and show the recovery codes, this once."""
    begin = partial(set_factor, visit.desk.engine, visit.user.name, secret, code, now=visit.desk.clock())
    show = partial(visit.show, "recovery_codes.html")
    return _prove(visit, password, "", begin, lambda codes: show(codes=codes), partial(_show_factor, visit, secret))


@router.post("/account/factor/end", dependencies=[guard.Form])
def end_factor(visit: Reader, password: Text = "", code: Text = "") -> Response:
    """Turn one's own second factor off, after the password and a code."""
    end_it = partial(remove_factor, visit.desk.engine, visit.user.name, now=visit.desk.clock(), actor=visit.user.name)
    said = _("Your second factor is off"), _("Log in with the password alone.")
    return _prove(visit, password, code, end_it, lambda _: visit.show_message(200, *said), partial(_show_account, visit))


def _prove(
    visit: PageVisit, password: str, code: str, change: Callable[[], Made], lead_on: Callable[[Made], Response],
    refuse: Callable[[int, str], Response],
) -> Response:  # fmt: skip
    """Carry out a change of one's own that ends one's sessions, after the password and a code have been asked for again."""
    who = {"name": visit.user.name, "password": password, "code": code, "address": visit.address}
    try:
        authenticate(visit.desk.engine, **who, now=visit.desk.clock())
        made = change()
    except (DeskRefusal, HashingBusy) as exc:
        return refuse(503 if isinstance(exc, HashingBusy) else 422, say(exc))
    visit.request.state.session = None
    return lead_on(made)


def _show_factor(visit: PageVisit, secret: str = "", status: int = 200, problem: str = "") -> Response:
    secret = secret or new_secret()
    address = enrolment_address(visit.user.name, secret, visit.desk.organisation)
    svg = segno.make(address, micro=False).svg_inline(svgclass="qr", lineclass=None, scale=4, light="#fff")
    drawn = Markup(svg)  # noqa: S704 - segno drew it
    return visit.show("second_factor.html", status, secret=secret, drawn=drawn, problem=problem)


@router.post("/account/tokens", dependencies=[guard.Form])
def add_token(
    visit: Reader, name: Text = "", scopes: Annotated[list[str], Form()] = [], days: Count = 0  # noqa: B006
) -> Response:  # fmt: skip
    """Make a token and show it, this once."""
    make = partial(make_token, visit.desk.engine, name, scopes=scopes, days=days, by=visit.user, now=visit.desk.clock())
    return visit.change(make, lambda made: _show_account(visit, made=made), partial(_show_account, visit))


@router.post("/account/tokens/{number}/revoke", dependencies=[guard.Form])
def end_token(visit: Reader, number: Number) -> Response:
    """Revoke one of a person's own tokens."""
    revoke = partial(revoke_token, visit.desk.engine, number, now=visit.desk.clock(), actor=visit.user.name, owner=visit.user)
    return visit.change(revoke, "/account", partial(_show_account, visit), 404)


def _show_account(visit: PageVisit, status: int = 200, problem: str = "", made: str = "") -> Response:
    with visit.desk.engine.connect() as connection:
        tokens = list_tokens(connection, visit.user)
    scopes = {scope: words for scope, (words, right) in SCOPES.items() if visit.user.may(right)}
    shown = {
        "languages": LANGUAGES, "zones": zones(), "zone": visit.desk.zone, "tokens": tokens, "token_states": STATES,
        "scopes": scopes, "longest": LONGEST_DAYS, "made": made, "problem": problem,
    }  # fmt: skip
    return visit.show("account.html", status, **shown)


Admin = Annotated[PageVisit, Depends(needs(Right.USERS))]
Voucher = Annotated[PageVisit, Depends(needs(Right.APPROVE))]


@router.get("/people")
def people_page(visit: Voucher) -> Response:
    """Show whose accounts count as another's, and to who administers people everybody and who is logged in."""
    return _show_people(visit)


@router.post("/people", dependencies=[guard.Form])
def add_person(visit: Admin, name: Text = "", email: Text = "", role: Text = "") -> Response:
    """Add a person and show the password made for them, this once."""
    secret, now, actor = make_password(), visit.desk.clock(), visit.user.name
    add = partial(add_user, visit.desk.engine, name=name.strip(), email=email.strip(), role=role, password=secret)
    show = partial(_show_people, visit, name=name, email=email, role=role)
    return visit.change(partial(add, now=now, actor=actor), lambda added: _show_people(visit, made=(added.name, secret)), show)


@router.post("/people/{name}/role", dependencies=[guard.Form])
def change_role(visit: Admin, name: str, role: Text = "") -> Response:
    """Give a person another role."""
    return _change(visit, lambda: set_role(visit.desk.engine, name, role, now=visit.desk.clock(), actor=visit.user.name))


@router.post("/people/{name}/disabled", dependencies=[guard.Form])
def change_disabled(visit: Admin, name: str, disabled: Flag = True) -> Response:
    """Disable a person, or let them in again."""
    now, actor = visit.desk.clock(), visit.user.name
    return _change(visit, lambda: set_disabled(visit.desk.engine, name, disabled=disabled, now=now, actor=actor))


@router.post("/people/{name}/sessions", dependencies=[guard.Form])
def log_person_out(visit: Admin, name: str) -> Response:
    """End a person's sessions and tokens."""
    return _change(visit, lambda: end_access(visit.desk.engine, name, now=visit.desk.clock(), actor=visit.user.name))


@router.post("/people/{name}/password", dependencies=[guard.Form])
def reset_password(visit: Admin, name: str) -> Response:
    """Give a person a new password, shown this once; their sessions and tokens end."""
    if name == visit.user.name:
        return _show_people(visit, 422, _("you choose your own password on the page of your account"))
    secret = make_password()
    give = partial(set_password, visit.desk.engine, name, secret, now=visit.desk.clock(), actor=visit.user.name)
    return visit.change(give, lambda _: _show_people(visit, made=(name, secret)), partial(_show_people, visit))


@router.post("/people/{name}/factor", dependencies=[guard.Form])
def end_lost_factor(visit: Admin, name: str) -> Response:
    """Take the second factor from somebody who lost it."""
    if name == visit.user.name:
        return _show_people(visit, 422, _("you turn your own second factor off on the page of your account"))
    return _change(visit, partial(remove_factor, visit.desk.engine, name, now=visit.desk.clock(), actor=visit.user.name))


@router.post("/people/{name}/vouch", dependencies=[guard.Form])
def vouch_for(visit: Voucher, name: str, why: Text = "") -> Response:
    """Say that a person of its own uses an account, as somebody who did not make it."""
    say_so = partial(vouch, visit.desk.engine, name, by=visit.user, reason=why, now=visit.desk.clock())
    return visit.change(say_so, "/people", partial(_show_people, visit, vouched=name, why=why))


def _change(visit: PageVisit, change: Callable[[], object]) -> Response:
    """Carry out a change of an account and lead back; one that is refused, with the reason."""
    return visit.change(change, "/people", partial(_show_people, visit))


def _show_people(
    visit: PageVisit, status: int = 200, problem: str = "", *, made: tuple[str, str] | None = None, **typed: str
) -> Response:
    with visit.desk.engine.connect() as connection:
        people, hand, sessions = all_users(connection), hands(connection), open_sessions(connection, visit.desk.clock())
        waiting = [(one, dependence(connection, one, visit.user)) for one in people if one.name in hand and not one.disabled]
    shown = {"people": people, "roles": SENTENCES, "hands": hand, "waiting": waiting, "sessions": sessions}
    typed = dict.fromkeys(("name", "email", "role", "vouched", "why"), "") | typed
    return visit.show("people.html", status, **shown, problem=problem, made=made, typed=typed)
