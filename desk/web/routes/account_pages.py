"""One's own account: language, comfort, what one read, the password, and the tokens of programs."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from crawlers.text.messages import LANGUAGES, _
from desk.languages.catalogues import say
from desk.languages.reader_locale import reader_locale, zones
from desk.people.accounts import AccountError, LoginRefused, authenticate, set_locale, set_password
from desk.people.comfort import BREAKS, exposure_of, set_comfort
from desk.people.passwords import HashingBusy, WeakPassword
from desk.people.tokens import LONGEST_DAYS, SCOPES, STATES, TokenError, list_tokens, make_token, revoke_token
from desk.web import guard
from desk.web.guard import Flag, Number, PageVisit, Reader, Text

router = APIRouter()


@router.get("/account")
def account_page(visit: Reader) -> Response:
    """Show a person's tokens, and a form for the password."""
    return _show_account(visit)


@router.post("/account/language", dependencies=[guard.Form])
def change_language(visit: Reader, language: Text = "", zone: Text = "") -> Response:
    """Keep the language and the time zone of a person."""
    try:
        set_locale(visit.desk.engine, visit.user, language=language, zone=zone)
    except AccountError as exc:
        return _show_account(visit, 422, problem=say(exc))
    answer = RedirectResponse("/account", status_code=303)
    guard.keep_language(visit.desk, answer, language)
    return answer


@router.post("/account/comfort", dependencies=[guard.Form])
def change_comfort(
    visit: Reader, text_only: Flag = False, calm: Flag = False, break_after: Annotated[int, Form()] = 0
) -> Response:
    """Keep how a person wants to read."""
    set_comfort(visit.desk.engine, visit.user, text_only=text_only, calm=calm, break_after=break_after)
    return RedirectResponse("/account", status_code=303)


@router.post("/account/password", dependencies=[guard.Form])
def change_password(visit: Reader, password: Text = "", chosen: Text = "") -> Response:
    """Give oneself a new password, after the present one; every session ends, this one too."""
    desk, name, now = visit.desk, visit.user.name, visit.desk.clock()
    address = visit.request.client.host if visit.request.client else "unknown"
    try:
        authenticate(desk.engine, name=name, password=password, address=address, now=now)
        set_password(desk.engine, name, chosen, now=now, actor=name)
    except (LoginRefused, HashingBusy, WeakPassword) as exc:
        return _show_account(visit, 503 if isinstance(exc, HashingBusy) else 422, problem=say(exc))
    visit.request.state.session = None
    return visit.show_message(
        200, _("Your password is changed"), _("Log in with the new one. Your sessions and tokens have ended.")
    )


@router.post("/account/tokens", dependencies=[guard.Form])
def add_token(
    visit: Reader, name: Text = "", scopes: Annotated[list[str], Form()] = [], days: Annotated[int, Form()] = 0  # noqa: B006
) -> Response:  # fmt: skip
    """Make a token and show it, this once."""
    try:
        value = make_token(visit.desk.engine, name, scopes=scopes, days=days, by=visit.user, now=visit.desk.clock())
    except TokenError as exc:
        return _show_account(visit, 422, problem=say(exc))
    return _show_account(visit, made=value)


@router.post("/account/tokens/{number}/revoke", dependencies=[guard.Form])
def end_token(visit: Reader, number: Number) -> Response:
    """Revoke one of a person's own tokens."""
    try:
        revoke_token(visit.desk.engine, number, now=visit.desk.clock(), actor=visit.user.name, owner=visit.user)
    except TokenError as exc:
        return _show_account(visit, 404, problem=say(exc))
    return RedirectResponse("/account", status_code=303)


def _show_account(visit: PageVisit, status: int = 200, *, problem: str = "", made: str = "") -> Response:
    with visit.desk.engine.connect() as connection:
        tokens = list_tokens(connection, visit.user)
        exposure = exposure_of(connection, visit.user, now=visit.desk.clock(), zone=reader_locale().zone)
    read = visit.desk.store.get_many(sorted(exposure[0].opened)).values()
    scopes = {scope: words for scope, (words, right) in SCOPES.items() if visit.user.may(right)}
    shown = {
        "languages": LANGUAGES,
        "zones": zones(),
        "zone": visit.desk.zone,
        "tokens": tokens,
        "token_states": STATES,
        "scopes": scopes,
        "longest": LONGEST_DAYS,
        "made": made,
        "problem": problem,
        "breaks": BREAKS,
        "exposure": exposure,
        "grave": sum(record.assessment.harm.level in ("taken", "confinement") for record in read),
    }
    return visit.show("account.html", status, **shown)
