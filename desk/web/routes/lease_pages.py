"""Who has an item open: hold it longer, take it over, give it back."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime, BaseModel

from crawlers.text.messages import _
from desk.cases.case_decisions import cases
from desk.cases.leases import ItemLease, all_leases, release, take_lease
from desk.web import guard
from desk.web.guard import Decider, PageVisit, Text
from desk.web.results import search_request
from index.base import Record

router = APIRouter()


class LeaseForm(BaseModel):
    """A lease that is asked for; ``over`` names the person it is taken over from."""

    over: Text = ""
    quiet: bool = False
    """A script asks, and wants no page."""


@router.post("/item/{item_id}/lease", dependencies=[guard.Form])
def hold(visit: Decider, item_id: str, form: Annotated[LeaseForm, Form()]) -> Response:
    """Hold an item longer, or take it over from the person named."""
    record = visit.desk.store.get(item_id)
    if record is None:
        return visit.show_message(404, _("No such item"), _("It is not in the index."))
    before, lease = lease_of(visit, item_id), None
    if form.over and before is not None and before.by not in (form.over, visit.user.name):
        return visit.show_message(
            409, _("Somebody else has it by now"), _("%(by)s has this item open now; look again.", by=before.by)
        )
    if is_open(visit, item_id):
        lease = take_lease(visit.desk.engine, record, by=visit.user, now=visit.desk.clock(), over=bool(form.over))
    if form.quiet:
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
        return next((lease for lease in all_leases(connection, visit.desk.clock()) if lease.item_id == item_id), None)


def is_open(visit: PageVisit, item_id: str) -> bool:
    """Tell whether nobody has decided about an item."""
    with visit.desk.engine.connect() as connection:
        return cases(connection, [item_id])[item_id].state == "open"


def _moment(until: datetime | None) -> datetime | None:
    """Return the moment a form gave; None for one that no database keeps."""
    return until if until is not None and 1 < until.year < 9999 else None
