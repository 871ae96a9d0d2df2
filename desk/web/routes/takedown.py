"""Takedown lists: what is on them, and the second person's approval. Building and sending is the command line's."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from desk.cases import approvals
from desk.cases.approvals import ReviewedEntry, review
from desk.cases.case_decisions import Case
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.refusals import ListError
from desk.takedown import repository
from desk.takedown.repository import TakedownList
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, Number, Text, needs
from desk.web.pages import page
from desk.web.view import RecordView, listing
from index.history import text_sha256

router = APIRouter()
Maker = Annotated[Session, Depends(needs(Right.LISTS))]
Approver = Annotated[Session, Depends(needs(Right.APPROVE))]
Ids = Annotated[list[str], Form()]
TYPES = {"csv": "text/plain; charset=utf-8", "json": "text/plain; charset=utf-8", "jsonl": "text/plain; charset=utf-8"}


@router.get("/lists")
def lists_page(request: Request, desk: Here, _: Maker) -> Response:
    """Show every list, and which receivers there are."""
    with desk.engine.connect() as connection:
        takedown_lists = repository.all_lists(connection)
        stuck = {
            takedown_list.id: reason for takedown_list in takedown_lists if (reason := _stuck(connection, desk, takedown_list))
        }
    receivers = desk.platforms
    waiting = [*receivers.unaccepted.values(), *receivers.unrouted.values()]
    return page(request, "lists.html", found=takedown_lists, platforms=receivers.platforms, stuck=stuck, waiting=waiting)


@router.get("/lists/{list_id}")
def list_page(request: Request, desk: Here, session: Maker, list_id: Number) -> Response:
    """Show one list as its receiver will read it."""
    return _show_list(request, desk, session, list_id)


@router.get("/lists/{list_id}/{name}")
def list_file(request: Request, desk: Here, _: Maker, list_id: Number, name: str) -> Response:
    """Download one file of a list, always as an attachment."""
    with desk.engine.connect() as connection:
        content = repository.files(connection, list_id).get(name)
    if content is None:
        return page(request, "message.html", 404, title="No such file", text="This list has no file of that name.")
    kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="list-{list_id}-{name}"'})


@router.post("/lists/{list_id}/approve", dependencies=[guard.Form])
def approve_list(
    request: Request, desk: Here, session: Approver, list_id: Number, recipient: Text = "", ticked: Ids = [],  # noqa: B006 - FastAPI copies it
) -> Response:  # fmt: skip
    """Approve a list as its second person, who ticked each notice, for the recipient the page showed."""
    try:
        approvals.approve(
            desk.engine, desk.platforms, list_id, by=session.user, now=desk.clock(), recipient=recipient, ticked=ticked
        )
    except ListError as exc:
        return _show_list(request, desk, session, list_id, 409, str(exc), frozenset(ticked))
    return RedirectResponse(f"/lists/{list_id}", status_code=303)


def _show_list(
    request: Request, desk: Desk, session: Session, list_id: int, status: int = 200, problem: str = "",
    ticked: frozenset[str] = frozenset(),
) -> Response:  # fmt: skip
    with desk.engine.connect() as connection:
        try:
            takedown_list = repository.one_list(connection, list_id)
        except ListError as exc:
            return page(request, "message.html", 404, title="No such list", text=f"{str(exc).capitalize()}.")
        entries, files = repository.entries(connection, list_id), repository.files(connection, list_id)
        why_not = approvals.conflict(connection, takedown_list, session.user) or ""
        stuck = _stuck(connection, desk, takedown_list)
        bound = approvals.newest(connection, list_id)
        notices = {each.entry.item_id: each for each in review(connection, list_id)}
        retraction = repository.takes_back(connection, list_id)
    receivers, key = desk.platforms, takedown_list.platform
    platform = receivers.platforms.get(key)
    return page(
        request,
        "list.html",
        status,
        found=takedown_list,
        entries=entries,
        notices=notices,
        texts=_texts(desk, notices),
        clauses=receivers.clauses,
        ticked=ticked,
        retraction=retraction,
        files={name: len(content) for name, content in files.items()},
        platform=platform,
        recipient=platform.contact if platform else "",
        approved_for=bound.recipient if bound else "",
        unaccepted=receivers.unaccepted.get(key) or receivers.unrouted.get(key),
        problem=problem,
        why_not=why_not,
        stuck=stuck,
    )


def _texts(desk: Desk, notices: Mapping[str, ReviewedEntry]) -> dict[str, RecordView]:
    """Return the items whose text is still the one that was decided about, in full."""
    return {
        item: listing(record, Case(item_id=item))
        for item, record in desk.store.get_many(notices).items()
        if text_sha256(record.posting.title, record.posting.text) == notices[item].decision.text_sha256
    }


def _stuck(connection: Connection, desk: Desk, takedown_list: TakedownList) -> str | None:
    """Return why an approved list, or a retraction, cannot leave."""
    leaving = repository.leaves_by_itself(connection, takedown_list)
    return approvals.refusal(connection, desk.platforms, takedown_list) if leaving else None
