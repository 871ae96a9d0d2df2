"""Turns an address line into a list of results: the typed query, the ticked facets, and for the queue only undecided items."""

import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat
from urllib.parse import quote, urlencode

import msgspec
from fastapi import Request

from desk.cases import leases
from desk.cases.asks import asks_to
from desk.cases.case_decisions import Case, cases
from desk.cases.case_marks import tell
from desk.cases.comments import escalated_items
from desk.cases.standing_orders import follow
from desk.languages.catalogues import say
from desk.people.accounts import User
from desk.takedown.repository import UNTOLD, read_named, told_items
from desk.web.context import Desk
from desk.web.sections import QUEUES
from desk.web.view import Line, line
from enrichment.harm import RANKS
from enrichment.scoring import FLAGGED, NEAR
from foundation.messages import _
from index.base import Hit, Query, Record, ResultPage, Sort
from index.fields import NAMES
from index.query.parse import QueryError, parse
from index.query.plan import UnusableQuery, cursor, place_of
from index.query.values import absent

PAGE = 20
SCAN = (50, 200)
"""Records asked for at first, and then at a time, until a page of the queue is full: campaigns stand in it once."""
DEFAULT: Sort = "priority"
SORTS: dict[Sort, str] = {
    "priority": _("Text, network, harm"), "rank": _("Text and network"), "harm": _("Gravest harm"), "score": _("Highest score"),
    "newest": _("Newest"), "growth": _("Fastest growing"), "relevance": _("Best match"),
}  # fmt: skip
SHOWN = ("tag", "harm", "language", "source", "voice", "country", "contact_type")
"""Facets with tick boxes, in this order."""


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the address line asks for."""

    typed: str = ""
    ticked: dict[str, tuple[str, ...]] = {}
    sort: Sort = DEFAULT
    after: str | None = None
    named: str = ""
    """Key of a named queue; empty: of all that is undecided."""
    saved: str = ""
    """Name of the saved search it came from."""
    since: datetime | None = None
    """What was first seen after this is marked as new."""

    def address(self, path: str, **change: str | None) -> str:
        """Return the address of the same list with something changed."""
        pairs: list[tuple[str, str]] = [("q", self.typed)] if self.typed else []
        pairs += [(name, value) for name, values in self.ticked.items() for value in values]
        pairs += [("sort", self.sort)] if self.sort != DEFAULT else []
        pairs += [("queue", self.named)] if self.named else []
        pairs += [("saved", self.saved)] if self.saved else []
        pairs += [("since", self.since.isoformat())] if self.since else []
        pairs += [(name, value) for name, value in change.items() if value]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def address_of(self, item_id: str, **more: str) -> str:
        """Return the address of an item of the list, which keeps what the list is and which page of it."""
        return self.address(f"/item/{quote(item_id, safe='')}", after=self.after, **more)

    def query_text(self, *, flagged: bool = False) -> str:
        """Return the whole request as one typed query, as it is saved, exported and run from the command line."""
        parts = [self.typed] if self.typed else []
        ticked = dict(self.ticked) | ({"flagged": ("true",)} if flagged and "flagged" not in self.ticked else {})
        for name, values in ticked.items():
            if all(re.fullmatch(r"[^\s\",]+", value) for value in values):
                parts.append(f"{name}:{','.join(values)}")
            else:
                parts += [f'{name}:"{value.replace(chr(34), " ")}"' for value in values]
        parts += [f"sort:{self.sort}"] if self.sort != DEFAULT and "sort:" not in self.typed else []
        return " ".join(parts)


class SearchResults(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list."""

    lines: tuple[Line, ...] = ()
    total: int = 0
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
    facets_over: int = 0
    after: str | None = None
    absent: tuple[str, ...] = ()
    """Values asked for that nothing in the index has, as text."""
    problem: str = ""
    """What is wrong with the typed query, as text."""
    column: int = 0
    """Where the part that is wrong begins, from 1; 0 when it is no single part."""


TOLD_AT_A_LOOK = 50
"""Decisions written to the index before a page is shown; a decision writes the rest (``desk.web.routes.item_pages``)."""


def search_request(request: Request) -> SearchRequest:
    """Read the address line; unknown parts are left out."""
    given = request.query_params
    sort = given.get("sort", DEFAULT)
    return SearchRequest(
        typed=given.get("q", "")[:2000].strip(),
        ticked={name: tuple(values[:50]) for name in NAMES if (values := given.getlist(name))},
        sort=sort if sort in SORTS else DEFAULT,
        after=given.get("after") or None,
        named=given.get("queue", "") if given.get("queue", "") in QUEUES else "",
        saved=given.get("saved", "")[:80],
        since=_moment(given.get("since", "")),
    )


