"""A plan as Elasticsearch asks it; the terms and keys are the same as SQLite's, so both find the same."""

from typing import Any

from index.base import FACETS, Query
from index.plan import Plan, Word, place
from index.terms import MAX_POSITION

EXPANSIONS = 1024
"""Words a beginning or a typo may stand for."""
FACET_VALUES = 1000
SORTS: dict[str, list[dict[str, str]]] = {
    "newest": [{"position": "desc"}],
    "score": [{"score": "desc"}, {"position": "desc"}],
    "growth": [{"growth": "desc"}, {"position": "desc"}],
    "relevance": [{"_score": "desc"}, {"position": "desc"}],
}
Clause = dict[str, Any]


def request(query: Query, asked: Plan) -> Clause:
    """Return the body of the search for one page: one more hit than shown, so that a next page is known of."""
    body: Clause = {
        "query": clause(asked, by_relevance=query.sort == "relevance"), "sort": SORTS[query.sort], "size": query.size + 1,
        "track_total_hits": True, "source": ["record"],
    }
    if after := place(query):
        body["search_after"] = [after[1]] if query.sort == "newest" else list(after)
    if query.count_facets:
        order = [{"_count": "desc"}, {"_key": "asc"}]
        body["aggregations"] = {name: {"terms": {"field": name, "size": FACET_VALUES, "order": order}} for name in FACETS}
    return body


def clause(asked: Plan, *, by_relevance: bool = False) -> Clause:
    """Return the query clause of a plan; ``_score`` is 0, 1 or 2: some, then all of the words stand in the title."""
    filters = [_either(word, ("title", "body")) for word in asked.words]
    filters += [{"terms": {"keys": list(group)}} for group in asked.keys]
    if asked.campaign:
        filters.append({"term": {"campaign": asked.campaign}})
    if asked.first > 0 or asked.last < MAX_POSITION:
        filters.append({"range": {"position": {"gte": asked.first, "lte": asked.last}}})
    if asked.score_min is not None or asked.score_max is not None:
        low = {"gte": asked.score_min} if asked.score_min is not None else {}
        high = {"lte": asked.score_max} if asked.score_max is not None else {}
        filters.append({"range": {"score": low | high}})
    without: list[Clause] = [_either(word, ("title", "body")) for word in asked.without]
    if asked.without_keys:
        without.append({"terms": {"keys": list(asked.without_keys)}})
    found: Clause = {"filter": filters, "must_not": without}
    if by_relevance and asked.words:
        titled = [_either(word, ("title",)) for word in asked.words]
        found["should"] = [
            {"constant_score": {"filter": {"bool": {"should": titled}}}},
            {"constant_score": {"filter": {"bool": {"filter": titled}}}},
        ]
        found["minimum_should_match"] = 0
    return {"bool": found}


def _either(word: Word, fields: tuple[str, ...]) -> Clause:
    found = [_in(word, field) for field in fields]
    return found[0] if len(found) == 1 else {"bool": {"should": found}}


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
