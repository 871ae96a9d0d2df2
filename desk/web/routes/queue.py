"""The ranked queue of what nobody has decided yet, and the search over everything."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web.guard import Here, needs
from desk.web.pages import page
from desk.web.results import SHOWN, SORTS, next_open, queue, search, search_request

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.READ))]


@router.get("/")
def queue_page(request: Request, desk: Here, _: Reader) -> Response:
    """Show flagged, undecided items, the gravest first."""
    want = search_request(request)
    return page(
        request,
        "results.html",
        kind="queue",
        want=want,
        found=queue(desk, want),
        sorts=SORTS,
        shown=SHOWN,
        stored=desk.store.count(),
    )


@router.get("/search")
def search_page(request: Request, desk: Here, _: Reader) -> Response:
    """Search everything that was ever indexed."""
    want = search_request(request)
    return page(
        request,
        "results.html",
        kind="search",
        want=want,
        found=search(desk, want),
        sorts=SORTS,
        shown=SHOWN,
        stored=desk.store.count(),
    )


@router.get("/next")
def next_item(request: Request, desk: Here, _: Reader, skip: str = "") -> Response:
    """Go to the next undecided item of the queue."""
    want = search_request(request)
    text = next_open(desk, want, skip)
    return RedirectResponse(want.address(f"/item/{text}") if text else want.address("/"), status_code=303)
