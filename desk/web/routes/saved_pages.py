"""Saved searches, and the mails that people subscribe to; leave and answer by the links in a mail without logging in."""

from collections.abc import Callable
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from desk.languages.catalogues import say
from desk.languages.reader_locale import ReaderLocale, set_reader, zones
from desk.masks import headline, without_identities
from desk.people import saved_searches
from desk.people.saved_searches import list_searches
from desk.refusals import DeskRefusal
from desk.subscribers import subscriptions
from desk.subscribers.mail_answers import answer_state, answered_record, give_answer, read_answer_link, undo_answer
from desk.subscribers.search_feed import SearchFeed, build_feed, feed_subscription, feed_token
from desk.subscribers.subscriptions import ENDED, SCHEDULES, Subscription
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Flag, Here, Number, PageVisit, Reader, Text
from desk.web.pages import page
from desk.web.results import SearchRequest
from enrichment.harm import LEVELS
from foundation.messages import LANGUAGES, _
from index.admission import AT_RISK
from index.base import StoreError, StoreUnavailable
from index.query.plan import UnusableQuery

router = APIRouter()
LINK = ["GET", "HEAD"]
"""How a link of a mail is opened: programs that check it ahead of its reader ask with HEAD."""


@router.get("/saved")
def saved_page(visit: Reader) -> Response:
    """Show the searches a person keeps and those others share, each with what is new."""
    return _list_saved(visit)


@router.post("/saved", dependencies=[guard.Form])
def save(visit: Reader, name: Text = "", typed: Text = "", shared: Flag = False) -> Response:
    """Keep a query."""
    return _change(visit, saved_searches.save, name, typed, shared=shared)


@router.get("/saved/{number}")
def open_saved(visit: Reader, number: Number) -> Response:
    """Open a search, and note when; what came since the last time is marked as new."""
    desk = visit.desk
    try:
        saved = saved_searches.look(desk.engine, desk.store, number, by=visit.user, now=desk.clock(), places=desk.places)
    except (DeskRefusal, UnusableQuery) as exc:
        return _list_saved(visit, 404, say(exc))
    want = SearchRequest(typed=saved.typed, saved=saved.name, since=saved.looked_at)
    return RedirectResponse(want.address("/search"), status_code=303)


@router.post("/saved/{number}/rename", dependencies=[guard.Form])
def rename(visit: Reader, number: Number, name: Text = "") -> Response:
    """Give a search another name."""
    return _change(visit, saved_searches.rename, number, name)


@router.post("/saved/{number}/share", dependencies=[guard.Form])
def share(visit: Reader, number: Number, shared: Flag = False) -> Response:
    """Show a search to everybody, or to its owner alone."""
    return _change(visit, saved_searches.share, number, shared=shared)


@router.post("/saved/{number}/{step}", dependencies=[guard.Form])
def step_search(visit: Reader, number: Number, step: Literal["delete", "restore"]) -> Response:
    """Delete a search, or bring it back."""
    return _change(visit, saved_searches.remove if step == "delete" else saved_searches.restore, number)


def _change(visit: PageVisit, change: Callable[..., object], *given: Any, **more: Any) -> Response:
    """Carry out a change and answer with the list; one that is refused, with the reason."""
    carry = partial(change, visit.desk.engine, *given, **more, by=visit.user, now=visit.desk.clock())
    return visit.change(carry, "/saved", partial(_list_saved, visit))


def _list_saved(visit: PageVisit, status: int = 200, problem: str = "") -> Response:
    desk = visit.desk
    with desk.engine.connect() as connection:
        found = saved_searches.list_searches(connection, visit.user)
        deleted = saved_searches.list_searches(connection, visit.user, deleted=True)
    counts: dict[int, int] = {}
    broken: dict[int, str] = {}
    for saved in found:
        try:
            counts[saved.id] = saved_searches.count_fresh(desk.store, saved, desk.clock(), desk.places)
        except StoreUnavailable:
            raise
        except StoreError as exc:  # this one alone cannot be carried out, for instance because a value is no longer known
            broken[saved.id] = say(exc)
    return visit.show("saved.html", status, found=found, counts=counts, broken=broken, deleted=deleted, problem=problem)


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
def subscriptions_page(visit: Reader, search: int = 0) -> Response:
    """Show the mails a person gets, and to who administers people those of everybody; the form begins with a search."""
    language, zone = visit.user.language or "en", visit.user.zone or visit.desk.zone
    return _list_subscriptions(visit, form=SubscriptionForm(search=search, language=language, zone=zone))


@router.post("/subscriptions", dependencies=[guard.Form])
def subscribe(visit: Reader, form: Annotated[SubscriptionForm, Form()]) -> Response:
    """Subscribe."""
    desk = visit.desk
    begin = partial(
        subscriptions.subscribe, desk.engine, by=visit.user, now=desk.clock(), address=form.address.strip(),
        search_id=form.search or None, languages=form.languages.split(), least_score=form.least_score,
        least_harm=form.least_harm, schedule=form.schedule, language=form.language, zone=form.zone,
    )  # fmt: skip
    to = (lambda number: _list_subscriptions(visit, made=number)) if form.schedule == "feed" else "/subscriptions"
    return visit.change(begin, to, partial(_list_subscriptions, visit, form=form))