def _moment(value: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else None


def refused_results(problem: UnusableQuery) -> SearchResults:
    """Return the empty page of a query that cannot be answered."""
    return SearchResults(problem=say(problem), column=problem.column if isinstance(problem, QueryError) else 0)


def search(desk: Desk, want: SearchRequest) -> SearchResults:
    """Return a page of all records that match, decided or not; of a notice's number, or the address of one, what it is about."""
    with desk.engine.connect() as connection:
        told = told_items(connection, want.typed)
    hits = tuple(Hit(record=record) for record in desk.store.get_many(told).values())
    try:
        query = Query() if hits else query_of(desk, want, PAGE)
        result_page = ResultPage(hits=hits, total=len(hits)) if hits else desk.store.search(query)
    except UnusableQuery as exc:
        return refused_results(exc)
    with desk.engine.connect() as connection:
        standing = cases(connection, [hit.record.id for hit in result_page.hits])
    lines = tuple(line(hit, standing[hit.record.id]) for hit in result_page.hits)
    found = _results(desk, query, result_page, lines, result_page.cursor)
    untold = read_named(want.typed) and not found.total
    return msgspec.structs.replace(found, absent=(say(UNTOLD), *found.absent)) if untold else found


def queue(desk: Desk, want: SearchRequest, by: User | None = None, *, facets: bool = True) -> SearchResults:
    """Return a page of undecided items, flagged or with network points; members of one campaign stand behind its first.

    Of what is asked of a person, and of what is escalated, everything at once: there are few.
    """
    follow(desk.engine, desk.index, desk.clock())
    tell(desk.engine, desk.index, most=TOLD_AT_A_LOOK)
    if want.named in _LISTED:
        try:
            found = _listed_items(desk, want, by)
        except UnusableQuery as exc:
            return refused_results(exc)
        held = holders(desk)
        lines = tuple(line(hit, case, 0, held.get(hit.record.id, "")) for hit, case, _ in found)
        return SearchResults(lines=lines, total=len(lines))
    try:
        query = undecided_query(query_of(desk, msgspec.structs.replace(want, after=None), 1 if want.after else SCAN[0]), want)
        query = msgspec.structs.replace(query, count_facets=facets)
        first = desk.store.search(query)
    except UnusableQuery as exc:
        return refused_results(exc)
    values: dict[str, tuple[Hit, Case, int]] = {}
    last, more = None, None
    for hit, case, place in _open_hits(desk, want, None if want.after else first):
        key = hit.record.campaign or hit.record.id
        if key in values:
            head, head_case, alike = values[key]
            values[key] = (head, head_case, alike + 1)
        elif len(values) == PAGE:
            more = last
            break
        else:
            values[key] = (hit, case, 0)
        last = place
    held = holders(desk)
    lines = tuple(line(hit, case, alike, held.get(key, "")) for key, (hit, case, alike) in values.items())
    return _results(desk, query, first, lines, more)


def _results(desk: Desk, query: Query, found: ResultPage, lines: tuple[Line, ...], after: str | None) -> SearchResults:
    return SearchResults(
        lines=lines, total=found.total, facets=found.facets, facets_over=found.facets_over, after=after,
        absent=() if found.total else tuple(absent(desk.store, query)),
    )  # fmt: skip


def next_open(desk: Desk, want: SearchRequest, skip: str, by: User | None = None) -> str | None:
    """Return the id of the next undecided item after ``skip``; the first one when ``skip`` is last or not in the queue.

    Somebody who decides (``by``) takes its lease: nobody else is given it, nor another member of its campaign.
    """
    tell(desk.engine, desk.index, most=TOLD_AT_A_LOOK)
    start = msgspec.structs.replace(want, after=None)
    at = desk.store.get(skip) if skip else None
    places: list[str | None] = [None]
    if at is not None and want.named not in _LISTED and (want.named or at.assessment.flagged or at.network.reasons):
        query = undecided_query(query_of(desk, start, 1), want)
        places.insert(0, cursor(query, place_of(at, query)))
    held = holders(desk, but=by)
    for after in places:
        wanted = msgspec.structs.replace(want, after=after)
        for hit, *_others in _listed_items(desk, wanted, by) if want.named in _LISTED else _open_hits(desk, wanted):
            record = hit.record
            if record.id != skip and not held.keys() & {record.id, record.campaign} and _take(desk, record, by):
                return record.id
    if by is not None:
        leases.release(desk.engine, by=by)
    return None


def holders(desk: Desk, but: User | None = None) -> dict[str | None, str]:
    """Return who has what open: item, and campaign of one, -> name of the person; ``but`` leaves one person out."""
    with desk.engine.connect() as connection:
        held = leases.all_leases(connection, desk.clock())
    others = [lease for lease in held if but is None or lease.by != but.name]
    return {key: lease.by for lease in others for key in (lease.campaign, lease.item_id) if key}


def _take(desk: Desk, record: Record, by: User | None) -> bool:
    """Take the lease of an item for somebody who decides; return whether they may go on with it."""
    if by is None:
        return True
    if leases.take_lease(desk.engine, record, by=by, now=desk.clock(), alone=True).by != by.name:
        return False
    with desk.engine.connect() as connection:  # somebody may have decided it between the look at the queue and the lease
        return cases(connection, [record.id])[record.id].state == "open"


def _open_hits(desk: Desk, want: SearchRequest, first: ResultPage | None = None) -> Iterator[tuple[Hit, Case, str]]:
    """Yield the undecided hits of the queue in order, each with its case and the cursor to carry on after it.

    ``first`` is its first page where that is at hand. Items that the database has as decided are left out, also when the index
    does not have the decision yet.
    """
    query = msgspec.structs.replace(undecided_query(query_of(desk, want, SCAN[0]), want), count_facets=False)
    for size in chain(SCAN, repeat(SCAN[-1])):
        page = first or desk.store.search(msgspec.structs.replace(query, size=size))
        first = None
        with desk.engine.connect() as connection:
            standing, apart = cases(connection, [hit.record.id for hit in page.hits]), escalated_items(connection)
        for hit in page.hits:
            if standing[hit.record.id].state == "open" and hit.record.id not in apart:
                yield hit, standing[hit.record.id], cursor(query, place_of(hit.record, query))
        if page.cursor is None:
            return
        query = msgspec.structs.replace(query, after=page.cursor)


_LISTED = ("mine", "watched", "escalated", "urgent")
"""Queues that are made at once: of items that the desk's database names, and of the most urgent."""
URGENT, LOOKED = 50, 100
"""Most urgent items shown, and the first of each order among which they are looked for."""
HALF_LIFE = timedelta(days=14)
"""Age at which an advert is half as urgent: who was taken then is not being taken now."""


def urgency(record: Record, now: datetime) -> float:
    """Return what the most urgent are ranked by: harm, calibrated probability, growth of the campaign and age, multiplied."""
    harm, probability = 1 + RANKS[record.assessment.harm.level], record.assessment.score / 100
    growth, age = 1 + math.log2(1 + max(0, record.growth)), max(timedelta(0), now - record.first_seen)
    return float(harm * probability * growth * 0.5 ** (age / HALF_LIFE))


def _most_urgent(desk: Desk, want: SearchRequest) -> list[tuple[Hit, Case, str]]:
    """Return the most urgent undecided items, one of each campaign."""
    query = undecided_query(query_of(desk, msgspec.structs.replace(want, after=None), LOOKED), want)
    orders: tuple[Sort, ...] = ("priority", "growth", "newest")
    pages = [desk.store.search(msgspec.structs.replace(query, sort=order, count_facets=False)) for order in orders]
    found = {hit.record.id: hit for page in pages for hit in page.hits}
    with desk.engine.connect() as connection:
        standing, apart = cases(connection, found), escalated_items(connection)
    hits = [hit for name, hit in found.items() if standing[name].state == "open" and name not in apart]
    heads: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-urgency(hit.record, desk.clock()), hit.record.id)):
        heads.setdefault(hit.record.campaign or hit.record.id, hit)
    return [(hit, standing[hit.record.id], "") for hit in list(heads.values())[:URGENT]]


