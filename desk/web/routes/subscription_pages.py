"""Mails that people subscribe to: list, add and end them; and leave by the link in a mail, without logging in."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from crawlers.text.messages import LANGUAGES, _
from desk.cases import subscriptions
from desk.cases.saved_searches import list_searches
from desk.cases.subscriptions import ENDED, SCHEDULES, SubscriptionError
from desk.languages.catalogues import say
from desk.languages.reader_locale import ReaderLocale, set_reader, zones
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, Number, PageVisit, Reader, Text
from desk.web.pages import page
from enrichment.harm import LEVELS

router = APIRouter()


class SubscriptionForm(BaseModel):
    """What is sent to whom."""

    address: Text = ""
    search: int = 0
    languages: Text = ""
    least_score: int = 0
    least_harm: Text = "unstated"
    schedule: Text = "weekly"
    language: Text = "en"
    zone: Text = "UTC"


@router.get("/subscriptions")
def subscriptions_page(visit: Reader) -> Response:
    """Show the mails a person gets, and to who administers people those of everybody."""
    return _list_subscriptions(visit)


@router.post("/subscriptions", dependencies=[guard.Form])
def subscribe(visit: Reader, form: Annotated[SubscriptionForm, Form()]) -> Response:
    """Subscribe."""
    desk = visit.desk
    try:
        subscriptions.subscribe(
            desk.engine, by=visit.user, now=desk.clock(), address=form.address.strip(), search_id=form.search or None,
            languages=form.languages.split(), least_score=form.least_score, least_harm=form.least_harm, schedule=form.schedule,
            language=form.language, zone=form.zone,
        )  # fmt: skip
    except SubscriptionError as exc:
        return _list_subscriptions(visit, 422, say(exc), form)
    return RedirectResponse("/subscriptions", status_code=303)


@router.post("/subscriptions/{number}/end", dependencies=[guard.Form])
def end(visit: Reader, number: Number) -> Response:
    """End a subscription."""
    try:
        subscriptions.end_subscription(visit.desk.engine, number, by=visit.user, now=visit.desk.clock())
    except SubscriptionError as exc:
        return _list_subscriptions(visit, 404, say(exc))
    return RedirectResponse("/subscriptions", status_code=303)


@router.get("/unsubscribe/{token}")
def leave_page(request: Request, desk: Here, token: str) -> Response:
    """Ask whether to leave; a link that a program opens ahead of its reader changes nothing."""
    return _show_leaving(request, desk, token)


@router.post("/unsubscribe/{token}")
def leave(request: Request, desk: Here, token: str) -> Response:
    """End a subscription by its token: a click on the page, or a mail program's own button (RFC 8058)."""
    subscriptions.leave(desk.engine, token, now=desk.clock())
    return _show_leaving(request, desk, token)


def _show_leaving(request: Request, desk: Desk, token: str) -> Response:
    with desk.engine.connect() as connection:
        found = subscriptions.subscription_of(connection, token)
    if found is None:
        return page(request, "message.html", title=_("This link is not known"), text=_("It was changed, or is of another desk."))
    set_reader(ReaderLocale(found.language, found.zone))
    return page(request, "leave.html", ended=found.ended_at is not None, search=found.search, token=token)


def _list_subscriptions(visit: PageVisit, status: int = 200, problem: str = "", form: SubscriptionForm | None = None) -> Response:
    with visit.desk.engine.connect() as connection:
        found = subscriptions.subscriptions_of(connection, visit.user)
        searches = list_searches(connection, visit.user)
    shown = {
        "found": [one for one in found if one.ended_at is None],
        "ended": [one for one in found if one.ended_at is not None][-20:],
        "ended_words": ENDED,
        "searches": searches,
        "schedules": SCHEDULES,
        "levels": list(LEVELS),
        "languages": LANGUAGES,
        "zones": zones(),
        "problem": problem,
        "form": form or SubscriptionForm(language=visit.user.language or "en", zone=visit.user.zone or visit.desk.zone),
    }
    return visit.show("subscriptions.html", status, **shown)
