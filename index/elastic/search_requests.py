"""Writes a plan as a request to Elasticsearch; terms and keys are the same as SQLite's, so both find the same."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from index.base import Query
from index.elastic.client import asking
from index.elastic.documents import COUNTED
from index.query.plan import Plan, Word, place
from index.terms.record_terms import MAX_POSITION

EXPANSIONS = 1024
"""Words a beginning or a typo may stand for."""
_FIELDS = {"score": "score", "rank": "rank", "priority": "priority", "harm": "gravity", "growth": "growth", "relevance": "_score"}
SORTS = {"newest": [{"position": "desc"}]} | {sort: [{field: "desc"}, {"position": "desc"}] for sort, field in _FIELDS.items()}
Clause = dict[str, Any]
_PAGE = 1000


def answers(es: Elasticsearch, index: str, searches: list[Clause]) -> list[dict[str, Any]]:
    """Return the cluster's answers to searches made side by side."""
    if len(searches) == 1:
        return [es.search(index=index, **searches[0]).body]
    value = es.msearch(index=index, searches=[line for search in searches for line in ({}, search)]).body["responses"]
    # What failed is asked again alone: the client then tries again while the cluster is busy, and raises what else is wrong.
    return [
        item if "hits" in item else es.search(index=index, **search).body for item, search in zip(value, searches, strict=True)
    ]


def every(es: Elasticsearch, url: str, index: str, query: Clause, order: str, *, source: bool = True) -> Iterator[dict[str, Any]]:
    """Yield all hits in order; those that do not fit one page from one point in time, page by page."""
    page = partial(es.search, query=query, sort=[{order: "asc"}], size=_PAGE, source=source, track_total_hits=False)
    with asking(url):
        hits = page(index=index)["hits"]["hits"]
    if len(hits) < _PAGE:
        yield from hits
        return
    with asking(url):
        point = es.open_point_in_time(index=index, keep_alive="5m")["id"]
    after: list[Any] | None = None
    try:
        while True:
            with asking(url):
                answer = page(pit={"id": point, "keep_alive": "5m"}, search_after=after).body
            hits = answer["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return
            point, after = answer["pit_id"], hits[-1]["sort"]
    finally:
        with asking(url), suppress(NotFoundError):  # it may have run out on its own
            es.close_point_in_time(id=point)


def request(query: Query, plan: Plan) -> Clause:
    """Return the search for one page: one more hit than shown, so that a next page is known of.

    The total is left to ``facet_request`` where facets are counted: a page alone need not look at every match.
    """
    body: Clause = {
        "query": clause(plan, by_relevance=query.sort == "relevance"),
        "sort": SORTS[query.sort],
        "size": query.size + 1,
        "track_total_hits": not query.count_facets,
    }
    if after := place(query):
        body["search_after"] = [after[1]] if query.sort == "newest" else list(after)
    return body


def facet_request(plan: Plan) -> Clause:
    """Return the search that counts all matches and their facets; without hits, the cluster keeps its answer until a refresh."""
    columns = {column: {"terms": {"field": column, "size": most}} for column, most in COUNTED.items()}
    return {"query": clause(plan), "size": 0, "track_total_hits": True, "aggregations": columns}


def clause(plan: Plan, *, by_relevance: bool = False) -> Clause:
    """Return the query clause of a plan; ``_score`` is 0, 1 or 2: some, then all of the words stand in the title."""
    filters = [_in(word, "body") for word in plan.words]
    filters += [{"terms": {"keys": list(group)}} for group in plan.keys]
    if plan.campaign:
        filters.append({"term": {"campaign": plan.campaign}})
    if plan.first > 0 or plan.last < MAX_POSITION:
        filters.append({"range": {"position": {"gte": plan.first, "lte": plan.last}}})
    if plan.score_min is not None or plan.score_max is not None:
        low = {"gte": plan.score_min} if plan.score_min is not None else {}
        high = {"lte": plan.score_max} if plan.score_max is not None else {}
        filters.append({"range": {"score": low | high}})
    without: list[Clause] = [_in(word, "body") for word in plan.without]
    if plan.without_keys:
        without.append({"terms": {"keys": list(plan.without_keys)}})
    results: Clause = {"filter": filters, "must_not": without}
    if by_relevance and plan.words:
        titled = [_in(word, "title") for word in plan.words]
        results["should"] = [
            {"constant_score": {"filter": {"bool": {"should": titled}}}},
            {"constant_score": {"filter": {"bool": {"filter": titled}}}},
        ]
        results["minimum_should_match"] = 0
    return {"bool": results}


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
