"""Pages of administration: source health, the audit log, people, and one item's evidence."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from desk.custody import audit
from desk.custody.evidence_pack import pack
from desk.custody.kept_records import EvidenceError
from desk.custody.ledger_check import check_ledger
from desk.people.accounts import AccountError, all_users, set_disabled, set_role
from desk.people.roles import SENTENCES, Right
from desk.people.sessions import Session
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Here, needs
from desk.web.pages import page
from desk.week_coverage import source_health

router = APIRouter()
SHOWN = 200
"""Audit entries on a page; the links between them, and to the one before, are checked whenever it is shown."""


@router.get("/sources")
def sources_page(request: Request, desk: Here, _: Annotated[Session, Depends(needs(Right.RUNS))]) -> Response:
    """Show how every source is doing, those that need attention first."""
    found = source_health(desk.sources(), desk.runs, desk.clock())
    faulty = desk.source_files.faulty() if desk.source_files is not None else ()
    return page(request, "sources.html", found=found, faulty=faulty, editable=desk.source_files is not None)


@router.get("/audit")
def audit_page(
    request: Request,
    desk: Here,
    _: Annotated[Session, Depends(needs(Right.AUDIT))],
    before: Annotated[int, Query(ge=1, le=(1 << 31) - 1)] | None = None,
    whole: bool = False,
) -> Response:
    """Show a page of the audit log and whether its links hold; with ``whole``, check it as `lurewatch users audit` does."""
    with desk.engine.connect() as connection:
        audit_entries = list(audit.entries(connection, newest=SHOWN + 1, before=before))
        verdict = check_ledger(connection) if whole else None
        head = audit.head(connection)
    return page(
        request,
        "audit.html",
        entries=audit_entries[:SHOWN],
        fault=verdict.fault if verdict else audit.verify_part(audit_entries),
        verdict=verdict,
        head=head,
        older=audit_entries[SHOWN - 1].seq if len(audit_entries) > SHOWN else None,
        paged=before is not None,
    )


@router.get("/people")
def people_page(request: Request, desk: Here, _: Annotated[Session, Depends(needs(Right.USERS))]) -> Response:
    """Show everybody."""
    return _people(request, desk)


@router.post("/people/{name}/role", dependencies=[guard.Form])
def change_role(
    request: Request,
    desk: Here,
    session: Annotated[Session, Depends(needs(Right.USERS))],
    name: str,
    role: Annotated[str, Form()] = "",
) -> Response:
    """Give a person another role."""
    try:
        set_role(desk.engine, name, role, now=desk.clock(), actor=session.user.name)
    except AccountError as exc:
        return _people(request, desk, 422, str(exc))
    return RedirectResponse("/people", status_code=303)


@router.post("/people/{name}/disabled", dependencies=[guard.Form])
def change_disabled(
    request: Request,
    desk: Here,
    session: Annotated[Session, Depends(needs(Right.USERS))],
    name: str,
    disabled: Annotated[bool, Form()] = True,
) -> Response:
    """Disable a person, or let them in again."""
    try:
        set_disabled(desk.engine, name, disabled=disabled, now=desk.clock(), actor=session.user.name)
    except AccountError as exc:
        return _people(request, desk, 422, str(exc))
    return RedirectResponse("/people", status_code=303)


@router.post("/item/{item_id}/evidence", dependencies=[guard.Form])
def evidence(request: Request, desk: Here, session: Annotated[Session, Depends(needs(Right.EVIDENCE))], item_id: str) -> Response:
    """Download one item's evidence pack; a POST, because it is noted in the audit log."""
    record = desk.store.get(item_id)
    if record is None:
        return page(request, "message.html", 404, title="No such item", text="It is not in the index.")
    try:
        source = next((source for source in desk.sources() if source.name == record.posting.source), None)
        packed = pack(desk.engine, record, now=desk.clock(), by=session.user.name, source=source)
    except EvidenceError as exc:
        return page(request, "message.html", 409, title="The evidence cannot be packed", text=f"{exc}.")
    name = f"lurewatch-evidence-{packed.item_id}.zip"
    return Response(
        packed.content, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _people(request: Request, desk: Desk, status: int = 200, problem: str = "") -> Response:
    with desk.engine.connect() as connection:
        people = all_users(connection)
    return page(request, "people.html", status, people=people, roles=SENTENCES, problem=problem)
