"""Saved searches: keep what is on the screen, see what is new, open, rename, share, delete and bring back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.cases import saved_searches
from desk.cases.saved_searches import SavedError
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, Number, Text, needs
from desk.web.pages import page
from desk.web.results import SearchRequest
from index.base import StoreError, StoreUnavailable
from index.query.plan import UnusableQuery

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.READ))]
Ticked = Annotated[bool, Form()]


@router.get("/saved")
def saved_page(request: Request, desk: Here, session: Reader) -> Response:
    """Show the searches a person keeps and those others share, each with what is new."""
    return _list_saved(request, desk, session)


@router.post("/saved", dependencies=[guard.Form])
def save(request: Request, desk: Here, session: Reader, name: Text = "", typed: Text = "", shared: Ticked = False) -> Response:
    """Keep a query."""
    try:
        saved_searches.save(desk.engine, name, typed, shared=shared, by=session.user, now=desk.clock())
    except (SavedError, UnusableQuery) as exc:
        return _list_saved(request, desk, session, 422, str(exc))
    return RedirectResponse("/saved", status_code=303)


@router.get("/saved/{number}")
def open_saved(request: Request, desk: Here, session: Reader, number: Number) -> Response:
    """Open a search, and note when; what came since the last time is marked as new."""
    try:
        saved_search = saved_searches.look(desk.engine, desk.store, number, by=session.user, now=desk.clock(), places=desk.places)
    except (SavedError, UnusableQuery) as exc:
        return _list_saved(request, desk, session, 404, str(exc))
    want = SearchRequest(typed=saved_search.typed, saved=saved_search.name, since=saved_search.looked_at)
    return RedirectResponse(want.address("/search"), status_code=303)


@router.post("/saved/{number}/rename", dependencies=[guard.Form])
def rename(request: Request, desk: Here, session: Reader, number: Number, name: Text = "") -> Response:
    """Give a search another name."""
    try:
        saved_searches.rename(desk.engine, number, name, by=session.user, now=desk.clock())
    except SavedError as exc:
        return _list_saved(request, desk, session, 422, str(exc))
    return RedirectResponse("/saved", status_code=303)


@router.post("/saved/{number}/share", dependencies=[guard.Form])
def share(request: Request, desk: Here, session: Reader, number: Number, shared: Ticked = False) -> Response:
    """Show a search to everybody, or to its owner alone."""
    try:
        saved_searches.share(desk.engine, number, shared=shared, by=session.user, now=desk.clock())
    except SavedError as exc:
        return _list_saved(request, desk, session, 422, str(exc))
    return RedirectResponse("/saved", status_code=303)


@router.post("/saved/{number}/delete", dependencies=[guard.Form])
def delete(request: Request, desk: Here, session: Reader, number: Number) -> Response:
    """Delete a search."""
    try:
        saved_searches.remove(desk.engine, number, by=session.user, now=desk.clock())
    except SavedError as exc:
        return _list_saved(request, desk, session, 422, str(exc))
    return RedirectResponse("/saved", status_code=303)


@router.post("/saved/{number}/restore", dependencies=[guard.Form])
def restore(request: Request, desk: Here, session: Reader, number: Number) -> Response:
    """Bring a deleted search back."""
    try:
        saved_searches.restore(desk.engine, number, by=session.user, now=desk.clock())
    except SavedError as exc:
        return _list_saved(request, desk, session, 422, str(exc))
    return RedirectResponse("/saved", status_code=303)


def _list_saved(request: Request, desk: Desk, session: Session, status: int = 200, problem: str = "") -> Response:
    with desk.engine.connect() as connection:
        results = saved_searches.list_searches(connection, session.user)
        deleted = saved_searches.list_searches(connection, session.user, deleted=True)
    counts: dict[int, int] = {}
    broken: dict[int, str] = {}
    for saved_search in results:
        try:
            counts[saved_search.id] = saved_searches.count_fresh(desk.store, saved_search, desk.clock(), desk.places)
        except StoreUnavailable:
            raise
        except StoreError as exc:  # this one alone cannot be carried out, for instance because a value is no longer known
            broken[saved_search.id] = str(exc)
    return page(
        request, "saved.html", status, found=results, counts=counts, broken=broken, deleted=deleted, problem=problem
    )  # fmt: skip
