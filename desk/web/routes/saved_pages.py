"""Saved searches: keep what is on the screen, see what is new, open, rename, share, delete and bring back."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from desk.cases import saved_searches
from desk.cases.saved_searches import SavedError
from desk.languages.catalogues import say
from desk.web import guard
from desk.web.guard import Flag, Number, PageVisit, Reader, Text
from desk.web.results import SearchRequest
from index.base import StoreError, StoreUnavailable
from index.query.plan import UnusableQuery

router = APIRouter()


class SearchForm(BaseModel):
    """A query to keep."""

    name: Text = ""
    typed: Text = ""
    shared: bool = False


@router.get("/saved")
def saved_page(visit: Reader) -> Response:
    """Show the searches a person keeps and those others share, each with what is new."""
    return _list_saved(visit)


@router.post("/saved", dependencies=[guard.Form])
def save(visit: Reader, form: Annotated[SearchForm, Form()]) -> Response:
    """Keep a query."""
    return _change(visit, saved_searches.save, form.name, form.typed, shared=form.shared)


@router.get("/saved/{number}")
def open_saved(visit: Reader, number: Number) -> Response:
    """Open a search, and note when; what came since the last time is marked as new."""
    desk = visit.desk
    try:
        saved = saved_searches.look(desk.engine, desk.store, number, by=visit.user, now=desk.clock(), places=desk.places)
    except (SavedError, UnusableQuery) as exc:
        return _list_saved(visit, 404, say(exc))
    want = SearchRequest(typed=saved.typed, saved=saved.name, since=saved.looked_at)
    return RedirectResponse(want.address("/search"), status_code=303)


@router.post("/saved/{number}/rename", dependencies=[guard.Form])
def rename(visit: Reader, number: Number, name: Text = "") -> Response:
    """Give a search another name."""
    return _change(visit, saved_searches.rename, number, name)


@router.post("/saved/{number}/share", dependencies=[guard.Form])
def share(visit: Reader, number: Number, shared: Flag = False) -> Response:
    """Show a search to everybody, or to its owner alone."""
    return _change(visit, saved_searches.share, number, shared=shared)


@router.post("/saved/{number}/delete", dependencies=[guard.Form])
def delete(visit: Reader, number: Number) -> Response:
    """Delete a search."""
    return _change(visit, saved_searches.remove, number)


@router.post("/saved/{number}/restore", dependencies=[guard.Form])
def restore(visit: Reader, number: Number) -> Response:
    """Bring a deleted search back."""
    return _change(visit, saved_searches.restore, number)


def _change(visit: PageVisit, change: Callable[..., object], *given: Any, **more: Any) -> Response:
    """Carry out a change and answer with the list; one that is refused, with the reason."""
    try:
        change(visit.desk.engine, *given, **more, by=visit.user, now=visit.desk.clock())
    except (SavedError, UnusableQuery) as exc:
        return _list_saved(visit, 422, say(exc))
    return RedirectResponse("/saved", status_code=303)


def _list_saved(visit: PageVisit, status: int = 200, problem: str = "") -> Response:
    desk = visit.desk
    with desk.engine.connect() as connection:
        found = saved_searches.list_searches(connection, visit.user)
        deleted = saved_searches.list_searches(connection, visit.user, deleted=True)
    counts: dict[int, int] = {}
    broken: dict[int, str] = {}
    for saved in found:
        try:
            counts[saved.id] = saved_searches.count_fresh(desk.store, saved, desk.clock(), desk.places)
        except StoreUnavailable:
            raise
        except StoreError as exc:  # this one alone cannot be carried out, for instance because a value is no longer known
            broken[saved.id] = say(exc)
    return visit.show("saved.html", status, found=found, counts=counts, broken=broken, deleted=deleted, problem=problem)
