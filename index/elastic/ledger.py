"""The index beside the records: loaded partitions, campaigns and people's rulings, one entry each."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch, NotFoundError

from enrichment.campaigns.linkage import Rules
from index.base import CampaignRecord, StoreUnavailable, WriteReport
from index.elastic.client import asking
from index.elastic.search_requests import every
from index.terms.record_terms import key

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
