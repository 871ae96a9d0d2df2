"""Change a campaign: split off, take out, merge, lock, stop a contact from linking; and undo any of it."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from msgspec.structs import replace

from desk.cases import campaign_rulings
from desk.cases.campaign_rulings import Ruling, RulingError, all_rulings
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web import guard
from desk.web.campaign_summaries import groups
from desk.web.context import Desk
from desk.web.guard import Here, Number, Text, needs
from desk.web.pages import page
from desk.web.routes.campaigns import campaign_response
from index.base import Query
from index.query.parse import parse
from index.query.plan import UnusableQuery

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.READ))]
Decider = Annotated[Session, Depends(needs(Right.DECIDE))]
Ids = Annotated[list[str], Form()]
LISTED = 200
"""Newest rulings on the page of all."""
CANDIDATES = 200
"""Adverts among which campaigns to merge with are looked for."""
_ID = re.compile(r"c-[0-9a-f]{12}")


@router.post("/campaign/{campaign_id}/split", dependencies=[guard.Form])
def split(
    request: Request, desk: Here, session: Decider, campaign_id: str, ids: Ids = [], own: Annotated[bool, Form()] = True,  # noqa: B006 - FastAPI copies it
    why: Text = "",
) -> Response:  # fmt: skip
    """Split the ticked adverts off as a campaign of their own, or take each out."""
    try:
        ruling = campaign_rulings.split(
            desk.engine, desk.store, campaign_id, ids, own=own, by=session.user, now=desk.clock(), why=why
        )
    except RulingError as exc:
        return campaign_response(request, desk, campaign_id, 422, str(exc))
    return _redirect_to_campaign(desk, ruling, ruling.others)


@router.get("/campaign/{campaign_id}/merge")
def merge_page(request: Request, desk: Here, _: Decider, campaign_id: str, q: str = "") -> Response:
    """Show campaigns that a search finds, to merge this one with."""
    return _candidates(request, desk, campaign_id, q[:500].strip())


@router.post("/campaign/{campaign_id}/merge", dependencies=[guard.Form])
def merge(
    request: Request, desk: Here, session: Decider, campaign_id: str, other: Text = "", q: Text = "", why: Text = ""
) -> Response:
    """Merge a campaign with another."""
    try:
        ruling = campaign_rulings.merge(desk.engine, desk.store, campaign_id, other, by=session.user, now=desk.clock(), why=why)
    except RulingError as exc:
        return _candidates(request, desk, campaign_id, q[:500].strip() or other, 422, str(exc))
    return _redirect_to_campaign(desk, ruling, ruling.ids)


@router.post("/campaign/{campaign_id}/lock", dependencies=[guard.Form])
def lock(
    request: Request, desk: Here, session: Decider, campaign_id: str, size: Annotated[int, Form()] = -1, why: Text = ""
) -> Response:
    """Keep a campaign exactly as it is."""
    try:
        ruling = campaign_rulings.lock(
            desk.engine, desk.store, campaign_id, size=size, by=session.user, now=desk.clock(), why=why
        )
    except RulingError as exc:
        return campaign_response(request, desk, campaign_id, 422, str(exc))
    return _redirect_to_campaign(desk, ruling, ruling.ids)


@router.post("/campaign/{campaign_id}/unlink", dependencies=[guard.Form])
def unlink(request: Request, desk: Here, session: Decider, campaign_id: str, contact: Text = "", why: Text = "") -> Response:
    """Let a contact link nobody any more."""
    try:
        ruling = campaign_rulings.unlink(
            desk.engine, desk.store, campaign_id, contact, by=session.user, now=desk.clock(), why=why
        )
    except RulingError as exc:
        return campaign_response(request, desk, campaign_id, 422, str(exc))
    return _redirect_to_campaign(desk, ruling, (campaign_id,))


@router.get("/rulings")
def rulings_page(request: Request, desk: Here, _: Reader) -> Response:
    """Show all rulings, also those whose campaign is gone."""
    return _list_rulings(request, desk)


@router.post("/rulings/{ruling_id}/undo", dependencies=[guard.Form])
def undo(request: Request, desk: Here, session: Decider, ruling_id: Number, why: Text = "", back: Text = "") -> Response:
    """Take back a ruling."""
    try:
        ruling = campaign_rulings.undo(desk.engine, desk.store, ruling_id, by=session.user, now=desk.clock(), why=why)
    except RulingError as exc:
        return campaign_response(request, desk, back, 422, str(exc)) if back else _list_rulings(request, desk, 422, str(exc))
    return _redirect_to_campaign(desk, ruling, ruling.ids)


def _list_rulings(request: Request, desk: Desk, status: int = 200, problem: str = "") -> Response:
    with desk.engine.connect() as connection:
        rulings = [ruling for ruling in all_rulings(connection)[::-1] if ruling.kind != "undo"]
        waiting = campaign_rulings.waiting(connection)
    more = max(0, len(rulings) - LISTED)
    return page(request, "rulings.html", status, found=rulings[:LISTED], more=more, waiting=waiting, problem=problem)


def _candidates(request: Request, desk: Desk, campaign_id: str, typed: str, status: int = 200, problem: str = "") -> Response:
    named = _ID.search(typed)
    records, more = [], False
    try:
        query = Query(campaign=named[0]) if named else parse(typed, now=desk.clock(), places=desk.places)
        if typed:
            matching = desk.store.search(replace(query, size=CANDIDATES, count_facets=False))
            records, more = [hit.record for hit in matching.hits], matching.cursor is not None
    except UnusableQuery as exc:
        problem, status = problem or str(exc), 422
    try:
        size = len(campaign_rulings.members(desk.store, campaign_id))
    except RulingError as exc:
        return page(request, "message.html", 404, title="No such campaign", text=f"{str(exc).capitalize()}.")
    names = dict.fromkeys(record.campaign for record in records if record.campaign and record.campaign != campaign_id)
    campaign_summaries = groups(desk, [kept for name in names if (kept := desk.store.campaign(name))])
    return page(
        request, "merge.html", status, id=campaign_id, size=size, typed=typed, more=more, looked=CANDIDATES, problem=problem,
        groups=campaign_summaries,
        lone=[record for record in records if not record.campaign and record.id != campaign_id],
    )  # fmt: skip


def _redirect_to_campaign(desk: Desk, ruling: Ruling, ids: tuple[str, ...]) -> Response:
    """Redirect to the campaign of those adverts; its id may have changed, and it may be gone."""
    record = next((result for value in ids[:1] if (result := desk.store.get(value))), None)
    to = record.campaign if record and record.campaign else ruling.campaign
    return RedirectResponse(f"/campaign/{to}" if desk.store.campaign(to) else "/rulings", status_code=303)
