"""One item: its text with the evidence marked, its reasons, its history; and deciding about it."""

from collections.abc import Mapping
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from desk.cases.case_decisions import (
    REASONS,
    SEVERITIES,
    Case,
    CaseError,
    Conflict,
    Decision,
    batch_items,
    cases,
    confirm,
    dismiss,
    undo,
)
from desk.cases.case_marks import tell
from desk.cases.openings import note_opening
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web import guard
from desk.web.campaign_form import MEMBERS, DecisionScope, decided_on, scope_of
from desk.web.context import Desk
from desk.web.guard import Here, Text, Texts, needs
from desk.web.pages import TAGS, page
from desk.web.results import search_request
from desk.web.view import line, listing
from enrichment.assessment import Tag
from index.base import Hit, Query, Record

router = APIRouter()
Reader = Annotated[Session, Depends(needs(Right.READ))]
Decider = Annotated[Session, Depends(needs(Right.DECIDE))]
Seen = Annotated[int, Form()]
Whole = Annotated[bool, Form()]
Size = Annotated[int, Form()]
LISTED = 6
"""Members of its campaign an item's page names beside it."""


@router.get("/item/{item_id}")
def item_page(request: Request, desk: Here, session: Reader, item_id: str) -> Response:
    """Show an item; who may decide is noted as having opened it, unless a script or a prefetch asked for the page."""
    record = desk.store.get(item_id)
    quiet = "hx-request" in request.headers or "prefetch" in request.headers.get("sec-purpose", "")
    if record is not None and session.user.may(Right.DECIDE) and not quiet:
        note_opening(desk.engine, record, by=session.user, now=desk.clock())
    return _show_item(request, desk, item_id)


@router.post("/item/{item_id}/confirm", dependencies=[guard.Form])
def confirm_item(
    request: Request,
    desk: Here,
    session: Decider,
    item_id: str,
    tag: Text = "",
    severity: Text = "",
    clause: Text = "",
    ground: Text = "",
    note: Text = "",
    disclose: Texts = (),
    seen: Seen = -1,
    whole: Whole = False,
    members: Text = "",
    size: Size = -1,
) -> Response:
    """Confirm the item, or with ``whole`` also the members of its campaign that the form showed."""
    typed = {"act": "confirm", "tag": tag, "severity": severity, "clause": clause, "ground": ground, "note": note}
    try:
        records, numbers = _meant_records(desk, item_id, seen, whole, (members, size))
        if clause and clause not in desk.platforms.clauses:
            raise CaseError("rule broken: choose one that stands in the list")
        if tag and (why := desk.platforms.incoherence(tag, clause, note)):
            raise CaseError(f"rule broken: {why}")
        confirm(
            desk.engine,
            records,
            tag=tag,
            severity=severity,
            clause=clause,
            ground=ground,
            note=note,
            disclose=disclose,
            by=session.user,
            now=desk.clock(),
            seen=numbers,
        )
    except CaseError as exc:
        return _refuse_decision(request, desk, item_id, exc, typed)
    return _back(request, desk, item_id)


@router.post("/item/{item_id}/dismiss", dependencies=[guard.Form])
def dismiss_item(
    request: Request,
    desk: Here,
    session: Decider,
    item_id: str,
    reason: Text = "",
    note: Text = "",
    seen: Seen = -1,
    whole: Whole = False,
    members: Text = "",
    size: Size = -1,
) -> Response:
    """Dismiss the item, or with ``whole`` also the members of its campaign that the form showed."""
    try:
        records, numbers = _meant_records(desk, item_id, seen, whole, (members, size))
        dismiss(desk.engine, records, reason=reason, note=note, by=session.user, now=desk.clock(), seen=numbers)
    except CaseError as exc:
        return _refuse_decision(request, desk, item_id, exc, {"act": "dismiss", "reason": reason, "note": note})
    return _back(request, desk, item_id)