def _listed_items(desk: Desk, want: SearchRequest, by: User | None) -> list[tuple[Hit, Case, str]]:
    """Return the items of such a queue: those named by the desk's database the gravest first, what is asked while undecided."""
    if want.named == "urgent":
        return _most_urgent(desk, want)
    with desk.engine.connect() as connection:
        if want.named == "escalated":
            names = sorted(escalated_items(connection))
        else:
            kind = "watched" if want.named == "watched" else "assigned"
            names = [each.item_id for each in asks_to(connection, by) if each.kind == kind] if by is not None else []
        standing = cases(connection, names)
    records = sorted(desk.store.get_many(names).values(), key=lambda record: (-record.priority, record.id))
    return [
        (Hit(record=record), standing[record.id], "")
        for record in records
        if want.named != "mine" or standing[record.id].state == "open"
    ]


def undecided_query(query: Query, want: SearchRequest) -> Query:
    """Return the query of a queue: what is raised and undecided, or what is undecided near the threshold."""
    if want.named != "uncertain":
        return msgspec.structs.replace(query, raised=True, undecided=True)
    low, high = max(FLAGGED - NEAR, query.score_min or 0.0), min(FLAGGED + NEAR, query.score_max or 100.0)
    return msgspec.structs.replace(query, undecided=True, score_min=low, score_max=high)


def query_of(desk: Desk, want: SearchRequest, size: int) -> Query:
    """Return the query of an address line; raise UnusableQuery."""
    typed = parse(want.typed, now=desk.clock(), places=desk.places)
    filters = dict(typed.filters)
    for name, values in want.ticked.items():
        filters[name] = tuple(dict.fromkeys((*filters.get(name, ()), *values)))
    sort = typed.sort if "sort:" in want.typed else want.sort  # what is typed stands before what the list of orders still says
    return msgspec.structs.replace(typed, filters=filters, sort=sort, size=size, after=want.after)
