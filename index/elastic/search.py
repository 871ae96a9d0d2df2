"""A plan as Elasticsearch asks it; the terms and keys are the same as SQLite's, so both find the same."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from index.base import Query
from index.elastic.client import asking
from index.elastic.documents import COUNTED
from index.query.plan import Plan, Word, place
from index.terms import MAX_POSITION

EXPANSIONS = 1024
"""Words a beginning or a typo may stand for."""
SORTS: dict[str, list[dict[str, str]]] = {
    "newest": [{"position": "desc"}],
    "score": [{"score": "desc"}, {"position": "desc"}],
    "rank": [{"rank": "desc"}, {"position": "desc"}],
    "priority": [{"priority": "desc"}, {"position": "desc"}],
    "harm": [{"gravity": "desc"}, {"position": "desc"}],
    "growth": [{"growth": "desc"}, {"position": "desc"}],
    "relevance": [{"_score": "desc"}, {"position": "desc"}],
}
Clause = dict[str, Any]
_PAGE = 1000


def answers(es: Elasticsearch, index: str, searches: list[Clause]) -> list[dict[str, Any]]:
    """Return the cluster's answers to searches made side by side."""
    if len(searches) == 1:
        return [es.search(index=index, **searches[0]).body]
    found = es.msearch(index=index, searches=[line for search in searches for line in ({}, search)]).body["responses"]
    # What failed is asked again alone: the client then tries again while the cluster is busy, and raises what else is wrong.
    return [one if "hits" in one else es.search(index=index, **search).body for one, search in zip(found, searches, strict=True)]


def every(
    es: Elasticsearch,
    url: str,
    index: str,
    query: Clause,
    order: str,
    *,
    source: bool = True,
) -> Iterator[dict[str, Any]]:
    """Yield all hits in order; those that do not fit one page from one point in time, page by page."""
    with asking(url):
        found = es.search(
            index=index,
            query=query,
            sort=[{order: "asc"}],
            size=_PAGE,
            source=source,
            track_total_hits=False,
        )["hits"]["hits"]
    if len(found) < _PAGE:
        yield from found
        return
    with asking(url):
        point = es.open_point_in_time(index=index, keep_alive="5m")["id"]
    after: list[Any] | None = None
    try:
        while True:
            with asking(url):
                answer = es.search(
                    pit={"id": point, "keep_alive": "5m"},
                    query=query,
                    sort=[{order: "asc"}],
                    size=_PAGE,
                    source=source,
                    search_after=after,
                    track_total_hits=False,
                ).body
            found = answer["hits"]["hits"]
            yield from found
            if len(found) < _PAGE:
                return
            point, after = answer["pit_id"], found[-1]["sort"]
    finally:
        with asking(url), suppress(NotFoundError):  # it may have run out on its own
            es.close_point_in_time(id=point)


def request(query: Query, asked: Plan) -> Clause:
    """Return the search for one page: one more hit than shown, so that a next page is known of.

    The total is left to ``facet_request`` where facets are counted: a page alone need not look at every match.
    """
    body: Clause = {
        "query": clause(asked, by_relevance=query.sort == "relevance"),
        "sort": SORTS[query.sort],
        "size": query.size + 1,
        "track_total_hits": not query.count_facets,
    }
    if after := place(query):
        body["search_after"] = [after[1]] if query.sort == "newest" else list(after)
    return body


def facet_request(asked: Plan) -> Clause:
    """Return the search that counts all matches and their facets; without hits, the cluster keeps its answer until a refresh."""
    columns = {column: {"terms": {"field": column, "size": most}} for column, most in COUNTED.items()}
    return {"query": clause(asked), "size": 0, "track_total_hits": True, "aggregations": columns}


def clause(asked: Plan, *, by_relevance: bool = False) -> Clause:
    """Return the query clause of a plan; ``_score`` is 0, 1 or 2: some, then all of the words stand in the title."""
    filters = [_in(word, "body") for word in asked.words]
    filters += [{"terms": {"keys": list(group)}} for group in asked.keys]
    if asked.campaign:
        filters.append({"term": {"campaign": asked.campaign}})
    if asked.first > 0 or asked.last < MAX_POSITION:
        filters.append({"range": {"position": {"gte": asked.first, "lte": asked.last}}})
    if asked.score_min is not None or asked.score_max is not None:
        low = {"gte": asked.score_min} if asked.score_min is not None else {}
        high = {"lte": asked.score_max} if asked.score_max is not None else {}
        filters.append({"range": {"score": low | high}})
    without: list[Clause] = [_in(word, "body") for word in asked.without]
    if asked.without_keys:
        without.append({"terms": {"keys": list(asked.without_keys)}})
    found: Clause = {"filter": filters, "must_not": without}
    if by_relevance and asked.words:
        titled = [_in(word, "title") for word in asked.words]
        found["should"] = [
            {"constant_score": {"filter": {"bool": {"should": titled}}}},
            {"constant_score": {"filter": {"bool": {"filter": titled}}}},
        ]
        found["minimum_should_match"] = 0
    return {"bool": found}


def _in(word: Word, field: str) -> Clause:
    terms, prefix = word.sought
    if word.edits:
        fuzzy = {"value": terms[0], "fuzziness": word.edits, "prefix_length": 1, "max_expansions": EXPANSIONS}
        return {"fuzzy": {field: fuzzy | {"rewrite": "constant_score"}}}
    if len(terms) == 1:
        return {"prefix": {field: {"value": terms[0]}}} if prefix else {"term": {field: terms[0]}}
    if prefix:
        return {"match_phrase_prefix": {field: {"query": " ".join(terms), "max_expansions": EXPANSIONS}}}
    return {"match_phrase": {field: " ".join(terms)}}
