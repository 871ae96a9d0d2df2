"""Exports the search on the screen as a file with its query; the audit log notes who exported what."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response, StreamingResponse

from desk.custody import audit
from desk.database import writing
from desk.people.roles import Right
from desk.people.sessions import Session
from desk.web import guard
from desk.web.guard import Here, needs
from desk.web.results import query_of, search_request
from index.export import csv_lines, json_lines

router = APIRouter()
Exporter = Annotated[Session, Depends(needs(Right.EVIDENCE))]
KINDS = {"csv": (csv_lines, "text/csv; charset=utf-8"), "jsonl": (json_lines, "application/x-ndjson")}


@router.post("/search/export", dependencies=[guard.Form])
def export(request: Request, desk: Here, session: Exporter, kind: Annotated[Literal["csv", "jsonl"], Form()] = "csv") -> Response:
    """Download all matches; a POST, because it is noted in the audit log."""
    want, now = search_request(request), desk.clock()
    query = query_of(desk, want, 1)
    total = desk.store.search(query).total
    with writing(desk.engine) as connection:
        detail: dict[str, object] = {"query": want.query_text(), "format": kind, "records": total}
        audit.append(connection, at=now, actor=session.user.name, action="search_exported", subject="search", detail=detail)
    lines, media_type = KINDS[kind]

    def body() -> Iterator[bytes]:
        yield from lines(desk.store.scan(query), want.query_text(), now)

    name = f"lurewatch-{now:%Y%m%d-%H%M%S}.{kind}"
    return StreamingResponse(body(), media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
