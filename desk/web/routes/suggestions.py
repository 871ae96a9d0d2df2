"""Suggested sources: refused, blocked and taken back here. To accept one asks the network, so a command does that."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.cases.source_rulings import SourceRulingError
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.seed_editors import SuggestionDesk
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, Text, needs
from desk.web.pages import page

router = APIRouter()
Operator = Annotated[Session, Depends(needs(Right.SOURCES))]
LISTED = 100
"""Venues on the page; the command shows all."""


@router.get("/suggestions")
def suggestions_page(request: Request, desk: Here, _: Operator, every: bool = False) -> Response:
    """Show which venues the lures lead to, the strongest first."""
    return _list_suggestions(request, desk, every=every)


@router.post("/suggestions/rule", dependencies=[guard.Form])
def turn_down(
    request: Request, desk: Here, session: Operator, verdict: Annotated[Literal["refused", "blocked"], Form()],
    venue: Text = "", why: Text = "", every: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Refuse a venue until new lures lead there, or block it for good."""

    def rule(suggestions: SuggestionDesk) -> None:
        suggestions.turn_down(verdict, venue, by=session.user, reason=why)

    return _carry_out_ruling(request, desk, rule, venue, why, every)


@router.post("/suggestions/undo", dependencies=[guard.Form])
def undo(
    request: Request, desk: Here, session: Operator, venue: Text = "", why: Text = "", every: Annotated[bool, Form()] = False
) -> Response:
    """Take back what was ruled about a venue."""

    def rule(suggestions: SuggestionDesk) -> None:
        suggestions.undo(venue, by=session.user, reason=why)

    return _carry_out_ruling(request, desk, rule, venue, why, every)


def _carry_out_ruling(
    request: Request, desk: Desk, rule: Callable[[SuggestionDesk], None], venue: str, why: str, every: bool
) -> Response:
    """Carry out a ruling and answer with the list; of one that is refused, with the reason and what was typed."""
    if desk.suggestions is None:
        return _list_suggestions(request, desk, every=every)
    try:
        rule(desk.suggestions)
    except SourceRulingError as exc:
        return _list_suggestions(request, desk, every=every, status=422, problem=str(exc), venue=venue, why=why)
    return RedirectResponse(f"/suggestions{'?every=true' if every else ''}", status_code=303)


def _list_suggestions(
    request: Request, desk: Desk, *, every: bool, status: int = 200, problem: str = "", venue: str = "", why: str = ""
) -> Response:
    """Answer with the list; what was typed about ``venue`` stays where it was typed."""
    lines = desk.suggestions.list_venues(every=every) if desk.suggestions is not None else ()
    return page(
        request,
        "suggestions.html",
        status,
        suggestions=lines[:LISTED],
        more=max(0, len(lines) - LISTED),
        every=every,
        problem=problem,
        venue=venue,
        why=why,
    )
