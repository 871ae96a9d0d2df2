"""The production store: Elasticsearch behind an alias. Terms, keys and order are those of the embedded store."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from threading import Lock

from foundation.traces import Traces
from index.base import CampaignRecord, Hit, Query, Record, ResultPage, StoreUnavailable, WriteReport
from index.elastic.bulk import WriteOutcome, counts, documents, record_of, stored_record, write
from index.elastic.client import asking, client, ensure, expunge
from index.elastic.search_requests import ElasticLedger, answers, clause, every, facet_request, request
from index.query.plan import cursor, mark_words, plan
from index.terms.record_terms import EVERY, candidate_key, key, raw_text

_PAGE = 1000


class ElasticStore(ElasticLedger):
    """A store behind the alias ``index`` of the cluster at ``url``.

    Raises StoreUnavailable when the cluster does not answer, StoreError when the key is refused or the index is of another
    version.
    """

    def __init__(
        self,
        url: str,
        index: str = "lurewatch",
        api_key: str = "",
        ca: str | Path | None = None,
        *,
        timeout: float = 30,
        behind: str | None = None,
    ) -> None:
        """Open the store; ``behind`` names one index behind the alias, whatever its version (for migrations)."""
        self._index, self._behind = behind or index, behind is not None
        super().__init__(client(url, api_key=api_key, ca=ca, timeout=timeout), url, f"{index}-ledger")
        self._unseen = False
        """Whether searches may not see the last writes yet."""
        self._seeing = Lock()
        if behind is None:
            with asking(url):
                ensure(self._es, index)

    def put(self, records: Iterable[Record]) -> WriteReport:
        """Write records under external versions: the stored one stays unless it is older; sent again until settled."""
        dead: list[tuple[str, str]] = []
        done: dict[str, int] = {"inserted": 0, "revised": 0}
        kept: list[str] = []
        uncertain: list[WriteOutcome] = []
        try:
            with asking(self._url):
                for written in write(self._es, self._index, documents(records, dead), alias=not self._behind):
                    if written.outcome == "dead":
                        dead.append((written.document.id, written.reason))
                    elif written.outcome == "kept" and written.retried:
                        uncertain.append(written)
                    elif written.outcome == "kept":
                        kept.append(written.document.id)
                    else:
                        done[written.outcome] += 1
        finally:
            self._unseen = True  # after the last write: a refresh asked for by another thread meanwhile saw only some
        there = self.get_many(written.document.id for written in uncertain)
        for document in (written.document for written in uncertain):
            # A request without an answer had been carried out if what is stored is what we sent.
            if there.get(document.id) == record_of(document):
                done["inserted" if document.revision == 1 else "revised"] += 1
            else:
                kept.append(document.id)
        inserted, revised = done["inserted"], done["revised"]
        return WriteReport(inserted=inserted, revised=revised, unchanged=len(kept), kept=tuple(kept), dead=tuple(dead))

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""
        return self.get_many((record_id,)).get(record_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored."""
        records: dict[str, Record] = {}
        source = iter(dict.fromkeys(ids))
        while batch := list(islice(source, _PAGE)):
            with asking(self._url):
                answer = self._es.mget(index=self._index, ids=batch)
            records |= {document["_id"]: stored_record(document) for document in answer["docs"] if document.get("found")}
        return records

    def search(self, query: Query) -> ResultPage:
        """Return one page of results in a stable order; raises UnusableQuery."""
        asked = plan(query)
        self._refresh()
        searches = [request(query, asked), *([facet_request(asked)] if query.count_facets else ())]
        with asking(self._url):
            page, *counted = answers(self._es, self._index, searches)
        result = page["hits"]["hits"]
        shown = result[: query.size]
        hits = tuple(Hit(record=record, highlights=mark_words(raw_text(record), asked)) for record in map(stored_record, shown))
        total = (*counted, page)[0]["hits"]["total"]["value"]
        more = None
        if len(result) > len(shown):
            *value, last = shown[-1]["sort"]
            more = cursor(query, (float(value[0]) if value else 0.0, last))
        facets = counts(counted[0]["aggregations"]) if counted else {}
        return ResultPage(hits=hits, total=total, facets=facets, facets_over=total if counted else 0, cursor=more)

    def matching(self, query: Query, ids: Iterable[str]) -> frozenset[str]:
        """Return those of ``ids`` that match."""
        self._refresh()
        wanted, source, found = clause(plan(query)), iter(dict.fromkeys(ids)), set[str]()
        while batch := list(islice(source, _PAGE)):
            both = {"bool": {"filter": [wanted, {"ids": {"values": batch}}]}}
            found |= {hit["_id"] for hit in every(self._es, self._url, self._index, both, "id", source=False)}
        return frozenset(found)

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match in the order of ids, as the index was when asked."""
        self._refresh()
        return map(stored_record, every(self._es, self._url, self._index, clause(plan(query)), "id"))

    def find_alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records that share a MinHash band or a contact (``type:value``; ``:value`` is of any type)."""
        flagged = [{"term": {"keys": key("flagged", "true")}}] if flagged_only else []
        bands_field = "flagged_bands" if flagged_only else "bands"
        records: dict[str, Record] = {}
        self._refresh()
        for field, values in ((bands_field, list(bands)), ("keys", list(map(candidate_key, contacts)))):
            for start in range(0, len(values), 60_000):
                query = {"bool": {"filter": [{"terms": {field: values[start : start + 60_000]}}, *flagged]}}
                records |= {hit["_id"]: stored_record(hit) for hit in every(self._es, self._url, self._index, query, "position")}
        return records

    def ids(self, source: str) -> Iterator[str]:
        """Yield the ids of all records of a source, in order."""
        self._refresh()
        query = {"term": {"keys": key("source", source)}}
        return (hit["_id"] for hit in every(self._es, self._url, self._index, query, "id", source=False))

    def is_writable(self) -> bool:
        """Whether no block keeps writes off: Elasticsearch sets one itself when its disk is nearly full."""
        with asking(self._url):
            indices = self._es.indices.get_settings(index=self._index, name="index.blocks.*", flat_settings=True)
        blocks = [block for each in indices.values() for block in each["settings"].items()]
        return not any(value == "true" for name, value in blocks if name != "index.blocks.read")

    def problems(self) -> tuple[str, ...]:
        """Return what the cluster says of the index, and whether every document has its terms."""
        self._refresh()
        with asking(self._url):
            health = self._es.cluster.health(index=self._index)
            termed = self._es.count(index=self._index, query={"term": {"keys": EVERY}})["count"]
        results = [] if health["status"] != "red" else ["the index is red: shards are missing; see the cluster's log"]
        if termed != (docs := self.count()):
            results.append(f"{termed} documents with search terms of {docs}; run `lurewatch index migrate --force`")
        return tuple(results)

    def mark_loaded(self, partition: str, outcome: WriteReport) -> None:
        """Note that a partition is in the store, after its last document is, and let searches see it."""
        super().mark_loaded(partition, outcome)
        self._refresh()

    def delete(self, revisions: Mapping[str, int]) -> frozenset[str]:
        """Remove records by id and revision: a record that changed since stays. Return the ids removed now.

        The key needs ``delete`` on the records too (docs/store.md).
        """
        gone: list[str] = []
        source = iter(revisions)
        while batch := list(islice(source, _PAGE)):
            with asking(self._url):
                there = self._es.mget(index=self._index, ids=batch, source=False)["docs"]
            # Told by its sequence number, not by a version of ours: with one of those Elasticsearch makes an index that is gone.
            actions = [
                {"delete": {"_id": item["_id"], "if_seq_no": item["_seq_no"], "if_primary_term": item["_primary_term"]}}
                for item in there if item.get("found") and item["_version"] <= revisions[item["_id"]]
            ]  # fmt: skip
            results = [item for item in there if "error" in item]
            if actions:
                self._unseen = True
                with asking(self._url):
                    results += [item["delete"] for item in self._es.bulk(index=self._index, operations=actions)["items"]]
            if bad := [result["error"] for result in results if "error" in result and result.get("status") != 409]:
                message = f"{len(bad)} records not deleted ({bad[0].get('reason', bad[0].get('type'))})"
                raise StoreUnavailable(f"{self._index}: {message}; docs/store.md lists the rights it takes")
            gone += [result["_id"] for result in results if result.get("status") == 200]
        return frozenset(gone)

    def scrub(self) -> None:
        """Have the cluster merge away what was deleted; raise StoreUnavailable while its segments still keep some of it."""
        with asking(self._url):
            expunge(self._es, self._index if self._behind else f"{self._index},{self._index}-ledger")

    def remains(self, traces: Traces) -> frozenset[str]:  # noqa: ARG002 - the signature is the protocol's
        """Return nothing: nobody reads the cluster's files, and ``scrub`` has seen that no segment keeps a deleted document."""
        return frozenset()

    def put_campaigns(self, campaigns: Iterable[CampaignRecord], gone: Iterable[str] = ()) -> None:
        """Write campaigns over those of the same id, remove those in ``gone``, and let searches see their records."""
        super().put_campaigns(campaigns, gone)
        self._refresh()

    def count(self) -> int:
        """Return the number of records."""
        self._refresh()
        with asking(self._url):
            return int(self._es.count(index=self._index)["count"])

    def close(self) -> None:
        """Close the connections."""
        self._es.close()

    def _refresh(self) -> None:
        """Refresh the index, so that searches see the last writes."""
        with self._seeing:  # who comes while another thread refreshes waits for it
            if self._unseen:
                self._unseen = False  # before: what is written meanwhile needs another refresh
                try:
                    with asking(self._url):
                        self._es.indices.refresh(index=self._index)
                except BaseException:
                    self._unseen = True
                    raise


def older_versions(url: str, *, index: str, api_key: str, ca: str | Path | None) -> Iterator[ElasticStore]:
    """Yield the indexes of earlier versions that a migration or a rebuild left beside the one behind the alias."""
    es = client(url, api_key=api_key, ca=ca)
    try:
        with asking(url):
            numbered = [name for name in es.indices.get(index=f"{index}-*") if name.removeprefix(f"{index}-").isdigit()]
            used = set(es.indices.get_alias(name=index)) if es.indices.exists_alias(name=index) else set()
    finally:
        es.close()
    for name in sorted(set(numbered) - used):
        store = ElasticStore(url, index, api_key, ca, behind=name)
        try:
            yield store
        finally:
            store.close()
