"""Campaigns: which grow, and what their members share."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from desk.roles import Right
from desk.sessions import Session
from desk.web.groups import MEMBERS, SCANNED, members_of, overview
from desk.web.guard import Here, needs
from desk.web.pages import page

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.READ))]


@router.get("/campaigns")
def campaigns_page(request: Request, desk: Here, _: Reader) -> Response:
    """Show campaigns, the fastest growing first."""
    groups, more = overview(desk)
    return page(request, "campaigns.html", groups=groups, more=more, scanned=SCANNED)


@router.get("/campaign/{campaign_id}")
def campaign_page(request: Request, desk: Here, _: Reader, campaign_id: str) -> Response:
    """Show one campaign and its members."""
    found = members_of(desk, campaign_id)
    if found is None:
        return page(
            request, "message.html", 404, title="No such campaign", text="Its members may have been linked anew or purged."
        )
    return page(request, "campaign.html", found=found, members=MEMBERS)
