"""Writes a plan as a request to Elasticsearch, whose terms and keys are SQLite's, so that both find the same; and keeps the index
beside the records: loaded partitions, campaigns and people's rulings, one entry each."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from elasticsearch import Elasticsearch, NotFoundError

from enrichment.campaigns.linkage import Rules
from index.base import CampaignRecord, Query, StoreUnavailable, WriteReport
from index.elastic.bulk import COUNTED
from index.elastic.client import asking
from index.query.plan import Plan, Word, place
from index.terms.record_terms import MAX_POSITION, key

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


_WRITES = 500
"""Entries a request."""


class ElasticLedger:
    """The index ``name`` of the cluster at ``url``."""

    def __init__(self, es: Elasticsearch, url: str, name: str) -> None:
        self._es, self._url, self._ledger = es, url, name

    def loaded_partitions(self) -> frozenset[str]:
        """Return the addresses of the partitions already loaded."""
        return frozenset(self.outcomes())

    def outcomes(self) -> dict[str, WriteReport]:
        """Return the outcome of each partition's load, by address."""
        return {entry["name"]: msgspec.convert(entry["value"], WriteReport) for entry in self._entries("partition")}

    def load_times(self) -> dict[str, datetime]:
        """Return when each partition was loaded, by address."""
        return {entry["name"]: msgspec.convert(entry["at"], datetime) for entry in self._entries("partition")}

    def mark_loaded(self, partition: str, outcome: WriteReport) -> None:
        """Note that a partition is in the store."""
        self._note("partition", partition, outcome)

    def unmark_loaded(self, partition: str) -> None:
        """Forget a partition."""
        with asking(self._url), suppress(NotFoundError):
            self._es.delete(index=self._ledger, id=key("partition", partition))

    def put_campaigns(self, campaigns: Iterable[CampaignRecord], gone: Iterable[str] = ()) -> None:
        """Write campaigns over those of the same id, and remove those in ``gone``."""
        actions: list[tuple[dict[str, Any], ...]] = [({"delete": {"_id": key("campaign", name)}},) for name in gone]
        for campaign in campaigns:
            name = campaign.campaign.id
            actions.append(({"index": {"_id": key("campaign", name)}}, _entry("campaign", name, campaign)))
        for start in range(0, len(actions), _WRITES):
            lines = [line for action in actions[start : start + _WRITES] for line in action]
            with asking(self._url):
                answer = self._es.bulk(index=self._ledger, operations=lines)
            results = [result for item in answer["items"] for result in item.values()]
            if bad := [result for result in results if result["status"] >= 400 and result["status"] != 404]:
                raise StoreUnavailable(f"{self._ledger}: {len(bad)} campaigns not written ({bad[0].get('error')}); link again")

    def campaign(self, campaign_id: str) -> CampaignRecord | None:
        """Return one campaign, or None."""
        results = self._read_entry("campaign", campaign_id)
        return msgspec.convert(results, CampaignRecord) if results else None

    def campaigns(self) -> Iterator[CampaignRecord]:
        """Yield all campaigns in the order of their ids."""
        for entry in self._entries("campaign"):
            yield msgspec.convert(entry["value"], CampaignRecord)

    def rules(self) -> Rules:
        """Return what people decided about campaigns."""
        results = self._read_entry("rules", "rules")
        return msgspec.convert(results, Rules) if results else Rules()

    def put_rules(self, rules: Rules) -> None:
        """Keep what people decided about campaigns."""
        self._note("rules", "rules", rules)

    def cases_seen(self) -> int:
        """Return the number of the newest decision that the records have."""
        results = self._read_entry("cases", "seen")
        return int(results["decision"]) if results else 0

    def put_cases_seen(self, decision: int) -> None:
        """Keep that number."""
        self._note("cases", "seen", {"decision": decision})

    def _note(self, kind: str, name: str, value: object) -> None:
        with asking(self._url):
            self._es.index(index=self._ledger, id=key(kind, name), document=_entry(kind, name, value))

    def _read_entry(self, kind: str, name: str) -> dict[str, Any] | None:
        with asking(self._url):
            value = self._es.mget(index=self._ledger, ids=[key(kind, name)])["docs"][0]
        return value["_source"]["value"] if value.get("found") else None

    def _entries(self, kind: str) -> Iterator[dict[str, Any]]:
        with asking(self._url):
            self._es.indices.refresh(index=self._ledger)
        for hit in every(self._es, self._url, self._ledger, {"term": {"kind": kind}}, "name"):
            yield hit["_source"]


def _entry(kind: str, name: str, value: object) -> dict[str, Any]:
    return {"kind": kind, "name": name, "at": datetime.now(UTC), "value": msgspec.to_builtins(value)}
