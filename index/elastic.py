"""The production store: Elasticsearch behind an alias. Terms, keys and order are those of the embedded store."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from elasticsearch import NotFoundError

from enrichment.campaigns import Rules
from index.analysis import indexed
from index.base import CampaignRecord, Hit, Loaded, Page, Query, Record, StoreUnavailable
from index.elastic_bulk import Document, Written, write
from index.elastic_client import asking, client, ensure
from index.elastic_search import clause, request
from index.plan import cursor, marked, plan
from index.terms import EVERY, UnfitRecord, body, candidate_key, facets, key, keys, position, raw_text

_PAGE = 1000
_WRITES = 20_000
"""Records a bulk: what is known of their outcome at once."""


class ElasticStore:
    """A store behind the alias ``index`` of the cluster at ``url``.

    Raises StoreUnavailable when the cluster does not answer, StoreError when the key is refused or the index is of another
    version.
    """

    def __init__(
        self, url: str, index: str = "lurewatch", api_key: str = "", ca: str | Path | None = None, *, timeout: float = 30,
        behind: str | None = None,
    ) -> None:
        """Open the store; ``behind`` names one index behind the alias, whatever its version (for migrations)."""
        self._url, self._index, self._ledger = url, behind or index, f"{index}-ledger"
        self._es = client(url, api_key=api_key, ca=ca, timeout=timeout)
        self._unseen = False
        """Whether we wrote what a search may not see yet."""
        if behind is None:
            with asking(url):
                ensure(self._es, index)

    def put(self, records: Iterable[Record]) -> Loaded:
        """Write records under external versions: the stored one stays unless it is older; sent again until settled."""
        done = Loaded()
        source = iter(records)
        while batch := list(islice(source, _WRITES)):
            done = done.plus(self._put(batch))
        return done

    def _put(self, batch: list[Record]) -> Loaded:
        dead: list[tuple[str, str]] = []
        outcomes: dict[str, list[str]] = {"inserted": [], "revised": [], "kept": []}
        by_id = {record.id: record for record in batch}
        uncertain: list[Written] = []
        self._unseen = True
        with asking(self._url):
            for written in write(self._es, self._index, documents(batch, dead)):
                if written.outcome == "dead":
                    dead.append((written.document.id, written.reason))
                elif written.outcome == "kept" and written.retried:
                    uncertain.append(written)
                else:
                    outcomes[written.outcome].append(written.document.id)
        stored = self.get_many(written.document.id for written in uncertain)
        for written in uncertain:
            name = written.document.id
            # A request without an answer had been carried out: what is stored is what we sent.
            ours = stored.get(name) == by_id[name]
            outcomes[("inserted" if by_id[name].revision == 1 else "revised") if ours else "kept"].append(name)
        kept = tuple(outcomes["kept"])
        inserted, revised = len(outcomes["inserted"]), len(outcomes["revised"])
        return Loaded(inserted=inserted, revised=revised, unchanged=len(kept), kept=kept, dead=tuple(dead))

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""
        return self.get_many((record_id,)).get(record_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored."""
        found: dict[str, Record] = {}
        source = iter(dict.fromkeys(ids))
        while batch := list(islice(source, _PAGE)):
            with asking(self._url):
                answer = self._es.mget(index=self._index, ids=batch, source=["record"])
            for document in answer["docs"]:
                if document.get("found"):
                    found[document["_id"]] = _record(document)
        return found

    def search(self, query: Query) -> Page:
        """Return one page of results in a stable order; raises UnusableQuery."""
        asked = plan(query)
        self._refresh()
        with asking(self._url):
            answer = self._es.search(index=self._index, **request(query, asked)).body
        found = answer["hits"]["hits"]
        shown = found[: query.size]
        records = [_record(hit) for hit in shown]
        hits = tuple(Hit(record=record, highlights=marked(raw_text(record), asked)) for record in records)
        total = answer["hits"]["total"]["value"]
        more = None
        if len(found) > len(shown):
            *value, last = shown[-1]["sort"]
            more = cursor(query, (float(value[0]) if value else 0.0, last))
        counted = {
            name: tuple((bucket["key"], bucket["doc_count"]) for bucket in found["buckets"])
            for name, found in answer.get("aggregations", {}).items()
        }
        return Page(hits=hits, total=total, facets=counted, facets_over=total if counted else 0, cursor=more)

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match in the order of ids, as the index was when asked."""
        return self._every(clause(plan(query)), "id")

    def alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records that share a MinHash band or a contact (``type:value``; ``:value`` is of any type)."""
        flagged = [{"term": {"keys": key("flagged", "true")}}] if flagged_only else []
        numbers, asked = list(bands), list(map(candidate_key, contacts))
        found: dict[str, Record] = {}
        for field, values in (("bands", numbers), ("keys", asked)):
            for start in range(0, len(values), 60_000):
                part = {"terms": {field: values[start : start + 60_000]}}
                found |= {record.id: record for record in self._every({"bool": {"filter": [part, *flagged]}}, "position")}
        return found

    def ids(self, source: str) -> Iterator[str]:
        """Yield the ids of all records of a source, in order."""
        for hit in self._hits({"term": {"keys": key("source", source)}}, "id", source=False):
            yield hit["_id"]

    def loaded(self) -> frozenset[str]:
        """Return the addresses of the partitions already loaded."""
        return frozenset(entry["name"] for entry in self._entries("partition"))

    def outcomes(self) -> dict[str, Loaded]:
        """Return what each partition's load did, by address."""
        return {entry["name"]: msgspec.convert(entry["value"], Loaded) for entry in self._entries("partition")}

    def problems(self) -> tuple[str, ...]:
        """Return what the cluster says of the index, and whether every document has its terms."""
        self._refresh()
        with asking(self._url):
            health = self._es.cluster.health(index=self._index)
            termed = self._es.count(index=self._index, query={"term": {"keys": EVERY}})["count"]
        found = [] if health["status"] != "red" else ["the index is red: shards are missing; see the cluster's log"]
        if termed != (docs := self.count()):
            found.append(f"{termed} documents with search terms of {docs}; run `lurewatch index migrate --force`")
        return tuple(found)

    def mark_loaded(self, partition: str, outcome: Loaded) -> None:
        """Note that a partition is in the store, after its last document is, and let searches see it."""
        self._note("partition", partition, outcome)
        self._refresh()

    def put_campaigns(self, campaigns: Iterable[CampaignRecord], gone: Iterable[str] = ()) -> None:
        """Write campaigns over those of the same id, and remove those in ``gone``."""
        lines: list[dict[str, Any]] = [{"delete": {"_id": key("campaign", name)}} for name in gone]
        for one in campaigns:
            entry = {"kind": "campaign", "name": one.campaign.id, "at": datetime.now(UTC), "value": msgspec.to_builtins(one)}
            lines += [{"index": {"_id": key("campaign", one.campaign.id)}}, entry]
        for start in range(0, len(lines), _PAGE):
            with asking(self._url):
                answer = self._es.bulk(index=self._ledger, operations=lines[start : start + _PAGE])
            results = [result for item in answer["items"] for result in item.values()]
            if bad := [result for result in results if result["status"] >= 400 and result["status"] != 404]:
                raise StoreUnavailable(f"{self._ledger}: {len(bad)} campaigns not written ({bad[0].get('error')}); link again")

    def campaign(self, campaign_id: str) -> CampaignRecord | None:
        """Return one campaign, or None."""
        found = self._noted("campaign", campaign_id)
        return msgspec.convert(found, CampaignRecord) if found else None

    def campaigns(self) -> Iterator[CampaignRecord]:
        """Yield all campaigns in the order of their ids."""
        for entry in self._entries("campaign"):
            yield msgspec.convert(entry["value"], CampaignRecord)

    def rules(self) -> Rules:
        """Return what people decided about campaigns."""
        found = self._noted("rules", "rules")
        return msgspec.convert(found, Rules) if found else Rules()

    def put_rules(self, rules: Rules) -> None:
        """Keep what people decided about campaigns."""
        self._note("rules", "rules", rules)

    def count(self) -> int:
        """Return the number of records."""
        self._refresh()
        with asking(self._url):
            return int(self._es.count(index=self._index)["count"])

    def close(self) -> None:
        """Close the connections."""
        self._es.close()

    def _note(self, kind: str, name: str, value: object) -> None:
        """Write one entry of the ledger."""
        entry = {"kind": kind, "name": name, "at": datetime.now(UTC), "value": msgspec.to_builtins(value)}
        with asking(self._url):
            self._es.index(index=self._ledger, id=key(kind, name), document=entry)

    def _noted(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return the value of one entry of the ledger."""
        with asking(self._url):
            found = self._es.mget(index=self._ledger, ids=[key(kind, name)])["docs"][0]
        return found["_source"]["value"] if found.get("found") else None

    def _entries(self, kind: str) -> Iterator[dict[str, Any]]:
        with asking(self._url):
            self._es.indices.refresh(index=self._ledger)
        for hit in self._hits({"term": {"kind": kind}}, "name", index=self._ledger):
            yield hit["_source"]

    def _refresh(self) -> None:
        """Let searches see what we wrote."""
        if self._unseen:
            with asking(self._url):
                self._es.indices.refresh(index=self._index)
            self._unseen = False

    def _every(self, query: dict[str, Any], order: str) -> Iterator[Record]:
        for hit in self._hits(query, order):
            yield _record(hit)

    def _hits(
        self, query: dict[str, Any], order: str, *, index: str | None = None, source: bool = True,
    ) -> Iterator[dict[str, Any]]:
        """Yield all hits in order from one point in time, page by page."""
        self._refresh()
        with asking(self._url):
            point = self._es.open_point_in_time(index=index or self._index, keep_alive="5m")["id"]
        after: list[Any] | None = None
        try:
            while True:
                with asking(self._url):
                    answer = self._es.search(
                        pit={"id": point, "keep_alive": "5m"}, query=query, sort=[{order: "asc"}], size=_PAGE, source=source,
                        search_after=after, track_total_hits=False,
                    ).body
                found = answer["hits"]["hits"]
                yield from found
                if len(found) < _PAGE:
                    return
                point, after = answer["pit_id"], found[-1]["sort"]
        finally:
            with asking(self._url), suppress(NotFoundError):  # it may have run out on its own
                self._es.close_point_in_time(id=point)


def documents(records: Iterable[Record], dead: list[tuple[str, str]]) -> Iterator[Document]:
    """Yield records as documents; those no store can hold go to ``dead``."""
    for record in records:
        try:
            text = body(record)
        except UnfitRecord as exc:
            dead.append((record.id, str(exc)))
            continue
        action = {"index": {"_id": record.id, "version": record.revision, "version_type": "external"}}
        source = {
            "id": record.id, "position": position(record.id, record.first_seen), "score": record.assessment.score,
            "growth": record.growth, "campaign": record.campaign,
            "title": indexed(record.posting.title or ""), "body": indexed(record.posting.text),
            "keys": keys(record), "bands": record.assessment.fingerprint.bands, "record": msgspec.Raw(text), **facets(record),
        }
        yield Document(record.id, record.revision, msgspec.json.encode(action), msgspec.json.encode(source))


def _record(hit: dict[str, Any]) -> Record:
    return msgspec.convert(hit["_source"]["record"], Record)
