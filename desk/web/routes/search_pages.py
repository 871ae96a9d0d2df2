"""The queue of what nobody has decided yet, the search over everything, its results as a file, what a weekly mail reported."""

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter, Depends, Form
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from sqlalchemy import Connection, select

from desk.cases.case_decisions import cases
from desk.custody import audit
from desk.database import writing
from desk.languages.catalogues import say
from desk.people.roles import Right
from desk.tables import digests, mentions
from desk.takedown.repository import told_items
from desk.web import guard
from desk.web.guard import PageVisit, Reader, needs
from desk.web.query_help import pills, suggest, told_problem
from desk.web.results import (
    SHOWN,
    SORTS,
    SearchRequest,
    SearchResults,
    next_open,
    query_of,
    queue,
    search,
    search_request,
)
from desk.web.sections import QUEUES, destinations
from foundation.messages import _
from index.admission import AT_RISK
from index.export import csv_lines, json_lines

router = APIRouter()
Exporter = Annotated[PageVisit, Depends(needs(Right.EVIDENCE))]
KINDS = {"csv": (csv_lines, "text/csv; charset=utf-8"), "jsonl": (json_lines, "application/x-ndjson")}
STANDINGS = ("withdrawn", "confirmed", "unreviewed")
"""How a mail reported an item: taken back, confirmed by a person, or flagged by the machine only."""
PAGE = 100
"""Items of a weekly mail on a page."""


@router.get("/")
def queue_page(visit: Reader) -> Response:
    """Show flagged, undecided items, the gravest first."""
    want = search_request(visit.request)
    return _show_results(visit, "queue", want, queue(visit.desk, want, visit.user))


@router.get("/queue/rows")
def queue_rows(visit: Reader) -> Response:
    """Return a page of the queue as the rows that stand beside an item, for the workspace to put there."""
    want = search_request(visit.request)
    found = queue(visit.desk, want, visit.user, facets=False)
    titles = visit.titles([line.record for line in found.lines])
    return visit.show("rows.html", want=want, found=found, titles=titles)


@router.get("/search")
def search_page(visit: Reader) -> Response:
    """Search everything that was ever indexed."""
    want = search_request(visit.request)
    if told := _told_item(visit, want.typed):
        return RedirectResponse(f"/item/{quote(told, safe='')}", status_code=303)
    return _show_results(visit, "search", want, search(visit.desk, want))


@router.get("/search/suggest")
def suggest_parts(visit: Reader, part: str = "", near: Literal["queue", "search"] = "search") -> Response:
    """Return what the part of a query that is being typed may become, the commonest first; ``q`` is the query without it."""
    return JSONResponse([msgspec.to_builtins(each) for each in suggest(visit.desk, search_request(visit.request), part, near)])


@router.get("/go")
def go_to(visit: Reader, q: str = "") -> Response:
    """Go where what was typed leads: an item by its id, address or notice, a campaign by its id, a page or queue by its name,
    else a search."""
    typed = q[:2000].strip()
    if not typed:
        return visit.show("go.html")
    if visit.desk.store.get(typed) is not None:
        return RedirectResponse(f"/item/{quote(typed, safe='')}", status_code=303)
    if visit.desk.store.campaign(typed) is not None:
        return RedirectResponse(f"/campaign/{quote(typed, safe='')}", status_code=303)
    if told := _told_item(visit, typed):
        return RedirectResponse(f"/item/{quote(told, safe='')}", status_code=303)
    places = ((address, {name.casefold(), say(name).casefold()}) for _, name, address in destinations(visit.user))
    named = [address for address, names in places if typed.casefold() in names]
    return RedirectResponse(named[0] if named else f"/search?{urlencode({'q': typed})}", status_code=303)


@router.get("/next")
def next_item(visit: Reader, skip: str = "") -> Response:
    """Go to the next undecided item of the queue that nobody has open; who may decide takes its lease."""
    want = search_request(visit.request)
    found = next_open(visit.desk, want, skip, visit.user if visit.user.may(Right.DECIDE) else None)
    return RedirectResponse(want.address_of(found) if found else want.address("/"), status_code=303)


