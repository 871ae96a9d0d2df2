"""Page of one source: shows its file, switches it on and off, tries and saves changes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from desk.people.roles import Right
from desk.people.sessions import Session
from desk.seed_editors import SeedEditError, SourceEditor, SourceFile
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, Text, needs
from desk.web.pages import page

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.RUNS))]
Operator = Annotated[Session, Depends(needs(Right.SEEDS))]


@router.get("/sources/{name}")
def source_page(request: Request, desk: Here, _: Reader, name: str) -> Response:
    """Show a source's file and what is wrong with it."""
    return _source_page(request, _file(desk, name))


@router.post("/sources/{name}/switch", dependencies=[guard.Form])
def switch(
    request: Request, desk: Here, session: Operator, name: str, enabled: Annotated[bool, Form()], version: Text = "",
    why: Text = "",
) -> Response:  # fmt: skip
    """Switch a source on or off."""
    file = _file(desk, name)
    try:
        _editor(desk).switch(name, enabled=enabled, version=version, by=session.user, reason=why)
    except SeedEditError as exc:
        return _source_page(request, file, 422, problem=str(exc), why=why)
    return RedirectResponse(f"/sources/{name}", status_code=303)


@router.post("/sources/{name}/try", dependencies=[guard.Form])
def attempt(
    request: Request, desk: Here, _: Operator, name: str, text: Text = "", version: Text = "", why: Text = ""
) -> Response:
    """Check a changed text and show what it reads on the pages of the newest run; nothing is saved."""
    file = _file(desk, name)
    draft: dict[str, Any] = {"draft": text, "version": version, "why": why}
    try:
        replay = _editor(desk).try_text(name, text)
    except SeedEditError as exc:
        return _source_page(request, file, 422, problem=str(exc), **draft)
    return _source_page(request, file, replay=replay, **draft)


@router.post("/sources/{name}/save", dependencies=[guard.Form])
def save(
    request: Request, desk: Here, session: Operator, name: str, text: Text = "", version: Text = "", why: Text = ""
) -> Response:
    """Put a changed text in place of the file that was seen."""
    file = _file(desk, name)
    try:
        _editor(desk).save(name, text, version=version, by=session.user, reason=why)
    except SeedEditError as exc:
        return _source_page(request, file, 422, problem=str(exc), draft=text, version=version, why=why)
    return RedirectResponse(f"/sources/{name}", status_code=303)


@router.post("/sources/{name}/accept", dependencies=[guard.Form])
def accept(request: Request, desk: Here, session: Operator, name: str, seen: Text = "", why: Text = "") -> Response:
    """Sign, as one of two people, what a file says of its receiver, where a crawl begins and how long texts are kept."""
    file = _file(desk, name)
    try:
        _editor(desk).accept(name, seen=seen, by=session.user, reason=why)
    except SeedEditError as exc:
        return _source_page(request, file, 422, problem=str(exc), why=why)
    return RedirectResponse(f"/sources/{name}", status_code=303)


def _editor(desk: Desk) -> SourceEditor:
    if desk.source_files is None:
        raise HTTPException(404)
    return desk.source_files


def _file(desk: Desk, name: str) -> SourceFile:
    file = _editor(desk).read(name)
    if file is None:
        raise HTTPException(404)
    return file


def _source_page(request: Request, file: SourceFile, status: int = 200, **values: Any) -> Response:
    """Answer with the page; a draft that was tried or refused stays in its field, with the version it was made from."""
    defaults = {"problem": "", "why": "", "draft": file.text, "version": file.version, "replay": None}
    return page(request, "source.html", status, file=file, **(defaults | values))
