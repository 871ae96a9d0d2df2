"""Lists of one site each that say in their own way how much there is and where the rest is: JSON, HTML and headers.

Each shape answers a question with one page of 24 adverts, eight at a time, and knows its own parameters only.
"""

# ruff: noqa: E501 - one shape a line reads best

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from tests.loopback import serve_answers
from tests.software.adverts import Advert, adverts

ALL, SIZE = 24, 8
ITEMS = adverts(ALL)
Query = dict[str, str]
Headers = dict[str, str]


class Asked(NamedTuple):
    """One request to a shape."""

    here: str
    """Path of the shape, without what follows."""
    rest: str
    """What follows in the path."""
    query: Query

    def number(self, name: str, default: int = 0) -> int:
        """Return a parameter as a number."""
        value = self.query.get(name, "")
        return int(value) if value.isdecimal() else default


Answer = tuple[Any, Headers]
Shape = Callable[[Asked], Any]
"""Returns a body (text or what becomes JSON), or that with headers; None is 404."""


class Paged(NamedTuple):
    """A shape and the address that an operator would give."""

    start: str
    shape: Shape


def item(advert: Advert) -> dict[str, Any]:
    """Return an advert as APIs give it."""
    return {"id": advert.number, "title": advert.title, "description": advert.text, "location": advert.place}


def jobs(start: int, size: int = SIZE) -> list[dict[str, Any]]:
    """Return the adverts from ``start`` on."""
    return [item(advert) for advert in ITEMS[max(0, start) : max(0, start) + size]]


def by_page(name: str, say: Callable[[Asked, int], dict[str, Any]], at: str = "data", first: int = 1) -> Shape:
    """Return a shape whose parameter ``name`` counts pages; ``say`` tells what stands beside the items, from the page's place."""

    def answer(asked: Asked) -> Any:
        place = asked.number(name, first) - first
        return placed(at, jobs(place * SIZE), say(asked, place))

    return answer


def by_offset(name: str, say: Callable[[Asked, int], dict[str, Any]], at: str = "data", first: int = 0) -> Shape:
    """Return a shape whose parameter ``name`` counts items."""

    def answer(asked: Asked) -> Any:
        start = asked.number(name, first) - first
        return placed(at, jobs(start), say(asked, start))

    return answer


def by_token(name: str, say: Callable[[Asked, str], dict[str, Any]], at: str = "data") -> Shape:
    """Return a shape whose parameter ``name`` is a token; ``say`` is given the next one, "" for none."""

    def answer(asked: Asked) -> Any:
        token = asked.query.get(name, "")
        place = int(token[1:]) if re.fullmatch(r"t\d", token) else 0
        following = f"t{place + 1}" if (place + 1) * SIZE < ALL else ""
        return placed(at, jobs(place * SIZE), say(asked, following))

    return answer


def placed(at: str, items: list[dict[str, Any]], said: dict[str, Any]) -> Any:
    """Return ``items`` at a dotted path among what is said."""
    if at == ".":
        return items
    *above, last = at.split(".")
    node = said = json.loads(json.dumps(said))
    for part in above:
        node = node.setdefault(part, {})
    node[last] = items
    return said


def more(place: int) -> bool:
    """Whether pages follow."""
    return (place + 1) * SIZE < ALL


def following(asked: Asked, place: int, name: str = "page", first: int = 1) -> str | None:
    """Return the address of the next page."""
    return f"{asked.here}?{quote(name)}={place + 1 + first}" if more(place) else None


def linked(shape: Shape, header: Callable[[Asked, int], Headers], name: str = "page") -> Shape:
    """Return a shape that says the rest in headers."""

    def answer(asked: Asked) -> Answer:
        return shape(asked), header(asked, asked.number(name, 1) - 1)

    return answer


def _link(asked: Asked, place: int) -> Headers:
    links = [f'<{asked.here}?page=1>; rel="first"', f'<{asked.here}?page=3>; rel="last"']
    links[:0] = [f'<{asked.here}?page={place}>; rel="prev"'] if place else []
    links[1:1] = [f"<{asked.here}?page={place + 2}>; rel=next"] if more(place) else []
    return {"Link": ", ".join(links)}