@router.post("/item/{item_id}/undo", dependencies=[guard.Form])
def undo_item(
    request: Request, desk: Here, session: Decider, item_id: str, note: Text = "", seen: Seen = -1, whole: Whole = False
) -> Response:
    """Undo the decision in force, or with ``whole`` the campaign decision it was part of."""
    with desk.engine.connect() as connection:
        case = cases(connection, [item_id])[item_id]
        ids, numbers = [item_id], {item_id: seen}
        if whole and case.in_force is not None and case.in_force.batch:
            batch = case.in_force.batch
            members = cases(connection, batch_items(connection, batch))
            standing = {key: case for key, case in members.items() if case.in_force is not None and case.in_force.batch == batch}
            ids, numbers = list(standing), {key: case.last_seq for key, case in standing.items()} | numbers
    try:
        undo(desk.engine, ids, by=session.user, now=desk.clock(), seen=numbers, note=note)
    except CaseError as exc:
        return _refuse_decision(request, desk, item_id, exc, {"act": "undo", "note": note})
    return _back(request, desk, item_id)


def _meant_records(
    desk: Desk, item_id: str, seen: int, whole: bool, form: tuple[str, int]
) -> tuple[list[Record], dict[str, int]]:  # fmt: skip
    """Return the records a decision is about, and which decision of each was seen last.

    ``form`` is what a form carries of the campaign: its members and its size. Raises StaleForm when they are others by now.
    """
    record = desk.store.get(item_id)
    if record is None:
        return [], {}
    if not whole or record.campaign is None:
        return [record], {item_id: seen}
    with desk.engine.connect() as connection:
        now = scope_of(desk, connection, record)
    return [record, *now.records], decided_on(now, *form) | {item_id: seen}


def _show_item(
    request: Request, desk: Desk, item_id: str, status: int = 200, problem: str = "", typed: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    """Return an item's page, with what was wrong with a decision and what was ``typed`` for it."""
    record = desk.store.get(item_id)
    if record is None:
        return page(
            request,
            "message.html",
            404,
            title="No such item",
            text="It is not in the index. It may have been purged, or the address is wrong.",
        )
    members = desk.store.search(Query(campaign=record.campaign, size=LISTED + 1, count_facets=False)) if record.campaign else None
    with desk.engine.connect() as connection:
        ids = [hit.record.id for hit in members.hits] if members else []
        standing = cases(connection, [item_id, *ids])
        reach = scope_of(desk, connection, record) if members and standing[item_id].state == "open" else DecisionScope()
    case = standing[item_id]
    others = (
        [line(Hit(record=hit.record), standing[hit.record.id]) for hit in members.hits if hit.record.id != item_id]
        if members
        else []
    )
    judged, receivers = record.assessment.tag, desk.platforms
    return page(
        request,
        "item.html",
        status,
        one=listing(record, case),
        others=others[:LISTED],
        reach=reach,
        campaign_total=members.total if members else 0,
        clauses=receivers.clauses_for(judged),
        severities=[(key, f"{key}: {meaning}") for key, meaning in SEVERITIES.items()],
        reasons=REASONS,
        problem=problem,
        typed=typed or {},
        kinds=[(key, TAGS[key]) for key in get_args(Tag) if key != "none"],
        want=search_request(request),
        platform=receivers.of(record.posting.url, record.posting.source, desk.routes),
        platforms=receivers.platforms,
        undoes=_undoable(request, case),
        members=MEMBERS,
    )


def _undoable(request: Request, case: Case) -> Decision | None:
    """Return the decision the person could undo now."""
    session: Session = request.state.session
    last = case.in_force
    may = session.user.may(Right.UNDO_OTHERS) or (
        session.user.may(Right.DECIDE) and last is not None and last.by == session.user.name
    )
    return last if may else None


def _refuse_decision(request: Request, desk: Desk, item_id: str, problem: CaseError, typed: Mapping[str, str]) -> Response:
    return _show_item(request, desk, item_id, 409 if isinstance(problem, Conflict) else 422, str(problem), typed)


def _back(request: Request, desk: Desk, item_id: str) -> Response:
    """Redirect to the item; the decision is written to the index after the answer."""
    told = BackgroundTask(tell, desk.engine, desk.store)
    return RedirectResponse(search_request(request).address(f"/item/{item_id}"), status_code=303, background=told)