@router.post("/subscriptions/{number}/end", dependencies=[guard.Form])
def end(visit: Reader, number: Number) -> Response:
    """End a subscription."""
    finish = partial(subscriptions.end_subscription, visit.desk.engine, number, by=visit.user, now=visit.desk.clock())
    return visit.change(finish, "/subscriptions", partial(_list_subscriptions, visit), 404)


@router.api_route("/unsubscribe/{token}", methods=LINK)
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
        found, claim = subscriptions.read_token(connection, token)
    if found is None or claim:
        return _refuse_link(request, found)
    set_reader(ReaderLocale(found.language, found.zone))
    return page(request, "leave.html", ended=found.ended_at is not None, search=found.search, token=token)


def _refuse_link(request: Request, signer: Subscription | None) -> Response:
    """Answer a link that does nothing: the same, whatever is wrong with it, in the language of the mail it was signed for."""
    if signer is not None:
        set_reader(ReaderLocale(signer.language, signer.zone))
    text = _("It was changed, its time is over, or what it was for has ended. Nothing was changed.")
    return page(request, "message.html", title=_("This link does not work"), text=text)


@router.api_route("/answer/{token}", methods=LINK)
def answer_page(request: Request, desk: Here, token: str) -> Response:
    """Say what a link in a mail does, and ask whether to do it; a program that opens it ahead of its reader changes nothing."""
    return _show_answer(request, desk, token)


@router.post("/answer/{token}", dependencies=[Depends(guard.same_site)])
def answer(request: Request, desk: Here, token: str, undo: Flag = False) -> Response:
    """Keep what a reader answers by a link in a mail, once, or take it back."""
    return _show_answer(request, desk, token, undo_answer if undo else give_answer)


def _show_answer(request: Request, desk: Desk, token: str, change: Callable[..., None] | None = None) -> Response:
    """Carry out a change, and show how the answer stands; nothing for a link that is wrong or over."""
    with desk.engine.connect() as connection:
        link = read_answer_link(connection, token, desk.clock())
        record = answered_record(connection, link, desk.store) if link else None
        signer, _claim = subscriptions.read_token(connection, token)
    if link is None or record is None:
        return _refuse_link(request, signer)
    set_reader(ReaderLocale(link.reader.language, link.reader.zone))
    problem = ""
    if change is not None:
        try:
            change(desk.engine, link, record, now=desk.clock())
        except (DeskRefusal, UnusableQuery) as exc:
            problem = say(exc)
    with desk.engine.connect() as connection:
        state = answer_state(connection, link)
    title = "" if record.assessment.stance in AT_RISK else without_identities(headline(record))
    shown = {"kind": link.kind, "title": title, "campaign": record.campaign, "state": state, "problem": problem}
    return page(request, "answer.html", 422 if problem else 200, **shown, token=token, account=link.reader.owner is not None)


@router.api_route("/feed/{token}", methods=LINK)
def feed(request: Request, desk: Here, token: str) -> Response:
    """Give a saved search as an Atom feed to whoever has its address; 304 where it is known."""
    with desk.engine.connect() as connection:
        one = feed_subscription(connection, token)
        if one is None:
            raise HTTPException(404, _("Nothing has an address like that"))
        house = {"desk_url": desk.public_url, "organisation": desk.organisation}
        made = build_feed(connection, desk.store, one, now=desk.clock(), places=desk.places, **house)
    headers = {"ETag": made.tag, "Last-Modified": format_datetime(made.updated, usegmt=True)}
    if _is_known(request, made):
        return Response(status_code=304, headers=headers)
    return Response(made.content, media_type="application/atom+xml; charset=utf-8", headers=headers)


def _is_known(request: Request, made: SearchFeed) -> bool:
    """Tell whether who asks has these bytes already: by their tag, or where none is sent by their moment (RFC 9110)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return tags.strip() == "*" or made.tag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and made.updated <= since


def _list_subscriptions(
    visit: PageVisit, status: int = 200, problem: str = "", form: SubscriptionForm | None = None, made: int = 0
) -> Response:
    """Show subscriptions; of a feed that was just made its address, this once."""
    with visit.desk.engine.connect() as connection:
        found = subscriptions.subscriptions_of(connection, visit.user)
        searches = list_searches(connection, visit.user)
    new = next((one for one in found if one.id == made), None)
    shown = {
        "found": [one for one in found if one.ended_at is None],
        "ended": [one for one in found if one.ended_at is not None][-20:], "ended_words": ENDED, "searches": searches,
        "schedules": SCHEDULES, "levels": list(LEVELS), "languages": LANGUAGES, "zones": zones(), "problem": problem,
        "feed": f"{visit.desk.public_url.rstrip('/')}/feed/{feed_token(new)}" if new else "",
        "form": form or SubscriptionForm(language=visit.user.language or "en", zone=visit.user.zone or visit.desk.zone),
    }  # fmt: skip
    return visit.show("subscriptions.html", status, **shown)
