"""A migration makes a new index, flips the alias in one step, loses nothing, and is carried on where it broke off."""

import threading

import pytest
from elasticsearch import Elasticsearch
from msgspec.structs import replace

from enrichment.campaigns.linkage import Rules
from index.base import Query, StoreError, WriteReport
from index.elastic import client
from index.elastic.elastic_store import ElasticStore
from index.maintain import migrate_alias, verify
from index.sqlite.sqlite_store import SqliteStore


def _behind(url, alias):
    es = Elasticsearch(url)
    try:
        return list(es.indices.get_alias(name=alias))
    finally:
        es.close()


@pytest.fixture
def filled(elasticsearch_url, elastic_index, record):
    """Return the alias of an index with 300 records, a rule and a loaded partition."""
    alias = elastic_index()
    store = ElasticStore(elasticsearch_url, alias)
    store.put(record(f"id{n:03}", f"lương cao {n}", day=n % 9) for n in range(300))
    store.put_rules(Rules(hubs=frozenset({"help_desk"})))
    store.mark_loaded("file:///runs/board/1", WriteReport(inserted=300))
    store.close()
    return alias


def test_an_index_of_an_older_mapping_is_refused_then_migrated(filled, elasticsearch_url, monkeypatch, tmp_path):
    today = client.mapping()["mappings"]["_meta"]["lurewatch"]
    newer = client.mapping() | {"mappings": client.mapping()["mappings"] | {"_meta": {"lurewatch": today + 1}}}
    monkeypatch.setattr(client, "mapping", lambda: newer)
    monkeypatch.setattr("index.maintain.mapping", lambda: newer)
    refusal = f"has version {today}, this LureWatch writes {today + 1}; run `lurewatch index migrate`"
    with pytest.raises(StoreError, match=refusal):
        ElasticStore(elasticsearch_url, filled)
    done = migrate_alias(elasticsearch_url, filled)
    assert (done.before, done.now, done.records) == (f"{filled}-1", f"{filled}-2", 300)
    assert _behind(elasticsearch_url, filled) == [f"{filled}-2"]
    store = ElasticStore(elasticsearch_url, filled)
    assert (store.count(), store.search(Query(words=("luong",))).total) == (300, 300)
    assert (store.rules().hubs, store.loaded_partitions()) == (frozenset({"help_desk"}), frozenset({"file:///runs/board/1"}))
    again = migrate_alias(elasticsearch_url, filled)
    assert again.before == again.now == f"{filled}-2"
    store.close()


def test_what_is_written_while_it_runs_arrives_at_its_newest(filled, elasticsearch_url, record):
    writer = ElasticStore(elasticsearch_url, filled)
    stop = threading.Event()
    written = []

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            writer.put([record(f"new{number:03}", "late"), replace(record("id000", f"edit {number}"), revision=number + 1)])
            written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        migrate_alias(elasticsearch_url, filled, force=True)
    finally:
        stop.set()
        thread.join()
    found = {one.id: one for one in writer.scan(Query())}
    assert len(written) > 0
    assert len(found) == 300 + written[-1]
    assert found["id000"].revision == written[-1] + 1
    writer.close()


def test_a_migration_that_broke_off_is_carried_on(filled, elasticsearch_url, monkeypatch):
    put = ElasticStore.put

    def breaks(self, records):
        put(self, [next(iter(records))])
        raise KeyboardInterrupt

    monkeypatch.setattr(ElasticStore, "put", breaks)
    with pytest.raises(KeyboardInterrupt):
        migrate_alias(elasticsearch_url, filled, force=True)
    monkeypatch.setattr(ElasticStore, "put", put)
    assert _behind(elasticsearch_url, filled) == [f"{filled}-1"]
    assert migrate_alias(elasticsearch_url, filled, force=True).now == f"{filled}-2"
    assert _behind(elasticsearch_url, filled) == [f"{filled}-2"]


def test_an_embedded_index_moves_to_elasticsearch_with_an_equal_fingerprint(elasticsearch_url, elastic_index, record, tmp_path):
    embedded = SqliteStore(tmp_path / "index.sqlite")
    embedded.put(record(f"id{n:03}", f"高薪 {n}", contacts=("telegram:crew",)) for n in range(50))
    alias = elastic_index()
    migrate_alias(elasticsearch_url, alias, fresh=embedded)
    served = ElasticStore(elasticsearch_url, alias)
    assert verify(served, str(tmp_path / "runs")) == verify(embedded, str(tmp_path / "runs"))
    served.close()
    embedded.close()