def _hydra(asked: Asked, place: int) -> dict[str, Any]:
    view = {"@id": f"{asked.here}?page={place + 1}", "@type": "hydra:PartialCollectionView", "hydra:last": f"{asked.here}?page=3"}
    view |= {"hydra:next": following(asked, place) or ""} if more(place) else {}
    return {"@context": "/contexts/Job", "@type": "hydra:Collection", "hydra:totalItems": ALL, "hydra:view": view}


def _spring(_: Asked, place: int) -> dict[str, Any]:
    return {
        "pageable": {"pageNumber": place, "pageSize": SIZE, "offset": place * SIZE, "paged": True},
        "last": not more(place), "totalPages": 3, "totalElements": ALL, "size": SIZE, "number": place, "first": place == 0,
        "numberOfElements": SIZE, "empty": False,
    }  # fmt: skip


def _elastic(asked: Asked) -> Any:
    start = asked.number("from")
    hits = [{"_index": "jobs", "_id": str(entry["id"]), "_score": 1.0, "_source": entry} for entry in jobs(start)]
    return {"took": 3, "timed_out": False, "hits": {"total": {"value": ALL, "relation": "eq"}, "max_score": 1.0, "hits": hits}}


def _solr(asked: Asked) -> Any:
    start = asked.number("start")
    header = {"status": 0, "QTime": 2, "params": {"q": "*:*"} | asked.query}
    return {"responseHeader": header, "response": {"numFound": ALL, "start": start, "docs": jobs(start)}}


def _strapi(_: Asked, place: int) -> dict[str, Any]:
    return {"meta": {"pagination": {"page": place + 1, "pageSize": SIZE, "pageCount": 3, "total": ALL}}}


def _discourse(asked: Asked) -> Any:
    """Return the topic list, whose next address leads to the page for people when ``.json`` is not added to it."""
    if not asked.rest.endswith(".json"):
        return "<html><body><h1>Topics</h1></body></html>"
    place = asked.number("page")
    said = {"per_page": SIZE} | (
        {"more_topics_url": f"{asked.here}/latest?no_definitions=true&page={place + 1}"} if more(place) else {}
    )
    return {"users": [], "topic_list": said | {"topics": jobs(place * SIZE)}}


def _startindex(_: Asked, start: int) -> dict[str, Any]:
    return {"totalResults": ALL, "startIndex": start + 1, "itemsPerPage": min(SIZE, ALL - start)}


def _in_path(asked: Asked) -> Any:
    return {"count": ALL, "results": jobs((int(asked.rest.rpartition("/")[2] or 1) - 1) * SIZE)}


def _bracketed(asked: Asked, place: int) -> dict[str, Any]:
    links = {"self": asked.here, "next": following(asked, place, "page[number]"), "last": f"{asked.here}?page%5Bnumber%5D=3"}
    return {"links": links, "meta": {"total": ALL}}


def _mediawiki(asked: Asked, token: str) -> dict[str, Any]:
    return {"continue": {"jobcontinue": token, "continue": "-||"}} if token else {"batchcomplete": ""}


def _google(asked: Asked, start: int) -> dict[str, Any]:
    link = [{"rel": "self", "href": "x"}]
    link += [{"rel": "next", "href": f"{asked.here}?start-index={start + SIZE + 1}"}] if start + SIZE < ALL else []
    return {"feed": {"openSearch$totalResults": {"$t": str(ALL)}, "openSearch$startIndex": {"$t": str(start + 1)}, "link": link}}


