"""The queue of what nobody has decided yet, the search over everything, help with queries, results as a file, weekly mails."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, get_args
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
from desk.web.context import Desk
from desk.web.guard import PageVisit, Reader, needs
from desk.web.pages import value_words
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
    undecided_query,
)
from desk.web.sections import QUEUES, destinations
from foundation.messages import _
from index.admission import AT_RISK
from index.base import Sort
from index.export import csv_lines, json_lines
from index.fields import BY_WORD, FIELDS
from index.query.parse import QueryToken, parse, read_tokens, wrong_part
from index.query.plan import UnusableQuery

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


MOST = 8
EXAMPLES = {
    "contact": ("contact:@name",),
    "campaign": ("campaign:c-",),
    "score": ("score:>70", "score:40..60"),
    "first_seen": ("first_seen:>7d", "first_seen:2026-01-01..2026-01-31"),
    "sort": tuple(f"sort:{order}" for order in get_args(Sort)),
}
"""Of fields whose values are not counted, what may be typed."""


class QuerySuggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What the part that is being typed may become."""

    insert: str
    """What then stands in its place; it ends in a colon where a value follows."""
    says: str = ""
    """What it means."""
    count: int | None = None
    """Adverts that have it, among those the rest of the query finds."""


class FieldPill(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the query in force, with the address of the list without it."""

    field: str
    value: str
    minus: bool
    without: str


def suggest(desk: Desk, want: SearchRequest, part: str, near: Literal["queue", "search"]) -> list[QuerySuggestion]:
    """Return what ``part``, the end of a query, may become: names of fields, or after a colon values with their counts."""
    minus = "-" if part.startswith("-") else ""
    name, colon, typed = part.removeprefix("-").lower().partition(":")
    if not colon:
        return _suggest_fields(minus, name) if name else []
    if name in EXAMPLES and not minus:
        return [QuerySuggestion(insert=each) for each in EXAMPLES[name] if each.startswith(f"{name}:{typed}")]
    if name not in BY_WORD:
        return []
    *before, last = part.partition(":")[2].split(",")
    kept = "".join(f"{value}," for value in before)
    found = []
    for value, count in _count_values(desk, want, BY_WORD[name].name, near):
        says = value_words(BY_WORD[name].name, value)
        if value not in before and any(each.lower().startswith(last.lower()) for each in (value, *says.split())):
            written = f'"{value}"' if " " in value else value
            found.append(QuerySuggestion(insert=f"{minus}{name}:{kept}{written}", says=says, count=count))
    return found[:MOST]


def _suggest_fields(minus: str, name: str) -> list[QuerySuggestion]:
    words = [field.typed_names for field in FIELDS]
    words += [] if minus else [(each,) for each in EXAMPLES]
    fitting = [next((each for each in names if each.startswith(name)), "") for names in words]
    return [QuerySuggestion(insert=f"{minus}{each}:") for each in fitting if each][:MOST]


def _count_values(desk: Desk, want: SearchRequest, field: str, near: str) -> Iterable[tuple[str, int]]:
    """Return the values of a field with their counts among what the rest of the query finds; of all where that is unusable."""
    rest = msgspec.structs.replace(
        want, after=None, ticked={name: values for name, values in want.ticked.items() if name != field}
    )
    try:
        query = query_of(desk, rest, 1)
    except UnusableQuery:
        query = parse("")
    query = undecided_query(query, want) if near == "queue" else query
    return desk.store.search(msgspec.structs.replace(query, size=1)).facets.get(field, ())


def pills(want: SearchRequest, path: str) -> list[FieldPill]:
    """Return the fields of a query that can be read, typed and ticked, each with the address of the list without it."""
    found = [_typed_pill(want, path, token) for token in read_tokens(want.typed) if token.field]
    for name, values in want.ticked.items():
        for value in values:
            ticked = want.ticked | {name: tuple(each for each in values if each != value)}
            without = msgspec.structs.replace(want, ticked=ticked).address(path)
            found.append(FieldPill(field=name, value=value_words(name, value), minus=False, without=without))
    return found


def _typed_pill(want: SearchRequest, path: str, token: QueryToken) -> FieldPill:
    rest = f"{want.typed[: token.column - 1]} {want.typed[token.end :]}"
    field = BY_WORD[token.field].name if token.field in BY_WORD else token.field
    said = ", ".join(value_words(field, each) for each in ([token.value] if token.quoted else token.value.split(",")) if each)
    without = msgspec.structs.replace(want, typed=" ".join(rest.split())).address(path)
    return FieldPill(field=field, value=said, minus=token.minus, without=without)


def told_problem(typed: str, column: int) -> tuple[str, str, str]:
    """Return a query in three: what stands before the part that is wrong, that part, and what follows it."""
    if not column:
        return "", typed, ""
    start, end = wrong_part(typed, column)
    return typed[:start], typed[start:end], typed[end:]
