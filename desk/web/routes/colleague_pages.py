"""What colleagues do together: who has an item open, comments, what one asks another, escalation, second opinions."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime

from desk.cases import asks, comments
from desk.cases.case_decisions import cases
from desk.cases.leases import ItemLease, lease_on, release, take_lease
from desk.cases.second_opinions import SECOND_KINDS, agreement, due_items, give_opinion
from desk.people.roles import Right
from desk.web import guard
from desk.web.guard import Decider, Flag, Number, PageVisit, Reader, Text, needs
from desk.web.results import search_request
from desk.web.view import RecordView
from foundation.messages import _
from index.base import Record

router = APIRouter()
Guardian = Annotated[PageVisit, Depends(needs(Right.VICTIMS))]


@router.post("/item/{item_id}/comment", dependencies=[guard.Form])
def comment(visit: Decider, item_id: str, body: Text = "", to: Text = "") -> Response:
    """Say something about an item; a colleague named in ``to`` is asked to decide."""
    return _say(visit, item_id, partial(comments.comment, to=to), body)


@router.post("/item/{item_id}/escalate", dependencies=[guard.Form])
def escalate(visit: Decider, item_id: str, body: Text = "") -> Response:
    """Move an item to the restricted queue and go on with the next one."""
    return _say(visit, item_id, comments.escalate, body, "" if visit.user.may(Right.VICTIMS) else "/next")


@router.post("/item/{item_id}/return", dependencies=[guard.Form])
def return_item(visit: Guardian, item_id: str, body: Text = "") -> Response:
    """Return an item from the restricted queue to everybody."""
    return _say(visit, item_id, comments.return_item, body)


def _say(visit: PageVisit, item_id: str, keep: Callable[..., object], body: str, to: str = "") -> Response:
    """Keep what is said and lead back to the item, or to ``to``."""
    visit.item(item_id)
    keep(visit.desk.engine, item_id, body, by=visit.user, now=visit.desk.clock())
    return RedirectResponse(search_request(visit.request).address(to or f"/item/{item_id}"), status_code=303)


@router.post("/item/{item_id}/watch", dependencies=[guard.Form])
def watch_item(visit: Reader, item_id: str) -> Response:
    """Keep an item in sight, or no longer."""
    visit.item(item_id)
    asks.watch(visit.desk.engine, item_id, by=visit.user, now=visit.desk.clock())
    return RedirectResponse(search_request(visit.request).address_of(item_id), status_code=303)


@router.get("/inbox")
def inbox_page(visit: Reader) -> Response:
    """Show what a person is asked, and what they asked others."""
    return _show_inbox(visit)


@router.post("/inbox/{number}/done", dependencies=[guard.Form])
def close_ask(visit: Reader, number: Number) -> Response:
    """Close what was asked."""
    close = partial(asks.close_ask, visit.desk.engine, number, by=visit.user, now=visit.desk.clock())
    return visit.change(close, "/inbox", partial(_show_inbox, visit), 404)


def _show_inbox(visit: PageVisit, status: int = 200, problem: str = "") -> Response:
    with visit.desk.engine.connect() as connection:
        to_me, by_me = asks.asks_to(connection, visit.user), asks.asks_by(connection, visit.user)
    records = visit.desk.store.get_many(each.item_id for each in (*to_me, *by_me))
    shown = {"to_me": to_me, "by_me": by_me, "records": records, "describe": asks.describe_ask}
    return visit.show("inbox.html", status, **shown, problem=problem)


@router.get("/second")
def second_page(visit: Decider) -> Response:
    """Show the next item that waits for a second opinion, without what the first person decided."""
    return _show_second(visit)


@router.post("/second/{item_id}", dependencies=[guard.Form])
def give_second(visit: Decider, item_id: str, tag: Text = "") -> Response:
    """Keep a second opinion and go on with the next one."""
    desk = visit.desk
    give = partial(give_opinion, desk.engine, item_id, tag, by=visit.user, percent=desk.second_opinions, now=desk.clock())
    return visit.change(give, "/second", partial(_show_second, visit))


def _show_second(visit: PageVisit, status: int = 200, problem: str = "") -> Response:
    desk = visit.desk
    with desk.engine.connect() as connection:
        due = due_items(connection, by=visit.user, percent=desk.second_opinions, now=desk.clock(), hidden=desk.hidden)
        rate = agreement(connection)
    records = desk.store.get_many(decision.item_id for decision in due)
    record = next((records[decision.item_id] for decision in due if decision.item_id in records), None)
    one = RecordView(record=record) if record else None
    shown = {"one": one, "left": len(records), "rate": rate, "kinds": SECOND_KINDS.items(), "percent": desk.second_opinions}
    return visit.show("second.html", status, **shown, problem=problem)


@router.post("/item/{item_id}/lease", dependencies=[guard.Form])
def hold(visit: Decider, item_id: str, over: Text = "", quiet: Flag = False) -> Response:
    """Hold an item longer, or take it ``over`` from the person named; a script asks for no page (``quiet``)."""
    record = visit.item(item_id)
    before, lease = lease_of(visit, item_id), None
    if over and before is not None and before.by not in (over, visit.user.name):
        return visit.show_message(
            409, _("Somebody else has it by now"), _("%(by)s has this item open now; look again.", by=before.by)
        )
    if is_open(visit, item_id):
        lease = take_lease(visit.desk.engine, record, by=visit.user, now=visit.desk.clock(), over=bool(over))
    if quiet:
        mine = lease is not None and lease.by == visit.user.name
        return Response(lease.until.isoformat() if lease and mine else "", 200 if mine else 409, media_type="text/plain")
    return RedirectResponse(search_request(visit.request).address(f"/item/{item_id}"), status_code=303)


@router.post("/item/{item_id}/release", dependencies=[guard.Form])
def give_back(visit: Decider, item_id: str, until: Annotated[AwareDatetime | None, Form()] = None) -> Response:
    """End the lease of an item; a page that closes says until when it held it, so that a newer page keeps it."""
    release(visit.desk.engine, by=visit.user, item_id=item_id, until=_moment(until))
    return Response(status_code=204)


def hold_item(visit: PageVisit, record: Record) -> None:
    """Take the lease of an undecided item that a person opens, unless somebody else has it."""
    if is_open(visit, record.id):
        take_lease(visit.desk.engine, record, by=visit.user, now=visit.desk.clock())


def lease_of(visit: PageVisit, item_id: str) -> ItemLease | None:
    """Return the lease in force on an item."""
    with visit.desk.engine.connect() as connection:
        return lease_on(connection, item_id, visit.desk.clock())


def is_open(visit: PageVisit, item_id: str) -> bool:
    """Tell whether nobody has decided about an item."""
    with visit.desk.engine.connect() as connection:
        return cases(connection, [item_id])[item_id].state == "open"


def _moment(until: datetime | None) -> datetime | None:
    """Return the moment a form gave; None for one that no database keeps."""
    return until if until is not None and 1 < until.year < 9999 else None