NAMED = {
    "Hydra": Paged("", by_page("page", _hydra, "hydra:member")),
    "paging.next with a link": Paged("", by_token("after", lambda a, t: {"paging": {"next": {"after": t, "link": f"{a.here}?after={t}"}}} if t else {}, "results")),
    "paging.next with a cursor": Paged("", by_token("after", lambda _, t: {"paging": {"next": {"after": t}}} if t else {}, "results")),
    "Spring": Paged("", by_page("page", _spring, "content", 0)),
    "Spring, numbered": Paged("?page=0&size=8", by_page("page", _spring, "content", 0)),
    "Elasticsearch": Paged("?q=*&size=8", _elastic),
    "Elasticsearch, from": Paged("?q=*&from=0&size=8", _elastic),
    "Elasticsearch, bare": Paged("", _elastic),
    "Solr": Paged("?q=*:*&rows=8", _solr),
    "Solr, start": Paged("?q=*:*&start=0&rows=8", _solr),
    "pageNum and pageSize": Paged("", by_page("pageNum", lambda _, p: {"code": 0, "data": {"total": ALL, "pageNum": p + 1, "pageSize": SIZE}}, "data.list")),
    "pageNum and pageSize, numbered": Paged("?pageNum=1&pageSize=8", by_page("pageNum", lambda _, p: {"code": 0, "data": {"total": ALL, "pageNum": p + 1, "pageSize": SIZE}}, "data.rows")),
    "Strapi": Paged("", by_page("pagination[page]", _strapi)),
    "Strapi, numbered": Paged("?pagination[page]=1&pagination[pageSize]=8", by_page("pagination[page]", _strapi)),
    "a bare list with a Link header": Paged("", linked(by_page("page", lambda *_: {}, "."), _link)),
}  # fmt: skip
"""The shapes that the issue names."""

OTHERS = {
    "Django REST": Paged("", by_page("page", lambda a, p: {"count": ALL, "next": following(a, p), "previous": None}, "results")),
    "JSON:API": Paged("", by_page("page[number]", _bracketed)),
    "HAL": Paged("", by_page("page", lambda a, p: {"_links": {"self": {"href": a.here}} | ({"next": {"href": following(a, p)}} if more(p) else {}), "page": {"size": SIZE, "totalElements": ALL, "totalPages": 3, "number": p}}, "_embedded.jobs")),
    "OData": Paged("", by_offset("$skip", lambda a, s: {"@odata.count": ALL} | ({"@odata.nextLink": f"{a.here}?$skip={s + SIZE}"} if s + SIZE < ALL else {}), "value")),
    "OData 2": Paged("", by_token("$skiptoken", lambda a, t: {"d": {"__next": f"{a.here}?$skiptoken={t}"} if t else {}}, "d.results")),
    "Algolia": Paged("?query=", by_page("page", lambda _, p: {"nbHits": ALL, "page": p, "nbPages": 3, "hitsPerPage": SIZE}, "hits", 0)),
    "WordPress without a Link": Paged("?per_page=8", linked(by_page("page", lambda *_: {}, "."), lambda *_: {"X-WP-Total": "24", "X-WP-TotalPages": "3"})),
    "Kaminari": Paged("", linked(by_page("page", lambda *_: {}, "."), lambda _, p: {"X-Total": "24", "X-Page": str(p + 1), "X-Per-Page": "8", "X-Next-Page": str(p + 2) if more(p) else ""})),
    "Yii": Paged("", linked(by_page("page", lambda *_: {}, "."), lambda _, p: {"X-Pagination-Total-Count": "24", "X-Pagination-Page-Count": "3", "X-Pagination-Current-Page": str(p + 1)})),
    "X-Pagination": Paged("?pageNumber=1", linked(by_page("pageNumber", lambda *_: {}, "."), lambda _, p: {"X-Pagination": json.dumps({"TotalCount": ALL, "PageSize": SIZE, "CurrentPage": p + 1, "TotalPages": 3, "HasNext": more(p)})}, "pageNumber")),
    "Content-Range": Paged("?limit=8&offset=0", lambda a: (jobs(a.number("offset")), {"Content-Range": f"{a.number('offset')}-{a.number('offset') + 7}/24"})),
    "Discourse": Paged("/latest.json", _discourse),
    "Laravel": Paged("", by_page("page", lambda a, p: {"current_page": p + 1, "next_page_url": following(a, p), "last_page": 3, "per_page": SIZE, "total": ALL})),
    "Laravel, simple": Paged("", by_page("page", lambda a, p: {"current_page": p + 1, "next_page_url": following(a, p), "prev_page_url": None})),
    "Google token": Paged("", by_token("pageToken", lambda _, t: {"nextPageToken": t} if t else {}, "items")),
    "AWS token": Paged("", by_token("NextToken", lambda _, t: {"IsTruncated": bool(t)} | ({"NextToken": t} if t else {}), "Items")),
    "Slack cursor": Paged("", by_token("cursor", lambda _, t: {"ok": True, "response_metadata": {"next_cursor": t}}, "jobs")),
    "Zendesk cursor": Paged("", by_token("page[after]", lambda a, t: {"meta": {"has_more": bool(t), "after_cursor": t or None}, "links": {"next": f"{a.here}?page%5Bafter%5D={t}" if t else None}}, "jobs")),
    "pagination_token": Paged("", by_token("pagination_token", lambda _, t: {"meta": {"result_count": SIZE} | ({"next_token": t} if t else {})})),
    "continue (MediaWiki)": Paged("", by_token("jobcontinue", _mediawiki, "query.jobs")),
    "next as an object of parameters": Paged("", by_page("page", lambda _, p: {"next": {"page": p + 2, "limit": SIZE}} if more(p) else {}, "results")),
    "mongoose-paginate": Paged("", by_page("page", lambda _, p: {"totalDocs": ALL, "limit": SIZE, "page": p + 1, "totalPages": 3, "hasNextPage": more(p), "nextPage": p + 2 if more(p) else None}, "docs")),
    "Ghost": Paged("", by_page("page", lambda _, p: {"meta": {"pagination": {"page": p + 1, "limit": SIZE, "pages": 3, "total": ALL, "next": p + 2 if more(p) else None, "prev": p or None}}}, "posts")),
    "Contentful": Paged("", by_offset("skip", lambda _, s: {"sys": {"type": "Array"}, "total": ALL, "skip": s, "limit": SIZE}, "items")),
    "SCIM, from one": Paged("", by_offset("startIndex", _startindex, "Resources", 1)),
    "CKAN": Paged("?q=jobs&rows=8", by_offset("start", lambda *_: {"success": True, "result": {"count": ALL, "sort": "score"}}, "result.results")),
    "resultsToSkip": Paged("?resultsToTake=8&resultsToSkip=0", by_offset("resultsToSkip", lambda *_: {"totalResults": ALL}, "results")),
    "USAJobs": Paged("?ResultsPerPage=8", by_page("Page", lambda *_: {"SearchResult": {"SearchResultCount": SIZE, "SearchResultCountAll": ALL, "UserArea": {"NumberOfPages": "3"}}}, "SearchResult.SearchResultItems")),
    "MyBatis-Plus": Paged("", by_page("current", lambda _, p: {"code": 200, "result": {"total": ALL, "size": SIZE, "current": p + 1, "pages": 3}}, "result.records")),
    "has_next": Paged("", by_page("page", lambda _, p: {"page": p + 1, "has_next": more(p)}, "jobs")),
    "number in the path": Paged("/search/1", _in_path),
    "Google data": Paged("", by_offset("start-index", _google, "feed.entry", 1)),
    "Facebook": Paged("", by_token("after", lambda a, t: {"paging": {"cursors": {"before": "x", "after": t or "end"}} | ({"next": f"{a.here}?after={t}"} if t else {})})),
}  # fmt: skip
"""Shapes that nobody named."""