@router.post("/search/export", dependencies=[guard.Form])
def export_results(visit: Exporter, kind: Annotated[Literal["csv", "jsonl"], Form()] = "csv") -> Response:
    """Download all matches with the query recorded inside; a POST, because who took what is noted in the audit log."""
    desk, want, now = visit.desk, search_request(visit.request), visit.desk.clock()
    query = query_of(desk, want, 1)
    total = desk.store.search(query).total
    with writing(desk.engine) as connection:
        detail: dict[str, object] = {"query": want.query_text(), "format": kind, "records": total}
        audit.append(connection, at=now, actor=visit.user.name, action="search_exported", subject="search", detail=detail)
    lines, media_type = KINDS[kind]

    def body() -> Iterator[bytes]:
        yield from lines(desk.store.scan(query), want.query_text(), now)

    name = f"lurewatch-{now:%Y%m%d-%H%M%S}.{kind}"
    return StreamingResponse(body(), media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/digest/{week}")
def digest_page(
    visit: Reader, week: str, start: int = 0, standing: Literal["", "withdrawn", "confirmed", "unreviewed"] = ""
) -> Response:
    """Show every item the mail of an ISO week reported, or those it reported as ``standing``: taken back first, the strongest
    first within each."""
    engine, store = visit.desk.engine, visit.desk.store
    with engine.connect() as connection:
        items = _mentioned_items(connection, week)
    if items is None:
        return visit.show_message(404, _("No such mail"), _("No weekly mail was built for that week."))
    records = store.get_many([item for ids in items.values() for item in ids])
    rows = [
        (name, item, records.get(item))
        for name in STANDINGS
        if standing in ("", name)
        for item in sorted(items[name], key=lambda item: -records[item].assessment.score if item in records else 1)
    ]
    start = max(0, min(start, len(rows)))
    listed = rows[start : start + PAGE]
    with engine.connect() as connection:
        decided = cases(connection, [item for _, item, _ in listed])
    counts = {name: len(items[name]) for name in STANDINGS}
    shown = {"week": week, "rows": listed, "cases": decided, "start": start, "step": PAGE, "total": len(rows)}
    return visit.show("digest.html", **shown, standing=standing, counts=counts, at_risk=AT_RISK)


def _told_item(visit: PageVisit, typed: str) -> str | None:
    """Return the item that a platform was told of under a notice's number or an address."""
    with visit.desk.engine.connect() as connection:
        told = told_items(connection, typed)
    return next((item for item in told if visit.desk.store.get(item) is not None), None)


def _show_results(visit: PageVisit, kind: str, want: SearchRequest, found: SearchResults) -> Response:
    stored = visit.desk.store.count()
    counts = {"mine": visit.asked, "escalated": len(visit.escalated)}
    tabs = [
        (key, title, counts.get(key)) for key, (title, _) in QUEUES.items() if key != "escalated" or visit.user.may(Right.VICTIMS)
    ]
    titles = visit.titles([line.record for line in found.lines])
    in_force = [] if found.problem else pills(want, "/" if kind == "queue" else "/search")
    more = {"tabs": tabs, "said": QUEUES[want.named][1], "titles": titles, "pills": in_force}
    parts = more | {"told": told_problem(want.typed, found.column)}
    return visit.show("results.html", kind=kind, want=want, found=found, sorts=SORTS, shown=SHOWN, stored=stored, **parts)


def _mentioned_items(connection: Connection, week: str) -> dict[str, list[str]] | None:
    """Return the items a week's mail reported, by standing, each in order of its id; None when no mail was built for that week.

    An item that a later mail took back is no longer among the confirmed ones of the earlier.
    """
    if connection.execute(select(digests.c.week).where(digests.c.week == week)).first() is None:
        return None
    results: dict[str, list[str]] = {standing: [] for standing in STANDINGS}
    query = select(mentions.c.standing, mentions.c.item_id).where(mentions.c.week == week).order_by(mentions.c.item_id)
    for row in connection.execute(query):
        results.setdefault(row.standing, []).append(row.item_id)
    return results
