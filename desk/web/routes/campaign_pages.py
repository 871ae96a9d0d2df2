"""Pages of campaigns, and of one contact in all of them.

And what people rule about them: split off, take out, merge, lock, stop a contact from linking; and undo any of it.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi import Query as InAddress
from fastapi.responses import RedirectResponse, Response
from msgspec.structs import replace
from pydantic import BaseModel

from desk.cases import campaign_rulings
from desk.cases.campaign_rulings import Ruling, all_rulings
from desk.cases.case_decisions import REASONS, cases
from desk.languages.catalogues import say
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.web import guard
from desk.web.campaign_summaries import MEMBERS, ORDERS, PAGE, Members, groups, members_of, overview
from desk.web.context import Desk
from desk.web.decision_scope import COVERED, scope_among
from desk.web.guard import Count, Decider, Number, PageVisit, Reader, Text
from desk.web.pages import sentence
from desk.web.routes.bulk_pages import bulk_parts
from desk.web.view import line
from foundation.messages import _
from index.base import Hit, Query, Record
from index.campaigns.dossier import Order, contact_times, pivot
from index.query.parse import parse
from index.query.plan import UnusableQuery

router = APIRouter()
LISTED_ADVERTS = 100
"""Adverts the page of a contact lists, the newest; search shows all."""
TIMED_CONTACTS = 6
"""Contacts of an item whose times are looked for."""
LISTED_RULINGS = 200
"""Newest rulings on the page of all."""
CANDIDATES = 200
"""Adverts among which campaigns to merge with are looked for."""
_ID = re.compile(r"c-[0-9a-f]{12}")


class SplitForm(BaseModel):
    """The adverts ticked, and whether they become a campaign of their own."""

    ids: list[str] = []
    own: bool = True
    why: Text = ""


@router.get("/campaigns")
def campaigns_page(visit: Reader, sort: str = "growth", start: Annotated[int, InAddress(ge=0)] = 0) -> Response:
    """Show campaigns, the fastest growing first."""
    order: Order = next((name for name in ORDERS if name == sort), "growth")
    shown, total = overview(visit.desk, order, start)
    after = start + PAGE if start + PAGE < total else 0
    return visit.show("campaigns.html", groups=shown, total=total, start=start, after=after, order=order, orders=ORDERS)


@router.get("/campaign/{campaign_id}")
def campaign_page(visit: Reader, campaign_id: str, start: Annotated[int, InAddress(ge=0)] = 0) -> Response:
    """Show one campaign and a page of its members."""
    return _show_campaign(visit, campaign_id, start=start)


@router.get("/item/{item_id}/contacts")
def contact_times_part(visit: Reader, item_id: str) -> Response:
    """Show of each contact of an item when and how often it was used: the part alone for a script, else a page."""
    record = visit.item(item_id)
    contacts = record.assessment.contacts
    named = list(dict.fromkeys(contact.value for contact in contacts))[:TIMED_CONTACTS]
    times = {value: contact_times(visit.desk.store, value) for value in named}
    return visit.show_part(
        "contacts.html", _("Contacts"), one=record, it={"item_id": item_id, "contacts": contacts, "times": times}
    )


@router.get("/contact")
def contact_page(visit: Reader, c: str = "") -> Response:
    """Show everything that used a contact, in whatever form it was pasted."""
    desk, typed = visit.desk, c[:300].strip()
    result = pivot(desk.store, typed) if typed else None
    records = list(result.records[:LISTED_ADVERTS]) if result else []
    with desk.engine.connect() as connection:
        standing = cases(connection, [record.id for record in records])
    lines = [line(Hit(record=record), standing[record.id]) for record in records]
    known = [kept for name, _ in result.campaigns if (kept := desk.store.campaign(name))] if result else []
    shown = {"typed": typed, "found": result, "lines": lines, "groups": groups(desk, known)}
    return visit.show("contact.html", **shown, titles=visit.titles(records))


@router.post("/campaign/{campaign_id}/split", dependencies=[guard.Form])
def split(visit: Decider, campaign_id: str, form: Annotated[SplitForm, Form()]) -> Response:
    """Split the ticked adverts off as a campaign of their own, or take each out."""
    return _rule(visit, campaign_id, campaign_rulings.split, campaign_id, form.ids, own=form.own, why=form.why)


@router.get("/campaign/{campaign_id}/merge")
def merge_page(visit: Decider, campaign_id: str, q: str = "") -> Response:
    """Show campaigns that a search finds, to merge this one with."""
    return _show_candidates(visit, campaign_id, q[:500].strip())


@router.post("/campaign/{campaign_id}/merge", dependencies=[guard.Form])
def merge(visit: Decider, campaign_id: str, other: Text = "", q: Text = "", why: Text = "") -> Response:
    """Merge a campaign with another; ``q`` is the search it was found by."""
    refuse = partial(_show_candidates, visit, campaign_id, q[:500].strip() or other)
    return _rule(visit, campaign_id, campaign_rulings.merge, campaign_id, other, why=why, refuse=refuse)


@router.post("/campaign/{campaign_id}/lock", dependencies=[guard.Form])
def lock(visit: Decider, campaign_id: str, size: Count = -1, why: Text = "") -> Response:
    """Keep a campaign exactly as it is, with as many members as the page showed."""
    return _rule(visit, campaign_id, campaign_rulings.lock, campaign_id, size=size, why=why)


@router.post("/campaign/{campaign_id}/unlink", dependencies=[guard.Form])
def unlink(visit: Decider, campaign_id: str, contact: Text = "", why: Text = "") -> Response:
    """Let a contact link nobody any more."""
    return _rule(visit, campaign_id, campaign_rulings.unlink, campaign_id, contact, why=why)


@router.get("/rulings")
def rulings_page(visit: Reader) -> Response:
    """Show all rulings, also those whose campaign is gone."""
    return _list_rulings(visit)


@router.post("/rulings/{ruling_id}/undo", dependencies=[guard.Form])
def undo(visit: Decider, ruling_id: Number, why: Text = "", back: Text = "") -> Response:
    """Take back a ruling; ``back`` is the campaign on whose page."""
    return _rule(visit, back, campaign_rulings.undo, ruling_id, why=why)


def _deciding(visit: PageVisit, found: Members) -> dict[str, Any]:
    """Return what a campaign's page decides with; ``scope`` is None when nothing waits, or the person decides nothing here."""
    members = found.dossier.members
    if not visit.user.may(Right.DECIDE) or len(members) > COVERED:
        return {"scope": None}
    with visit.desk.engine.connect() as connection:
        scope = scope_among(connection, members, len(members))
    return bulk_parts(visit, scope) if scope.records else {"scope": None}