class PagingSite:
    """What was asked for, and the address."""

    def __init__(self, shapes: dict[str, Paged]) -> None:
        self.shapes = {f"s{at}": paged for at, paged in enumerate(shapes.values())}
        self.names = dict(zip(shapes, self.shapes, strict=True))
        self.hits: Counter[str] = Counter()
        self.url = ""

    def start(self, name: str) -> str:
        """Return the address that an operator would give."""
        key = self.names[name]
        return f"{self.url}/{key}{self.shapes[key].start}"

    def answer(self, target: str) -> tuple[int, Headers, bytes]:
        """Return status, headers and body."""
        self.hits[target] += 1
        parts = urlsplit(target)
        _, key, *rest = parts.path.split("/")
        if key == "robots.txt" or key not in self.shapes:
            return 404, {}, b"not here"
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = self.shapes[key].shape(Asked(f"/{key}", "/".join(["", *rest]), query))
        body, headers = body if isinstance(body, tuple) else (body, {})
        if body is None:
            return 404, {}, b"not here"
        kind = "text/html; charset=utf-8" if isinstance(body, str) else "application/json"
        return 200, {"Content-Type": kind} | headers, (body if isinstance(body, str) else json.dumps(body)).encode()


@contextmanager
def served(shapes: dict[str, Paged]) -> Iterator[PagingSite]:
    """Yield the running site."""
    site = PagingSite(shapes)

    with serve_answers(lambda request: site.answer(request.path)) as site.url:
        yield site
