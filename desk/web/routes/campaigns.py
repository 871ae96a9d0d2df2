"""Pages of campaigns, and of one contact in all of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from desk.cases.case_decisions import cases
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web.campaign_summaries import MEMBERS, ORDERS, PAGE, groups, members_of, overview
from desk.web.context import Desk
from desk.web.guard import Here, needs
from desk.web.pages import page
from desk.web.view import line
from index.base import Hit
from index.campaigns.dossier import Order, pivot

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.READ))]
LISTED = 100
"""Adverts the page of a contact lists, the newest; search shows all."""


@router.get("/campaigns")
def campaigns_page(
    request: Request, desk: Here, _: Reader, sort: str = "growth", start: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Show campaigns, the fastest growing first."""
    order: Order = next((name for name in ORDERS if name == sort), "growth")
    campaign_summaries, total = overview(desk, order, start)
    after = start + PAGE if start + PAGE < total else 0
    return page(
        request, "campaigns.html", groups=campaign_summaries, total=total, start=start, after=after, order=order, orders=ORDERS
    )


@router.get("/campaign/{campaign_id}")
def campaign_page(request: Request, desk: Here, _: Reader, campaign_id: str) -> Response:
    """Show one campaign and its members."""
    return campaign_response(request, desk, campaign_id)


@router.get("/contact")
def contact_page(request: Request, desk: Here, _: Reader, c: str = "") -> Response:
    """Show everything that used a contact, in whatever form it was pasted."""
    typed = c[:300].strip()
    result = pivot(desk.store, typed) if typed else None
    records = list(result.records[:LISTED]) if result else []
    with desk.engine.connect() as connection:
        standing = cases(connection, [record.id for record in records])
    lines = [line(Hit(record=record), standing[record.id]) for record in records]
    known = [kept for name, _ in result.campaigns if (kept := desk.store.campaign(name))] if result else []
    return page(request, "contact.html", typed=typed, found=result, lines=lines, groups=groups(desk, known))


def campaign_response(request: Request, desk: Desk, campaign_id: str, status: int = 200, problem: str = "") -> Response:
    """Return a campaign's page, with what was wrong with what the person asked for."""
    members = members_of(desk, campaign_id)
    if members is None:
        return page(
            request, "message.html", 404, title="No such campaign",
            text=f"{problem.capitalize()}. " * bool(problem) + "Its members may have been linked anew: look under Campaigns.",
        )  # fmt: skip
    return page(request, "campaign.html", status, found=members, members=MEMBERS, problem=problem)
