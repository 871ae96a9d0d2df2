"""Lure rules: by language and family, given another status, and tried on a text."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from desk.people.roles import Right
from desk.people.sessions import Session
from desk.seed_editors import RuleEditor, RuleStatus, SeedEditError
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, Text, needs
from desk.web.pages import page

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.RUNS))]
Operator = Annotated[Session, Depends(needs(Right.SEEDS))]
MOST_CHARACTERS = 20_000
"""Of a text that is tried."""


@router.get("/rules")
def rules_page(request: Request, desk: Here, _: Reader) -> Response:
    """Show which languages have rules for which families."""
    return _overview(request, desk)


@router.post("/rules/try", dependencies=[guard.Form])
def attempt(request: Request, desk: Here, _: Reader, text: Text = "") -> Response:
    """Judge a text with the rules as they stand; nothing is kept."""
    if not text.strip() or len(text) > MOST_CHARACTERS:
        problem = f"paste a text of 1 to {MOST_CHARACTERS:,} characters"
        return _overview(request, desk, 422, problem=problem, text=text[:MOST_CHARACTERS])
    try:
        return _overview(request, desk, text=text, trial=_editor(desk).try_text(text))
    except SeedEditError as exc:
        return _overview(request, desk, 422, problem=str(exc), text=text)


@router.get("/rules/{language}/{family}")
def rule_file_page(request: Request, desk: Here, _: Reader, language: str, family: str) -> Response:
    """Show the rules of a language for one family of indicators."""
    return _list_rules(request, desk, language, family)


@router.post("/rules/{language}/{family}/status", dependencies=[guard.Form])
def switch(
    request: Request, desk: Here, session: Operator, language: str, family: str, status: Annotated[RuleStatus, Form()],
    rule: Text = "", version: Text = "", why: Text = "",
) -> Response:  # fmt: skip
    """Give a rule another status."""
    try:
        _editor(desk).switch(language, family, rule, status=status, version=version, by=session.user, reason=why)
    except SeedEditError as exc:
        return _list_rules(request, desk, language, family, 422, problem=str(exc), chosen=rule, why=why)
    return RedirectResponse(f"/rules/{language}/{family}#{rule}", status_code=303)


def _editor(desk: Desk) -> RuleEditor:
    if desk.lure_rules is None:
        raise HTTPException(404)
    return desk.lure_rules


def _overview(request: Request, desk: Desk, status: int = 200, **shown: Any) -> Response:
    values = {"problem": "", "text": "", "trial": None} | shown
    return page(request, "rules.html", status, files=_editor(desk).files(), **values)


def _list_rules(request: Request, desk: Desk, language: str, family: str, status: int = 200, **shown: Any) -> Response:
    file = _editor(desk).read(language, family)
    if file is None:
        raise HTTPException(404)
    values = {"problem": "", "chosen": "", "why": ""} | shown
    return page(request, "rule_file.html", status, file=file, **values)