def _rule(
    visit: PageVisit, page: str, rule: Callable[..., Ruling], *given: Any, refuse: Callable[[int, str], Response] | None = None,
    **more: Any,
) -> Response:  # fmt: skip
    """Carry out a ruling and go to where its adverts are now; one that is refused leads back to the campaign of the ``page``, or
    to all rulings, with the reason."""
    desk = visit.desk

    def lead_on(ruling: Ruling) -> Response:
        ids = ruling.others if ruling.kind in ("split", "remove") else ruling.ids
        return _redirect_to_campaign(desk, ruling, (page,) if ruling.kind == "hub" else ids)

    refuse = refuse or (partial(_show_campaign, visit, page) if page else partial(_list_rulings, visit))
    return visit.change(partial(rule, desk.engine, desk.index, *given, **more, by=visit.user, now=desk.clock()), lead_on, refuse)


def _show_campaign(visit: PageVisit, campaign_id: str, status: int = 200, problem: str = "", start: int = 0) -> Response:
    """Return a campaign's page, with what was wrong with what the person asked for."""
    members = members_of(visit.desk, campaign_id, start)
    if members is None:
        moved = _("Its members may have been linked anew: look under Campaigns.")
        return visit.show_message(404, _("No such campaign"), f"{sentence(problem)} {say(moved)}" if problem else moved)
    deciding = {"reasons": REASONS, "most": COVERED} | _deciding(visit, members)
    titles = visit.titles([line.record for line in members.lines])
    return visit.show("campaign.html", status, found=members, members=MEMBERS, problem=problem, titles=titles, **deciding)


def _list_rulings(visit: PageVisit, status: int = 200, problem: str = "") -> Response:
    with visit.desk.engine.connect() as connection:
        rulings = [ruling for ruling in all_rulings(connection)[::-1] if ruling.kind != "undo"]
        waiting = campaign_rulings.waiting(connection)
    more, rulings = max(0, len(rulings) - LISTED_RULINGS), rulings[:LISTED_RULINGS]
    return visit.show("rulings.html", status, found=rulings, more=more, waiting=waiting, problem=problem)


def _show_candidates(visit: PageVisit, campaign_id: str, typed: str, status: int = 200, problem: str = "") -> Response:
    """Return the page on which a campaign to merge with is chosen from what a search finds."""
    desk, records, more = visit.desk, list[Record](), False
    try:
        records, more = _find_candidates(desk, typed)
    except UnusableQuery as exc:
        problem, status = problem or say(exc), 422
    try:
        size = len(campaign_rulings.members(desk.store, campaign_id))
    except DeskRefusal as exc:
        return visit.show_message(404, _("No such campaign"), sentence(exc))
    names = dict.fromkeys(record.campaign for record in records if record.campaign and record.campaign != campaign_id)
    found = groups(desk, [kept for name in names if (kept := desk.store.campaign(name))])
    lone = [record for record in records if not record.campaign and record.id != campaign_id]
    shown = {"id": campaign_id, "size": size, "typed": typed, "more": more, "looked": CANDIDATES, "problem": problem}
    return visit.show("merge.html", status, **shown, groups=found, lone=lone)


def _find_candidates(desk: Desk, typed: str) -> tuple[list[Record], bool]:
    """Return the adverts of a campaign that is named, or that a search finds, and whether there are more; raise UnusableQuery."""
    if not typed:
        return [], False
    named = _ID.search(typed)
    query = Query(campaign=named[0]) if named else parse(typed, now=desk.clock(), places=desk.places)
    matching = desk.store.search(replace(query, size=CANDIDATES, count_facets=False))
    return [hit.record for hit in matching.hits], matching.cursor is not None


def _redirect_to_campaign(desk: Desk, ruling: Ruling, ids: Sequence[str]) -> Response:
    """Redirect to the campaign of those adverts; its id may have changed, and it may be gone."""
    record = next((result for value in ids[:1] if (result := desk.store.get(value))), None)
    to = record.campaign if record and record.campaign else ruling.campaign
    return RedirectResponse(f"/campaign/{to}" if desk.store.campaign(to) else "/rulings", status_code=303)
